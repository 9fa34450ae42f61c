"""The line that asks before something is done: a word to type, and a way out that has the focus."""

from __future__ import annotations

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.message import Message
from textual.widgets import Button, Input, Static

from swarmtui.render.text import printable
from swarmtui.widgets.entry import Entry


class Confirmation(Horizontal):
    """Asks for a word; until it is typed there is only the way out."""

    DEFAULT_CSS = """
    Confirmation {
        height: 1;
        padding: 0 1;
        background: $panel;
        display: none;
        & > Static { width: auto; max-width: 60%; }
        & > Input { width: 1fr; max-width: 32; height: 1; border: none; padding: 0 1;
            background: $background; }
        & > Button { width: auto; min-width: 8; margin-left: 1; }
    }
    """

    class Confirmed(Message):
        """The word was typed, and the act chosen."""

    class Declined(Message):
        """The way out was chosen."""

    def __init__(self) -> None:
        super().__init__()
        self._word = ""

    def compose(self) -> ComposeResult:
        """Put the question, the input, the act and the way out in a line."""
        yield Static(markup=False)
        yield Entry({"enter": self._act})
        yield Button("Start", id="act", variant="warning", compact=True, disabled=True)
        yield Button("Cancel", id="decline", compact=True)

    def ask(self, word: str, act: str) -> None:
        """Ask for a word before an act; the way out takes the keys.

        Args:
            word: What has to be typed.
            act: What it starts, such as `Start`.
        """
        if not self.display:
            self.display = True
            self.screen.set_focus(self.query_one("#decline", Button))
        if word == self._word:
            return
        self._word = word
        self.query_one(Static).update(printable(f"Type {word} to {act.lower()} "))
        self.query_one("#act", Button).label = act
        self.query_one(Input).value = ""

    def withdraw(self) -> None:
        """Ask nothing any more."""
        self._word = ""
        self.display = False

    def clear(self) -> None:
        """Forget what was typed: it was about something else."""
        self.query_one(Input).value = ""

    @property
    def is_confirmed(self) -> bool:
        """Was the word typed?"""
        return bool(self._word) and self.query_one(Input).value.strip() == self._word

    @on(Input.Changed)
    def typed(self, event: Input.Changed) -> None:
        """Offer the act once the word is whole."""
        event.stop()
        self.query_one("#act", Button).disabled = not self.is_confirmed

    @on(Button.Pressed, "#act")
    def act(self, event: Button.Pressed) -> None:
        """Pass on that it was confirmed."""
        event.stop()
        self._act()

    @on(Button.Pressed, "#decline")
    def decline(self, event: Button.Pressed) -> None:
        """Pass on that the way out was chosen."""
        event.stop()
        self.post_message(self.Declined())

    def _act(self) -> None:
        # Enter before the word is whole does nothing.
        if self.is_confirmed:
            self.post_message(self.Confirmed())
