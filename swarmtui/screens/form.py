"""What all forms share: fields that are checked while typing, and the ways on and out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import ClassVar, cast

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, VerticalScroll
from textual.screen import ModalScreen
from textual.widgets import Button, Footer, Static

from swarmtui.model import Snapshot
from swarmtui.operations import Fault
from swarmtui.render import faults_text
from swarmtui.screens.host import Host
from swarmtui.widgets import Choice, Entry, Field


class FormScreen(ModalScreen[None]):
    """A form that cannot be left towards a review while something in it would not work."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "dismiss", "Close", key_display="Esc"),
        Binding("ctrl+f", "propose", "Free subnet"),
        # At once, so that a key typed right after it is for the field that has the focus then.
        Binding("tab,down", "move('next')", "Next field", show=False, priority=True),
        Binding("shift+tab,up", "move('previous')", "Field before", show=False, priority=True),
        Binding("ctrl+n", "review", "Review"),
    ]
    FIELDS: ClassVar[Mapping[str, str]]
    """The labels of the fields by their ids, in order."""
    FACTS: ClassVar[tuple[str, ...]]
    """The labels of what follows from the fields."""

    def __init__(self, snapshot: Snapshot) -> None:
        super().__init__()
        self._snapshot = snapshot
        self._faults: tuple[Fault, ...] = ()
        self._proposed = ""

    @property
    def host(self) -> Host:
        """The program."""
        return cast(Host, self.app)

    def compose(self) -> ComposeResult:
        """Put fields, choices, what follows from them, and the ways on and out."""
        with VerticalScroll(id="form", can_focus=False):
            for name, label in self.FIELDS.items():
                yield Field(label, id=name)
            yield from self.compose_choices()
            for label in self.FACTS:
                with Horizontal(classes="fact"):
                    yield Static(label, classes="label", markup=False)
                    yield Static(id=label.lower(), markup=False)
            with Horizontal(id="ways"):
                yield Button("Review", id="review", variant="primary", compact=True)
                yield Button("Cancel", id="cancel", compact=True)
        yield Footer(show_command_palette=False)

    def compose_choices(self) -> ComposeResult:
        """Put what is chosen with a key."""
        raise NotImplementedError

    def show_state(self) -> None:
        """Check what is typed against the newest snapshot, and say what follows from it."""
        raise NotImplementedError

    def go_on(self) -> None:
        """Show what becomes of the form, in which nothing is wrong."""
        raise NotImplementedError

    @property
    def typed(self) -> dict[str, str]:
        """What is typed, by field."""
        return {name: self.query_one(f"#{name}", Field).text for name in self.FIELDS}

    def fill(self, draft: object) -> None:
        """Put the parts of a draft into the fields of their names."""
        for name in self.FIELDS:
            self.query_one(f"#{name}", Field).put(getattr(draft, name))
        self.query_one("#subnet", Field).take_keys()

    def show_remarks(self, remarks: Mapping[str, str], facts: Iterable[str]) -> None:
        """Show what is said beside the fields, what is wrong with them, and what follows."""
        for name in self.FIELDS:
            field = self.query_one(f"#{name}", Field)
            field.remark(remarks.get(name, ""))
            field.show_faults(faults_text(each for each in self._faults if each.field == name))
        for label, words in zip(self.FACTS, facts, strict=True):
            self.query_one(f"#{label.lower()}", Static).update(words)
        self.query_one("#review", Button).disabled = self._is_faulty

    @on(Field.Changed)
    @on(Choice.Changed)
    def check(self) -> None:
        """Check again with each letter."""
        if self.is_mounted:
            self.show_state()

    @on(Field.Submitted)
    @on(Button.Pressed, "#review")
    def submitted(self) -> None:
        """Go on to the review."""
        self.action_review()

    @on(Button.Pressed, "#cancel")
    def cancelled(self) -> None:
        """Close the form."""
        self.dismiss()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Entries move the focus themselves, when they come to the key that does."""
        return not (action == "move" and isinstance(self.focused, Entry))

    def action_move(self, where: str) -> None:
        """Move the focus to the `next` or the `previous` field."""
        self.focus_next() if where == "next" else self.focus_previous()

    def action_propose(self) -> None:
        """Take the subnet that is free."""
        if self._proposed:
            self.query_one("#subnet", Field).put(self._proposed)
            self.query_one("#gateway", Field).put("")

    def action_review(self) -> None:
        """Go on, or to the first field that would not work."""
        self.show_state()
        if not self._is_faulty:
            self.go_on()
            return
        faulty = next(each.field for each in self._faults if each.fatal)
        if faulty in self.FIELDS:
            self.query_one(f"#{faulty}", Field).take_keys()
        self.app.bell()

    @property
    def _is_faulty(self) -> bool:
        return any(each.fatal for each in self._faults)
