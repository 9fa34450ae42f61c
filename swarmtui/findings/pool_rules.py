"""The swarm's default address pools: how full they are, and what is in their way."""

from __future__ import annotations

from collections.abc import Iterator

from swarmtui.addressing import (
    ClaimKind,
    PoolUse,
    address_range,
    overlaps,
    pool_claims,
    pool_usage,
)
from swarmtui.findings.finding import (
    Evidence,
    Remedy,
    Repair,
    Rule,
    Severity,
    Sight,
    Subject,
    SubjectKind,
    Trouble,
)
from swarmtui.findings.wording import command, counted, listed

WARNING_SHARE = 0.8

_CREATE = ("docker", "network", "create", "--driver", "overlay", "--subnet")
_INIT = (
    "docker swarm init --default-addr-pool POOL --default-addr-pool MORE "
    "--default-addr-pool-mask-length LENGTH"
)
_FOR_EVER = "Pools cannot change after docker swarm init: only a new swarm has others."


def _nearly_full(sight: Sight) -> Iterator[Trouble]:
    pools = _pools(sight)
    blocks, used = sum(each.blocks for each in pools), sum(each.used for each in pools)
    if used == blocks or used <= WARNING_SHARE * blocks:
        return
    for pool in pools:
        if pool.used > WARNING_SHARE * pool.blocks:
            yield Trouble(
                _subject(pool),
                f"{pool.used:,} of {pool.blocks:,} blocks of the address pool {pool.cidr} are "
                "taken",
                (_blocks(pool), Evidence("blocks taken", f"{pool.used}", "GET /networks")),
                _room(sight),
            )


def _exhausted(sight: Sight) -> Iterator[Trouble]:
    pools = _pools(sight)
    if any(pool.free for pool in pools):
        return
    waiting = [
        each.name
        for each in sight.snapshot.networks
        if not (each.is_allocated or each.subnets or each.ingress)
    ]
    for pool in pools:
        yield Trouble(
            _subject(pool),
            f"The address pool {pool.cidr} is used up: a network without a subnet of its own gets "
            "none",
            (
                _blocks(pool),
                Evidence("blocks left in all pools", "0", "GET /networks"),
                Evidence("networks without a subnet", listed(waiting) or "none", "GET /networks"),
            ),
            _room(sight),
            severity=Severity.CRITICAL if waiting else None,
        )


def _blocked(sight: Sight) -> Iterator[Trouble]:
    pools = _pools(sight)
    for network in sight.snapshot.networks:
        for pool in pools:
            odd = [
                subnet.cidr
                for subnet in network.subnets
                if network.is_swarm
                and not subnet.cidr.endswith(f"/{pool.block_prefix}")
                and _taken(pool, subnet.cidr)
            ]
            if not odd:
                continue
            count = sum(_taken(pool, cidr) for cidr in odd)
            yield Trouble(
                Subject.network(network),
                f"{network.name} takes {counted(count, 'block')} of the address pool {pool.cidr}",
                (
                    Evidence(f"subnet of {network.name}", listed(odd), "GET /networks"),
                    Evidence("address pool", f"{pool.cidr}, in /{pool.block_prefix}", "GET /info"),
                ),
                (
                    Remedy(
                        "Nothing has to be done. Choose subnets outside the pools for networks "
                        "that need another size."
                    ),
                ),
                Repair.rebuilding(network),
            )


def _around_nodes(sight: Sight) -> Iterator[Trouble]:
    nodes = [claim for claim in sight.claims if claim.kind is ClaimKind.NODE]
    inside: dict[str, list[str]] = {}
    for pool, node in overlaps((*pool_claims(sight.snapshot), *nodes)):
        if pool.kind is ClaimKind.POOL and node.kind is ClaimKind.NODE:
            words = f"{node.name} {node.cidr.removesuffix('/32')}"
            inside.setdefault(pool.cidr, []).append(words)
    for cidr, found in inside.items():
        names = listed(dict.fromkeys(found))
        yield Trouble(
            Subject(SubjectKind.POOL, cidr, cidr),
            f"The address pool {cidr} holds addresses of nodes: a network may get them one day",
            (
                Evidence("address pool", cidr, "GET /info"),
                Evidence("nodes with an address in it", names, "GET /nodes"),
            ),
            (
                Remedy(
                    "Give every new network a subnet that holds none of them.",
                    command(*_CREATE, sight.free_subnet(), "NAME"),
                ),
                Remedy(_FOR_EVER, _INIT),
            ),
        )


def _pools(sight: Sight) -> tuple[PoolUse, ...]:
    pools = pool_usage(sight.snapshot)
    return tuple(pool for pool in pools if pool.blocks)


def _subject(pool: PoolUse) -> Subject:
    return Subject(SubjectKind.POOL, pool.cidr, pool.cidr)


def _blocks(pool: PoolUse) -> Evidence:
    return Evidence(
        f"blocks of {pool.cidr}", f"{pool.blocks} of a /{pool.block_prefix} each", "GET /info"
    )


def _taken(pool: PoolUse, cidr: str) -> int:
    """Return how many blocks of a pool a subnet lies on."""
    area, span = address_range(pool.cidr), address_range(cidr)
    if area is None or span is None or span[1] < area[0] or area[1] < span[0]:
        return 0
    size = 1 << (32 - pool.block_prefix)
    first, last = max(span[0], area[0]), min(span[1], area[1])
    return (last - area[0]) // size - (first - area[0]) // size + 1


def _room(sight: Sight) -> tuple[Remedy, ...]:
    return (
        Remedy("Remove networks that nobody uses.", "docker network prune"),
        Remedy(
            "Give new networks a subnet outside the pools.",
            command(*_CREATE, sight.free_subnet(), "NAME"),
        ),
        Remedy(_FOR_EVER, _INIT),
    )


RULES = (
    Rule(
        "pool-nearly-full",
        Severity.WARNING,
        "The address pools have few blocks left",
        "Every network that is created without a subnet takes a block of the pools. When none is "
        "left, the engine accepts further networks and never gives them addresses.",
        "Remove unused networks, or give new ones a subnet outside the pools.",
        _nearly_full,
    ),
    Rule(
        "pool-exhausted",
        Severity.WARNING,
        "The address pools are used up",
        "A network that is created without a subnet is accepted and never gets addresses; only "
        "the leader's log says why.",
        "Remove unused networks, or give new ones a subnet outside the pools.",
        _exhausted,
    ),
    Rule(
        "subnet-blocks-pool",
        Severity.INFO,
        "A subnet lies in an address pool without being one of its blocks",
        "Somebody chose it. No other network gets the blocks that it touches, though it may be "
        "smaller than they are. A chosen subnet that is just one block cannot be told from one "
        "that the swarm gave.",
        "Choose subnets outside the pools.",
        _blocked,
    ),
    Rule(
        "pool-overlaps-node-addresses",
        Severity.WARNING,
        "An address pool holds addresses of nodes",
        "The swarm gives the pool's blocks to networks without looking at where its nodes are. "
        "Containers on the network that gets such a block do not reach these nodes, nor whatever "
        "else has an address there.",
        "Give networks subnets by hand, or make a new swarm with other pools.",
        _around_nodes,
        references=("moby#27399", "moby#24220"),
    ),
)
