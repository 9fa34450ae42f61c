"""Which ranges are in the way of which, and where there is room."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from netaddr import IPAddress

from swarmtui.addressing.ranges import PRIVATE_RANGES, address_range, address_value
from swarmtui.model import Network, NetworkId, NodeId, Snapshot


class ClaimKind(StrEnum):
    """What uses a range."""

    NETWORK = "network"
    """A network of the swarm."""
    LOCAL = "local"
    """A network of the node that is read."""
    GATEWAY_BRIDGE = "gateway-bridge"
    """The docker_gwbridge of the node that is read."""
    NODE = "node"
    """An address that a node advertises."""
    LAN = "lan"
    """A range that the person names in the settings."""
    POOL = "pool"
    """A default address pool of the swarm."""
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Claim:
    """A range that something uses already.

    Attributes:
        what: Who uses it, for people: `network app`, `the address of node1`.
        cidr: The range; a single address is one of prefix length 32.
        name: The name of the object; of a pool or LAN range the range.
        id: The id of the network or node; empty where there is none or it is not known.
    """

    what: str
    cidr: str
    kind: ClaimKind = ClaimKind.OTHER
    name: str = ""
    id: str = ""

    @property
    def is_swarm(self) -> bool:
        """Tell whether a network of the swarm uses it, and so every node."""
        return self.kind is ClaimKind.NETWORK


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
        if network.id not in besides:
            yield from _subnets(network)
    for who, node_id, address in _node_addresses(snapshot):
        if address_value(address) and address != "127.0.0.1":
            what = f"the address of {who}"
            yield Claim(what, f"{address}/32", ClaimKind.NODE, who, node_id)
    yield from lan_claims(lan_ranges)


def lan_claims(lan_ranges: Iterable[str]) -> Iterator[Claim]:
    """Yield the ranges that the person names as used by the local network."""
    for cidr in lan_ranges:
        yield Claim("the LAN range", cidr, ClaimKind.LAN, cidr)


def pool_claims(snapshot: Snapshot) -> Iterator[Claim]:
    """Yield the swarm's default address pools: a network may lie in one, a node may not."""
    for cidr in snapshot.cluster.pools if snapshot.cluster else ():
        yield Claim("the address pool", cidr, ClaimKind.POOL, cidr)


def overlaps(claims: Iterable[Claim]) -> tuple[tuple[Claim, Claim], ...]:
    """Return every pair of claims that share an address.

    The wider range of a pair comes first, of equal ones the one that was given first; the pairs
    come in the order of the addresses of their narrower range. What is no IPv4 range has none.
    """
    spans = [(span, claim) for claim in claims if (span := address_range(claim.cidr))]
    spans.sort(key=lambda each: (each[0][0], -each[0][1]))
    found: list[tuple[Claim, Claim]] = []
    # Two CIDR ranges are apart or one holds the other, so those that are open are a stack.
    around: list[tuple[int, Claim]] = []
    for (low, high), claim in spans:
        while around and around[-1][0] < low:
            around.pop()
        found.extend((wider, claim) for _, wider in around)
        around.append((high, claim))
    return tuple(found)


def _subnets(network: Network) -> Iterator[Claim]:
    kind, words = ClaimKind.LOCAL, f"this node's {network.driver} network"
    if network.is_swarm:
        kind, words = ClaimKind.NETWORK, "network"
    elif network.is_gateway_bridge:
        kind = ClaimKind.GATEWAY_BRIDGE
    for subnet in network.subnets:
        yield Claim(f"{words} {network.name}", subnet.cidr, kind, network.name, network.id)


def _node_addresses(snapshot: Snapshot) -> Iterator[tuple[str, NodeId, str]]:
    for node in snapshot.nodes:
        for address in node.addresses:
            yield node.hostname, node.id, address
    if not snapshot.nodes:
        # A worker knows itself and the managers.
        engine = snapshot.engine
        managers = {each.address.rpartition(":")[0]: each.node_id for each in engine.managers}
        yield engine.name, engine.node_id, engine.node_address
        for address in sorted(managers.keys() - {engine.node_address}):
            yield "a manager", managers[address], address


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


def unclaimed_subnet(
    snapshot: Snapshot, needed: int, taken: Iterable[Claim], prefix: int | None = None
) -> str | None:
    """Return a free subnet in CIDR notation, from the swarm's pools if they have room.

    Args:
        snapshot: The swarm.
        needed: How many addresses it has to hold.
        taken: What it has to keep clear of.
        prefix: Its prefix length; if not given the pools', or a shorter one where that is needed.
    """
    if prefix is None:
        fitting = 32 - max(needed - 1, 1).bit_length()
        prefix = min(snapshot.cluster.pool_prefix if snapshot.cluster else 24, fitting)
    pools = snapshot.cluster.pools if snapshot.cluster else ()
    return free_block(prefix, (*pools, *PRIVATE_RANGES), taken)
