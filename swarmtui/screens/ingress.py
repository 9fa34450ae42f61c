"""The form of the ingress wizard: what the new ingress network is to be, checked while typing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar

from textual.widget import Widget

from swarmtui.operations import draft_of, proposed_subnet
from swarmtui.render import DRAFT_FACTS, draft_facts, gateway_remark, mtu_remark
from swarmtui.screens.form import SubnetForm
from swarmtui.widgets import Choice, Field

if TYPE_CHECKING:
    from swarmtui.model import Snapshot
    from swarmtui.operations import BuildIngress, Fault


class IngressScreen(SubnetForm):
    """The ingress that there is, to be changed; where none works, one that would."""

    FIELDS: ClassVar[Mapping[str, str]] = {
        "name": "Name",
        "subnet": "Subnet",
        "gateway": "Gateway",
        "mtu": "MTU",
        "labels": "Labels",
    }
    FACTS = DRAFT_FACTS

    def __init__(self, snapshot: Snapshot) -> None:
        super().__init__(snapshot)
        self._draft = draft_of(snapshot)

    def compose_choices(self) -> Iterator[Widget]:
        """Yield encryption and pace."""
        yield Choice("Encrypt data between nodes", id="encrypted")
        yield Choice("All services at once instead of one after another", id="at-once")

    def fill(self) -> None:
        """Fill the form with the ingress that there is."""
        self._draft = draft_of(self.snapshot, lan_ranges=self.lan_ranges)
        self.put(**{name: getattr(self._draft, name) for name in self.FIELDS})
        self.query_one("#encrypted", Choice).value = self._draft.encrypted
        self.query_one("#at-once", Choice).value = self._draft.at_once
        self.query_one("#subnet", Field).take_keys()

    def title_text(self) -> str:
        """Return the form's title."""
        create = self._draft.repair == "missing"
        return "Create the ingress network" if create else "Replace the ingress network"

    def take(self) -> tuple[Fault, ...]:
        """Read the fields, and return everything that is to be said about them."""
        self._draft = replace(
            self._draft,
            name=self.text("name"),
            subnet=self.text("subnet"),
            gateway=self.text("gateway"),
            mtu=self.text("mtu"),
            labels=self.text("labels"),
            encrypted=self.chosen("encrypted"),
            at_once=self.chosen("at-once"),
        )
        self.proposed = proposed_subnet(self.snapshot, lan_ranges=self.lan_ranges) or ""
        return self._draft.faults(self.snapshot, lan_ranges=self.lan_ranges)

    def remarks(self) -> Mapping[str, str]:
        """Return what stands beside fields."""
        return {
            "subnet": f"free: {self.proposed} (Ctrl-f)" if self.proposed else "",
            "gateway": gateway_remark(self._draft.subnet),
            "mtu": mtu_remark(self._draft.definition),
            "labels": "key=value key=value",
        }

    def facts(self) -> Iterable[str]:
        """Return what there is now, how much room is needed, and who is interrupted."""
        return draft_facts(self.snapshot, self._draft)

    def intent(self) -> BuildIngress:
        """Return the change that is meant."""
        return self._draft.intent(self.lan_ranges)
