"""Commands on what is wrong with the swarm."""

from swarmtui.commands.command import Command, Target


class ShowFindings(Command):
    """Show what is wrong with the swarm's networks, with evidence and remedies."""

    KEY = "f"
    TITLE = "Findings"
    GROUP = "Look closer"
    FOOTER = "Findings"

    def run(self, target: Target) -> None:
        target.show_findings()


class Acknowledge(Command):
    """On a finding: hide it until its evidence changes, or bring it back."""

    KEY = "k"
    TITLE = "Acknowledge the finding"
    GROUP = "Change"
    FOOTER = "Acknowledge"
    HIDES = True

    def run(self, target: Target) -> None:
        target.acknowledge()

    def is_available(self, target: Target) -> bool:
        return target.can_acknowledge


class Repair(Command):
    """Review the repair of the finding, or of what the line at the top names."""

    KEY = "x"
    TITLE = "Repair"
    GROUP = "Change"
    FOOTER = "Repair"
    HIDES = True

    def run(self, target: Target) -> None:
        target.repair()

    def is_available(self, target: Target) -> bool:
        return target.needs_repair
