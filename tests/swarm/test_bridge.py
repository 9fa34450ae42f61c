"""Another gateway bridge for real nodes: for one that has left, and for a manager by the book."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from swarmtui.operations import BridgeDraft
from swarmtui.operations.definition import creation
from tests.swarm.image import PROBE_IMAGE
from tests.swarm.lab import Lab
from tests.swarm.publishing import LONG, Person, await_whole, create
from tests.swarm.waiting import wait_until

pytestmark = pytest.mark.swarm

WANTED = ("--subnet", "10.11.0.0/16", "--gateway", "10.11.0.2", "--icc", "--no-masquerade")
CONFIG = [{"Subnet": "10.11.0.0/16", "Gateway": "10.11.0.2"}]
OPTIONS = {
    "com.docker.network.bridge.name": "docker_gwbridge",
    "com.docker.network.bridge.enable_icc": "true",
    "com.docker.network.bridge.enable_ip_masquerade": "false",
}


def bridge(lab: Lab, number: int) -> Any:
    """Return what a node's engine says of its gateway bridge."""
    return lab.get(number, "/networks/docker_gwbridge")


def link_addresses(lab: Lab, number: int) -> str:
    """Return what the kernel of a node says of the bridge, empty where is none."""
    command = ["ip", "-br", "addr", "show", "docker_gwbridge"]
    return subprocess.run(
        ["nsenter", f"--net=/var/run/netns/{lab.name}n{number}", *command],
        capture_output=True,
        text=True,
        check=False,
    ).stdout


def join(lab: Lab, number: int) -> None:
    token = lab.docker(1, "swarm", "join-token", "-q", "worker")
    lab.docker(number, "swarm", "join", "--token", token, f"{lab.address(1)}:2377")


def mesh_is_on(lab: Lab, number: int) -> bool:
    return "ingress-sbox" in (bridge(lab, number).get("Containers") or {})


def test_a_node_that_has_left_gets_another_one_and_keeps_it(fresh_lab: Lab, tmp_path: Path) -> None:
    lab, person = fresh_lab, Person(fresh_lab, 3, tmp_path / "home")
    wait_until(lambda: mesh_is_on(lab, 3), "ingress on the bridge")
    lab.docker(3, "swarm", "leave")
    old = bridge(lab, 3)
    box = lab.docker(3, "run", "-d", "--name", "box", "--network", "docker_gwbridge", PROBE_IMAGE)
    refused = person.run("bridge", "rebuild", *WANTED, "--yes")
    assert refused.returncode == 1
    assert "still on docker_gwbridge: box" in refused.stderr
    assert bridge(lab, 3)["Id"] == old["Id"]
    lab.docker(3, "rm", "-f", box)

    said = person.succeed("bridge", "rebuild", *WANTED, "--yes")

    assert said.endswith("Done.\n")
    made = bridge(lab, 3)
    assert made["Id"] != old["Id"]
    assert (made["IPAM"]["Config"], made["Options"]) == (CONFIG, OPTIONS)
    assert "10.11.0.2/16" in link_addresses(lab, 3)
    # What a runner gets that sends the same once more, not knowing whether it arrived.
    draft = BridgeDraft("10.11.0.0/16", "10.11.0.2", "", icc=True, masquerade=False)
    again = lab.call(3, "POST", "/networks/create", creation(draft.definition))
    assert again == (409, {"message": "network with name docker_gwbridge already exists"})
    assert "is like this already" in person.succeed("bridge", "rebuild", *WANTED, "--yes")
    assert json.loads(person.succeed("bridge", "show", "--json"))["bridge"]["id"] == made["Id"]

    join(lab, 3)
    wait_until(lambda: mesh_is_on(lab, 3), "ingress on the new bridge")
    joined = bridge(lab, 3)
    assert joined["Id"] == made["Id"]
    assert joined["Containers"]["ingress-sbox"]["IPv4Address"].startswith("10.11.")


