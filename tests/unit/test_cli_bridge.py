"""The word `bridge` of the command line, with real runners on an embedded engine."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest

from swarmtui.cli import main
from tests.running import WatchedEngine, empty_swarm
from tests.unit.demo.asking import ask

WANTED = ("--subnet", "10.11.0.0/16", "--gateway", "10.11.0.2", "--mtu", "1400", "--icc")


class Shell:
    """Somebody who types commands at a node."""

    def __init__(self, engine: WatchedEngine, capsys: pytest.CaptureFixture[str]) -> None:
        self.engine, self._capsys = engine, capsys
        self.out = self.err = ""

    def run(self, *words: str, flags: tuple[str, ...] = ()) -> int:
        status = main(["--host", self.engine.url, *flags, "bridge", *words])
        captured = self._capsys.readouterr()
        self.out, self.err = captured.out, captured.err
        return status

    @property
    def writes(self) -> list[str]:
        return [method for method, _ in self.engine.asked if method != "GET"]

    @property
    def bridge(self) -> Any:
        with self.engine.changing() as swarm:
            return ask(swarm, "/networks/docker_gwbridge")


@pytest.fixture
def joined(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Shell]:
    """Somebody at a manager of two."""
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    monkeypatch.delenv("XDG_CONFIG_HOME", raising=False)
    for name in ("DOCKER_HOST", "DOCKER_CONTEXT", "SWARMTUI_READ_ONLY", "SWARMTUI_LAN_RANGES"):
        monkeypatch.delenv(name, raising=False)
    with TemporaryDirectory(prefix="cli-") as folder:
        engine = WatchedEngine(empty_swarm(), Path(folder) / "e.sock")
        with engine:
            yield Shell(engine, capsys)


@pytest.fixture
def alone(joined: Shell) -> Shell:
    """Somebody at a node that has left its swarm."""
    with joined.engine.changing() as swarm:
        swarm.leave("node1")
    return joined


def test_it_is_shown(joined: Shell) -> None:
    assert joined.run("show") == 0
    assert "Subnet           172.18.0.0/16" in joined.out
    assert "1 of 1024" in joined.out
    assert joined.run("show", "--json") == 0
    found = json.loads(joined.out)
    assert found["node"] == "node1"
    assert found["bridge"]["id"] == joined.bridge["Id"]


def test_out_of_a_swarm_it_is_rebuilt(alone: Shell) -> None:
    assert alone.run("rebuild", *WANTED, "--dry-run") == 0
    assert "Rebuild the gateway bridge: docker_gwbridge" in alone.out
    assert alone.run("rebuild", *WANTED, "--dry-run", "--json") == 0
    assert json.loads(alone.out)["plan"]["subject"] == "docker_gwbridge"
    assert alone.run("rebuild", *WANTED, "--script") == 0
    checked = subprocess.run(["bash", "-n"], input=alone.out, text=True, check=False)
    assert checked.returncode == 0
    assert alone.writes == []

    assert alone.run("rebuild", *WANTED, "--yes") == 0, alone.err
    assert alone.out.endswith("Done.\n")
    assert alone.writes == ["DELETE", "POST"]
    assert alone.bridge["IPAM"]["Config"] == [{"Subnet": "10.11.0.0/16", "Gateway": "10.11.0.2"}]
    assert alone.bridge["Options"] == {
        "com.docker.network.bridge.name": "docker_gwbridge",
        "com.docker.network.bridge.enable_icc": "true",
        "com.docker.network.bridge.enable_ip_masquerade": "true",
        "com.docker.network.driver.mtu": "1400",
    }
    # What is not said stays as it is; a gateway goes with its subnet.
    assert alone.run("rebuild", "--no-masquerade", "--mtu", "0", "--yes", "--json") == 0, alone.err
    assert json.loads(alone.out)["state"] == "done"
    assert alone.bridge["IPAM"]["Config"] == [{"Subnet": "10.11.0.0/16", "Gateway": "10.11.0.2"}]
    assert alone.bridge["Options"] == {
        "com.docker.network.bridge.name": "docker_gwbridge",
        "com.docker.network.bridge.enable_icc": "true",
        "com.docker.network.bridge.enable_ip_masquerade": "false",
    }


@pytest.mark.parametrize(
    ("words", "flags", "status", "told"),
    [
        (("--subnet", "172.17.0.0/16"), (), 1, "It overlaps this node's bridge network bridge"),
        (("--gateway", "10.9.9.9"), (), 1, "gateway: It is not in"),
        ((), (), 0, "docker_gwbridge is like this already"),
        (WANTED, (), 1, "It has to be confirmed, or started with --yes."),
        ((*WANTED, "--yes"), ("--read-only",), 1, "--read-only: nothing is changed"),
    ],
)
def test_what_is_refused(
    words: tuple[str, ...], flags: tuple[str, ...], status: int, told: str, alone: Shell
) -> None:
    assert alone.run("rebuild", *words, flags=flags) == status
    assert told in alone.out + alone.err
    assert alone.writes == []


def test_who_is_on_it_is_named(alone: Shell) -> None:
    with alone.engine.changing() as swarm:
        swarm.node("node1").gateway_bridge.join("c" * 64)
    assert alone.run("rebuild", *WANTED, "--yes") == 1
    assert "still on docker_gwbridge: gateway_" in alone.err
    assert alone.run("rebuild", *WANTED, "--yes", "--json") == 1
    assert json.loads(alone.out)["refusal"]["title"] == "Cannot rebuild the gateway bridge"
    assert alone.writes == []


@pytest.mark.parametrize("flags", [(), ("--read-only",)])
def test_in_a_swarm_it_is_a_runbook(flags: tuple[str, ...], joined: Shell) -> None:
    assert joined.run("rebuild", *WANTED, "--yes", flags=flags) == 0
    assert "Another docker_gwbridge for node1" in joined.out
    assert "docker node demote" in joined.out
    assert "nothing was changed" in joined.err
    assert joined.run("rebuild", *WANTED, "--script", flags=flags) == 0
    checked = subprocess.run(["bash", "-n"], input=joined.out, text=True, check=False)
    assert checked.returncode == 0
    assert joined.run("rebuild", *WANTED, "--json", flags=flags) == 0
    book = json.loads(joined.out)["runbook"]
    assert book["node"] == "node1"
    assert "docker swarm leave" in [each for step in book["steps"] for each in step["commands"]]
    assert joined.writes == []


def test_the_only_manager_is_told_what_to_do_first(joined: Shell) -> None:
    with joined.engine.changing() as swarm:
        swarm.node("node2").role = "worker"
    assert joined.run("rebuild", *WANTED) == 1
    assert "node1 is the only manager" in joined.err
    assert "docker node promote node2" in joined.err
