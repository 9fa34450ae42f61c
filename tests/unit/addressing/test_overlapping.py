from __future__ import annotations

from dataclasses import replace
from itertools import combinations
from time import perf_counter

from hypothesis import given
from hypothesis import strategies as st
from netaddr import IPAddress, IPNetwork

from swarmtui.addressing import (
    Claim,
    ClaimKind,
    claims,
    free_block,
    overlapping,
    overlaps,
    pool_claims,
)
from swarmtui.model import Cluster
from tests.builders import (
    APP,
    INGRESS,
    LOCALS,
    NODES,
    busy_snapshot,
    node,
    unallocated,
    worker_snapshot,
)

_BASE = 0x0A140000
_VALUES = st.integers(_BASE, _BASE + 255)
_CIDRS = st.builds(
    lambda value, length: str(IPNetwork(f"{IPAddress(value)}/{length}").cidr),
    _VALUES,
    st.integers(24, 32),
)


def claimed(*cidrs: str) -> list[Claim]:
    return [Claim("somebody", cidr) for cidr in cidrs]


def members(cidr: str) -> set[int]:
    found = IPNetwork(cidr)
    return set(range(found.first, found.last + 1))


def test_everything_that_is_in_use_is_claimed() -> None:
    found = {each.what: each.cidr for each in claims(busy_snapshot(), lan_ranges=["10.9.0.0/16"])}
    assert found == {
        "network app": "10.20.0.64/26",
        "network pay_secure": "10.20.0.128/26",
        "network ingress": "10.20.0.0/26",
        "this node's bridge network docker_gwbridge": "172.18.0.0/16",
        "this node's bridge network bridge": "172.17.0.0/16",
        "the address of node1": "192.168.77.1/32",
        "the address of node2": "192.168.77.2/32",
        "the address of node3": "192.168.77.3/32",
        "the LAN range": "10.9.0.0/16",
    }


def test_what_will_be_gone_claims_nothing() -> None:
    snapshot = replace(busy_snapshot(), networks=(APP, INGRESS, unallocated()))
    found = [each.what for each in claims(snapshot, besides={INGRESS.id})]
    assert found == ["network app", *(f"the address of node{number}" for number in (1, 2, 3))]


def test_a_worker_claims_the_addresses_that_it_knows() -> None:
    found = list(claims(worker_snapshot()))[-3:]
    assert [(each.what, each.cidr, each.id) for each in found] == [
        ("the address of node3", "192.168.77.3/32", NODES[2].id),
        ("the address of a manager", "192.168.77.1/32", NODES[0].id),
        ("the address of a manager", "192.168.77.2/32", NODES[1].id),
    ]


def test_a_claim_tells_what_it_is_of() -> None:
    found = {each.name: each for each in claims(busy_snapshot(), lan_ranges=["10.9.0.0/16"])}
    assert {name: each.kind for name, each in found.items()} == {
        "app": ClaimKind.NETWORK,
        "pay_secure": ClaimKind.NETWORK,
        "ingress": ClaimKind.NETWORK,
        "docker_gwbridge": ClaimKind.GATEWAY_BRIDGE,
        "bridge": ClaimKind.LOCAL,
        "node1": ClaimKind.NODE,
        "node2": ClaimKind.NODE,
        "node3": ClaimKind.NODE,
        "10.9.0.0/16": ClaimKind.LAN,
    }
    assert [name for name, each in found.items() if each.is_swarm] == [
        "app",
        "pay_secure",
        "ingress",
    ]
    assert (found["app"].id, found["node2"].id) == (APP.id, NODES[1].id)


def test_a_pool_that_holds_a_node() -> None:
    snapshot = replace(busy_snapshot(), cluster=Cluster("c", ("192.168.0.0/16", "10.20.0.0/16")))
    pairs = overlaps([*claims(snapshot), *pool_claims(snapshot)])
    assert [(a.cidr, b.what) for a, b in pairs if b.kind is ClaimKind.NODE] == [
        ("192.168.0.0/16", f"the address of node{number}") for number in (1, 2, 3)
    ]
    assert list(pool_claims(worker_snapshot())) == []


