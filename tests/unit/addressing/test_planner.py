"""How far address pools reach, against brute force."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from netaddr import IPNetwork

from swarmtui.addressing import Claim, ClaimKind, PoolPlan, lasting_claims
from tests.builders import busy_snapshot, worker_snapshot

NODE = Claim("the address of node1", "10.20.3.4/32", ClaimKind.NODE)
_POOLS = st.lists(
    st.builds(
        lambda low, length: str(IPNetwork(f"10.20.{low // 256}.{low % 256}/{length}").cidr),
        st.integers(0, 2047),
        st.integers(22, 26),
    ),
    min_size=1,
    max_size=5,
)


def test_the_documented_example() -> None:
    plan = PoolPlan(("10.20.0.0/16", "10.30.0.0/16"), 26)
    assert (plan.block_size, plan.blocks, plan.networks) == (64, 2048, 2047)
    assert plan.ingress == ("10.20.0.0/26",)
    assert plan.tasks(5, 12) == 64 - 3 - 5 - 12


def test_where_the_ingress_goes_depends_on_the_engine() -> None:
    plan = PoolPlan(("10.30.0.0/24", "10.20.0.0/24"), 25)
    assert plan.ingress == ("10.30.0.0/25", "10.20.0.0/25")


@given(_POOLS, st.integers(26, 29))
def test_blocks_against_brute_force(pools: list[str], prefix: int) -> None:
    blocks = {block for pool in pools for block in IPNetwork(pool).subnet(prefix)}
    plan = PoolPlan(tuple(pools), prefix)
    assert plan.blocks == len(blocks)
    assert plan.networks == len(blocks) - 1
    assert plan.ingress[-1] == str(min(blocks))
    assert len(plan.shared()) == sum(
        one in IPNetwork(other) or other in IPNetwork(one)
        for number, one in enumerate(map(IPNetwork, pools))
        for other in map(IPNetwork, pools[:number])
    )


@pytest.mark.parametrize(
    ("prefix", "nodes", "services", "tasks"),
    [(24, 3, 10, 240), (29, 3, 2, 0), (29, 50, 0, 0), (29, 1, 1, 3)],
)
def test_tasks_have_what_nodes_and_services_leave(
    prefix: int, nodes: int, services: int, tasks: int
) -> None:
    assert PoolPlan(("10.0.0.0/8",), prefix).tasks(nodes, services) == tasks


def test_what_the_pools_meet() -> None:
    wide = Claim("the LAN range", "10.0.0.0/8", ClaimKind.LAN, "10.0.0.0/8")
    far = Claim("the LAN range", "172.16.0.0/12", ClaimKind.LAN, "172.16.0.0/12")
    found = PoolPlan(("10.20.0.0/16", "10.30.0.0/16"), 24).collisions((NODE, wide, far))
    assert sorted(found, key=str) == sorted(
        [("10.20.0.0/16", NODE), ("10.20.0.0/16", wide), ("10.30.0.0/16", wide)], key=str
    )


def test_networks_of_the_swarm_that_there_is_are_gone_by_then() -> None:
    kinds = [each.kind for each in lasting_claims(busy_snapshot(), ["10.9.0.0/16"])]
    assert ClaimKind.NETWORK not in kinds
    assert kinds.count(ClaimKind.NODE) == 3
    assert {ClaimKind.LOCAL, ClaimKind.GATEWAY_BRIDGE, ClaimKind.LAN} < set(kinds)


def test_before_the_engine_answers_there_are_the_ranges_of_the_settings() -> None:
    assert [each.cidr for each in lasting_claims(None, ["10.9.0.0/16"])] == ["10.9.0.0/16"]
    assert len(list(lasting_claims(worker_snapshot()))) == 5
