"""Commands that show more of the object under the cursor."""

from swarmtui.commands.command import Command, Target


class Describe(Command):
    """Show everything about the row's object on a readable sheet."""

    KEY = "d"
    TITLE = "Describe"
    GROUP = "Look closer"
    FOOTER = "Describe"

    def run(self, target: Target) -> None:
        target.describe()

    def is_available(self, target: Target) -> bool:
        return target.has_row


class ShowJson(Command):
    """Show the object's JSON as the engine gives it."""

    KEY = "y"
    TITLE = "Show JSON"
    GROUP = "Look closer"
    FOOTER = "JSON"

    def run(self, target: Target) -> None:
        target.show_json()

    def is_available(self, target: Target) -> bool:
        return target.has_document


class ShowUsers(Command):
    """Show who uses the row's object, or what it uses."""

    KEY = "u"
    TITLE = "Used by"
    GROUP = "Look closer"
    FOOTER = "Used by"

    def run(self, target: Target) -> None:
        target.show_users()

    def is_available(self, target: Target) -> bool:
        return target.has_users


class ShowAddresses(Command):
    """Show every address of the network on a map, who holds it, and what still fits."""

    KEY = "a"
    TITLE = "Addresses"
    GROUP = "Look closer"
    FOOTER = "Addresses"
    HIDES = True

    def run(self, target: Target) -> None:
        target.show_addresses()

    def is_available(self, target: Target) -> bool:
        return target.leads_to_addresses


class ShowBridge(Command):
    """Show this node's docker_gwbridge: its subnet, options, endpoints and conflicts."""

    KEY = "b"
    TITLE = "Gateway bridge"
    GROUP = "Look closer"

    def run(self, target: Target) -> None:
        target.show_bridge()


class TryPorts(Command):
    """Try from here whether tcp 7946 of the nodes and 2377 of managers answer; sends nothing."""

    KEY = "t"
    TITLE = "Test the ports between the nodes"
    GROUP = "Look closer"
    FOOTER = "Test"
    HIDES = True

    def run(self, target: Target) -> None:
        target.try_ports()

    def is_available(self, target: Target) -> bool:
        return target.can_try_ports


class Copy(Command):
    """Copy the row's address or id to the clipboard of your own terminal (OSC 52)."""

    KEY = "c"
    TITLE = "Copy"
    GROUP = "Look closer"
    FOOTER = "Copy"

    def run(self, target: Target) -> None:
        target.copy()

    def is_available(self, target: Target) -> bool:
        return target.has_row
