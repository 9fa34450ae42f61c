"""A yes or no in a form, whose mark tells which without colour."""

from __future__ import annotations

from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.reactive import reactive
from textual.widget import Widget


class Choice(Widget, can_focus=True):
    """A line that is chosen or not; space, Enter and a click turn it round."""

    DEFAULT_CSS = """
    Choice {
        height: 1;
        width: 1fr;
        &:focus { background: $block-cursor-blurred-background; text-style: bold; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        # At once, so that a Tab that arrives together with it comes after it.
        Binding("space,enter", "turn", "Choose", show=False, priority=True),
    ]

    value: reactive[bool] = reactive(default=False)
    """Is it chosen?"""

    def __init__(self, label: str, *, id: str) -> None:  # noqa: A002
        super().__init__(id=id)
        self._label = label

    def render(self) -> str:
        """Show the mark before the label."""
        return f"\\[{'x' if self.value else ' '}] {self._label}"

    def on_click(self) -> None:
        """Turn it round."""
        self.action_turn()

    def action_turn(self) -> None:
        """Turn it round."""
        self.value = not self.value
