"""Tasks are started, restarted, moved and replaced as the orchestrator does it."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

import pytest

from swarmtui.demo import Refusal, Swarm, network_spec, port, service_spec
from tests.unit.demo.asking import ask, hosts, states, tasks_named
from tests.unit.demo.lab import empty_swarm

RUNNING = "running/running"
GONE = "shutdown/shutdown"


@pytest.fixture
def swarm() -> Swarm:
    swarm = empty_swarm()
    swarm.create_network(network_spec("net", attachable=True))
    swarm.step(1)
    return swarm


def started(swarm: Swarm, **given: Any) -> Swarm:
    swarm.create_service(service_spec("app", "app:1", ("net",), **given))
    swarm.step(10)
    return swarm


def changed(swarm: Swarm, **parts: Any) -> dict[str, Any]:
    """Return the service's spec with another image and other parts."""
    (service,) = swarm.world.services.values()
    spec = deepcopy(service.spec)
    spec["TaskTemplate"]["ContainerSpec"]["Image"] = "app:2"
    return spec | parts


def update_state(swarm: Swarm) -> str:
    (row,) = ask(swarm, "/services")
    return str(row["UpdateStatus"]["State"])


def test_a_task_passes_its_states_in_order(swarm: Swarm) -> None:
    swarm.create_service(service_spec("app", "app:1", ("net",)))
    seen: list[str] = []
    for _ in range(80):
        swarm.step(0.05)
        for task in tasks_named(swarm, "app"):
            if not seen or seen[-1] != task.state.word:
                seen.append(task.state.word)
    assert seen == [
        "new",
        "pending",
        "assigned",
        "preparing",
        "ready",
        "starting",
        "running",
    ]


def test_replicas_are_spread(swarm: Swarm) -> None:
    started(swarm, replicas=3)
    assert hosts(swarm, "app") == {"node1", "node2", "node3"}


def test_a_failed_task_is_replaced_after_a_delay(swarm: Swarm) -> None:
    started(swarm, replicas=2)
    swarm.fail_task("app.1", "task: non-zero exit (137)")
    swarm.step(3)
    assert "failed/shutdown" in states(swarm, "app")
    assert "ready/ready" in states(swarm, "app")
    swarm.step(6)
    assert states(swarm, "app") == ["failed/shutdown", RUNNING, RUNNING]


def test_five_tasks_of_a_slot_are_remembered(swarm: Swarm) -> None:
    started(swarm)
    for _ in range(8):
        swarm.fail_task("app.1")
        swarm.step(12)
    assert states(swarm, "app") == ["failed/shutdown"] * 4 + [RUNNING]


def test_a_restart_condition_is_kept(swarm: Swarm) -> None:
    spec = service_spec("app", "app:1", ("net",))
    spec["TaskTemplate"]["RestartPolicy"] = {"Condition": "none"}
    swarm.create_service(spec)
    swarm.step(10)
    swarm.fail_task("app.1")
    swarm.step(30)
    assert states(swarm, "app") == ["failed/shutdown"]


def test_scaling_down_removes_the_last_slots_without_history(swarm: Swarm) -> None:
    started(swarm, replicas=4)
    swarm.scale("app", 1)
    swarm.step(0.5)
    assert states(swarm, "app").count("running/remove") == 3
    swarm.step(5)
    assert [(task.slot, task.state.word) for task in tasks_named(swarm, "app")] == [(1, "running")]


def test_draining_a_node_moves_its_tasks(swarm: Swarm) -> None:
    started(swarm, replicas=6)
    swarm.set_availability("node1", "drain")
    swarm.step(10)
    assert hosts(swarm, "app") == {"node2", "node3"}
    assert states(swarm, "app").count(RUNNING) == 6
    assert states(swarm, "app").count(GONE) == 2
    swarm.set_availability("node1", "active")
    swarm.step(10)
    assert "node1" not in hosts(swarm, "app")


def test_a_down_node_keeps_tasks_and_addresses_until_it_is_back(swarm: Swarm) -> None:
    started(swarm, replicas=3)
    before = {each.lease.cidr for task in tasks_named(swarm, "app") for each in task.attachments}
    swarm.fail_node("node3")
    swarm.step(20)
    assert states(swarm, "app") == [RUNNING] * 3 + ["running/shutdown"]
    (network,) = [each for each in swarm.world.networks.values() if each.name == "net"]
    assert network.allocation is not None
    assert network.allocation.spaces[0].in_use == 3 + 1 + 4 + 3
    held = {each.lease.cidr for task in tasks_named(swarm, "app") for each in task.attachments}
    assert before < held
    swarm.recover_node("node3")
    swarm.step(5)
    assert states(swarm, "app") == [RUNNING] * 3 + [GONE]
    assert network.allocation.spaces[0].in_use == 3 + 1 + 3 + 2


def test_a_global_service_follows_the_nodes(swarm: Swarm) -> None:
    started(swarm, replicas=None, constraints=("node.role==manager",))
    assert hosts(swarm, "app") == {"node1", "node2"}
    swarm.add_node("node4", "192.168.196.4", manager=True)
    swarm.step(10)
    assert hosts(swarm, "app") == {"node1", "node2", "node4"}
    swarm.fail_node("node2")
    swarm.step(10)
    assert hosts(swarm, "app") == {"node1", "node4"}


