"""Which ranges are in the way of which, and where there is room."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

from netaddr import IPAddress

from swarmtui.addressing.ranges import address_range, address_value
from swarmtui.model import NetworkId, Snapshot


@dataclass(frozen=True, slots=True)
class Claim:
    """A range that something uses already.

    Attributes:
        what: Who uses it, for people: `network app`, `the address of node1`.
        cidr: The range; a single address is one of prefix length 32.
    """

    what: str
    cidr: str


def claims(
    snapshot: Snapshot, *, besides: Collection[NetworkId] = (), lan_ranges: Iterable[str] = ()
) -> Iterator[Claim]:
    """Yield every range that a new subnet has to keep clear of.

    Networks of the swarm, networks of the node that is read, addresses of nodes, and the ranges
    that the person names as used by the local network.

    Args:
        snapshot: The swarm.
        besides: Networks that will be gone by then.
        lan_ranges: Ranges in CIDR notation.
    """
    for network in snapshot.networks:
        if network.id in besides:
            continue
        kind = "network" if network.is_swarm else f"this node's {network.driver} network"
        for subnet in network.subnets:
            yield Claim(f"{kind} {network.name}", subnet.cidr)
    for who, address in _node_addresses(snapshot):
        if address_value(address) and address != "127.0.0.1":
            yield Claim(f"the address of {who}", f"{address}/32")
    for cidr in lan_ranges:
        yield Claim("the LAN range", cidr)


def _node_addresses(snapshot: Snapshot) -> Iterator[tuple[str, str]]:
    for node in snapshot.nodes:
        for address in node.addresses:
            yield node.hostname, address
    if not snapshot.nodes:
        # A worker knows itself and the managers.
        engine = snapshot.engine
        managers = {each.address.rpartition(":")[0] for each in engine.managers}
        yield engine.name, engine.node_address
        for address in sorted(managers - {engine.node_address}):
            yield "a manager", address


def overlapping(cidr: str, taken: Iterable[Claim]) -> tuple[Claim, ...]:
    """Return the claims that share an address with a range."""
    wanted = address_range(cidr)
    if wanted is None:
        return ()
    return tuple(
        claim
        for claim in taken
        if (span := address_range(claim.cidr)) and span[0] <= wanted[1] and wanted[0] <= span[1]
    )


def free_block(prefix: int, within: Iterable[str], taken: Iterable[Claim]) -> str | None:
    """Return the lowest free block of a size in CIDR notation, None when there is no room.

    Args:
        prefix: The block's prefix length.
        within: Ranges to look in, in order.
        taken: What it has to keep clear of.
    """
    size = 1 << (32 - prefix)
    spans = sorted(span for claim in taken if (span := address_range(claim.cidr)))
    for area in within:
        found = address_range(area)
        if found is None:
            continue
        start = -(-found[0] // size) * size
        for low, high in spans:
            if high < start:
                continue
            if low > start + size - 1:
                break
            start = -(-(high + 1) // size) * size
        if start + size - 1 <= found[1]:
            return f"{IPAddress(start)}/{prefix}"
    return None
