from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from swarmtui.addressing import Fit, Growth, growth
from swarmtui.model import Cluster, Network, ReportedUse, Service, Snapshot, Task, UpdatePolicy
from tests.builders import (
    APP,
    INGRESS,
    NODES,
    NOW,
    ROUND,
    WEB,
    busy_snapshot,
    engine,
    failing_snapshot,
    inspection,
    network,
    node,
    service,
    task,
    worker_snapshot,
)


def with_free(free: int, *, snapshot: Snapshot | None = None, of: Network = APP) -> Snapshot:
    """Return a swarm on which the leader reports so many free addresses of a network."""
    found = snapshot or busy_snapshot()
    view = inspection(of, NODES, reported=(ReportedUse(of.subnets[0].cidr, 64 - free, free),))
    return replace(found, inspections={**found.inspections, of.id: view})


def grown(snapshot: Snapshot, of: Network = APP) -> Growth:
    found = growth(snapshot, of)
    assert found is not None
    return found


def test_a_network_that_is_on_every_node() -> None:
    found = grown(busy_snapshot())
    assert (found.free, found.newcomers) == (51, 0)
    assert (found.service_tasks, found.more_tasks, found.crowded_tasks) == (50, 51, 51)
    assert (found.nodes, found.node_cost, found.global_services) == (51, 1, ())


def test_the_first_task_on_a_node_costs_one_more() -> None:
    more = tuple(node(number) for number in range(4, 10))
    found = grown(with_free(10, snapshot=replace(busy_snapshot(), nodes=(*NODES, *more))))
    assert found.newcomers == 6
    assert (found.service_tasks, found.more_tasks, found.crowded_tasks) == (4, 5, 10)


@pytest.mark.parametrize(
    "change", [{"state": "down"}, {"availability": "drain"}, {"availability": "pause"}]
)
def test_nodes_that_take_no_task_bring_no_balancer(change: dict[str, str]) -> None:
    other = replace(node(4), **change)  # type: ignore[arg-type]
    assert grown(replace(busy_snapshot(), nodes=(*NODES, other))).newcomers == 0


@given(st.integers(0, 40), st.integers(0, 12))
def test_tasks_fit_wherever_they_are_run(free: int, extra: int) -> None:
    """Against trying every number of tasks and every number of new nodes for them."""
    nodes = (*NODES, *(node(number) for number in range(4, 4 + extra)))
    found = grown(with_free(free, snapshot=replace(busy_snapshot(), nodes=nodes)))

    def fits(tasks: int, vip: int) -> bool:
        return all(tasks + vip + new <= free for new in range(min(tasks, extra) + 1))

    assert found.more_tasks == max(tasks for tasks in range(free + 1) if fits(tasks, 0))
    with_vip = [tasks for tasks in range(free + 1) if fits(tasks, 1)]
    assert found.service_tasks == max(with_vip, default=0)


def test_an_empty_network_has_no_balancer_yet() -> None:
    empty = network("quiet", "10.9.0.0/29", gateway="10.9.0.1")
    found = grown(Snapshot(NOW, engine(), Cluster("c"), NODES, (empty,)), empty)
    assert (found.free, found.newcomers, found.start_first) == (5, 3, None)
    assert (found.service_tasks, found.more_tasks, found.crowded_tasks) == (2, 2, 4)


def test_whoever_waits_comes_first() -> None:
    tiny = next(each for each in failing_snapshot().networks if each.name == "tiny")
    found = grown(with_free(6, snapshot=failing_snapshot(), of=tiny), tiny)
    assert found.free == 2
    full = grown(failing_snapshot(), tiny)
    assert (full.free, full.service_tasks, full.nodes) == (0, 0, 0)


def crowd(count: int, policy: UpdatePolicy) -> tuple[Service, tuple[Task, ...]]:
    big = replace(service("big", [APP], replicas=count), update_policy=policy)
    tasks = tuple(
        task(big, slot, NODES[slot % 3], {"app": f"10.20.0.{80 + slot}"}) for slot in range(count)
    )
    return big, tasks


@pytest.mark.parametrize(
    ("free", "parallelism", "fit"),
    [
        (5, 1, Fit.ALWAYS),
        (4, 1, Fit.IN_TURN),
        (2, 2, Fit.IN_TURN),
        (1, 2, Fit.NEVER),
        (0, 1, Fit.NEVER),
        (4, 0, Fit.NEVER),
        (4, 9, Fit.NEVER),
    ],
)
def test_an_update_of_the_largest_service(free: int, parallelism: int, fit: Fit) -> None:
    big, tasks = crowd(5, UpdatePolicy(parallelism, order="start-first"))
    busy = busy_snapshot()
    snapshot = replace(busy, services=(*busy.services, big), tasks=(*busy.tasks, *tasks))
    found = grown(with_free(free, snapshot=snapshot)).start_first
    assert found is not None
    assert (found.service.name, found.tasks, found.fit) == ("big", 5, fit)


def test_a_job_is_never_updated_like_that() -> None:
    big, tasks = crowd(5, UpdatePolicy())
    busy = busy_snapshot()
    job = replace(big, mode="replicated-job")
    snapshot = replace(busy, services=(*busy.services, job), tasks=(*busy.tasks, *tasks))
    found = grown(snapshot).start_first
    assert found is not None
    assert found.service in (WEB, ROUND)


def test_a_node_costs_a_task_of_each_global_service() -> None:
    agent = service("agent", [APP], {"app": "10.20.0.90"}, mode="global")
    busy = busy_snapshot()
    found = grown(with_free(9, snapshot=replace(busy, services=(*busy.services, agent))))
    assert (found.nodes, found.node_cost, found.global_services) == (4, 2, ("agent",))


def test_on_the_ingress_every_node_has_its_balancer() -> None:
    found = grown(replace(busy_snapshot(), inspections={}), INGRESS)
    assert (found.newcomers, found.free, found.nodes) == (0, 64 - 10, 54)


def test_a_worker_does_not_know() -> None:
    assert growth(worker_snapshot(), APP) is None
