from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from netaddr import IPAddress, IPNetwork

from swarmtui.addressing import Origin, PoolUse, next_block, outside_pools, pool_usage
from swarmtui.addressing.ranges import address_range, address_value, capacity
from swarmtui.model import Attachment, Cluster, Network, NetworkId, Node, Snapshot
from tests.builders import (
    NODES,
    NOW,
    an_id,
    busy_snapshot,
    engine,
    network,
    node,
    task,
    unallocated,
    worker_snapshot,
)
from tests.replacing import replace


def swarm_of(networks: tuple[Network, ...], *pools: str, prefix: int = 26) -> Snapshot:
    return Snapshot(NOW, engine(), Cluster("c", pools, prefix), NODES, networks)


def held_blocks(pool: PoolUse) -> list[int]:
    return [index for run in pool.taken for index in run]


def test_taken_and_free_blocks() -> None:
    (pool,) = pool_usage(busy_snapshot())
    assert (pool.blocks, pool.used, pool.free, pool.taken) == (1024, 3, 1021, (range(3),))
    assert pool.free_runs == (range(3, 1024),)
    assert (pool.block(0), pool.block(1023)) == ("10.20.0.0/26", "10.20.255.192/26")


def test_a_subnet_of_ones_own_blocks_every_slot_that_it_touches() -> None:
    wide = network("wide", "10.20.1.0/24")
    (pool,) = pool_usage(swarm_of((wide,), "10.20.0.0/16"))
    assert held_blocks(pool) == [4, 5, 6, 7]
    assert [(seat.network.name, seat.origin) for seat in pool.seats] == [("wide", Origin.CHOSEN)]


def test_small_subnets_share_a_block() -> None:
    pair = (network("two", "10.20.0.80/28"), network("one", "10.20.0.64/28"))
    (pool,) = pool_usage(swarm_of(pair, "10.20.0.0/24"))
    assert held_blocks(pool) == [1]
    _, shared, *_ = pool.groups(100)
    assert [seat.network.name for seat in shared.seats] == ["one", "two"]


@pytest.mark.parametrize(
    ("told", "origin"),
    [(None, Origin.LIKELY_POOL), (False, Origin.POOL), (True, Origin.CHOSEN)],
)
def test_tasks_tell_whether_a_subnet_was_asked_for(told: bool | None, origin: Origin) -> None:
    there = Attachment(NetworkId(an_id("app")), ("10.20.0.66",), told)
    tasks = (replace(task(None, 1, NODES[0], {}), attachments=(there,)),)
    snapshot = replace(swarm_of((network(),), "10.20.0.0/16"), tasks=tasks)
    assert [seat.origin for seat in pool_usage(snapshot)[0].seats] == [origin]


def test_networks_outside_and_without_addresses() -> None:
    far = network("far", "172.30.0.0/24")
    snapshot = swarm_of((far, network(), unallocated()), "10.20.0.0/16")
    assert outside_pools(snapshot) == (far,)
    assert [each.name for each in pool_usage(snapshot)[0].networks] == ["app"]


def test_several_pools() -> None:
    pools = pool_usage(swarm_of((network(),), "10.30.0.0/24", "10.20.0.0/24"))
    assert [(each.used, each.blocks) for each in pools] == [(0, 4), (1, 4)]


def test_a_worker_knows_no_pools() -> None:
    assert pool_usage(worker_snapshot()) == ()
    assert outside_pools(worker_snapshot()) == ()
    assert next_block(worker_snapshot()).cidr is None


@pytest.mark.parametrize(
    ("cidr", "prefix"), [("nonsense", 26), ("fd00::/64", 26), ("10.0.0.0/24", 0)]
)
def test_garbage_is_no_pool(cidr: str, prefix: int) -> None:
    (pool,) = pool_usage(swarm_of((network(subnet="10.0.0.0/26"),), cidr, prefix=prefix))
    assert (pool.blocks, pool.used, pool.free) == (0, 0, 0)
    assert pool.free_runs == pool.taken == ()
    assert pool.groups(10) == ()


