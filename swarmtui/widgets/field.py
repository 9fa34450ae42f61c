"""One line of a form: a label, an input, a remark beside it, and what is wrong beneath."""

from __future__ import annotations

from rich.text import Text
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.message import Message
from textual.widgets import Input, Static

from swarmtui.render.text import printable
from swarmtui.widgets.entry import Entry
from swarmtui.widgets.sheet import toned_content


class Field(Vertical):
    """An input with a label; says beneath what is wrong with its text."""

    DEFAULT_CSS = """
    Field {
        height: auto;
        & > Horizontal { height: auto; }
        & > Horizontal > .label { width: 10; color: $secondary; }
        & > Horizontal > Input { width: 30; height: 1; border: none; padding: 0 1;
            background: $panel; }
        & > Horizontal > Input:focus { background: $block-cursor-blurred-background; }
        & > Horizontal > .remark { width: 1fr; height: auto; padding-left: 1; color: $secondary; }
        & > .faults { height: auto; padding-left: 10; display: none; }
    }
    """

    class Changed(Message):
        """Something was typed."""

    class Submitted(Message):
        """Enter was pressed."""

    def __init__(self, label: str, *, id: str) -> None:  # noqa: A002
        super().__init__(id=id)
        self._label = label

    def compose(self) -> ComposeResult:
        """Put label, input and remark in a line, and the faults beneath."""
        with Horizontal():
            yield Static(self._label, classes="label", markup=False)
            yield Entry({"down": self._next, "up": self._previous, "enter": self._submit})
            yield Static(classes="remark", markup=False)
        yield Static(classes="faults", markup=False)

    @property
    def text(self) -> str:
        """What is typed."""
        return self.query_one(Input).value

    def put(self, text: str) -> None:
        """Put another text into the input."""
        entry = self.query_one(Input)
        # What an engine names can hold what a terminal would obey.
        text = printable(text)
        entry.value = text
        entry.cursor_position = len(text)

    def take_keys(self) -> None:
        """Let the keys go to the input."""
        self.screen.set_focus(self.query_one(Input))

    def remark(self, words: str) -> None:
        """Say something beside the input."""
        self.query_one(".remark", Static).update(words)

    def show_faults(self, faults: Text) -> None:
        """Say beneath the input what is wrong with it; nothing takes no line."""
        beneath = self.query_one(".faults", Static)
        beneath.display = bool(faults.plain)
        beneath.update(toned_content(faults))

    def on_input_changed(self, event: Input.Changed) -> None:
        """Pass on that something was typed."""
        event.stop()
        self.post_message(self.Changed())

    def _submit(self) -> None:
        self.post_message(self.Submitted())

    def _next(self) -> None:
        self.screen.focus_next()

    def _previous(self) -> None:
        self.screen.focus_previous()
