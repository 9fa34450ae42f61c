"""Changing a network with services of two stacks on it, on three real nodes."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Iterator
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest

from tests.swarm.image import PROBE_IMAGE
from tests.swarm.lab import Lab
from tests.swarm.networking import (
    CONTAINER_NODE,
    NETWORK,
    OTHER,
    addresses_on,
    await_running,
    build_shop,
    members,
    overlays,
    tasks_ever,
)
from tests.swarm.publishing import LONG, Begun, Person, create, services
from tests.swarm.waiting import wait_until

pytestmark = pytest.mark.swarm

SERVICES = ("log_agent", "log_idle", "log_store", "shop_api", "shop_web")
MOVING = f"{NETWORK}-moving"


@pytest.fixture
def person(fresh_lab: Lab, tmp_path: Path) -> Iterator[Person]:
    """Return somebody at the first manager of the lab."""
    with Person(fresh_lab, 1, tmp_path / "first") as somebody:
        yield somebody


def with_option(before: Any, name: str = NETWORK, **options: str) -> Any:
    """Return the networks as they are to be, once one has other options."""
    after = deepcopy(before)
    after[name]["options"] = options
    return after


def move_container(lab: Lab, begun: Begun) -> None:
    """Do what the steps say that a person has to do, until the operation is over."""
    done: set[str] = set()

    def look() -> bool:
        if begun.process.poll() is not None:
            return True
        for line in begun.lines("note"):
            words = line["words"]
            for act in ("connect to ", "disconnect from "):
                if words.startswith(act) and words not in done:
                    done.add(words)
                    network = words.removeprefix(act).partition(":")[0]
                    lab.docker(CONTAINER_NODE, "network", act.split()[0], network, "visitor")
        return False

    wait_until(look, "end of the operation", 3 * LONG)
    assert begun.state == "done", begun.ending()


def await_idle(lab: Lab) -> None:
    """Wait until everything runs and nothing of an operation is left."""
    await_running(lab)
    wait_until(lambda: not lab.get(1, "/configs"), "end of the lock")


def test_it_is_encrypted_and_decrypted_each_way(fresh_lab: Lab, person: Person) -> None:
    lab = fresh_lab
    build_shop(lab)
    networks, shapes, back = overlays(lab), members(lab), addresses_on(lab, OTHER)
    ingress = addresses_on(lab, "ingress")
    encrypted = with_option(networks, encrypted="")

    begun = person.begin_word("network", "encrypt", NETWORK, "--at-once", "--wait-for-containers")
    move_container(lab, begun)
    await_idle(lab)
    assert (overlays(lab), members(lab)) == (encrypted, shapes)
    assert (addresses_on(lab, OTHER), addresses_on(lab, "ingress")) == (back, ingress)

    refused = person.run("network", "decrypt", NETWORK, "--way", "quick", "--yes")
    assert (refused.returncode, overlays(lab)) == (1, encrypted)
    assert f"on node{CONTAINER_NODE}" in refused.stderr
    lab.docker(CONTAINER_NODE, "rm", "-f", "visitor")
    person.succeed("network", "decrypt", NETWORK, "--way", "quick", "--yes")
    await_idle(lab)
    assert (overlays(lab), members(lab)) == (networks, shapes)

    person.succeed(
        *("network", "encrypt", NETWORK, "--way", "side-by-side", "--to", "shop_safe"),
        *("--at-once", "--yes"),
    )
    await_idle(lab)
    assert set(overlays(lab)) == {"shop_safe", OTHER}
    assert overlays(lab)["shop_safe"]["options"] == {"encrypted": ""}
    assert overlays(lab)["shop_safe"]["labels"] == networks[NETWORK]["labels"]
    renamed = {
        name: {
            **shape,
            "networks": [
                ("shop_safe" if network == NETWORK else network, aliases)
                for network, aliases in shape["networks"]
            ],
            "addresses": sorted(
                "shop_safe" if network == NETWORK else network for network in shape["addresses"]
            ),
        }
        for name, shape in shapes.items()
    }
    assert members(lab) == renamed
    assert addresses_on(lab, OTHER) == back
    (newest,) = [max(person.operations())]
    person.succeed("operations", "undo", newest, "--yes")
    await_idle(lab)
    assert (overlays(lab), members(lab)) == (networks, shapes)


def test_nobody_loses_contact_in_place(fresh_lab: Lab, person: Person) -> None:
    lab = fresh_lab
    lab.docker(1, "network", "create", "-d", "overlay", "app")
    on = ("--network", "app", "--replicas", "2", "--update-parallelism", "1")
    create(lab, "client", *on, "--constraint", "node.hostname==node1")
    serve(lab, "store", *on, "--endpoint-mode", "dnsrr", "--constraint", "node.hostname!=node1")
    await_running(lab)
    failures: list[str] = []
    over = threading.Event()
    probes = 0

    def probe_on() -> None:
        nonlocal probes
        while not over.wait(0.5):
            probes += 1
            wrong = probe(lab, "client", "store")
            if wrong:
                failures.append(wrong)

    assert probe(lab, "client", "store") == ""
    prober = threading.Thread(target=probe_on)
    prober.start()
    try:
        person.succeed("network", "migrate", "app", "--mtu", "1400", "--yes")
    finally:
        over.set()
        prober.join()
    await_idle(lab)
    assert overlays(lab)["app"]["options"] == {"com.docker.network.driver.mtu": "1400"}
    assert failures == []
    assert probes > 20


def test_a_full_network_grows_in_place(fresh_lab: Lab, person: Person) -> None:
    lab = fresh_lab
    lab.docker(1, "network", "create", "-d", "overlay", "--subnet", "10.60.0.0/28", "tight")
    create(lab, "small", "--replicas", "3", "--network", "name=tight,alias=little")
    wait_until(lambda: services(lab)["small"]["ServiceStatus"]["RunningTasks"] == 3, "small", LONG)
    create(lab, "big", "--replicas", "12", "--network", "tight")
    held = wait_until(lambda: waiting(lab, "big"), "tasks without an address", LONG)
    assert held
    shapes = members(lab)
    person.succeed("network", "migrate", "tight", "--subnet", "10.60.0.0/24", "--yes")
    await_idle(lab)
    assert overlays(lab) == {
        "tight": {
            "subnets": [("10.60.0.0/24", "10.60.0.1")],
            "options": {},
            "labels": {},
            "attachable": False,
            "internal": False,
        }
    }
    assert members(lab) == shapes
    assert services(lab)["big"]["ServiceStatus"]["RunningTasks"] == 12


def test_every_other_change_and_its_undoing(fresh_lab: Lab, person: Person) -> None:
    lab = fresh_lab
    build_shop(lab, container=False)
    before = overlays(lab), members(lab)

    def undone() -> None:
        person.succeed("operations", "undo", max(person.operations()), "--yes")
        await_idle(lab)
        assert (overlays(lab), members(lab)) == before

    person.succeed("service", "attach", "shop_web", OTHER, "--alias", "front", "--yes")
    await_idle(lab)
    web = members(lab)["shop_web"]
    assert web["networks"][-1] == (OTHER, ["front"])
    assert web["addresses"] == [OTHER, "ingress", NETWORK]
    undone()

    person.succeed("service", "mode", "shop_web", "dnsrr", "--ports", "host", "--yes")
    await_idle(lab)
    web = members(lab)["shop_web"]
    assert (web["mode"], web["addresses"]) == ("dnsrr", [])
    assert [each["PublishMode"] for each in web["ports"]] == ["host"]
    undone()

    conflict = person.run("service", "publish", "shop_api", "8080:90", "--yes")
    assert conflict.returncode == 1
    assert "shop_web publishes 8080/tcp through the ingress already" in conflict.stderr
    person.succeed("service", "publish", "shop_api", "90", "host:5353:53/udp", "--yes")
    await_idle(lab)
    published = members(lab)["shop_api"]["ports"]
    assert {(each["TargetPort"], each["PublishMode"]) for each in published} == {
        (90, "ingress"),
        (53, "host"),
    }
    undone()

    busy = person.run("network", "remove", NETWORK, "--yes")
    assert busy.returncode == 1
    assert all(name in busy.stderr for name in SERVICES)
    person.succeed(
        *("network", "split", NETWORK, "--to", "half", "--move", "log_agent", "--move"),
        *("log_store", "--both", "shop_api", "--at-once", "--yes"),
    )
    await_idle(lab)
    assert members(lab)["log_agent"]["networks"] == [("half", ["agent", "agent.internal"])]
    order = [each[0] for each in before[1]["shop_api"]["networks"]]
    order.insert(order.index(NETWORK) + 1, "half")
    assert [each[0] for each in members(lab)["shop_api"]["networks"]] == order
    undone()


def test_networks_come_and_go(fresh_lab: Lab, person: Person) -> None:
    lab = fresh_lab
    wanted = (
        *("network", "create", "wide", "--subnet", "10.61.0.0/24", "--gateway", "10.61.0.9"),
        *("--subnet", "10.62.0.0/24", "--ip-range", "10.61.0.128/25", "--mtu", "1400"),
        *("--encrypted", "--attachable", "--label", "tier=back", "--vxlan-id", "5001,5002"),
    )
    assert "docker network create" in person.succeed(*wanted, "--dry-run")
    assert overlays(lab) == {}
    person.succeed(*wanted, "--yes")
    made = overlays(lab)["wide"]
    assert made["subnets"] == [("10.61.0.0/24", "10.61.0.9"), ("10.62.0.0/24", "10.62.0.1")]
    assert made["labels"] == {"tier": "back"}
    assert made["options"] == {"com.docker.network.driver.mtu": "1400", "encrypted": ""}
    overlap = person.run("network", "create", "late", "--subnet", "10.61.0.0/16", "--yes")
    assert (overlap.returncode, set(overlays(lab))) == (1, {"wide"})
    person.succeed("network", "create", "plain", "--yes")
    # Accepted by the engine, and never allocated.
    lab.docker(1, "network", "create", "-d", "overlay", "--subnet", "10.61.0.0/25", "zombie")
    create(lab, "user", "--network", "plain")
    await_running(lab)
    said = person.succeed("network", "prune", "--yes")
    assert set(overlays(lab)) == {"plain"}, said
    person.succeed("network", "remove", "plain", "--detach", "--yes")
    assert overlays(lab) == {}
    assert members(lab)["user"]["networks"] == []


def test_replacements_are_as_many_as_the_review_says(fresh_lab: Lab, person: Person) -> None:
    lab = fresh_lab
    lab.docker(1, "network", "create", "-d", "overlay", "app")
    # As many as the engine is to remember, so that each replaced task can be counted.
    lab.docker(1, "swarm", "update", "--task-history-limit", "50")
    create(lab, "web", "--network", "app", "--replicas", "2")
    await_running(lab)
    counts = {}
    for way, more in (("in-place", ()), ("quick", ()), ("side-by-side", ("--to", "next"))):
        before = tasks_ever(lab, "web")
        person.succeed("network", "migrate", "app", "--mtu", "1400", "--way", way, *more, "--yes")
        await_idle(lab)
        counts[way] = len(tasks_ever(lab, "web") - before)
        if way != "side-by-side":
            person.succeed("network", "migrate", "app", "--mtu", "0", "--way", "quick", "--yes")
            await_idle(lab)
    assert counts == {"in-place": 8, "quick": 4, "side-by-side": 4}


def serve(lab: Lab, name: str, *flags: str) -> None:
    """Create a service that listens on port 8000."""
    lab.docker(
        1,
        *("service", "create", "-q", "--detach", "--no-resolve-image"),
        *("--stop-grace-period", "1s", "--update-monitor", "1s", "--name", name, *flags),
        *(PROBE_IMAGE, "/bin/busybox", "httpd", "-f", "-p", "8000", "-h", "/bin"),
    )


def probe(lab: Lab, client: str, server: str) -> str:
    """Resolve a name and connect to it from a task that runs all the while; say what is wrong."""
    wrong = ""
    for container in lab.docker(1, "ps", "-q", "--filter", f"name={client}").split():
        process = pid(lab, container)
        if process == "0":
            continue
        done = subprocess.run(
            ["nsenter", "-t", process, "-n", sys.executable, str(PROBE), server, "8000"],
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode == 0:
            return ""
        # One that is being replaced itself tells nothing.
        if pid(lab, container) == process:
            wrong = done.stderr.strip()
    return wrong


PROBE = Path(__file__).with_name("probe.py")


def pid(lab: Lab, container: str) -> str:
    """Return the process of a container, `0` for one that is gone."""
    try:
        return lab.docker(1, "inspect", "--format", "{{.State.Pid}}", container)
    except AssertionError:
        return "0"


def waiting(lab: Lab, service: str) -> bool:
    """Tell whether tasks of a service wait for an address."""
    (identity,) = (each["ID"] for name, each in services(lab).items() if name == service)
    states = [
        task["Status"]["State"]
        for task in lab.get(1, "/tasks")
        if task.get("ServiceID") == identity
    ]
    return states.count("new") > 2
