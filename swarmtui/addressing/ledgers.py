"""Every address of a network, and who holds it."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

import msgspec

from swarmtui.addressing.counting import NetworkUse, SubnetUse, network_use, span_of, spans_of
from swarmtui.addressing.holders import endpoints
from swarmtui.addressing.ranges import (
    Span,
    address_range,
    address_text,
    address_value,
    handed_out,
    reserved,
)
from swarmtui.model import Endpoint, EndpointKind, Network, Snapshot, Subnet


class AddressKind(StrEnum):
    """What an address is."""

    NETWORK = "network"
    BROADCAST = "broadcast"
    GATEWAY = "gateway"
    VIP = "vip"
    TASK = "task"
    CONTAINER = "container"
    NODE_LB = "node-lb"
    STRAY = "stray"
    OUTSIDE = "outside"
    """Out of the IP range: nobody gets it."""
    FREE = "free"
    UNKNOWN = "unknown"
    """Nobody is known to hold it, and who does is not known on this node."""


_RESERVED = (AddressKind.NETWORK, AddressKind.BROADCAST, AddressKind.GATEWAY)
_KINDS = {each: AddressKind(each.value) for each in EndpointKind}


# As many as endpoints.


class Holder(msgspec.Struct, frozen=True, gc=False):
    """Somebody, or something, that holds one address.

    Attributes:
        key: An endpoint's own, else the kind with the address.
        value: The address as a number; None where the engine does not show it.
        endpoint: None for network, broadcast and gateway.
    """

    key: str
    kind: AddressKind
    value: int | None
    endpoint: Endpoint | None = None


@dataclass(frozen=True, slots=True)
class Stretch:
    """Addresses next to each other that nobody is known to hold."""

    kind: AddressKind
    span: Span


@dataclass(frozen=True)
class SubnetLedger:
    """Who holds which address of one subnet; only held ones are kept, however large it is.

    Attributes:
        span: The whole subnet.
        handed_out: The part of it that endpoints get.
        holders: In the order of their addresses, strays behind whom the swarm knows.
        rest: What an address is that is handed out and that nobody holds: free or unknown.
    """

    use: SubnetUse
    span: Span
    handed_out: Span
    holders: tuple[Holder, ...]
    rest: AddressKind

    @cached_property
    def held(self) -> Mapping[int, tuple[Holder, ...]]:
        """Index the holders by address; two of one address are a leftover and its heir."""
        found: dict[int, list[Holder]] = {}
        for holder in self.holders:
            if holder.value is not None:
                found.setdefault(holder.value, []).append(holder)
        return {value: tuple(holders) for value, holders in found.items()}

    @cached_property
    def _values(self) -> list[int]:
        return sorted(self.held)

    def kind(self, value: int) -> AddressKind:
        """Return what an address of the subnet is."""
        if value in self.held:
            return self.held[value][0].kind
        return self.rest if self.handed_out.holds(value) else AddressKind.OUTSIDE

    def within(self, span: Span) -> tuple[Holder, ...]:
        """Return the holders of the addresses in a part of the subnet."""
        return tuple(each for value in self._held_in(span) for each in self.held[value])

    def count(self, span: Span) -> Mapping[AddressKind, int]:
        """Count the addresses in a part of the subnet by what they are."""
        values = self._held_in(span)
        found = Counter(self.held[value][0].kind for value in values)
        given = _overlap(span, self.handed_out)
        held = sum(self.handed_out.holds(value) for value in values)
        found[self.rest] += given - held
        found[AddressKind.OUTSIDE] += span.size - given - (len(values) - held)
        return +found

    @cached_property
    def counts(self) -> Mapping[AddressKind, int]:
        """Count all addresses by what they are."""
        return self.count(self.span)

    @cached_property
    def stretches(self) -> tuple[Stretch, ...]:
        """Return all that nobody is known to hold: free, unknown, and out of the range."""
        return tuple(self._stretches())

    def _stretches(self) -> Iterator[Stretch]:
        given = self.handed_out
        parts = (
            (AddressKind.OUTSIDE, Span(self.span.first, given.first - 1)),
            (self.rest, given),
            (AddressKind.OUTSIDE, Span(given.last + 1, self.span.last)),
        )
        for kind, part in parts:
            start = part.first
            for value in (*self._held_in(part), part.last + 1):
                if value > start:
                    yield Stretch(kind, Span(start, value - 1))
                start = value + 1

    def _held_in(self, span: Span) -> list[int]:
        first = bisect_left(self._values, span.first)
        return self._values[first : bisect_right(self._values, span.last)]

    @property
    def free_runs(self) -> tuple[Span, ...]:
        """Return the free addresses next to each other; holders that are not shown sit in some."""
        return tuple(each.span for each in self.stretches if each.kind is AddressKind.FREE)


@dataclass(frozen=True)
class Ledger:
    """Every address of a network.

    Attributes:
        use: The totals: what is computed is the number of all holders but strays.
        unseen: Hold an address of some subnet that this engine does not show.
        elsewhere: Hold an address that is in none of the subnets.
        waiting: How many tasks wait for an address.
    """

    network: Network
    use: NetworkUse
    subnets: tuple[SubnetLedger, ...]
    unseen: tuple[Holder, ...]
    elsewhere: tuple[Holder, ...]
    waiting: int

    @cached_property
    def holders(self) -> tuple[Holder, ...]:
        """Return all holders by address, those without one last."""
        placed = [each for subnet in self.subnets for each in subnet.holders]
        return (*placed, *self.elsewhere, *self.unseen)

    @cached_property
    def holder_by_key(self) -> Mapping[str, Holder]:
        """Index the holders."""
        return {each.key: each for each in self.holders}


def ledger(snapshot: Snapshot, network: Network) -> Ledger:
    """Account for every address of a swarm network (engine-facts C.1).

    Elsewhere than on a manager it is what this node sees: who holds the rest is unknown.
    """
    use = network_use(snapshot, network)
    placed = [_reserved(each) for each in network.subnets]
    spans = spans_of(network.subnets)
    unseen: list[Holder] = []
    elsewhere: list[Holder] = []
    for endpoint in endpoints(snapshot, network):
        value = address_value(endpoint.address)
        index = span_of(spans, value)
        homeless = unseen if value is None else elsewhere
        holders = homeless if index is None else placed[index]
        holders.append(Holder(endpoint.key, _KINDS[endpoint.kind], value, endpoint))
    rest = AddressKind.FREE if snapshot.sees_cluster else AddressKind.UNKNOWN
    subnets = (
        _subnet_ledger(each, holders, rest)
        for each, holders in zip(use.subnets, placed, strict=True)
    )
    return Ledger(
        network,
        use,
        tuple(each for each in subnets if each is not None),
        tuple(unseen),
        tuple(elsewhere),
        len(snapshot.waiting_tasks_by_network.get(network.id, ())),
    )


def _reserved(subnet: Subnet) -> list[Holder]:
    values = reserved(subnet.cidr, subnet.gateway, subnet.ip_range)
    return [
        Holder(f"{kind}:{address_text(value)}", kind, value)
        for kind, value in zip(_RESERVED, values, strict=False)
    ]


def _subnet_ledger(use: SubnetUse, holders: list[Holder], rest: AddressKind) -> SubnetLedger | None:
    whole = address_range(use.subnet.cidr)
    part = handed_out(use.subnet.cidr, use.subnet.ip_range)
    if whole is None or part is None:
        return None
    holders.sort(key=lambda each: (each.value or 0) * 2 + (each.kind is AddressKind.STRAY))
    return SubnetLedger(use, whole, part, tuple(holders), rest)


def _overlap(one: Span, other: Span) -> int:
    return max(min(one.last, other.last) - max(one.first, other.first) + 1, 0)
