"""Replacing and repairing the ingress while engines, leaders and other people get in the way."""

from __future__ import annotations

import json
import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.swarm.lab import Lab
from tests.swarm.publishing import (
    ALL_NODES,
    DOCUMENTED,
    LONG,
    Person,
    address_in,
    await_whole,
    create,
    create_few,
    definition_of,
    faults,
    ingress,
    ports,
    remove_by_hand,
    running_tasks,
    services,
)
from tests.swarm.waiting import wait_until

pytestmark = pytest.mark.swarm

NODES_OF_MANAGERS = ("--constraint", "node.role==manager")


@pytest.fixture
def person(fresh_lab: Lab, tmp_path: Path) -> Iterator[Person]:
    """Return somebody at the first manager of the lab."""
    with Person(fresh_lab, 1, tmp_path / "first") as somebody:
        yield somebody


def node_state(lab: Lab, number: int, asked: int = 1) -> str:
    (found,) = (
        each["Status"]["State"]
        for each in lab.get(asked, "/nodes")
        if each["Description"]["Hostname"] == f"node{number}"
    )
    return str(found)


@contextmanager
def frozen(lab: Lab, number: int) -> Iterator[None]:
    """Keep an engine from doing anything, for less time than it takes the swarm to miss it."""
    engine = int((lab.folder / str(number) / "pid").read_text())
    os.kill(engine, signal.SIGSTOP)
    try:
        yield
    finally:
        os.kill(engine, signal.SIGCONT)


@pytest.mark.parametrize(
    ("victim", "step"),
    [(1, 3), (2, 5)],
    ids=["the leader, which it talks to", "the other manager, and the quorum with it"],
)
def test_a_manager_dies_and_comes_back(
    fresh_lab: Lab, person: Person, victim: int, step: int
) -> None:
    lab = fresh_lab
    create_few(lab)
    numbers = ports(lab)
    begun = person.begin(DOCUMENTED, "--at-once")
    begun.await_step(step)
    lab.stop_engine(victim, signal.SIGKILL)
    begun.await_note("The engine is away")
    lab.start_engine(victim)
    begun.finish()
    await_whole(lab)
    assert [definition_of(ingress(lab, number)) for number in ALL_NODES] == [
        DOCUMENTED.definition
    ] * 3
    assert ports(lab) == numbers


def test_others_change_services_and_nodes_meanwhile(fresh_lab: Lab, person: Person) -> None:
    lab = fresh_lab
    create_few(lab)
    numbers = ports(lab)
    begun = person.begin(DOCUMENTED)
    begun.await_step(1)
    lab.docker(1, "service", "update", "-qd", "--env-add", "BEFORE=unpublishing", "web")
    begun.await_step(4)
    with frozen(lab, 3):
        # An update between the wait for the services and the removal would stop it, with reason.
        begun.await_step(5)
        lab.docker(1, "service", "update", "-qd", "--env-add", "BEFORE=publishing", "auto")
        lab.docker(1, "node", "update", "--availability", "drain", "node3")
        begun.await_note("node3 is given a label for a moment")
    begun.finish()
    await_whole(lab)
    assert ports(lab) == numbers
    environments = {
        name: service["Spec"]["TaskTemplate"]["ContainerSpec"]["Env"]
        for name, service in services(lab).items()
    }
    assert environments == {"web": ["BEFORE=unpublishing"], "auto": ["BEFORE=publishing"]}
    spec = json.loads(lab.docker(1, "node", "inspect", "node3", "--format", "{{json .Spec}}"))
    assert spec == {"Labels": {}, "Role": "worker", "Availability": "drain"}
    assert definition_of(ingress(lab, 3)) == DOCUMENTED.definition


def test_a_worker_is_down_all_the_while(fresh_lab: Lab, person: Person) -> None:
    lab = fresh_lab
    create_few(lab)
    create(lab, "glob", "--mode", "global", "-p", "8443:443")
    await_whole(lab)
    numbers = ports(lab)
    lab.stop_engine(3, signal.SIGKILL)
    wait_until(lambda: node_state(lab, 3) == "down", "node 3 as down", LONG)
    wait_until(lambda: len(running_tasks(lab, "web")) == 2, "tasks moved away", LONG)
    planned = person.succeed("ingress", "replace", *DOCUMENTED.flags, "--at-once", "--dry-run")
    assert "node3 cannot be reached" in planned
    assert "swarmtui ingress repair" in planned

    person.replace(DOCUMENTED)

    assert [definition_of(ingress(lab, number)) for number in (1, 2)] == [DOCUMENTED.definition] * 2
    assert [address_in(each, DOCUMENTED.subnet) for each in services(lab).values()] == [True] * 3
    lab.start_engine(3)
    wait_until(lambda: node_state(lab, 3) == "ready", "node 3 as ready", LONG)
    person.succeed("ingress", "repair", "--yes")
    await_whole(lab)
    assert ports(lab) == numbers


def test_what_the_documented_commands_leave_is_healed(fresh_lab: Lab, person: Person) -> None:
    lab = fresh_lab
    create(lab, "web", "--replicas", "2", *NODES_OF_MANAGERS, "-p", "8080:80")
    await_whole(lab)
    by_hand(lab, DOCUMENTED.subnet)
    wait_until(lambda: len(running_tasks(lab, "web")) == 2, "running tasks", LONG)
    left = faults(lab)
    assert "node3 has the peers [] on {}" in left, left
    person.succeed("ingress", "repair", "--yes")
    await_whole(lab)
    assert [definition_of(ingress(lab, number)) for number in ALL_NODES] == [
        DOCUMENTED.definition
    ] * 3
    assert person.succeed("ingress", "repair", "--yes").startswith("There is nothing to repair")


def by_hand(lab: Lab, subnet: str) -> None:
    """Do what the documentation of Docker says, command by command."""
    lab.docker(1, "service", "update", "-q", "--publish-rm", "80", "web")
    remove_by_hand(lab, "ingress")
    lab.docker(
        *(1, "network", "create", "--driver", "overlay", "--ingress", "--subnet", subnet),
        *("--gateway", DOCUMENTED.gateway, "--opt", "com.docker.network.driver.mtu=1200"),
        DOCUMENTED.name,
    )
    lab.docker(1, "service", "update", "-qd", "--publish-add", "8080:80", "web")


def test_an_ingress_that_never_got_addresses_is_healed(fresh_lab: Lab, person: Person) -> None:
    lab = fresh_lab
    create(lab, "web", "--replicas", "2", "-p", "8080:80")
    lab.docker(1, "network", "create", "-d", "overlay", "--subnet", "10.11.7.0/24", "there")
    await_whole(lab)
    by_hand(lab, DOCUMENTED.subnet)
    wait_until(lambda: not running_tasks(lab, "web"), "service that is down")
    assert lab.get(1, f"/networks/{DOCUMENTED.name}")["Driver"] == ""

    person.succeed("ingress", "repair", "--yes")

    await_whole(lab)
    assert ports(lab) == {"web": [("tcp", 80, 8080, "ingress")]}
    assert definition_of(ingress(lab, 3))["name"] == DOCUMENTED.name


def test_an_ingress_that_is_missing_is_created(fresh_lab: Lab, person: Person) -> None:
    lab = fresh_lab
    create(lab, "plain")
    await_whole(lab)
    tasks = running_tasks(lab, "plain")
    remove_by_hand(lab, "ingress")
    person.succeed("ingress", "repair", "--yes")
    await_whole(lab)
    create(lab, "web", "--replicas", "2", "-p", "8080:80")
    await_whole(lab)
    assert running_tasks(lab, "plain") == tasks
