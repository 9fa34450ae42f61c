"""Replacing the ingress of a real swarm, with runners and people who die in the middle of it."""

from __future__ import annotations

import copy
import getpass
import os
import signal
import socket
from collections import deque
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.swarm.lab import Lab
from tests.swarm.publishing import (
    ALL_NODES,
    DOCUMENTED,
    LONG,
    OTHER,
    Json,
    Person,
    address_in,
    await_whole,
    create,
    create_few,
    definition_of,
    ingress,
    ports,
    running_tasks,
    services,
)

pytestmark = pytest.mark.swarm

_RICH = (
    *("--replicas", "3", "--constraint", "node.platform.os==linux"),
    *("--placement-pref", "spread=node.labels.rack", "--replicas-max-per-node", "1"),
    *("--env", "GREETING=hello there", "--label", "team=shop", "--container-label", "tier=front"),
    *("--health-cmd", "true", "--health-interval", "1s", "--health-retries", "2"),
    *("--limit-pids", "50", "--reserve-cpu", "0.01"),
    *("--rollback-parallelism", "2", "--rollback-delay", "1s", "--rollback-order", "stop-first"),
    *("--restart-condition", "any", "--restart-delay", "1s", "--hostname", "{{.Node.Hostname}}"),
    *("--mount", "type=tmpfs,destination=/scratch,tmpfs-size=65536", "--log-opt", "max-size=1m"),
    *("--dns", "192.0.2.53", "--cap-drop", "NET_RAW", "--init", "--user", "1000"),
    *("-p", "8080:80", "-p", "mode=host,published=9090,target=90"),
)


@pytest.fixture
def person(fresh_lab: Lab, tmp_path: Path) -> Iterator[Person]:
    """Return somebody at the first manager of the lab."""
    with Person(fresh_lab, 1, tmp_path / "first") as somebody:
        yield somebody


_PUBLISHING = ("auto", "glob", "idle", "web")


def test_the_documented_example(fresh_lab: Lab, person: Person) -> None:
    lab = fresh_lab
    lab.docker(1, "network", "create", "-d", "overlay", "app")
    create(lab, "web", *_RICH)
    create(lab, "auto", "-p", "80", "-p", "53/udp")
    create(lab, "glob", "--mode", "global", "-p", "8443:443")
    create(lab, "idle", "--replicas", "0", "-p", "8081:81")
    create(lab, "plain", "--replicas", "2")
    create(lab, "onapp", "--replicas", "3", "--network", "app")
    await_whole(lab)
    before, tasks = services(lab), {name: running_tasks(lab, name) for name in services(lab)}
    numbers, networks = ports(lab), _other_networks(lab)

    said = person.replace(DOCUMENTED)

    assert said.endswith("Done.\n")
    await_whole(lab, seconds=10)
    assert [definition_of(ingress(lab, number)) for number in ALL_NODES] == [
        DOCUMENTED.definition
    ] * 3
    assert ports(lab) == numbers
    after = services(lab)
    for name in _PUBLISHING:
        assert address_in(after[name], DOCUMENTED.subnet), name
        assert after[name]["Spec"] == _with_numbers(before[name]), name
        assert not running_tasks(lab, name) & tasks[name], name
    for name in ("plain", "onapp"):
        assert after[name] == before[name]
        assert running_tasks(lab, name) == tasks[name], name
    assert _other_networks(lab) == networks
    assert list(person.operations().values()) == ["done"]
    assert [path.stat().st_mode & 0o777 for path in person.journal().parent.iterdir()] == [
        0o600
    ] * 2


def _with_numbers(service: Json) -> Json:
    """Return the specification of a service with the numbers that the engine assigned."""
    spec: Json = copy.deepcopy(service["Spec"])
    assigned = {
        (each["Protocol"], each["TargetPort"]): each["PublishedPort"]
        for each in service["Endpoint"]["Ports"]
    }
    for port in spec["EndpointSpec"]["Ports"]:
        port["PublishedPort"] = assigned[port["Protocol"], port["TargetPort"]]
    return spec


def _other_networks(lab: Lab) -> list[Json]:
    """Return all that each node says of its networks but the ingress."""
    found = []
    for number in ALL_NODES:
        for listed in sorted(lab.get(number, "/networks"), key=lambda each: str(each["Id"])):
            network: Json = lab.get(number, f"/networks/{listed['Id']}")
            if not network["Ingress"]:
                if network["Name"] == "docker_gwbridge":
                    # Each container has an address there, and most containers are new ones.
                    del network["Containers"]
                found.append(network)
    return found


def test_the_runner_is_killed_in_every_step(fresh_lab: Lab, person: Person) -> None:
    lab = fresh_lab
    create_few(lab)
    first, numbers = definition_of(ingress(lab, 1)), ports(lab)
    there, aims = first, deque((DOCUMENTED, OTHER))
    steps, tries = deque(range(1, 8)), 12
    while steps:
        tries -= 1
        assert tries, f"the runner is never killed in the steps {list(steps)}"
        step, wanted = steps.popleft(), aims[0]
        begun = person.begin(wanted, "--at-once")
        begun.await_step(step)
        killed_in = begun.kill_runner()
        assert len(begun.lines("head")[0]["plan"]["steps"]) == 7
        if killed_in != step:
            steps.append(step)  # the machine was too busy to be in time
        if begun.state == "stopped":
            assert begun.process.returncode == 2
            assert "operation" in lab.docker(1, "config", "ls")
            forward = step % 2 == 1
            person.succeed("operations", "resume" if forward else "rollback", begun.id)
            assert begun.state == ("done" if forward else "rolled-back")
        if begun.state == "done":
            there = wanted.definition
            aims.rotate()
        await_whole(lab)
        assert [definition_of(ingress(lab, number)) for number in ALL_NODES] == [there] * 3
        assert ports(lab) == numbers


def test_who_started_it_goes(fresh_lab: Lab, person: Person) -> None:
    lab = fresh_lab
    create_few(lab)
    numbers = ports(lab)
    for sign, wanted in ((signal.SIGHUP, DOCUMENTED), (signal.SIGKILL, OTHER)):
        begun = person.begin(wanted, "--at-once")
        begun.await_step(2)
        os.killpg(begun.process.pid, sign)
        assert begun.process.wait(LONG) == -sign
        assert begun.state == "running"
        begun.outlive()
        await_whole(lab)
        assert definition_of(ingress(lab, 3)) == wanted.definition
        assert ports(lab) == numbers


def test_a_second_person_at_the_other_manager(
    fresh_lab: Lab, person: Person, tmp_path: Path
) -> None:
    lab = fresh_lab
    create_few(lab)
    numbers = ports(lab)
    other = Person(lab, 2, tmp_path / "other")
    begun = person.begin(DOCUMENTED, "--at-once")
    # While services are updated, while there is no ingress, and while they are updated again.
    for step in (2, 4, 6):
        begun.await_step(step)
        with begun.held():
            refused = other.run("ingress", "replace", *OTHER.flags, "--yes")
            assert begun.state == "running"
        assert refused.returncode == 1, refused.stdout
        assert f"{getpass.getuser()}@{socket.gethostname()}" in refused.stderr, refused.stderr
        assert "step " in refused.stderr
    begun.finish()
    await_whole(lab)
    assert definition_of(ingress(lab, 2)) == DOCUMENTED.definition
    other.replace(OTHER)
    await_whole(lab)
    assert definition_of(ingress(lab, 1)) == OTHER.definition
    assert ports(lab) == numbers
