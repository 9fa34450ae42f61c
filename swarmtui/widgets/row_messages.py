"""How people and tables talk: the keys that move a cursor, and what a table says of its rows."""

from __future__ import annotations

from textual.binding import Binding, BindingType
from textual.message import Message
from textual.widget import Widget

TABLE_BINDINGS: list[BindingType] = [
    Binding("up,k", "cursor_up", "Up", show=False),
    Binding("down,j", "cursor_down", "Down", show=False),
    Binding("pageup,ctrl+b", "page_up", "Page up", show=False),
    Binding("pagedown,ctrl+f", "page_down", "Page down", show=False),
    Binding("home,g", "first", "First row", show=False),
    Binding("end,G", "last", "Last row", show=False),
    Binding("left,h", "scroll_left", "Scroll left", show=False),
    Binding("right,l", "scroll_right", "Scroll right", show=False),
    Binding("enter", "choose", "Open", show=False),
]


class RowMessage(Message):
    """Something happened to a row of a table.

    Attributes:
        key: The row's key; None where there is no row.
    """

    def __init__(self, table: Widget, key: str | None) -> None:
        super().__init__()
        self.table = table
        self.key = key

    @property
    def control(self) -> Widget:
        """The table."""
        return self.table
