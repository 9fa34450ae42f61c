"""One of a few words before a label in a form, a line in a list of such lines."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from rich.text import Text
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.message import Message
from textual.reactive import reactive
from textual.widget import Widget

from swarmtui.widgets.sheet import toned_content


class Stepper(Widget, can_focus=True):
    """A line with the word that is chosen; left, right, space and a click choose another one.

    Args:
        key: What the line is about.
        label: What the line is about, for people.
        words: What can be chosen, the first one to begin with.
    """

    DEFAULT_CSS = """
    Stepper {
        height: auto;
        width: 1fr;
        &:focus { background: $block-cursor-blurred-background; text-style: bold; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        # At once, so that a Tab that arrives together with them comes after them.
        Binding("right,space,enter", "turn(1)", "Next", show=False, priority=True),
        Binding("left", "turn(-1)", "Before", show=False, priority=True),
    ]

    value: reactive[str] = reactive("", layout=True)
    """What is chosen."""

    class Changed(Message):
        """Another word was chosen."""

    def __init__(self, key: str, label: str, words: Sequence[str]) -> None:
        super().__init__()
        self.key, self._label = key, label
        self._words = list(words)
        self._remark, self._warning = "", ""
        self.set_reactive(Stepper.value, self._words[0])

    def remark(self, words: str, warning: str) -> None:
        """Say something beside the label, and what speaks against the choice."""
        if (words, warning) != (self._remark, self._warning):
            self._remark, self._warning = words, warning
            self.refresh(layout=True)

    def render(self) -> Content:
        """Show the word, the label, and what is said about them."""
        width = max(map(len, self._words))
        text = Text(f"[{self.value:^{width}}] {self._label}  ")
        text.append(self._remark, style="dim")
        if self._warning:
            text.append(f"  ! {self._warning}", style="warning")
        return toned_content(text)

    def watch_value(self) -> None:
        """Tell that another word was chosen."""
        self.post_message(self.Changed())

    def on_click(self) -> None:
        """Choose the next word."""
        self.action_turn(1)

    def action_turn(self, step: int) -> None:
        """Choose another word."""
        position = (self._words.index(self.value) + step) % len(self._words)
        self.value = self._words[position]
