"""How many addresses of each network are taken, and who says so."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from itertools import chain

from swarmtui.addressing.balancers import balancers
from swarmtui.addressing.ranges import (
    RESERVED_PER_SUBNET,
    Span,
    address_range,
    address_value,
    capacity,
    hand_out,
    handed_out,
    reserved,
)
from swarmtui.model import Network, NetworkId, ReportedUse, Snapshot, Subnet

WARNING_SHARE = 0.75
CRITICAL_SHARE = 0.9
"""Shares of a network's addresses from which little and too little is left (engine-facts C.5)."""


class Source(StrEnum):
    """Where a count comes from."""

    REPORTED = "reported"
    """By the swarm leader (API 1.52 and newer)."""
    COMPUTED = "computed"
    """From tasks and services (engine-facts C.2)."""
    UNKNOWN = "unknown"
    """This node cannot know: it is no manager, or the network has no addresses to count."""


@dataclass(frozen=True, slots=True)
class SubnetUse:
    """The addresses of one subnet.

    Attributes:
        computed: What tasks and services ask for; above `capacity` the network is oversubscribed.
        reported: The leader's count of held addresses; None where the engine gives none.
        reported_free: The leader's count of addresses that it can still hand out.
        capacity: All addresses of the subnet, the reserved ones included.
        outside: How many of those that are taken are not in the IP range that is handed out.
    """

    subnet: Subnet
    capacity: int
    computed: int | None = None
    reported: int | None = None
    reported_free: int | None = None
    outside: int = 0

    @property
    def source(self) -> Source:
        """Tell where `used` comes from."""
        if self.reported is not None:
            return Source.REPORTED
        return Source.COMPUTED if self.computed is not None else Source.UNKNOWN

    @property
    def used(self) -> int | None:
        """Return the taken addresses, None when unknown."""
        return self.computed if self.reported is None else self.reported

    @property
    def free(self) -> int | None:
        """Return the addresses that can still be handed out, None when unknown."""
        if self.reported_free is not None:
            return self.reported_free
        part = handed_out(self.subnet.cidr, self.subnet.ip_range)
        if self.used is None or part is None:
            return None
        return max(part.size - (self.used - self.outside), 0)

    @property
    def hand_out(self) -> int:
        """Return how many addresses can be in use, the reserved ones included."""
        return hand_out(self.subnet.cidr, self.subnet.ip_range, self.subnet.gateway)

    @property
    def wanted(self) -> int | None:
        """Return how many addresses are wanted when that is more than the subnet holds."""
        if self.computed is not None and self.computed > self.capacity:
            return self.computed
        return None


@dataclass(frozen=True, slots=True)
class NetworkUse:
    """The addresses of all subnets of one network."""

    network_id: NetworkId
    subnets: tuple[SubnetUse, ...]

    @property
    def capacity(self) -> int:
        """Return how many addresses all subnets hold."""
        return sum(each.capacity for each in self.subnets)

    @property
    def used(self) -> int | None:
        """Return the taken addresses, None when unknown."""
        return _sum(each.used for each in self.subnets)

    @property
    def free(self) -> int | None:
        """Return the addresses that can still be handed out, None when unknown."""
        return _sum(each.free for each in self.subnets)

    @property
    def wanted(self) -> int | None:
        """Return how many addresses are wanted when that is more than there are."""
        if not any(each.wanted for each in self.subnets):
            return None
        return sum(each.wanted or each.used or 0 for each in self.subnets)

    @property
    def computed(self) -> int | None:
        """Return what tasks and services ask for, None when unknown."""
        return _sum(each.computed for each in self.subnets)

    @property
    def reported(self) -> int | None:
        """Return the leader's count of held addresses, None where the engine gives none."""
        return _sum(each.reported for each in self.subnets)

    @property
    def endpoints(self) -> int | None:
        """Return how many holders of addresses tasks and services tell of, None when unknown."""
        if self.computed is None:
            return None
        return self.computed - RESERVED_PER_SUBNET * len(self.subnets)

    @property
    def source(self) -> Source:
        """Tell where `used` comes from; computed as soon as one subnet's count is."""
        sources = {each.source for each in self.subnets}
        for source in (Source.UNKNOWN, Source.COMPUTED):
            if source in sources or not sources:
                return source
        return Source.REPORTED


