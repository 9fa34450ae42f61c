"""The form for another gateway bridge of the node that is read, checked while typing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, ClassVar

from textual.widget import Widget

from swarmtui.model import Standing
from swarmtui.operations import (
    BridgeDraft,
    bridge_draft_of,
    bridge_runbook,
    proposed_bridge_subnet,
)
from swarmtui.render import BRIDGE_FACTS, bridge_facts, bridge_mtu_remark, gateway_remark
from swarmtui.screens.form import SubnetForm
from swarmtui.screens.runbook import RunbookScreen
from swarmtui.widgets import Choice, Field

if TYPE_CHECKING:
    from swarmtui.model import Snapshot
    from swarmtui.operations import (
        BuildBridge,
        Fault,
    )


class BridgeForm(SubnetForm):
    """The form for another gateway bridge; leads to a plan, in a swarm to a runbook."""

    FIELDS: ClassVar[Mapping[str, str]] = {"subnet": "Subnet", "gateway": "Gateway", "mtu": "MTU"}
    FACTS = BRIDGE_FACTS

    def __init__(self, snapshot: Snapshot) -> None:
        super().__init__(snapshot)
        self._draft = bridge_draft_of(snapshot)

    def compose_choices(self) -> Iterator[Widget]:
        """Yield the options that are on or off."""
        yield Choice("Containers reach one another over it (icc)", id="icc")
        yield Choice("Masquerade: what leaves the node has its address", id="masquerade")

    def fill(self) -> None:
        """Fill the form with the bridge that there is."""
        draft = self._draft = bridge_draft_of(self.snapshot, lan_ranges=self.lan_ranges)
        self.query_one("#icc", Choice).value = draft.icc
        self.query_one("#masquerade", Choice).value = draft.masquerade
        self.put(subnet=draft.subnet, gateway=draft.gateway, mtu=draft.mtu)
        self.query_one("#subnet", Field).take_keys()

    def title_text(self) -> str:
        """Return the form's title."""
        return "Another docker_gwbridge for this node"

    def take(self) -> tuple[Fault, ...]:
        """Read the fields, and return everything that is to be said about them."""
        self._draft = BridgeDraft(
            subnet=self.text("subnet"),
            gateway=self.text("gateway"),
            mtu=self.text("mtu"),
            icc=self.chosen("icc"),
            masquerade=self.chosen("masquerade"),
        )
        self.proposed = proposed_bridge_subnet(self.snapshot, lan_ranges=self.lan_ranges)
        return self._draft.faults(self.snapshot, lan_ranges=self.lan_ranges)

    def remarks(self) -> Mapping[str, str]:
        """Return what stands beside fields."""
        return {
            "subnet": f"free: {self.proposed} (Ctrl-f)" if self.proposed else "",
            "gateway": gateway_remark(self._draft.subnet),
            "mtu": bridge_mtu_remark(),
        }

    def facts(self) -> Iterable[str]:
        """Return what there is now, and what the way to another one is."""
        return bridge_facts(self.snapshot)

    def intent(self) -> BuildBridge:
        """Return the change that is meant."""
        return self._draft.intent(self.lan_ranges)

    def go_on(self) -> None:
        """Review the plan, or read the runbook."""
        if self.snapshot.engine.standing is Standing.NO_SWARM:
            super().go_on()
            return
        definition, lan_ranges = self._draft.definition, self.lan_ranges
        self.app.push_screen(
            RunbookScreen(
                lambda snapshot: bridge_runbook(snapshot, definition, lan_ranges=lan_ranges)
            )
        )
