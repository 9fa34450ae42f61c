"""Commands on the table that has the keys."""

from swarmtui.commands.command import Command, Target


class Filter(Command):
    """Show only rows with a text: words, column:word, !word for rows without it."""

    KEY = "slash"
    SHOWN_KEY = "/"
    TITLE = "Filter"
    GROUP = "Table"
    FOOTER = "Filter"
    PRIORITY = True

    def run(self, target: Target) -> None:
        target.filter()

    def is_available(self, target: Target) -> bool:
        return target.has_table and not target.is_typing


class WidenColumns(Command):
    """Show all columns; left and right scroll sideways."""

    KEY = "ctrl+w"
    TITLE = "All columns"
    GROUP = "Table"

    def run(self, target: Target) -> None:
        target.widen()

    def is_available(self, target: Target) -> bool:
        return target.has_table


class SaveTable(Command):
    """Save the table's rows to a file, CSV or JSON by the file's ending."""

    KEY = "ctrl+s"
    TITLE = "Save the table"
    GROUP = "Table"
    PRIORITY = True

    def run(self, target: Target) -> None:
        target.save()

    def is_available(self, target: Target) -> bool:
        return target.has_table and not target.is_typing


class RefreshNow(Command):
    """Read the engine now instead of waiting for the next round."""

    KEY = "ctrl+r"
    TITLE = "Refresh"
    GROUP = "Table"

    def run(self, target: Target) -> None:
        target.refresh_now()
