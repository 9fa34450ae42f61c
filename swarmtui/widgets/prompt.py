"""The one-line prompt for filters, commands and file names."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.message import Message
from textual.suggester import Suggester
from textual.widget import Widget
from textual.widgets import Input, Static

from swarmtui.widgets.entry import Entry


class _Continuation(Suggester):
    """Suggests the first of some lines that begins with what is typed.

    Args:
        lines: Returns the lines for what is typed.
    """

    def __init__(self, lines: Callable[[str], Iterable[str]]) -> None:
        # What there is to suggest changes with the swarm.
        super().__init__(use_cache=False, case_sensitive=True)
        self._lines = lines

    async def get_suggestion(self, value: str) -> str | None:
        """Return the line."""
        return next((each for each in self._lines(value) if each.startswith(value)), None)


class Prompt(Horizontal):
    """An input with a mark before it; Enter keeps what was typed, Esc gives it up."""

    DEFAULT_CSS = """
    Prompt {
        height: 1;
        display: none;
        & > Static { width: auto; color: $text-accent; text-style: bold; }
        & > Input { width: 1fr; height: 1; border: none; padding: 0; background: transparent; }
    }
    """

    class Changed(Message):
        """Something was typed."""

        def __init__(self, prompt: Prompt, text: str) -> None:
            super().__init__()
            self.prompt = prompt
            self.text = text

        @property
        def control(self) -> Prompt:
            """The prompt."""
            return self.prompt

    class Submitted(Changed):
        """Enter was pressed."""

    class GivenUp(Changed):
        """Esc was pressed."""

    def __init__(
        self,
        mark: str,
        suggestions: Callable[[str], Iterable[str]] | None = None,
        *,
        id: str,  # noqa: A002
    ) -> None:
        super().__init__(id=id)
        self._mark = mark
        self._suggestions = suggestions
        self._before: Widget | None = None

    def compose(self) -> ComposeResult:
        """Put the mark before the input."""
        suggester = _Continuation(self._suggestions) if self._suggestions else None
        yield Static(self._mark, markup=False)
        acts = {"enter": self.submit, "escape": self.give_up, "tab": self.complete}
        yield Entry(acts, suggester=suggester)

    @property
    def text(self) -> str:
        """What is typed."""
        return self.query_one(Input).value

    @property
    def is_open(self) -> bool:
        """Is the prompt on screen?"""
        return bool(self.display)

    def open(self, text: str = "") -> None:
        """Show the prompt with some text and take the keys."""
        if not self.is_open:
            self._before = self.screen.focused
        self.display = True
        entry = self.query_one(Input)
        with self.prevent(Input.Changed):
            entry.value = text
        entry.cursor_position = len(text)
        # At once, so that a key typed right after the one that opened the prompt is for it.
        self.screen.set_focus(entry)

    def close(self) -> None:
        """Hide the prompt, and give the keys back to whatever had them."""
        if self.is_open:
            self.display = False
            self.screen.set_focus(self._before)

    def on_input_changed(self, event: Input.Changed) -> None:
        """Pass on what is typed."""
        event.stop()
        self.post_message(self.Changed(self, event.value))

    def complete(self) -> None:
        """Take what is suggested."""
        self.query_one(Input).action_cursor_right()

    def submit(self) -> None:
        """Keep what was typed."""
        self.close()
        self.post_message(self.Submitted(self, self.text))

    def give_up(self) -> None:
        """Give up what was typed."""
        self.close()
        self.post_message(self.GivenUp(self, self.text))
