"""The form of the ingress wizard: what the new ingress network is to be, checked while typing."""

from __future__ import annotations

from dataclasses import replace
from typing import ClassVar

from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.widgets import Static

from swarmtui.model import Snapshot
from swarmtui.operations import draft_of, plan_operation, proposed_subnet
from swarmtui.render import DRAFT_FACTS, draft_facts, faults_text, gateway_remark, mtu_remark
from swarmtui.screens.form import FormScreen
from swarmtui.screens.review import ReviewScreen
from swarmtui.widgets import Choice, toned_content


class IngressScreen(FormScreen):
    """The form for another ingress network."""

    FIELDS: ClassVar = {
        "name": "Name",
        "subnet": "Subnet",
        "gateway": "Gateway",
        "mtu": "MTU",
        "labels": "Labels",
    }
    FACTS: ClassVar = DRAFT_FACTS

    def __init__(self, snapshot: Snapshot) -> None:
        super().__init__(snapshot)
        self._draft = draft_of(snapshot)

    def compose_choices(self) -> ComposeResult:
        """Put encryption, and how services are changed."""
        yield Choice("Encrypt data between nodes", id="encrypted")
        yield Static(id="encrypted-faults", markup=False)
        yield Choice("All services at once instead of one after another", id="at-once")

    def on_mount(self) -> None:
        """Fill the form with the ingress that there is."""
        lan_ranges = self.host.settings.lan_ranges
        self._draft = draft_of(self._snapshot, lan_ranges=lan_ranges)
        titles = {"": "Replace the ingress network", "missing": "Create the ingress network"}
        form = self.query_one("#form", VerticalScroll)
        form.border_title = titles.get(self._draft.repair, titles[""])
        self.query_one("#encrypted", Choice).value = self._draft.encrypted
        self.query_one("#at-once", Choice).value = self._draft.at_once
        self.fill(self._draft)
        self.show_state()

    def show_state(self) -> None:
        """Check what is typed against the newest snapshot, and say what follows from it."""
        self._snapshot = self.host.snapshot or self._snapshot
        snapshot, lan_ranges = self._snapshot, self.host.settings.lan_ranges
        typed = self.typed
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
        remarks = {
            "subnet": f"free: {self._proposed} (Ctrl-f)" if self._proposed else "",
            "gateway": gateway_remark(typed["subnet"]),
            "mtu": mtu_remark(self._draft.definition),
            "labels": "key=value key=value",
        }
        about_encryption = faults_text(each for each in self._faults if each.field == "encrypted")
        beneath = self.query_one("#encrypted-faults", Static)
        beneath.display = bool(about_encryption.plain)
        beneath.update(toned_content(about_encryption))
        self.show_remarks(remarks, draft_facts(snapshot, self._draft))

    def go_on(self) -> None:
        """Review the plan."""
        intent = self._draft.intent(self.host.settings.lan_ranges)
        self.app.push_screen(
            ReviewScreen(
                "Review", lambda snapshot: plan_operation(snapshot, intent), self.host.begin
            )
        )
