from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from swarmtui.addressing import Source, usage
from swarmtui.model import Cluster, ReportedUse, Snapshot, Standing, Subnet
from swarmtui.model.task import LIVE_STATES
from tests.builders import (
    APP,
    INGRESS,
    NODES,
    NOW,
    busy_snapshot,
    engine,
    failing_snapshot,
    inspection,
    network,
    service,
    task,
    unallocated,
    worker_snapshot,
)
from tests.replacing import replace

_ENDED = ("complete", "shutdown", "failed", "rejected", "remove", "orphaned")


def test_reported_counts_come_before_computed_ones() -> None:
    use = usage(busy_snapshot())[APP.id]
    assert (use.used, use.capacity, use.free, use.source) == (13, 64, 51, Source.REPORTED)
    assert use.subnets[0].computed == 13


def test_computed_where_nothing_is_reported() -> None:
    snapshot = replace(busy_snapshot(), inspections={})
    assert usage(snapshot)[APP.id].source is Source.COMPUTED
    assert usage(snapshot)[APP.id].used == 3 + 1 + 6 + 3
    assert usage(snapshot)[INGRESS.id].used == 3 + 1 + 3 + 3


def test_a_down_node_keeps_its_addresses_and_the_ingress_its_balancer() -> None:
    use = usage(replace(failing_snapshot(), inspections={}))
    assert use[INGRESS.id].used == 3 + 1 + 3 + 3


def test_more_wanted_than_there_is() -> None:
    tiny = next(n for n in failing_snapshot().networks if n.name == "tiny")
    use = usage(failing_snapshot())[tiny.id]
    assert (use.used, use.wanted, use.capacity, use.free) == (10, 10, 8, 0)


def test_a_worker_does_not_know() -> None:
    use = usage(worker_snapshot())[APP.id]
    assert (use.used, use.free, use.source) == (None, None, Source.UNKNOWN)


def test_what_is_not_allocated_has_no_count() -> None:
    snapshot = Snapshot(NOW, engine(), Cluster("c"), NODES, (unallocated(),))
    assert usage(snapshot) == {}


def test_an_ip_range_leaves_less_to_hand_out() -> None:
    ranged = network(ip_range="10.20.0.96/28")
    use = usage(Snapshot(NOW, engine(), Cluster("c"), NODES, (ranged,)))[ranged.id]
    assert (use.capacity, use.used, use.free) == (64, 3, 16)


def test_several_subnets_hold_what_lies_in_them() -> None:
    second = Subnet("10.20.8.0/26", "10.20.8.1")
    both = replace(network(), subnets=(*network().subnets, second))
    one = service("one", [both], {"app": "10.20.8.2"})
    tasks = (task(one, 1, NODES[0], {"app": "10.20.8.3"}),)
    snapshot = Snapshot(NOW, engine(), Cluster("c"), NODES, (both,), (one,), tasks)
    use = usage(snapshot)[both.id]
    assert [each.used for each in use.subnets] == [4, 5]
    assert (use.used, use.capacity) == (9, 128)


def test_a_count_of_another_subnet_is_not_taken() -> None:
    odd = inspection(APP, NODES, reported=(ReportedUse("10.99.0.0/24", 7, 249),))
    snapshot = replace(busy_snapshot(), inspections={APP.id: odd})
    assert usage(snapshot)[APP.id].source is Source.COMPUTED


@given(
    st.lists(
        st.tuples(
            st.sampled_from(sorted(LIVE_STATES) + list(_ENDED)),
            st.integers(0, 3),
            st.booleans(),
        ),
        max_size=20,
    ),
    st.integers(0, 5),
)
def test_the_count_is_the_sum_of_all_holders(drawn: list[tuple[str, int, bool]], vips: int) -> None:
    """Against a plain enumeration of engine-facts C.1."""
    services = tuple(
        service(f"s{number}", [APP], {"app": f"10.20.0.{100 + number}"}) for number in range(vips)
    )
    tasks = tuple(
        task(
            services[0] if services else None,
            number,
            NODES[place] if place < 3 else None,
            {"app": f"10.20.0.{70 + number}"} if held else {},
            state=state,
        )
        for number, (state, place, held) in enumerate(drawn)
    )
    tasks = tuple(replace(each, id=f"t{n}") for n, each in enumerate(tasks))
    holders = {"network", "broadcast", "gateway", *(f"vip{n}" for n in range(vips))}
    for number, (state, place, held) in enumerate(drawn):
        if held and state in LIVE_STATES:
            holders.add(f"task{number}")
            if place < 3:
                holders.add(f"lb{place}")
    snapshot = Snapshot(NOW, engine(), Cluster("c"), NODES, (APP,), services, tasks)
    assert usage(snapshot)[APP.id].used == len(holders)


@pytest.mark.parametrize("standing", [Standing.NO_SWARM, Standing.LOCKED])
def test_outside_a_swarm_nothing_is_counted(standing: Standing) -> None:
    assert usage(Snapshot(NOW, engine(standing), networks=busy_snapshot().networks[1:3])) == {}
