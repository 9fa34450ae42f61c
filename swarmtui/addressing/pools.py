"""The swarm's default address pools as their blocks: who sits where, and what is free."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from netaddr import IPAddress

from swarmtui.addressing.ranges import address_range
from swarmtui.model import Network, NetworkId, Node, Snapshot, version_number

FIRST_WITH_LOWEST_GAP = (27, 0, 0)
"""From here on a network gets the lowest free block (engine-facts C.4)."""


class Origin(StrEnum):
    """How a network came to its subnet."""

    POOL = "pool"
    """The swarm gave it a block."""
    LIKELY_POOL = "likely-pool"
    """It is a block; whether somebody asked for it only the network's tasks would tell."""
    CHOSEN = "chosen"
    """Somebody asked for it, and the pools cannot give the blocks that it touches."""


@dataclass(frozen=True, slots=True)
class Seat:
    """A subnet that lies in a pool, at least in part.

    Attributes:
        cidr: The subnet.
        blocks: Indexes of the blocks that it touches.
    """

    network: Network
    cidr: str
    blocks: range
    origin: Origin


@dataclass(frozen=True, slots=True)
class BlockGroup:
    """Blocks side by side, and who sits in them; a cell of a pool's map."""

    blocks: range
    seats: tuple[Seat, ...] = ()


@dataclass(frozen=True, slots=True)
class PoolUse:
    """The blocks of one default address pool; those that are free are not listed one by one.

    Attributes:
        cidr: The pool.
        block_prefix: The prefix length of the blocks that networks get.
        blocks: How many such blocks the pool holds; 0 for what is no range.
        seats: The subnets in it, in the order of their addresses.
        taken: Runs of blocks that an allocated swarm network overlaps, in order; a network with a
            subnet of its own choice blocks every slot that it touches (engine-facts C.4).
    """

    cidr: str
    block_prefix: int
    blocks: int
    seats: tuple[Seat, ...] = ()
    taken: tuple[range, ...] = ()

    @property
    def used(self) -> int:
        """Return how many blocks are taken."""
        return sum(map(len, self.taken))

    @property
    def free(self) -> int:
        """Return how many networks still fit."""
        return self.blocks - self.used

    @property
    def free_runs(self) -> tuple[range, ...]:
        """Return the runs of blocks that nobody is in, in order."""
        starts = (0, *(run.stop for run in self.taken))
        stops = (*(run.start for run in self.taken), self.blocks)
        pairs = zip(starts, stops, strict=True)
        return tuple(range(start, stop) for start, stop in pairs if start < stop)

    @property
    def networks(self) -> tuple[Network, ...]:
        """Return the networks with a subnet in the pool, in the order of their addresses."""
        return tuple({seat.network.id: seat.network for seat in self.seats}.values())

    def block(self, index: int) -> str:
        """Return a block in CIDR notation; empty where the pool is no range."""
        found = address_range(self.cidr)
        if found is None:
            return ""
        return f"{IPAddress(found[0] + (index << (32 - self.block_prefix)))}/{self.block_prefix}"

    def groups(self, most: int) -> tuple[BlockGroup, ...]:
        """Return the blocks in order, in as many groups of equal size as are wanted at most."""
        size = 1
        while size * max(most, 1) < self.blocks:
            size *= 2
        seats: dict[int, list[Seat]] = {}
        for seat in self.seats:
            for index in range(seat.blocks.start // size, (seat.blocks.stop - 1) // size + 1):
                seats.setdefault(index, []).append(seat)
        return tuple(
            BlockGroup(
                range(index * size, min((index + 1) * size, self.blocks)),
                tuple(seats.get(index, ())),
            )
            for index in range(-(-self.blocks // size))
        )


@dataclass(frozen=True, slots=True)
class NextBlock:
    """What a network would get that is made without a subnet of its own.

    Attributes:
        cidr: The lowest free block; None when the pools are used up.
        doubted: Managers that may hand out another one: below engine 27 the one after the last
            that was handed out is next, which nobody tells (engine-facts C.4).
    """

    cidr: str | None
    doubted: tuple[Node, ...] = ()

    @property
    def is_promised(self) -> bool:
        """Tell whether the network will get this very block, whoever leads the swarm."""
        return self.cidr is not None and not self.doubted


def pool_usage(snapshot: Snapshot) -> tuple[PoolUse, ...]:
    """Count the blocks of every pool; empty where the engine does not tell the pools."""
    cluster = snapshot.cluster
    if cluster is None:
        return ()
    chosen = snapshot.chosen_subnets
    networks = [network for network in snapshot.networks if network.is_swarm]
    return tuple(_pool_use(pool, cluster.pool_prefix, networks, chosen) for pool in cluster.pools)


def outside_pools(snapshot: Snapshot) -> tuple[Network, ...]:
    """Return the allocated swarm networks that have a subnet in no pool."""
    if snapshot.cluster is None:
        return ()
    ranges = [found for pool in snapshot.cluster.pools if (found := address_range(pool))]
    return tuple(
        network
        for network in snapshot.networks
        if network.is_swarm
        and any(
            not any(low <= span[0] and span[1] <= high for low, high in ranges)
            for subnet in network.subnets
            if (span := address_range(subnet.cidr))
        )
    )


def next_block(snapshot: Snapshot) -> NextBlock:
    """Return which block the next network gets, and whether that is certain.

    Engines from 27 on look through the pools in the order of their addresses, whatever order they
    were given in, and leave out a pool that lies in another one (moby newAddrSpace).
    """
    spans = [(span, pool) for pool in pool_usage(snapshot) if (span := address_range(pool.cidr))]
    spans.sort(key=lambda each: (each[0][0], -each[0][1]))
    found, until = None, -1
    for (low, high), pool in spans:
        if low > until:
            until = high
            if found is None and pool.free_runs:
                found = pool.block(pool.free_runs[0].start)
    doubted = tuple(
        node
        for node in snapshot.nodes
        if node.role == "manager"
        and (version_number(node.engine_version) or (0, 0, 0)) < FIRST_WITH_LOWEST_GAP
    )
    return NextBlock(found, doubted)


def _pool_use(
    pool: str, prefix: int, networks: Iterable[Network], chosen: Mapping[NetworkId, bool]
) -> PoolUse:
    found = address_range(pool)
    if found is None:
        return PoolUse(pool, prefix, 0)
    low, high = found
    size = 1 << max(32 - prefix, 0)
    seats = []
    for network in networks:
        for subnet in network.subnets:
            span = address_range(subnet.cidr)
            if span is None or span[0] > high or span[1] < low:
                continue
            first = (max(span[0], low) - low) // size
            last = (min(span[1], high) - low) // size
            asked = chosen.get(network.id, span[0] < low or span[1] - span[0] + 1 != size)
            likely = Origin.POOL if network.id in chosen else Origin.LIKELY_POOL
            origin = Origin.CHOSEN if asked else likely
            seats.append(Seat(network, subnet.cidr, range(first, last + 1), origin))
    seats.sort(key=lambda seat: (seat.blocks.start, seat.blocks.stop, seat.cidr))
    blocks = (high - low + 1) // size
    taken = _merged(seat.blocks for seat in seats) if blocks else ()
    return PoolUse(pool, prefix, blocks, tuple(seats), taken)


def _merged(runs: Iterable[range]) -> tuple[range, ...]:
    """Join runs that touch one another, given in the order of their starts."""
    merged: list[range] = []
    for run in runs:
        if merged and run.start <= merged[-1].stop:
            merged[-1] = range(merged[-1].start, max(merged[-1].stop, run.stop))
        else:
            merged.append(run)
    return tuple(merged)