def test_why_a_task_is_pending_is_told(swarm: Swarm) -> None:
    started(swarm, constraints=("node.labels.gpu==yes",))
    (task,) = ask(swarm, "/tasks")
    assert task["Status"]["State"] == "pending"
    assert task["Status"]["Err"] == (
        "no suitable node (scheduling constraints not satisfied on 3 nodes)"
    )


def test_a_host_port_is_on_one_task_of_a_node(swarm: Swarm) -> None:
    started(swarm, replicas=4, ports=(port(9100, 9100, mode="host"),))
    pending = [task for task in tasks_named(swarm, "app") if task.state.word == "pending"]
    assert [task.error for task in pending] == [
        "no suitable node (host-mode port already in use on 3 nodes)"
    ]
    swarm.scale("app", 3)
    swarm.step(10)
    assert states(swarm, "app") == [RUNNING] * 3


def test_an_update_replaces_one_task_after_the_other(swarm: Swarm) -> None:
    started(swarm, replicas=3)
    swarm.update_service("app", changed(swarm))
    most_missing = 0
    for _ in range(100):
        swarm.step(0.2)
        most_missing = max(most_missing, 3 - states(swarm, "app").count(RUNNING))
    assert most_missing == 1
    assert states(swarm, "app") == [RUNNING] * 3 + [GONE] * 3
    assert update_state(swarm) == "completed"
    (row,) = ask(swarm, "/services")
    assert row["PreviousSpec"]["TaskTemplate"]["ContainerSpec"]["Image"] == "app:1"


def test_start_first_never_lacks_a_task(swarm: Swarm) -> None:
    started(swarm, replicas=2)
    swarm.update_service("app", changed(swarm, UpdateConfig={"Order": "start-first"}))
    for _ in range(100):
        swarm.step(0.2)
        assert sum(task.state.word == "running" for task in tasks_named(swarm, "app")) >= 2
    assert states(swarm, "app") == [RUNNING] * 2 + [GONE] * 2


def test_all_at_once_when_asked(swarm: Swarm) -> None:
    started(swarm, replicas=3)
    swarm.update_service("app", changed(swarm, UpdateConfig={"Parallelism": 0}))
    swarm.step(0.5)
    assert states(swarm, "app").count("running/shutdown") == 3


def test_a_failing_update_pauses(swarm: Swarm) -> None:
    started(swarm, replicas=3)
    swarm.update_service("app", changed(swarm))
    swarm.step(2.8)
    fresh = [
        task for task in tasks_named(swarm, "app") if task.spec["ContainerSpec"]["Image"] == "app:2"
    ]
    swarm.fail_task(f"app.{fresh[0].slot}")
    swarm.step(30)
    assert update_state(swarm) == "paused"
    images = [
        task.spec["ContainerSpec"]["Image"]
        for task in tasks_named(swarm, "app")
        if task.state.word == "running"
    ]
    assert "app:1" in images


def test_an_update_that_changes_no_task_replaces_none(swarm: Swarm) -> None:
    started(swarm, replicas=2)
    before = {task.id for task in tasks_named(swarm, "app")}
    spec = changed(swarm, Labels={"tier": "back"})
    spec["TaskTemplate"]["ContainerSpec"]["Image"] = "app:1"
    swarm.update_service("app", spec)
    swarm.step(10)
    assert {task.id for task in tasks_named(swarm, "app")} == before
    assert "UpdateStatus" not in ask(swarm, "/services")[0]


def test_publishing_on_an_unallocated_ingress_loses_the_service() -> None:
    swarm = empty_swarm()
    swarm.create_service(service_spec("app", "app:1"))
    swarm.step(10)
    swarm.remove_network("ingress")
    # The pool's first block is the old one, so a subnet that overlaps a live network is needed.
    swarm.create_network(network_spec("net", subnet="10.11.0.0/16"))
    swarm.step(1)
    swarm.create_network(network_spec("mesh", ingress=True, subnet="10.11.1.0/24"))
    swarm.step(1)
    (service,) = swarm.world.services.values()
    endpoint = {"Mode": "vip", "Ports": [port(80, 80)]}
    swarm.update_service("app", {**service.spec, "EndpointSpec": endpoint})
    swarm.step(60)
    assert states(swarm, "app") == ["new/running", GONE]


def test_containers_outside_services_hold_addresses(swarm: Swarm) -> None:
    swarm.run_container("node2", "box", ("net",))
    (task,) = swarm.world.tasks.values()
    assert (task.state.word, task.service_id, len(task.attachments)) == ("running", "", 1)
    swarm.stop_container("box")
    swarm.step(1)
    assert not swarm.world.tasks


def test_a_container_cannot_join_what_is_not_attachable(swarm: Swarm) -> None:
    swarm.create_network(network_spec("closed"))
    swarm.step(1)
    with pytest.raises(Refusal, match="not manually attachable"):
        swarm.run_container("node2", "box", ("closed",))


def test_a_container_on_a_full_network_does_not_start() -> None:
    swarm = empty_swarm()
    swarm.create_network(network_spec("tiny", subnet="10.9.0.0/30", attachable=True))
    swarm.step(1)
    with pytest.raises(Refusal, match="attaching to network failed"):
        swarm.run_container("node2", "box", ("tiny",))
    assert not swarm.world.tasks
