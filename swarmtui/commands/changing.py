"""Commands that lead to changes: none changes anything before it was reviewed and confirmed."""

from swarmtui.commands.command import Command, Target


class ReplaceIngress(Command):
    """Replace the ingress network: fill in a form, read the plan, confirm it."""

    KEY = "i"
    TITLE = "Replace the ingress"
    GROUP = "Change"
    FOOTER = "Ingress"

    def run(self, target: Target) -> None:
        target.replace_ingress()

    def is_available(self, target: Target) -> bool:
        return target.sees_cluster


class ToggleEncryption(Command):
    """Encrypt the network's data between nodes, or no more: choose a way, read, confirm."""

    KEY = "e"
    TITLE = "Encrypt or decrypt the network"
    GROUP = "Change"
    FOOTER = "Encrypt"
    HIDES = True

    def run(self, target: Target) -> None:
        target.toggle_encryption()

    def is_available(self, target: Target) -> bool:
        return target.has_overlay


class Migrate(Command):
    """Change MTU, subnet or size of the network: fill in a form, choose a way, read, confirm."""

    KEY = "m"
    TITLE = "Migrate the network"
    GROUP = "Change"
    FOOTER = "Migrate"
    HIDES = True

    def run(self, target: Target) -> None:
        target.migrate()

    def is_available(self, target: Target) -> bool:
        return target.has_overlay


class ShowOperations(Command):
    """Show changes that run, stopped part-way or are over; resume or roll them back."""

    KEY = "o"
    TITLE = "Operations"
    GROUP = "Change"
    FOOTER = "Operations"

    def run(self, target: Target) -> None:
        target.show_operations()
