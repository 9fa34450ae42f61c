"""A page that asks for a decision: a text, and a word to type before anything is done."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

from rich.text import Text
from textual.app import ComposeResult
from textual.binding import Binding, BindingType

from swarmtui.screens.reading import ReadingScreen
from swarmtui.widgets import Confirmation, Entry, KeyLine, Sheet


class DecisionScreen(ReadingScreen):
    """Shows what is about to be done; Cancel has the keys, and the text scrolls all the same.

    Args:
        title: Of the page.
        text: What is about to be done, and what it means.
        word: What has to be typed.
        act: What the button says.
        decided: Does it.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("tab", "confirm", "Confirm", key_display="Tab", priority=True),
        Binding("up,k", "scroll('up')", "Up", show=False),
        Binding("down,j", "scroll('down')", "Down", show=False),
        Binding("pageup", "scroll('page_up')", "Page up", show=False),
        Binding("pagedown,space", "scroll('page_down')", "Page down", show=False),
        Binding("g", "scroll('home')", "Top", show=False),
        Binding("G", "scroll('end')", "Bottom", show=False),
    ]

    def __init__(
        self, title: str, text: Text, word: str, act: str, decided: Callable[[], None]
    ) -> None:
        super().__init__(title)
        self._text = text
        self._word = word
        self._act = act
        self._decided = decided

    def compose(self) -> ComposeResult:
        """Put the question under the text."""
        yield Sheet()
        yield Confirmation()
        yield KeyLine()

    @property
    def confirmation(self) -> Confirmation:
        """The line that asks."""
        return self.query_one(Confirmation)

    def show_state(self) -> None:
        """Show the text and ask."""
        self.show_text(self._text)
        self.confirmation.ask(self._word, self._act)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Where nothing is asked nothing can be confirmed; an entry moves the focus itself."""
        if action == "confirm":
            return self.confirmation.display and not isinstance(self.focused, Entry)
        return True

    def action_confirm(self) -> None:
        """Go to where the word is typed."""
        self.set_focus(self.confirmation.query_one(Entry))

    def action_scroll(self, where: str) -> None:
        """Scroll the text, whatever has the keys."""
        getattr(self.query_one(Sheet), f"scroll_{where}")(animate=False)

    def on_confirmation_declined(self) -> None:
        """Close the page."""
        self.dismiss()

    def on_confirmation_confirmed(self) -> None:
        """Close the page and do it."""
        self.dismiss()
        self._decided()
