"""Small texts beside each other, on as many lines as they need."""

from __future__ import annotations

from collections.abc import Sequence

from rich.text import Text
from textual.content import Content
from textual.geometry import Size
from textual.widget import Widget

from swarmtui.widgets.sheet import toned_content
from swarmtui.widgets.wrapping import flowing


class Flow(Widget):
    """Shows items, each whole on one line."""

    DEFAULT_CSS = "Flow { height: auto; }"

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id)
        self._items: tuple[Text, ...] = ()

    def show(self, items: Sequence[Text]) -> None:
        """Show other items."""
        if tuple(items) != self._items:
            self._items = tuple(items)
            self.refresh(layout=True)

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """Return how many lines the items take."""
        return len(flowing(self._items, width).plain.splitlines())

    def render(self) -> Content:
        """Break the lines for the width that there is."""
        return toned_content(flowing(self._items, self.content_size.width))
