"""A scrolling page of text that is only read."""

from __future__ import annotations

from typing import ClassVar

from rich.text import Text
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content, Span
from textual.widgets import Static

from swarmtui.widgets.wrapping import hanging

_TONES = {
    "good": "$text-success",
    "warning": "$text-warning",
    "error": "bold $text-error",
    "accent": "bold $text-accent",
    "primary": "$text-primary",
    "dim": "$secondary",
    "bold": "bold",
}


def toned_content(text: Text) -> Content:
    """Return text for Textual, its tones as colours of the theme; nothing in it is markup."""
    spans = [
        Span(span.start, span.end, _TONES[str(span.style)])
        for span in text.spans
        if str(span.style) in _TONES
    ]
    whole = _TONES.get(str(text.style))
    if whole:
        spans.insert(0, Span(0, len(text.plain), whole))
    return Content(text.plain, spans)


class Sheet(VerticalScroll, can_focus=True):
    """Shows a text, longer than the screen or not."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("k", "scroll_up", "Up", show=False),
        Binding("j", "scroll_down", "Down", show=False),
        Binding("g", "scroll_home", "Top", show=False),
        Binding("G", "scroll_end", "Bottom", show=False),
    ]

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id)
        self._shown: Text | Content = Text()

    def compose(self) -> ComposeResult:
        """Hold the text."""
        yield Static(markup=False)

    def show(self, shown: Text | Content) -> None:
        """Show another text; of a `Text` long lines are continued under their beginning."""
        self._shown = shown
        self._update()

    def on_resize(self) -> None:
        """Break lines anew."""
        if isinstance(self._shown, Text):
            self._update()

    def _update(self) -> None:
        shown = self._shown
        if isinstance(shown, Text):
            width = self.scrollable_content_region.width
            shown = toned_content(hanging(shown, width) if width else shown)
        self.query_one(Static).update(shown)
