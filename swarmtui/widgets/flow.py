"""Small texts beside each other, on as many lines as they need."""

from __future__ import annotations

from collections.abc import Sequence

from rich.text import Text
from textual.widgets import Static

from swarmtui.widgets.sheet import toned_content
from swarmtui.widgets.wrapping import flowing


class Flow(Static):
    """Shows items, each whole on one line."""

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id, markup=False)
        self._items: tuple[Text, ...] = ()
        self._shown = ""

    def show(self, items: Sequence[Text]) -> None:
        """Show other items."""
        self._items = tuple(items)
        self._update()

    def on_resize(self) -> None:
        """Break lines anew."""
        self._update()

    def _update(self) -> None:
        text = flowing(self._items, self.content_size.width)
        if self.content_size.width and text.plain != self._shown:
            self._shown = text.plain
            self.update(toned_content(text))