def test_the_script_does_the_same(fresh_lab: Lab, tmp_path: Path) -> None:
    lab, person = fresh_lab, Person(fresh_lab, 3, tmp_path / "home")
    wait_until(lambda: mesh_is_on(lab, 3), "ingress on the bridge")

    def run(script: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            ["bash"],
            input=script,
            env={**os.environ, "DOCKER_HOST": lab.url(3)},
            capture_output=True,
            text=True,
            check=False,
        )

    lab.docker(3, "swarm", "leave")
    script = person.succeed("bridge", "rebuild", *WANTED, "--script")
    done = run(script)
    assert done.returncode == 0, done.stderr
    assert (bridge(lab, 3)["IPAM"]["Config"], bridge(lab, 3)["Options"]) == (CONFIG, OPTIONS)
    again = run(script)
    assert again.returncode == 1
    assert "docker_gwbridge is another one by now" in again.stderr
    join(lab, 3)
    assert "this engine is in a swarm" in run(script).stderr


class Follower:
    """Somebody who does what a runbook says, each step on the machine that it names."""

    def __init__(self, lab: Lab, home: Path) -> None:
        self.lab, self.home, self.token = lab, home, ""

    def follow(self, step: dict[str, Any], node: int, other: int) -> None:
        number = node if step["where"] == f"node{node}" else other
        commands = step["commands"]
        if any("systemctl stop" in each for each in commands):
            self.lab.stop_engine(number)
        if any("systemctl start" in each for each in commands):
            self.lab.start_engine(number)
        done = subprocess.run(
            ["bash", "-euc", "\n".join([self._machine(number), *commands])],
            input=f"{self.token}\n",
            env={
                **os.environ,
                "DOCKER_HOST": self.lab.url(number),
                "XDG_STATE_HOME": str(self.home),
            },
            capture_output=True,
            text=True,
            check=False,
            timeout=LONG,
        )
        assert done.returncode == 0, f"{step['title']}: {done.stdout}{done.stderr}"
        if any("join-token" in each for each in commands):
            self.token = done.stdout.strip()

    def _machine(self, number: int) -> str:
        """Return what stands for the commands of a machine of its own."""
        namespace = f"/var/run/netns/{self.lab.name}n{number}"
        return (
            "systemctl() { :; }\n"
            f'ip() {{ nsenter --net={namespace} ip "$@"; }}\n'
            f'swarmtui() {{ {sys.executable} -m swarmtui "$@" --yes; }}'
        )


def test_a_manager_by_the_book(fresh_lab: Lab, tmp_path: Path) -> None:
    lab, person = fresh_lab, Person(fresh_lab, 1, tmp_path / "home")
    create(lab, "web", "--replicas", "3", "-p", "8080:80")
    lab.docker(1, "node", "update", "--label-add", "zone=a b", "node1")
    await_whole(lab)
    old = bridge(lab, 1)
    book = json.loads(person.succeed("bridge", "rebuild", *WANTED, "--json"))["runbook"]
    follower = Follower(lab, tmp_path)

    for step in book["steps"]:
        follower.follow(step, node=1, other=2)

    made = bridge(lab, 1)
    assert made["Id"] != old["Id"]
    assert (made["IPAM"]["Config"], made["Options"]) == (CONFIG, OPTIONS)
    assert "10.11.0.2/16" in link_addresses(lab, 1)
    (node,) = (each for each in lab.get(2, "/nodes") if each["Description"]["Hostname"] == "node1")
    assert node["Spec"] == {
        "Availability": "active",
        "Labels": {"zone": "a b"},
        "Role": "manager",
    }
    assert node["ManagerStatus"]["Reachability"] == "reachable"
    assert node["Status"]["Addr"] == lab.address(1)
    wait_until(lambda: mesh_is_on(lab, 1), "ingress on the new bridge")
    await_whole(lab)
