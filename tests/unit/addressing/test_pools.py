from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from netaddr import IPAddress, IPNetwork

from swarmtui.addressing import outside_pools, pool_usage
from swarmtui.addressing.ranges import address_range, address_value, capacity
from swarmtui.model import Cluster, Network, Snapshot
from tests.builders import NOW, busy_snapshot, engine, network, unallocated, worker_snapshot


def swarm_of(networks: tuple[Network, ...], *pools: str, prefix: int = 26) -> Snapshot:
    return Snapshot(NOW, engine(), Cluster("c", pools, prefix), networks=networks)


def test_taken_and_free_blocks() -> None:
    (pool,) = pool_usage(busy_snapshot())
    assert (pool.blocks, pool.used, pool.free, pool.taken) == (1024, 3, 1021, (0, 1, 2))


def test_a_subnet_of_ones_own_blocks_every_slot_that_it_touches() -> None:
    wide = network("wide", "10.20.1.0/24")
    (pool,) = pool_usage(swarm_of((wide,), "10.20.0.0/16"))
    assert pool.taken == (4, 5, 6, 7)


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


def test_garbage_is_no_pool() -> None:
    (pool,) = pool_usage(swarm_of((), "nonsense"))
    assert (pool.blocks, pool.used, pool.free) == (0, 0, 0)


_PREFIXES = st.integers(24, 32)
_ADDRESSES = st.integers(0, 2**10 - 1).map(lambda offset: 0x0A140000 + offset)


@given(st.lists(st.tuples(_ADDRESSES, _PREFIXES), max_size=6), st.integers(24, 28))
def test_blocks_against_brute_force(drawn: list[tuple[int, int]], prefix: int) -> None:
    cidrs = [str(IPNetwork(f"{IPAddress(value)}/{length}").cidr) for value, length in drawn]
    networks = tuple(network(f"n{number}", cidr) for number, cidr in enumerate(cidrs))
    (pool,) = pool_usage(swarm_of(networks, "10.20.0.0/22", prefix=prefix))
    held = {value for cidr in cidrs for value in (int(each) for each in IPNetwork(cidr))}
    blocks = list(IPNetwork("10.20.0.0/22").subnet(prefix))
    taken = [
        index
        for index, block in enumerate(blocks)
        if any(block.first <= value <= block.last for value in held)
    ]
    assert list(pool.taken) == taken
    assert pool.blocks == len(blocks)


@given(st.text(max_size=20))
def test_nothing_that_an_engine_says_breaks_arithmetic(text: str) -> None:
    address_value(text)
    address_range(text)
    assert capacity(text) >= 0


def test_addresses_are_read_strictly() -> None:
    assert address_value("10.20.0.66") == 0x0A140042
    for odd in ("<nil>", "", "10.20.0", "10.20.0.256", "::1", "1.2.3.4/24", "\u0661.2.3.4"):
        assert address_value(odd) is None