def test_a_large_pool_costs_what_is_in_it() -> None:
    (pool,) = pool_usage(swarm_of((network("half", "10.0.0.0/9"),), "10.0.0.0/8", prefix=29))
    assert (pool.blocks, pool.free) == (1 << 21, 1 << 20)
    groups = pool.groups(512)
    assert len(groups) == 512
    assert [bool(group.seats) for group in groups] == [True] * 256 + [False] * 256


def managers(*versions: str) -> tuple[Node, ...]:
    return tuple(
        replace(node(number, role="manager"), engine_version=version)
        for number, version in enumerate(versions, 1)
    )


@pytest.mark.parametrize(
    ("versions", "doubted"),
    [
        (("29.1.0", "27.0.0"), []),
        (("29.1.0", "26.1.4"), ["node2"]),
        (("20.10.24", ""), ["node1", "node2"]),
    ],
)
def test_the_next_block_is_promised_when_all_managers_take_the_lowest(
    versions: tuple[str, ...], doubted: list[str]
) -> None:
    old_worker = replace(node(9), engine_version="20.10.24")
    snapshot = replace(busy_snapshot(), nodes=(*managers(*versions), old_worker))
    found = next_block(snapshot)
    assert found.cidr == "10.20.0.192/26"
    assert [each.hostname for each in found.doubted] == doubted
    assert found.is_promised == (not doubted)


def test_pools_are_taken_from_in_the_order_of_their_addresses() -> None:
    gaps = (network("a", "10.20.0.0/26"), network("b", "10.20.0.128/26"))
    assert next_block(swarm_of(gaps, "10.30.0.0/24", "10.20.0.0/24")).cidr == "10.20.0.64/26"


def test_full_pools_give_nothing() -> None:
    found = next_block(swarm_of((network("all", "10.20.0.0/24"),), "10.20.0.0/24", "10.20.0.0/25"))
    assert (found.cidr, found.is_promised) == (None, False)


_PREFIXES = st.integers(24, 32)
_ADDRESSES = st.integers(0, 2**10 - 1).map(lambda offset: 0x0A140000 + offset)
_DRAWN = st.lists(st.tuples(_ADDRESSES, _PREFIXES), max_size=6)


@given(_DRAWN, st.integers(24, 28), st.integers(1, 40))
def test_blocks_against_brute_force(drawn: list[tuple[int, int]], prefix: int, most: int) -> None:
    cidrs = [str(IPNetwork(f"{IPAddress(value)}/{length}").cidr) for value, length in drawn]
    networks = tuple(network(f"n{number}", cidr) for number, cidr in enumerate(cidrs))
    snapshot = swarm_of(networks, "10.20.0.0/22", prefix=prefix)
    (pool,) = pool_usage(snapshot)
    blocks = list(IPNetwork("10.20.0.0/22").subnet(prefix))
    held_by = [
        {cidr for cidr in cidrs if IPNetwork(cidr) in block or block in IPNetwork(cidr)}
        for block in blocks
    ]
    taken = [index for index, holders in enumerate(held_by) if holders]
    free = [index for index, holders in enumerate(held_by) if not holders]
    assert held_blocks(pool) == taken
    assert [index for run in pool.free_runs for index in run] == free
    assert (pool.blocks, pool.free) == (len(blocks), len(free))
    assert next_block(snapshot).cidr == (pool.block(free[0]) if free else None)
    groups = pool.groups(most)
    assert len(groups) <= most
    assert [index for group in groups for index in group.blocks] == list(range(len(blocks)))
    for group in groups:
        expected = set().union(*(held_by[index] for index in group.blocks))
        assert {seat.cidr for seat in group.seats} == expected


@given(st.text(max_size=20))
def test_nothing_that_an_engine_says_breaks_arithmetic(text: str) -> None:
    address_value(text)
    address_range(text)
    assert capacity(text) >= 0


def test_addresses_are_read_strictly() -> None:
    assert address_value("10.20.0.66") == 0x0A140042
    for odd in ("<nil>", "", "10.20.0", "10.20.0.256", "::1", "1.2.3.4/24", "\u0661.2.3.4"):
        assert address_value(odd) is None
