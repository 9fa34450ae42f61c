"""Where the way in from outside breaks."""

from __future__ import annotations

from dataclasses import replace

import pytest

from swarmtui.model import (
    NetworkId,
    PublishedPort,
    Snapshot,
)
from tests.builders import (
    APP,
    INGRESS,
    NODES,
    an_id,
    inspection,
    service,
    task,
)
from tests.unit.findings.paths import (
    THREE,
    TWO,
    broken,
    commands,
    states,
    step,
    walk,
    well,
)


def test_a_published_port_and_the_nodes_on_which_it_comes_in() -> None:
    path = walk(well(), "outside:8080", "web")
    assert path.broken is None
    assert list(states(path))[:5] == [
        "Published port",
        "Ingress network",
        "Entry nodes",
        "Address",
        "Tasks of web",
    ]
    assert step(path, "Entry nodes").facts == ("The ingress is on node1, node2, node3",)
    assert "nc -vz -w 3 192.168.77.1 8080" in commands(step(path, "Firewall"))
    assert "DOCKER-INGRESS" in commands(step(path, "Firewall"))


@pytest.mark.parametrize(
    ("a", "b", "fact"),
    [
        ("outside:9999", "web", "web does not publish port 9999"),
        ("outside:8080/udp", "web", "web does not publish udp 8080"),
        ("outside:8080", "rr", "rr does not publish port 8080"),
    ],
)
def test_a_port_that_is_not_published(a: str, b: str, fact: str) -> None:
    path = walk(well(), a, b)
    assert broken(path) == ("Published port", fact)


def test_whose_port_it_is_instead() -> None:
    assert "web publishes it" in walk(well(), "outside:8080", "rr").steps[0].facts[1]
    assert "It publishes tcp 8080." in walk(well(), "outside:1", "web").steps[0].facts


def test_a_node_that_misses_the_ingress() -> None:
    snapshot = well()
    seen = inspection(INGRESS, NODES[:2])
    snapshot = replace(snapshot, inspections={**snapshot.inspections, INGRESS.id: seen})
    path = walk(snapshot, "outside:8080", "web")
    assert broken(path) == ("Entry nodes", "8080 does not answer on node3, without the ingress")
    command = f"docker node update --availability active {THREE.id}"
    assert command in commands(step(path, "Entry nodes"))


def test_the_node_that_is_read_may_miss_the_ingress_itself() -> None:
    snapshot = well()
    blind = replace(snapshot.inspections[INGRESS.id], peers=None)
    snapshot = replace(snapshot, inspections={**snapshot.inspections, INGRESS.id: blind})
    path = walk(snapshot, "outside:8080", "web")
    assert broken(path)[1] == "8080 does not answer on node1, without the ingress"


@pytest.mark.parametrize(
    ("networks", "fact"),
    [
        ((), "There is no ingress network"),
        ((replace(INGRESS, driver="", subnets=(), options={}),), "ingress was never allocated"),
        (
            (INGRESS, replace(INGRESS, id=NetworkId(an_id("second")), name="second")),
            "There are 2 ingress networks: ingress, second",
        ),
    ],
)
def test_an_ingress_that_is_not_as_it_should_be(networks: tuple[object, ...], fact: str) -> None:
    snapshot = replace(well(), networks=(APP, *networks))  # type: ignore[arg-type]
    assert broken(walk(snapshot, "outside:8080", "web")) == ("Ingress network", fact)


def host_mode(state: str = "running") -> Snapshot:
    agent = service("agent", [APP], mode="global", ports=(PublishedPort("tcp", 91, 9100, "host"),))
    busy = well()
    mine = task(agent, 0, TWO, {"app": "10.20.0.90"}, state=state)
    return replace(busy, services=(*busy.services, agent), tasks=(*busy.tasks, mine))


def test_a_port_in_host_mode_answers_where_a_task_runs() -> None:
    path = walk(host_mode(), "outside:9100", "agent")
    assert path.broken is None
    assert step(path, "Entry nodes").facts[0].startswith("9100 answers on node2, ")
    assert "Ingress network" not in states(path)
    assert broken(walk(host_mode("preparing"), "outside:9100", "agent"))[0] == "Entry nodes"


def test_a_container_outside_services_publishes_on_its_own() -> None:
    path = walk(well(), "outside:80", "probe-box")
    assert states(path) == {"Published port": "unseen"}
    assert path.steps[0].checks[0].command.startswith("docker port ")
