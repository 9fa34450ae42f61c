"""The form for another gateway bridge of the node that is read, checked while typing."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.containers import VerticalScroll

from swarmtui.model import Snapshot, Standing
from swarmtui.operations import (
    BridgeDraft,
    bridge_draft_of,
    bridge_runbook,
    plan_operation,
    proposed_bridge_subnet,
)
from swarmtui.render import BRIDGE_FACTS, bridge_facts, bridge_mtu_remark, gateway_remark
from swarmtui.screens.form import FormScreen
from swarmtui.screens.review import ReviewScreen
from swarmtui.screens.runbook import RunbookScreen
from swarmtui.widgets import Choice


class BridgeForm(FormScreen):
    """The form for another gateway bridge; leads to a plan, in a swarm to a runbook."""

    FIELDS: ClassVar = {"subnet": "Subnet", "gateway": "Gateway", "mtu": "MTU"}
    FACTS: ClassVar = BRIDGE_FACTS

    def __init__(self, snapshot: Snapshot) -> None:
        super().__init__(snapshot)
        self._draft = bridge_draft_of(snapshot)

    def compose_choices(self) -> ComposeResult:
        """Put the options that are on or off."""
        yield Choice("Containers reach one another over it (icc)", id="icc")
        yield Choice("Masquerade: what leaves the node has its address", id="masquerade")

    def on_mount(self) -> None:
        """Fill the form with the bridge that there is."""
        self._draft = bridge_draft_of(self._snapshot, lan_ranges=self.host.settings.lan_ranges)
        form = self.query_one("#form", VerticalScroll)
        form.border_title = "Another docker_gwbridge for this node"
        self.query_one("#icc", Choice).value = self._draft.icc
        self.query_one("#masquerade", Choice).value = self._draft.masquerade
        self.fill(self._draft)
        self.show_state()

    def show_state(self) -> None:
        """Check what is typed against the newest snapshot, and say what follows from it."""
        self._snapshot = self.host.snapshot or self._snapshot
        snapshot, lan_ranges = self._snapshot, self.host.settings.lan_ranges
        self._draft = BridgeDraft(
            **self.typed,
            icc=self.query_one("#icc", Choice).value,
            masquerade=self.query_one("#masquerade", Choice).value,
        )
        self._faults = self._draft.faults(snapshot, lan_ranges=lan_ranges)
        self._proposed = proposed_bridge_subnet(snapshot, lan_ranges=lan_ranges)
        remarks = {
            "subnet": f"free: {self._proposed} (Ctrl-f)" if self._proposed else "",
            "gateway": gateway_remark(self._draft.subnet),
            "mtu": bridge_mtu_remark(),
        }
        self.show_remarks(remarks, bridge_facts(snapshot))

    def go_on(self) -> None:
        """Review the plan, or read the runbook."""
        definition, lan_ranges = self._draft.definition, self.host.settings.lan_ranges
        if self._snapshot.engine.standing is Standing.NO_SWARM:
            intent = self._draft.intent(lan_ranges)
            self.app.push_screen(
                ReviewScreen(
                    "Review", lambda snapshot: plan_operation(snapshot, intent), self.host.begin
                )
            )
        else:
            self.app.push_screen(
                RunbookScreen(
                    lambda snapshot: bridge_runbook(snapshot, definition, lan_ranges=lan_ranges)
                )
            )
