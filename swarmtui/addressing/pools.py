"""How much of the swarm's default address pools is taken."""

from __future__ import annotations

from dataclasses import dataclass

from swarmtui.addressing.ranges import address_range
from swarmtui.model import Cluster, Network, Snapshot


@dataclass(frozen=True, slots=True)
class PoolUse:
    """The blocks of one default address pool.

    Attributes:
        cidr: The pool.
        block_prefix: The prefix length of the blocks that networks get.
        blocks: How many such blocks the pool holds.
        taken: Indexes of the blocks that an allocated swarm network overlaps, in order; a network
            with a subnet of its own choice blocks every slot that it touches (engine-facts C.4).
        networks: The networks with a subnet in the pool.
    """

    cidr: str
    block_prefix: int
    blocks: int
    taken: tuple[int, ...]
    networks: tuple[Network, ...]

    @property
    def used(self) -> int:
        """Return how many blocks are taken."""
        return len(self.taken)

    @property
    def free(self) -> int:
        """Return how many networks still fit."""
        return self.blocks - len(self.taken)


def pool_usage(snapshot: Snapshot) -> tuple[PoolUse, ...]:
    """Count the blocks of every pool; empty where the engine does not tell the pools."""
    if snapshot.cluster is None:
        return ()
    return tuple(_pool_use(pool, snapshot.cluster, snapshot.networks) for pool in _pools(snapshot))


def outside_pools(snapshot: Snapshot) -> tuple[Network, ...]:
    """Return the allocated swarm networks that have a subnet in no pool."""
    if snapshot.cluster is None:
        return ()
    ranges = [found for pool in _pools(snapshot) if (found := address_range(pool))]
    return tuple(
        network
        for network in snapshot.networks
        if network.is_swarm
        and any(
            not any(low <= span[0] and span[1] <= high for low, high in ranges)
            for span in _spans(network)
        )
    )


def _pools(snapshot: Snapshot) -> tuple[str, ...]:
    return snapshot.cluster.pools if snapshot.cluster else ()


def _spans(network: Network) -> list[tuple[int, int]]:
    return [span for subnet in network.subnets if (span := address_range(subnet.cidr))]


def _pool_use(pool: str, cluster: Cluster, networks: tuple[Network, ...]) -> PoolUse:
    found = address_range(pool)
    if found is None:
        return PoolUse(pool, cluster.pool_prefix, 0, (), ())
    low, high = found
    block_size = 1 << max(32 - cluster.pool_prefix, 0)
    blocks = (high - low + 1) // block_size
    taken: set[int] = set()
    members: list[Network] = []
    for network in networks:
        if not network.is_swarm:
            continue
        inside = [(max(a, low), min(b, high)) for a, b in _spans(network) if a <= high and b >= low]
        for first, last in inside:
            taken.update(range((first - low) // block_size, (last - low) // block_size + 1))
        if inside:
            members.append(network)
    return PoolUse(pool, cluster.pool_prefix, blocks, tuple(sorted(taken)), tuple(members))
