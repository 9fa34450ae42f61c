"""Commands that make, remove and split networks, each after a review."""

from swarmtui.commands.command import Command, Target


class CreateNetwork(Command):
    """Create an overlay network: fill in a form, read the plan, confirm it."""

    KEY = "n"
    TITLE = "Create a network"
    GROUP = "Change"
    FOOTER = "New"

    def run(self, target: Target) -> None:
        target.create_network()

    def is_available(self, target: Target) -> bool:
        return target.sees_cluster


class RemoveNetwork(Command):
    """Remove the network: see who uses it, detach them if you want to, read, confirm."""

    KEY = "ctrl+d"
    TITLE = "Remove the network"
    GROUP = "Change"

    def run(self, target: Target) -> None:
        target.remove_network()

    def is_available(self, target: Target) -> bool:
        return target.has_overlay


class SplitNetwork(Command):
    """Move services of a crowded network to a new one: choose who moves, read, confirm."""

    KEY = "s"
    TITLE = "Split the network"
    GROUP = "Change"
    FOOTER = "Split"
    HIDES = True

    def run(self, target: Target) -> None:
        target.split_network()

    def is_available(self, target: Target) -> bool:
        return target.has_overlay


class PruneNetworks(Command):
    """Remove the overlay networks that nobody uses: read which, confirm."""

    KEY = ""
    SHOWN_KEY = "Ctrl-p"
    TITLE = "Prune unused networks"
    GROUP = "Change"

    def run(self, target: Target) -> None:
        target.prune_networks()

    def is_available(self, target: Target) -> bool:
        return target.sees_cluster