def test_both_addresses_of_a_manager_are_claimed() -> None:
    manager = replace(node(1, role="manager"), manager_address="10.1.1.1:2377")
    snapshot = replace(busy_snapshot(), networks=LOCALS[2:], nodes=(manager,))
    assert [each.cidr for each in claims(snapshot)] == ["192.168.77.1/32", "10.1.1.1/32"]


def test_addresses_that_say_nothing_are_not_claimed() -> None:
    odd = ("127.0.0.1", "0.0.0.0", "fd00::1", "", "<nil>")
    nodes = tuple(replace(NODES[2], address=address) for address in odd)
    snapshot = replace(busy_snapshot(), networks=(), nodes=nodes)
    assert list(claims(snapshot)) == []


def test_nonsense_overlaps_nothing() -> None:
    assert overlapping("nonsense", claimed("0.0.0.0/0")) == ()
    assert overlapping("fd00::/8", claimed("0.0.0.0/0", "fd00::/16")) == ()
    assert overlapping("10.0.0.0/8", claimed("nonsense", "fd00::/8")) == ()


@given(st.lists(_CIDRS | st.just("nonsense"), max_size=10))
def test_all_pairs_against_brute_force(cidrs: list[str]) -> None:
    taken = [Claim(str(number), cidr) for number, cidr in enumerate(cidrs)]
    pairs = overlaps(taken)
    readable = [each for each in taken if each.cidr != "nonsense"]
    expected = {
        frozenset((one.what, other.what))
        for one, other in combinations(readable, 2)
        if members(one.cidr) & members(other.cidr)
    }
    assert len(pairs) == len(expected)
    assert {frozenset((one.what, other.what)) for one, other in pairs} == expected
    for wider, narrower in pairs:
        assert members(wider.cidr) >= members(narrower.cidr)
        if wider.cidr == narrower.cidr:
            assert int(wider.what) < int(narrower.what)


def test_thousands_of_ranges_that_are_apart_are_not_compared_with_one_another() -> None:
    taken = [Claim("", f"10.{high}.{low}.0/24") for high in range(200) for low in range(250)]
    began = perf_counter()
    assert overlaps(taken) == ()
    assert perf_counter() - began < 10


@given(_CIDRS, st.lists(_CIDRS, max_size=6))
def test_overlaps_against_brute_force(cidr: str, taken: list[str]) -> None:
    found = [each.cidr for each in overlapping(cidr, claimed(*taken))]
    assert found == [each for each in taken if members(each) & members(cidr)]


@given(
    st.integers(24, 32),
    st.lists(_CIDRS, min_size=1, max_size=3),
    st.lists(_CIDRS, max_size=8),
)
def test_free_blocks_against_brute_force(prefix: int, within: list[str], taken: list[str]) -> None:
    held = {value for each in taken for value in members(each)}
    size = 1 << (32 - prefix)
    fitting = (
        start
        for area in within
        for start in range(min(members(area)), max(members(area)) + 1)
        if start % size == 0
        and start + size - 1 in members(area)
        and not held & set(range(start, start + size))
    )
    start = next(fitting, None)
    expected = None if start is None else f"{IPAddress(start)}/{prefix}"
    assert free_block(prefix, within, claimed(*taken)) == expected


def test_the_ends_of_the_address_space() -> None:
    assert (
        free_block(32, ["255.255.255.254/31"], claimed("255.255.255.254")) == "255.255.255.255/32"
    )
    assert free_block(32, ["255.255.255.255/32"], claimed("255.255.255.255/32")) is None
    assert free_block(0, ["0.0.0.0/0"], []) == "0.0.0.0/0"
    assert free_block(8, ["nonsense", "fd00::/8"], []) is None
