"""Splitting a crowded network: which services move to a new one, and who would lose whom."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from swarmtui.model import Service, Snapshot
from swarmtui.operations.arrangement import services_on, shape_of
from swarmtui.operations.changes import splitting
from swarmtui.operations.checks import Fault, free_subnet, network_faults
from swarmtui.operations.definition import Definition, Range, definition_of
from swarmtui.operations.network_sights import swarm_network
from swarmtui.operations.plan import Rearrange, Refusal
from swarmtui.operations.sizing import shapes_need


@dataclass(frozen=True, slots=True)
class SplitDraft:
    """A new network for some services of a crowded one.

    Attributes:
        name: The crowded network.
        new_name: The new network; its options are those of the crowded one.
        subnet: In CIDR notation; empty to be given a free one.
        movers: Services that leave the crowded network, by name.
        both: Services that come onto the new one and stay on the crowded one, by name.
    """

    name: str
    new_name: str
    subnet: str = ""
    movers: frozenset[str] = frozenset()
    both: frozenset[str] = frozenset()
    at_once: bool = False

    def definition(self, snapshot: Snapshot, lan_ranges: Collection[str] = ()) -> Definition:
        """Return the new network."""
        crowded = swarm_network(snapshot, self.name)
        like = definition_of(crowded) if crowded is not None else Definition(self.name)
        subnet = self.subnet.strip() or free_subnet(
            snapshot, self.needed(snapshot), lan_ranges=lan_ranges
        )
        return Definition(
            name=self.new_name.strip(),
            ranges=(Range(subnet),) if subnet else (),
            options=like.options,
            labels=like.labels,
            attachable=like.attachable,
            internal=like.internal,
        )

    def needed(self, snapshot: Snapshot) -> int:
        """Return how many addresses the new network has to hold."""
        chosen = self.movers | self.both
        members = [s for s in services_on(snapshot, (self.name,)) if s.name in chosen]
        return shapes_need(snapshot, [shape_of(snapshot, each) for each in members])

    def faults(self, snapshot: Snapshot, *, lan_ranges: Collection[str] = ()) -> tuple[Fault, ...]:
        """Return everything that is to be said about it."""
        found = network_faults(
            snapshot,
            self.definition(snapshot, lan_ranges),
            needed=self.needed(snapshot),
            lan_ranges=lan_ranges,
        )
        refusal = self.refusal(snapshot)
        return found if refusal is None else (*found, Fault("services", refusal.reasons[0]))

    def refusal(self, snapshot: Snapshot) -> Refusal | None:
        """Return why these services cannot be chosen, None where they can."""
        there = {service.name for service in services_on(snapshot, (self.name,))}
        strange = sorted((self.movers | self.both) - there)
        if strange:
            return _refused(f"{', '.join(strange)} is not on {self.name}.")
        if not self.movers:
            return _refused("Choose at least one service to move.")
        return None

    def freed(self, snapshot: Snapshot) -> int:
        """Return how many addresses of the crowded network become free at least."""
        services = [s for s in services_on(snapshot, (self.name,)) if s.name in self.movers]
        return sum((each.endpoint_mode == "vip") + snapshot.wanted_tasks(each) for each in services)

    def intent(self, snapshot: Snapshot, lan_ranges: tuple[str, ...] = ()) -> Rearrange:
        """Return the change that is meant."""
        return splitting(
            snapshot,
            self.name,
            self.definition(snapshot, lan_ranges),
            self.movers,
            self.both,
            at_once=self.at_once,
            lan_ranges=lan_ranges,
        )


def companions(snapshot: Snapshot, name: str, movers: Collection[str]) -> Mapping[str, str]:
    """Return who shares only this network with services that are to leave it, and why that counts.

    Keys are services that stay; the value names whom they would not reach any more. They have to
    move too, or to be on both networks, if they talk to each other: no API tells whether they do.
    """
    members = services_on(snapshot, (name,))
    leaving = [each for each in members if each.name in movers]
    found = {}
    for other in members:
        if other.name in movers:
            continue
        lost = [each.name for each in leaving if not _share_another(snapshot, each, other, name)]
        if lost:
            found[other.name] = ", ".join(lost)
    return found


def same_stack(snapshot: Snapshot, name: str, movers: Collection[str]) -> frozenset[str]:
    """Return the services on a network that are of a stack of which some leave it."""
    members = services_on(snapshot, (name,))
    stacks = {each.stack for each in members if each.name in movers} - {""}
    return frozenset(each.name for each in members if each.stack in stacks)


def unused_networks(snapshot: Snapshot) -> tuple[str, ...]:
    """Return the overlays that no service names and no live task or container is on."""
    return tuple(
        network.name
        for network in sorted(snapshot.networks, key=lambda each: each.name)
        if network.is_overlay
        and not network.ingress
        and not snapshot.live_tasks_by_network.get(network.id)
        and not snapshot.services_by_network.get(network.id)
        and not snapshot.waiting_tasks_by_network.get(network.id)
    )


def _share_another(snapshot: Snapshot, one: Service, other: Service, name: str) -> bool:
    networks = [set(shape_of(snapshot, each).networks) - {name} for each in (one, other)]
    return not networks[0].isdisjoint(networks[1])


def _refused(reason: str) -> Refusal:
    return Refusal("Cannot split the network", (reason,))
