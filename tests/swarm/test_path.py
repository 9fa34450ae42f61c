"""Paths on three real nodes, each verdict held against what names and connections really do."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.swarm import probe
from tests.swarm.image import PROBE_IMAGE
from tests.swarm.lab import Lab
from tests.swarm.networking import await_running
from tests.swarm.publishing import (
    await_ingress,
    create,
    ingress,
    recreate_on_first_node,
    remove_by_hand,
)
from tests.swarm.test_snapshot import swarmtui
from tests.swarm.waiting import wait_until

pytestmark = pytest.mark.swarm

Json = dict[str, Any]

_SERVE = ("/bin/busybox", "httpd", "-f", "-p", "8000", "-h", "/bin")
_FAR = ("--replicas", "2", "--constraint", "node.hostname!=node1")
_ASK = (
    "import json, runpy, sys\n"
    "probe = runpy.run_path(sys.argv[1])\n"
    "try:\n"
    "    found = sorted(probe['addresses'](sys.argv[2]))\n"
    "except OSError:\n"
    "    found = []\n"  # the resolver asks outside for what it does not know, and nobody is there
    "print(json.dumps([found, probe['main'](sys.argv[2], '8000') == '']))\n"
)


@pytest.fixture(scope="module")
def town(engines_here: None) -> Iterator[Lab]:
    """Clients on the first node, and servers of every kind on the others."""
    with Lab() as lab:
        for name in ("app", "alone"):
            lab.docker(1, "network", "create", "-d", "overlay", "--attachable", name)
        here = ("--constraint", "node.hostname==node1")
        create(lab, "client", *here, "--network", "app")
        create(lab, "hermit", *here, "--network", "alone")
        serve(lab, "store", "--endpoint-mode", "dnsrr", "--network", "name=app,alias=shop")
        serve(lab, "front", "--network", "name=app,alias=door")
        await_running(lab)
        lab.docker(2, "run", "-d", "--name", "box", "--network", "app", PROBE_IMAGE, *_SERVE)
        wait_until(lambda: resolve(lab, "client", "box")[0], "name of the container")
        yield lab


def serve(lab: Lab, name: str, *flags: str) -> None:
    lab.docker(
        1,
        *("service", "create", "-q", "--detach", "--no-resolve-image", "--name", name),
        *("--stop-grace-period", "1s", *_FAR, *flags, PROBE_IMAGE, *_SERVE),
    )


def resolve(lab: Lab, service: str, name: str) -> tuple[list[str], bool]:
    """Return what a name leads to for a task on the first node, and whether port 8000 answers."""
    container = lab.docker(1, "ps", "-q", "--filter", f"name={service}").split()[0]
    process = lab.docker(1, "inspect", "--format", "{{.State.Pid}}", container)
    done = subprocess.run(
        ["nsenter", "-t", process, "-n", sys.executable, "-c", _ASK, probe.__file__, name],
        capture_output=True,
        text=True,
        check=True,
    )
    addresses, answers = json.loads(done.stdout)
    return addresses, answers


def path(lab: Lab, a: str, b: str, node: int = 1) -> tuple[int, Json]:
    done = swarmtui(lab, node, "path", a, b, "--json")
    assert done.stdout, done.stderr
    return done.returncode, json.loads(done.stdout)


def states(found: Json) -> dict[str, str]:
    return {each["title"]: each["state"] for each in found["steps"]}


def step(found: Json, title: str) -> Json:
    return dict(next(each for each in found["steps"] if each["title"] == title))


def told(found: Json) -> tuple[list[str], list[str]]:
    """Return the names of B that a path tells, and the addresses that they lead to."""
    match = re.fullmatch(
        r"app: (\S+) leads to ([\d., ]+?)(?:; so does (.+))?", step(found, "Name")["facts"][0]
    )
    assert match is not None
    names = [match[1], *(match[3] or "").split(", ")]
    return [name for name in names if name], sorted(match[2].split(", "))


@pytest.mark.parametrize("node", [1, 2])
@pytest.mark.parametrize("server", ["store", "front", "store.1", "box"])
def test_names_lead_where_the_path_says(town: Lab, server: str, node: int) -> None:
    status, found = path(town, "client", server, node)
    assert (status, found["broken_at"]) == (0, None)
    assert (states(found)["Name"], states(found)["Nodes"]) == ("ok", "ok")
    names, addresses = told(found)
    assert len(names) == (1 if server == "store.1" else 2)
    for name in names:
        assert resolve(town, "client", name)[0] == addresses
        if server != "front":
            assert resolve(town, "client", name)[1]


def test_where_the_kernel_cannot_balance_only_that_step_could_tell(town: Lab) -> None:
    balances = Path("/proc/net/ip_vs").exists()
    status, found = path(town, "client", "front")
    assert status == 0
    assert states(found)["Balancing"] == "unseen"
    assert step(found, "Balancing")["checks"][0]["command"] == "lsmod | grep ip_vs"
    assert resolve(town, "client", "tasks.front")[1]
    assert resolve(town, "client", "front")[1] is balances


def test_without_a_common_network_no_name_leads_anywhere_until_one_is_attached(town: Lab) -> None:
    status, found = path(town, "hermit", "store")
    assert (status, found["broken_at"]) == (1, 1)
    assert found["verdict"] == (
        "Broken at step 1 (Common network): hermit and store share no network"
    )
    assert resolve(town, "hermit", "store") == ([], False)
    command = found["steps"][0]["checks"][0]["command"]
    assert command == "docker service update --network-add app hermit"
    town.docker(1, *command.split()[1:], "--detach")
    await_running(town)
    status, found = path(town, "hermit", "store")
    assert (status, found["broken_at"]) == (0, None)
    assert resolve(town, "hermit", "store") == (told(found)[1], True)


def test_a_service_without_tasks_leads_nowhere(town: Lab) -> None:
    create(town, "idle", "--replicas", "0", "--endpoint-mode", "dnsrr", "--network", "app")
    status, found = path(town, "client", "idle")
    assert status == 1
    assert found["verdict"].endswith("(Tasks of idle): idle is scaled to 0")
    assert resolve(town, "client", "idle") == ([], False)
    command = step(found, "Tasks of idle")["checks"][0]["command"]
    town.docker(1, *command.split()[1:], "--detach")
    await_running(town)
    wait_until(lambda: path(town, "client", "idle")[0] == 0, "path to idle")
    assert resolve(town, "client", "idle")[0] == told(path(town, "client", "idle")[1])[1]


def test_a_port_does_not_come_in_where_the_ingress_is_missing(fresh_lab: Lab) -> None:
    lab = fresh_lab
    remove_by_hand(lab, "ingress")
    recreate_on_first_node(lab)
    create(lab, "web", "--constraint", "node.hostname==node1", "-p", "8080:80")
    await_running(lab)
    carrying = {number for number in (1, 2, 3) if (ingress(lab, number) or {}).get("Peers")}
    assert 1 in carrying
    assert 3 not in carrying

    status, found = path(lab, "outside:8080", "web")
    assert status == 1
    assert found["verdict"].startswith("Broken at step 3 (Entry nodes): 8080 does not answer on ")
    entry = step(found, "Entry nodes")
    missing = [f"node{number}" for number in (2, 3) if number not in carrying]
    assert entry["facts"][0] == (
        f"8080 does not answer on {', '.join(missing)}, without the ingress"
    )
    for check in entry["checks"]:
        lab.docker(1, *check["command"].split()[1:])
    for number in (1, 2, 3):
        await_ingress(lab, number)
    wait_until(lambda: path(lab, "outside:8080", "web")[0] == 0, "path from outside")


def test_a_port_that_nobody_publishes(town: Lab) -> None:
    status, found = path(town, "outside:8080", "front")
    assert (status, found["broken_at"]) == (1, 1)
    assert "front does not publish port 8080" in found["verdict"]
