"""Overlays as a person words them: what is typed into a form, or said with flags."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from itertools import zip_longest

import msgspec

from swarmtui.model import Snapshot
from swarmtui.operations.arrangement import services_on, shape_of
from swarmtui.operations.changes import Way, creation_of, migration
from swarmtui.operations.checks import Fault, free_subnet, network_faults
from swarmtui.operations.definition import (
    MTU_OPTION,
    VXLAN_OPTION,
    Definition,
    Range,
    definition_of,
    first_range,
    options_with,
)
from swarmtui.operations.draft import LABELS_FAULT, labels_of
from swarmtui.operations.network_sights import containers_on, swarm_network
from swarmtui.operations.plan import Rearrange
from swarmtui.operations.sizing import shapes_need


@dataclass(frozen=True, slots=True)
class NetworkDraft:
    """A new overlay, each part as the text that was typed.

    Attributes:
        subnet: In CIDR notation, several with spaces between; empty to take one from the pools.
        gateway, ip_range: As many as there are subnets, or fewer; `-` for none.
        mtu: Between nodes, in bytes; empty for the engine's default.
        vxlan: VXLAN ids with commas between, one for each subnet; empty to be given one.
        labels: `key=value` words, quoted as for a shell where they hold spaces.
    """

    name: str = ""
    subnet: str = ""
    gateway: str = ""
    ip_range: str = ""
    mtu: str = ""
    vxlan: str = ""
    labels: str = ""
    encrypted: bool = False
    attachable: bool = False
    internal: bool = False

    @property
    def definition(self) -> Definition:
        """Return the network that is meant; what cannot be understood is left out of it."""
        options = options_with({}, self.mtu, encrypted=self.encrypted)
        if self.vxlan.strip():
            options[VXLAN_OPTION] = ",".join(self.vxlan.replace(",", " ").split())
        return Definition(
            name=self.name.strip(),
            ranges=ranges_of(self.subnet, self.gateway, self.ip_range),
            options=options,
            labels=labels_of(self.labels) or {},
            attachable=self.attachable,
            internal=self.internal,
        )

    def faults(self, snapshot: Snapshot, *, lan_ranges: Collection[str] = ()) -> tuple[Fault, ...]:
        """Return everything that is to be said about it."""
        found = network_faults(snapshot, self.definition, lan_ranges=lan_ranges)
        return found if labels_of(self.labels) is not None else (*found, LABELS_FAULT)

    def intent(self, lan_ranges: tuple[str, ...] = ()) -> Rearrange:
        """Return the change that is meant."""
        return creation_of(self.definition, lan_ranges)


@dataclass(frozen=True, slots=True)
class MigrationDraft:
    """What a network is to become, each part as the text that was typed.

    Attributes:
        base: The network as it is.
        subnet: In CIDR notation.
        gateway: Empty for the first address of the subnet.
        mtu: Between nodes, in bytes; empty or `0` for the engine's default.
        new_name: Of the network that is to stand beside it.
        by_hand: Wait for a person to move containers outside services.
    """

    base: Definition
    subnet: str
    gateway: str
    mtu: str
    encrypted: bool
    way: Way = Way.IN_PLACE
    new_name: str = ""
    at_once: bool = False
    by_hand: bool = False

    @property
    def title(self) -> str:
        """Return what it comes to, beginning with a verb."""
        changed = {
            "encryption": self.encrypted != self.base.is_encrypted,
            "MTU": (self.mtu.strip() or "0") != (self.base.mtu or "0"),
            "subnet": (self.subnet.strip(), self.gateway.strip()) != first_range(self.base),
        }
        parts = [part for part, is_changed in changed.items() if is_changed]
        if parts == ["encryption"]:
            return "Encrypt the network" if self.encrypted else "Decrypt the network"
        if len(parts) == 1:
            return f"Change the {parts[0]} of the network"
        return "Migrate the network"

    def definition(self, snapshot: Snapshot, lan_ranges: Collection[str] = ()) -> Definition:
        """Return the network that is meant."""
        beside = self.way is Way.SIDE_BY_SIDE
        subnet, gateway = self.subnet.strip(), self.gateway.strip()
        if (subnet, gateway) != first_range(self.base):
            ranges: tuple[Range, ...] = (Range(subnet, gateway),) if subnet or gateway else ()
        elif beside:
            needed = self.needed(snapshot)
            ranges = (Range(free_subnet(snapshot, needed, lan_ranges=lan_ranges) or ""),)
        else:
            ranges = self.base.ranges
        options = options_with(self.base.options, self.mtu, encrypted=self.encrypted)
        return msgspec.structs.replace(
            self.base,
            name=self.new_name.strip() if beside else self.base.name,
            ranges=ranges,
            options=options,
        )

    def needed(self, snapshot: Snapshot) -> int:
        """Return how many addresses it has to hold."""
        name = self.base.name
        shapes = [shape_of(snapshot, service) for service in services_on(snapshot, (name,))]
        return shapes_need(snapshot, shapes, containers=len(containers_on(snapshot, name)))

    def faults(self, snapshot: Snapshot, *, lan_ranges: Collection[str] = ()) -> tuple[Fault, ...]:
        """Return everything that is to be said about it."""
        beside = self.way is Way.SIDE_BY_SIDE
        wanted = self.definition(snapshot, lan_ranges)
        found = network_faults(
            snapshot,
            wanted,
            replaced=() if beside else (self.base.name,),
            needed=self.needed(snapshot),
            lan_ranges=lan_ranges,
        )
        if wanted == self.base:
            return (*found, Fault("way", "Nothing is changed yet."))
        return found

    def intent(self, snapshot: Snapshot, lan_ranges: tuple[str, ...] = ()) -> Rearrange:
        """Return the change that is meant."""
        return migration(
            snapshot,
            self.base.name,
            self.definition(snapshot, lan_ranges),
            self.way,
            title=self.title,
            at_once=self.at_once,
            by_hand=self.by_hand,
            lan_ranges=lan_ranges,
        )


def migration_draft(snapshot: Snapshot, name: str) -> MigrationDraft | None:
    """Return a network of the swarm as a draft, None where there is none of the name."""
    network = swarm_network(snapshot, name)
    if network is None:
        return None
    base = definition_of(network)
    subnet, gateway = first_range(base)
    return MigrationDraft(
        base=base,
        subnet=subnet,
        gateway=gateway,
        mtu=base.options.get(MTU_OPTION, ""),
        encrypted=base.is_encrypted,
        new_name=f"{name}2",
    )


def ranges_of(subnets: str, gateways: str, ip_ranges: str) -> tuple[Range, ...]:
    """Return address ranges from words with spaces between; `-` stands for none."""
    rows = zip_longest(subnets.split(), gateways.split(), ip_ranges.split(), fillvalue="")
    return tuple(Range(*("" if word == "-" else word for word in row)) for row in rows)
