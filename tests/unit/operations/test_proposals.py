"""Which subnet is proposed."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from netaddr import IPAddress, IPNetwork

from swarmtui.addressing import address_range
from swarmtui.model import Cluster, Network, Snapshot
from swarmtui.operations import (
    Definition,
    Range,
    ingress_faults,
    needed_addresses,
    proposed_subnet,
)
from tests.builders import (
    INGRESS,
    LOCALS,
    NOW,
    WEB,
    busy_snapshot,
    engine,
    local_network,
    network,
    node,
    service,
    unallocated,
)


def test_the_proposed_subnet_is_one_of_the_pools_blocks() -> None:
    assert proposed_subnet(busy_snapshot()) == "10.20.0.192/26"
    assert proposed_subnet(busy_snapshot(), lan_ranges=["10.20.0.0/17"]) == "10.20.128.0/26"
    assert proposed_subnet(busy_snapshot(), prefix=24) == "10.20.1.0/24"


def test_a_larger_block_is_proposed_where_it_is_needed() -> None:
    many = replace(busy_snapshot(), services=(replace(WEB, replicas=100),))
    assert needed_addresses(many) == 207
    assert proposed_subnet(many) == "10.20.1.0/24"


@pytest.mark.parametrize(
    ("replicas", "proposed"), [(60, "10.20.1.0/25"), (61, "10.20.1.0/24"), (62, "10.20.1.0/24")]
)
def test_a_block_to_the_last_address(replicas: int, proposed: str) -> None:
    nodes = tuple(node(number) for number in range(1, 5))
    snapshot = replace(busy_snapshot(), nodes=nodes, services=(replace(WEB, replicas=replicas),))
    assert needed_addresses(snapshot) == 8 + 2 * replicas
    assert proposed_subnet(snapshot) == proposed


def test_private_ranges_are_looked_at_when_the_pool_is_full() -> None:
    full = replace(busy_snapshot(), cluster=Cluster("c", ("10.20.0.0/26",), 26))
    assert proposed_subnet(full) == "10.0.0.0/26"


def test_nothing_is_proposed_where_nothing_is_free() -> None:
    lan = ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"]
    assert proposed_subnet(busy_snapshot(), lan_ranges=lan) is None


_ADDRESS = st.integers(0x0A140000, 0x0A14FFFF)
_CIDR = st.builds(
    lambda value, length: str(IPNetwork(f"{IPAddress(value)}/{length}").cidr),
    _ADDRESS,
    st.integers(17, 30),
)


@st.composite
def crowded(draw: st.DrawFn) -> tuple[Snapshot, list[str]]:
    cidrs = draw(st.lists(_CIDR, max_size=8))
    networks: list[Network] = [
        local_network(f"n{number}", subnet=cidr)
        if draw(st.booleans())
        else network(f"n{number}", cidr)
        for number, cidr in enumerate(cidrs)
    ]
    nodes = [
        replace(node(number), address=str(IPAddress(value)))
        for number, value in enumerate(draw(st.lists(_ADDRESS, max_size=4)), 1)
    ]
    replicas = draw(st.integers(0, 400))
    services = (service("crowd", replicas=replicas, ports=WEB.ports),)
    cluster = Cluster("c", ("10.20.0.0/16",), draw(st.integers(18, 29)))
    snapshot = Snapshot(
        NOW,
        engine(),
        draw(st.sampled_from([cluster, None])),
        tuple(nodes),
        (INGRESS, unallocated(), *networks, *LOCALS),
        services,
    )
    return snapshot, draw(st.lists(_CIDR, max_size=3))


@given(crowded())
@example((replace(busy_snapshot(), cluster=None), []))
def test_what_is_proposed_has_no_fault(drawn: tuple[Snapshot, list[str]]) -> None:
    snapshot, lan = drawn
    proposed = proposed_subnet(snapshot, lan_ranges=lan)
    assert proposed is not None
    assert address_range(proposed) is not None
    wanted = Definition("ingress", (Range(proposed),), ingress=True)
    assert ingress_faults(snapshot, wanted, lan_ranges=lan) == ()
