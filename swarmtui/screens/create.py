"""The form for a new overlay, checked while typing for all that would never be allocated."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, ClassVar

from textual.widget import Widget

from swarmtui.operations import NetworkDraft, free_subnet
from swarmtui.render import CREATION_FACTS, creation_facts, gateway_remark, mtu_remark
from swarmtui.screens.form import SubnetForm
from swarmtui.widgets import Choice, Field

if TYPE_CHECKING:
    from swarmtui.model import Snapshot
    from swarmtui.operations import Fault, Rearrange

_CHOICES = {
    "encrypted": "Encrypt data between nodes",
    "attachable": "Containers outside services can be attached",
    "internal": "Internal: no way out of the network",
}


class CreateScreen(SubnetForm):
    """A network that is to be made."""

    FIELDS: ClassVar[Mapping[str, str]] = {
        "name": "Name",
        "subnet": "Subnet",
        "gateway": "Gateway",
        "range": "IP range",
        "mtu": "MTU",
        "vxlan": "VXLAN id",
        "labels": "Labels",
    }
    FACTS = CREATION_FACTS

    def __init__(self, snapshot: Snapshot) -> None:
        super().__init__(snapshot)
        self._draft = NetworkDraft()

    def compose_choices(self) -> Iterator[Widget]:
        """Yield encryption, and who may use the network."""
        for name, label in _CHOICES.items():
            yield Choice(label, id=name)

    def fill(self) -> None:
        """Begin with the name; everything else may stay empty."""
        self.query_one("#name", Field).take_keys()

    def title_text(self) -> str:
        """Return the form's title."""
        return "Create an overlay network"

    def take(self) -> tuple[Fault, ...]:
        """Read the fields, and return everything that is to be said about them."""
        self._draft = NetworkDraft(
            name=self.text("name"),
            subnet=self.text("subnet"),
            gateway=self.text("gateway"),
            ip_range=self.text("range"),
            mtu=self.text("mtu"),
            vxlan=self.text("vxlan"),
            labels=self.text("labels"),
            **{name: self.chosen(name) for name in _CHOICES},
        )
        # An empty network needs its reserved addresses only: it gets a block of the pool's size.
        self.proposed = free_subnet(self.snapshot, 0, lan_ranges=self.lan_ranges) or ""
        return self._draft.faults(self.snapshot, lan_ranges=self.lan_ranges)

    def remarks(self) -> Mapping[str, str]:
        """Return what stands beside fields."""
        subnets = self._draft.subnet.split()
        free = f"{self.proposed} (Ctrl-f)" if self.proposed else "none is free"
        return {
            "subnet": f"free: {free}" if subnets else f"pools, or {free}",
            "gateway": gateway_remark(subnets[0] if len(subnets) == 1 else ""),
            "range": "the whole subnet if left empty",
            "mtu": mtu_remark(self._draft.definition),
            "vxlan": "given by the swarm if left empty",
            "labels": "key=value key=value",
        }

    def facts(self) -> Iterable[str]:
        """Return how much it holds, where its subnet comes from, and that it is IPv4."""
        return creation_facts(self.snapshot, self._draft)

    def intent(self) -> Rearrange:
        """Return the change that is meant."""
        return self._draft.intent(self.lan_ranges)