def usage(snapshot: Snapshot) -> Mapping[NetworkId, NetworkUse]:
    """Count the addresses of every allocated swarm network, by network id."""
    return {
        network.id: network_use(snapshot, network)
        for network in snapshot.networks
        if network.is_swarm and network.is_allocated
    }


def network_use(snapshot: Snapshot, network: Network) -> NetworkUse:
    """Count the addresses of one network, of those who hold them (engine-facts C.2)."""
    inspection = snapshot.inspections.get(network.id)
    reported = {each.cidr: each for each in (inspection.reported if inspection else ())}
    counts: Iterable[tuple[int | None, int]] = ((None, 0) for _ in network.subnets)
    if snapshot.sees_cluster and network.subnets:
        counts = _counts(snapshot, network)
    return NetworkUse(
        network.id,
        tuple(
            _subnet_use(subnet, computed, outside, reported.get(subnet.cidr))
            for subnet, (computed, outside) in zip(network.subnets, counts, strict=True)
        ),
    )


def spans_of(subnets: Iterable[Subnet]) -> tuple[Span | None, ...]:
    """Return the addresses of each subnet, None for one that is unreadable."""
    return tuple(address_range(each.cidr) for each in subnets)


def span_of(spans: Iterable[Span | None], value: int | None) -> int | None:
    """Return the index of the span in which an address lies, None where it is in none."""
    if value is None:
        return None
    for index, span in enumerate(spans):
        if span is not None and span.holds(value):
            return index
    return None


def _counts(snapshot: Snapshot, network: Network) -> list[tuple[int, int]]:
    """Return how many addresses of each subnet are taken, and how many of them out of its range.

    An address that is not shown, as of most load-balancers, counts for the first subnet.
    """
    vips = snapshot.virtual_ips_by_network.get(network.id, ())
    tasks = snapshot.live_tasks_by_network.get(network.id, ())
    nodes = balancers(snapshot, network).values()
    if len(network.subnets) == 1 and not network.subnets[0].ip_range:
        held = sum(len(addresses) for _, addresses in tasks)
        return [(RESERVED_PER_SUBNET + len(vips) + held + len(nodes), 0)]
    taken: list[list[int | None]] = [
        list(reserved(each.cidr, each.gateway, each.ip_range)) for each in network.subnets
    ]
    held_by = (
        (address for _, address in vips),
        (address for _, addresses in tasks for address in addresses),
        (each.address for each in nodes),
    )
    spans = spans_of(network.subnets)
    for address in chain.from_iterable(held_by):
        value = address_value(address)
        taken[span_of(spans, value) or 0].append(value)
    return [
        (len(values), _outside(subnet, values))
        for subnet, values in zip(network.subnets, taken, strict=True)
    ]


def _outside(subnet: Subnet, values: Iterable[int | None]) -> int:
    part = handed_out(subnet.cidr, subnet.ip_range)
    if part is None:
        return 0
    return sum(value is not None and not part.holds(value) for value in values)


def _subnet_use(
    subnet: Subnet, computed: int | None, outside: int, reported: ReportedUse | None
) -> SubnetUse:
    return SubnetUse(
        subnet,
        capacity(subnet.cidr),
        computed,
        reported.in_use if reported else None,
        reported.available if reported else None,
        outside,
    )


def _sum(counts: Iterable[int | None]) -> int | None:
    """Return the sum of counts that are all known, else None; None too where there are none."""
    found = list(counts)
    known = [count for count in found if count is not None]
    return sum(known) if known and len(known) == len(found) else None
