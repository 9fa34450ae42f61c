"""The words of the command line about networks, with real runners on an embedded engine."""

from __future__ import annotations

import json
import subprocess

import pytest

from swarmtui.demo import network_spec
from tests.unit.demo.asking import ask
from tests.unit.test_cli_changes import Shell, engine, shell

__all__ = ["engine", "shell"]  # pytest looks for fixtures here


def names(shell: Shell) -> set[str]:
    with shell.engine.changing() as swarm:
        listed = ask(swarm, "/networks")
    return {str(each["Name"]) for each in listed if each["Scope"] == "swarm"}


def make(shell: Shell, *made: str, subnet: str | None = None) -> None:
    with shell.engine.changing() as swarm:
        for name in made:
            swarm.create_network(network_spec(name, subnet=subnet, attachable=True))
        swarm.step(2)


CREATE = (
    "network", "create", "shop", "--subnet", "10.77.0.0/24", "--subnet", "10.78.0.0/24",
    "--gateway", "10.77.0.9", "--ip-range", "10.77.0.128/25", "--mtu", "1400",
    "--vxlan-id", "5000,5001", "--label", "team=a b", "--attachable", "--internal",
)  # fmt: skip


def test_what_is_only_shown_changes_nothing(shell: Shell) -> None:
    assert shell.run(*CREATE, "--dry-run") == 0
    assert "Create the network: shop" in shell.out
    assert "--subnet 10.77.0.0/24 --gateway 10.77.0.9 --ip-range 10.77.0.128/25" in shell.out
    assert shell.run(*CREATE, "--dry-run", "--json") == 0
    plan = json.loads(shell.out)["plan"]
    assert [step["title"] for step in plan["steps"]] == ["Create the network shop", "Verify"]
    assert shell.run(*CREATE, "--script") == 0
    checked = subprocess.run(["bash", "-n"], input=shell.out, text=True, check=False)
    assert checked.returncode == 0
    split = ("network", "split", "app", "--to", "app2", "--move", "onapp")
    assert shell.run(*split, "--dry-run") == 0
    assert "cannot reach each other: onapp and web." in shell.out
    assert shell.operations() == []
    assert shell.writes == []


def test_a_network_comes_and_goes(shell: Shell) -> None:
    assert shell.run(*CREATE, "--yes") == 0
    assert shell.out.endswith("Done.\n")
    assert "shop" in names(shell)
    assert shell.run("network", "remove", "shop", "--yes") == 0
    assert "shop" not in names(shell)
    assert [each["state"] for each in shell.operations()] == ["done", "done"]


@pytest.mark.parametrize(
    ("words", "status", "told"),
    [
        (("create", "app"), 0, "It is like this already"),
        (("create", "app", "--mtu", "1400"), 1, "There is a swarm network app already."),
        (("create", "x" * 64), 1, "It has 64 letters"),
        (("create", "shop", "--subnet", "10.20.0.64/27"), 1, "It overlaps network app"),
        (("create", "shop", "--gateway", "10.1.1.1"), 1, "A gateway needs a subnet."),
        (("create", "shop", "--subnet", "10.77.0.0/31"), 1, "It is smaller than a /30"),
        (("create", "shop", "--vxlan-id", "x"), 1, "Numbers, with commas"),
        (("create", "shop", "--label", "=x"), 1, "Write them as key=value"),
        (("remove", "app"), 1, "service web: 3 tasks on app"),
        (("remove", "app"), 1, "--detach takes the services off first."),
        (("remove", "nothing"), 1, "There is no swarm network nothing"),
        (("remove", "ingress"), 1, "ingress is the ingress network"),
        (("prune",), 0, "There is nothing to prune"),
        (("split", "app", "--to", "app2", "--move", "plain"), 1, "plain is not on app."),
        (("split", "app", "--to", "ingress", "--move", "web"), 1, "There is a swarm network"),
    ],
)
def test_what_is_refused(words: tuple[str, ...], status: int, told: str, shell: Shell) -> None:
    assert shell.run("network", *words, "--yes") == status
    assert told in shell.out + shell.err
    assert shell.writes == []


def test_one_that_is_never_allocated_stops_and_is_rolled_back(shell: Shell) -> None:
    def take(method: str, path: str) -> None:
        if (method, path) == ("POST", "/networks/create"):
            shell.engine.before = lambda method, path: None
            make(shell, "theirs", subnet="10.77.0.0/16")

    shell.engine.before = take
    assert shell.run("network", "create", "shop", "--subnet", "10.77.0.0/24", "--yes") == 2
    assert "its subnet may overlap another one" in " ".join(shell.err.split())
    (operation,) = shell.operations()
    assert shell.run("operations", "rollback", str(operation["id"])) == 0
    assert names(shell) == {"ingress", "app", "theirs"}


def test_a_removal_waits_for_containers(shell: Shell) -> None:
    make(shell, "lab")
    with shell.engine.changing() as swarm:
        swarm.run_container("node2", "box", ("lab",))
        swarm.step(3)
    assert shell.run("network", "remove", "lab", "--yes") == 1
    assert "container" in shell.err
    assert shell.run("network", "remove", "lab", "--wait-for-containers", "--dry-run") == 0
    assert "Disconnect containers from lab by hand" in shell.out


def test_a_prune_removes_all_that_nobody_uses(shell: Shell) -> None:
    make(shell, "one", "two")
    make(shell, "zombie", subnet="10.20.0.0/24")
    assert shell.run("network", "prune", "--yes") == 0
    assert "Remove the networks: 3 networks" in shell.out
    assert names(shell) == {"ingress", "app"}


def test_a_split_moves_services(shell: Shell) -> None:
    words = ("network", "split", "app", "--to", "app2", "--move", "onapp", "--both", "web")
    assert shell.run(*words, "--at-once", "--yes") == 0
    with shell.engine.changing() as swarm:
        known = {each["Id"]: each["Name"] for each in ask(swarm, "/networks")}
        asked = {
            name: [
                known.get(each["Target"], each["Target"])
                for each in ask(swarm, f"/services/{name}")["Spec"]["TaskTemplate"]["Networks"]
            ]
            for name in ("web", "onapp")
        }
    assert asked == {"web": ["app", "app2"], "onapp": ["app2"]}
