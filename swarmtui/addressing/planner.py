"""How far address pools reach, and what they meet, for a swarm that is to be made."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from netaddr import IPAddress

from swarmtui.addressing.overlapping import Claim, ClaimKind, claims, lan_claims, overlaps
from swarmtui.addressing.ranges import RESERVED_PER_SUBNET, address_range
from swarmtui.model import Snapshot
from swarmtui.model.snapshot import DEFAULT_POOL_PREFIX, DEFAULT_POOLS

LONGEST_MASK = 29
"""Engines refuse longer ones: `subnet size is out of range` (seen on 20.10.24)."""


@dataclass(frozen=True, slots=True)
class PoolPlan:
    """The address pools of a swarm that is to be made.

    Attributes:
        pools: Readable ranges in CIDR notation, in the order in which they are given.
        prefix: The prefix length of the blocks that networks get; no shorter than any pool's.
    """

    pools: tuple[str, ...] = DEFAULT_POOLS
    prefix: int = DEFAULT_POOL_PREFIX

    @property
    def block_size(self) -> int:
        """Return how many addresses a block holds."""
        return 1 << (32 - self.prefix)

    @property
    def blocks(self) -> int:
        """Return how many blocks all pools hold; what two of them share counts once."""
        return sum((high - low + 1) // self.block_size for low, high in self._apart())

    @property
    def networks(self) -> int:
        """Return for how many networks there is a block besides the ingress, which has the first.

        Networks with a subnet of their own outside the pools come on top.
        """
        return max(self.blocks - 1, 0)

    @property
    def ingress(self) -> tuple[str, ...]:
        """Return the block that the ingress gets: two where it depends on the engine.

        Engines below 27 begin with the pool that was given first, later ones with the lowest
        (engine-facts C.4).
        """
        found = [span for pool in self.pools if (span := address_range(pool))]
        starts = dict.fromkeys(span[0] for span in (*found[:1], *sorted(found)[:1]))
        return tuple(f"{IPAddress(start)}/{self.prefix}" for start in starts)

    def tasks(self, nodes: int, services: int) -> int:
        """Return how many tasks a network has addresses for (engine-facts C.1).

        Network, broadcast and gateway take three, every node with a task one for its
        load-balancer, and every service one for its virtual address.
        """
        return max(self.block_size - RESERVED_PER_SUBNET - nodes - services, 0)

    def shared(self) -> tuple[tuple[str, str], ...]:
        """Return the pairs of pools that overlap each other, the wider one first."""
        return tuple((wider.cidr, narrower.cidr) for wider, narrower in overlaps(self._claims()))

    def collisions(self, taken: Iterable[Claim]) -> tuple[tuple[str, Claim], ...]:
        """Return what the pools meet, each with the pool."""
        found: list[tuple[str, Claim]] = []
        for pair in overlaps((*self._claims(), *taken)):
            pools = [each for each in pair if each.kind is ClaimKind.POOL]
            others = [each for each in pair if each.kind is not ClaimKind.POOL]
            found.extend((pool.cidr, other) for pool in pools for other in others)
        return tuple(found)

    def _claims(self) -> Iterator[Claim]:
        return (Claim("", pool, ClaimKind.POOL) for pool in self.pools)

    def _apart(self) -> Iterator[tuple[int, int]]:
        spans = [span for pool in self.pools if (span := address_range(pool))]
        until = -1
        for low, high in sorted(spans, key=lambda span: (span[0], -span[1])):
            if low > until:
                until = high
                yield low, high


def lasting_claims(snapshot: Snapshot | None, lan_ranges: Iterable[str] = ()) -> Iterator[Claim]:
    """Yield the ranges that are in use whatever swarm the nodes are in.

    Addresses of nodes, networks of the node that is read, and the ranges that the person names.

    Args:
        snapshot: What is known of the nodes; None before the engine has answered.
        lan_ranges: Ranges in CIDR notation.
    """
    if snapshot is None:
        yield from lan_claims(lan_ranges)
        return
    for claim in claims(snapshot, lan_ranges=lan_ranges):
        if not claim.is_swarm:
            yield claim
