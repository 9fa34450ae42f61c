"""Commands that lead from one place to another."""

from swarmtui.commands.command import Command, Target


class Leave(Command):
    """Clear the filter, or else go back to where you came from."""

    KEY = "escape"
    SHOWN_KEY = "Esc"
    TITLE = "Back"
    GROUP = "Move"
    PALETTE = False

    def run(self, target: Target) -> None:
        target.leave()


class GoTo(Command):
    """Go to a screen by its name: networks, services, nodes, tasks, ports, problems."""

    KEY = "colon"
    SHOWN_KEY = ":"
    TITLE = "Go to"
    GROUP = "Move"
    FOOTER = "Go to"
    PRIORITY = True

    def run(self, target: Target) -> None:
        target.ask_place()

    def is_available(self, target: Target) -> bool:
        return not target.is_typing


class GoBack(Command):
    """Go back in the history of places."""

    KEY = "left_square_bracket"
    SHOWN_KEY = "["
    TITLE = "Go back"
    GROUP = "Move"

    def run(self, target: Target) -> None:
        target.go_back()


class GoForward(Command):
    """Go forward again in the history of places."""

    KEY = "right_square_bracket"
    SHOWN_KEY = "]"
    TITLE = "Go forward"
    GROUP = "Move"

    def run(self, target: Target) -> None:
        target.go_forward()

    def is_available(self, target: Target) -> bool:
        return target.can_go_forward


class GoToLast(Command):
    """Go to the place before this one, and back again; not where - detaches."""

    KEY = "minus"
    SHOWN_KEY = "-"
    TITLE = "Last place"
    GROUP = "Move"

    def run(self, target: Target) -> None:
        target.go_to_last()

    def is_available(self, target: Target) -> bool:
        return not target.can_detach


class _FocusPane(Command):
    GROUP = "Move"
    PALETTE = False

    def run(self, target: Target) -> None:
        target.focus_pane(int(self.KEY))


class FocusNetworks(_FocusPane):
    """Give the keys to the networks."""

    KEY = "1"
    TITLE = "Networks pane"


class FocusEndpoints(_FocusPane):
    """Give the keys to the endpoints."""

    KEY = "2"
    TITLE = "Endpoints pane"


class FocusPeers(_FocusPane):
    """Give the keys to the peers."""

    KEY = "3"
    TITLE = "Peers pane"


class FocusPools(_FocusPane):
    """Give the keys to the address pools."""

    KEY = "4"
    TITLE = "Address pools pane"
