"""One of several in a form, whose mark tells which without colour."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from rich.text import Text
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.events import Click
from textual.reactive import reactive
from textual.widget import Widget

from swarmtui.widgets.sheet import toned_content


class OneOf(Widget, can_focus=True):
    """A line for each possibility; left, right and space move the mark.

    Args:
        options: What can be chosen, and in which words it is shown.
    """

    DEFAULT_CSS = """
    OneOf {
        height: auto;
        width: 1fr;
        &:focus { background: $block-cursor-blurred-background; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        # At once, so that a Tab that arrives together with them comes after them.
        Binding("right,space,enter", "turn(1)", "Next", show=False, priority=True),
        Binding("left", "turn(-1)", "Before", show=False, priority=True),
    ]

    value: reactive[str] = reactive("")
    """What is chosen."""

    def __init__(self, options: Sequence[str], *, id: str) -> None:  # noqa: A002
        super().__init__(id=id)
        self._options = list(options)
        self._words: dict[str, str] = {}
        self.set_reactive(OneOf.value, self._options[0])

    def explain(self, words: dict[str, str]) -> None:
        """Show other words beside what can be chosen."""
        if words != self._words:
            self._words = words
            self.refresh(layout=True)

    def render(self) -> Content:
        """Show a line for each, the chosen one marked."""
        return toned_content(Text("\n").join(map(self._line, self._options)))

    def on_click(self, event: Click) -> None:
        """Choose what was clicked, which takes several lines where there is little room."""
        line = event.y
        for option in self._options:
            line -= toned_content(self._line(option)).get_height({}, self.content_size.width)
            if line < 0:
                self.value = option
                return

    def action_turn(self, step: int) -> None:
        """Move the mark."""
        position = (self._options.index(self.value) + step) % len(self._options)
        self.value = self._options[position]

    def _line(self, option: str) -> Text:
        is_chosen, width = option == self.value, max(map(len, self._options))
        text = Text(f"({'•' if is_chosen else ' '}) {option:<{width}}")
        text.stylize("bold" if is_chosen else "")
        return text.append(f"  {self._words.get(option, '')}", style="" if is_chosen else "dim")
