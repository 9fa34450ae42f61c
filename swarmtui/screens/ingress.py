"""The form of the ingress wizard: what the new ingress network is to be, checked while typing."""

from __future__ import annotations

from dataclasses import replace
from typing import ClassVar, cast

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, VerticalScroll
from textual.screen import ModalScreen
from textual.widgets import Button, Footer, Static

from swarmtui.model import Snapshot
from swarmtui.operations import (
    Fault,
    draft_of,
    plan_operation,
    proposed_subnet,
)
from swarmtui.render import DRAFT_FACTS, draft_facts, faults_text, gateway_remark, mtu_remark
from swarmtui.screens.host import Host
from swarmtui.screens.review import ReviewScreen
from swarmtui.widgets import Choice, Entry, Field, toned_content

FIELDS = ("name", "subnet", "gateway", "mtu", "labels")
_LABELS = ("Name", "Subnet", "Gateway", "MTU", "Labels")


class IngressScreen(ModalScreen[None]):
    """A form that cannot be left towards a review while something in it would not work."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "dismiss", "Close", key_display="Esc"),
        Binding("ctrl+f", "propose", "Free subnet"),
        # At once, so that a key typed right after it is for the field that has the focus then.
        Binding("tab,down", "move('next')", "Next field", show=False, priority=True),
        Binding("shift+tab,up", "move('previous')", "Field before", show=False, priority=True),
        Binding("ctrl+n", "review", "Review"),
    ]

    def __init__(self, snapshot: Snapshot) -> None:
        super().__init__()
        self._snapshot = snapshot
        self._draft = draft_of(snapshot)
        self._faults: tuple[Fault, ...] = ()
        self._proposed = ""

    @property
    def host(self) -> Host:
        """The program."""
        return cast(Host, self.app)

    def compose(self) -> ComposeResult:
        """Put fields, choices, what follows from them, and the ways on and out."""
        with VerticalScroll(id="form", can_focus=False):
            for name, label in zip(FIELDS, _LABELS, strict=True):
                yield Field(label, id=name)
            yield Choice("Encrypt data between nodes", id="encrypted")
            yield Static(id="encrypted-faults", markup=False)
            yield Choice("All services at once instead of one after another", id="at-once")
            for label in DRAFT_FACTS:
                with Horizontal(classes="fact"):
                    yield Static(label, classes="label", markup=False)
                    yield Static(id=label.lower(), markup=False)
            with Horizontal(id="ways"):
                yield Button("Review", id="review", variant="primary", compact=True)
                yield Button("Cancel", id="cancel", compact=True)
        yield Footer(show_command_palette=False)

    def on_mount(self) -> None:
        """Fill the form with the ingress that there is."""
        lan_ranges = self.host.settings.lan_ranges
        self._draft = draft_of(self._snapshot, lan_ranges=lan_ranges)
        titles = {"": "Replace the ingress network", "missing": "Create the ingress network"}
        form = self.query_one("#form", VerticalScroll)
        form.border_title = titles.get(self._draft.repair, titles[""])
        for name in FIELDS:
            self.query_one(f"#{name}", Field).put(getattr(self._draft, name))
        self.query_one("#encrypted", Choice).value = self._draft.encrypted
        self.query_one("#at-once", Choice).value = self._draft.at_once
        self.query_one("#subnet", Field).take_keys()
        self.show_state()

    def show_state(self) -> None:
        """Check what is typed against the newest snapshot, and say what follows from it."""
        self._snapshot = self.host.snapshot or self._snapshot
        snapshot, lan_ranges = self._snapshot, self.host.settings.lan_ranges
        typed = {name: self.query_one(f"#{name}", Field).text for name in FIELDS}
        self._draft = replace(
            self._draft,
            name=typed["name"],
            subnet=typed["subnet"],
            gateway=typed["gateway"],
            mtu=typed["mtu"],
            labels=typed["labels"],
            encrypted=self.query_one("#encrypted", Choice).value,
            at_once=self.query_one("#at-once", Choice).value,
        )
        self._faults = self._draft.faults(snapshot, lan_ranges=lan_ranges)
        self._proposed = proposed_subnet(snapshot, lan_ranges=lan_ranges) or ""
        definition = self._draft.definition
        remarks = {
            "subnet": f"free: {self._proposed} (Ctrl-f)" if self._proposed else "",
            "gateway": gateway_remark(typed["subnet"]),
            "mtu": mtu_remark(definition),
            "labels": "key=value key=value",
        }
        for name in FIELDS:
            field = self.query_one(f"#{name}", Field)
            field.remark(remarks.get(name, ""))
            field.show_faults(faults_text(each for each in self._faults if each.field == name))
        about_encryption = faults_text(each for each in self._faults if each.field == "encrypted")
        beneath = self.query_one("#encrypted-faults", Static)
        beneath.display = bool(about_encryption.plain)
        beneath.update(toned_content(about_encryption))
        for label, words in zip(DRAFT_FACTS, draft_facts(snapshot, self._draft), strict=True):
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
        """Review the plan, or go to the first field that would not work."""
        self.show_state()
        if self._is_faulty:
            faulty = next(each.field for each in self._faults if each.fatal)
            if faulty in FIELDS:
                self.query_one(f"#{faulty}", Field).take_keys()
            self.app.bell()
            return
        intent = self._draft.intent(self.host.settings.lan_ranges)
        self.app.push_screen(
            ReviewScreen(
                "Review", lambda snapshot: plan_operation(snapshot, intent), self.host.begin
            )
        )

    @property
    def _is_faulty(self) -> bool:
        return any(each.fatal for each in self._faults)
