"""The words of the command line that change the swarm, with real runners on an embedded engine."""

from __future__ import annotations

import json
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest

from swarmtui.cli import main
from swarmtui.demo import network_spec
from swarmtui.operations import read_operation
from swarmtui.operations.journal import Journal
from swarmtui.operations.lines import Ended, Noted
from tests.running import WatchedEngine, small_swarm
from tests.terminal import Terminal
from tests.unit.demo.asking import ask

MESH = ("--name", "mesh", "--subnet", "10.77.0.0/24", "--gateway", "10.77.0.9", "--mtu", "1400")
TICK_SECONDS = 0.01
PACE = 40.0


@pytest.fixture
def engine() -> Iterator[WatchedEngine]:
    """An engine whose time passes by itself, much faster than ours."""
    over = threading.Event()

    def pass_time() -> None:
        while not over.wait(TICK_SECONDS):
            served.step(TICK_SECONDS * PACE)

    # A folder of pytest can be too long for the address of a unix socket.
    with TemporaryDirectory(prefix="cli-") as folder:
        served = WatchedEngine(small_swarm(), Path(folder) / "e.sock")
        with served:
            time = threading.Thread(target=pass_time)
            time.start()
            yield served
            over.set()
            time.join()


class Shell:
    """Somebody who types commands."""

    def __init__(self, engine: WatchedEngine, capsys: pytest.CaptureFixture[str], state: Path):
        self.engine, self._capsys, self.folder = engine, capsys, state / "swarmtui" / "operations"
        self.out = self.err = ""

    def run(self, *words: str, flags: tuple[str, ...] = ()) -> int:
        status = main(["--host", self.engine.url, *flags, *words])
        captured = self._capsys.readouterr()
        self.out, self.err = captured.out, captured.err
        return status

    def operations(self) -> list[dict[str, Any]]:
        assert self.run("operations", "list", "--json") == 0
        listed: dict[str, list[dict[str, Any]]] = json.loads(self.out)
        assert listed.keys() == {"operations"}
        return listed["operations"]

    @property
    def writes(self) -> list[str]:
        """What arrived at the engine that was no read."""
        return [f"{method} {path}" for method, path in self.engine.asked if method != "GET"]

    @property
    def ingress(self) -> str:
        """The name of the one ingress network."""
        with self.engine.changing() as swarm:
            listed = ask(swarm, "/networks")
        (name,) = (str(each["Name"]) for each in listed if each["Ingress"])
        return name


@pytest.fixture
def shell(
    engine: WatchedEngine,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Shell:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    monkeypatch.setenv("COLUMNS", "100")
    monkeypatch.delenv("XDG_CONFIG_HOME", raising=False)
    for name in ("DOCKER_HOST", "DOCKER_CONTEXT", "SWARMTUI_READ_ONLY", "SWARMTUI_LAN_RANGES"):
        monkeypatch.delenv(name, raising=False)
    return Shell(engine, capsys, tmp_path)


def test_what_is_only_shown_changes_nothing(shell: Shell) -> None:
    assert shell.run("ingress", "replace", *MESH, "--dry-run") == 0
    assert "Replace the ingress network: ingress" in shell.out
    assert "docker network create --driver overlay --ingress --subnet 10.77.0.0/24" in shell.out
    assert shell.run("ingress", "replace", *MESH, "--dry-run", "--json") == 0
    plan = json.loads(shell.out)["plan"]
    assert plan["subject"] == "ingress"
    assert [step["title"] for step in plan["steps"]][-1] == "Verify"
    assert shell.run("ingress", "replace", *MESH, "--script") == 0
    checked = subprocess.run(["bash", "-n"], input=shell.out, text=True, check=False)
    assert checked.returncode == 0
    assert shell.operations() == []
    assert shell.writes == []


@pytest.mark.parametrize(
    ("words", "flags", "status", "told"),
    [
        (("--subnet", "10.20.0.64/26"), (), 1, "It overlaps network app"),
        (("--subnet", "10.77.0.5/24"), (), 1, "write 10.77.0.0/24"),
        (("--gateway", "10.9.9.9"), (), 1, "gateway: It is not in"),
        (("--mtu", "12"), (), 1, "mtu: Containers would get"),
        ((), (), 0, "The ingress is like this already"),
        (MESH, (), 1, "It has to be confirmed, or started with --yes."),
        ((*MESH, "--yes"), ("--read-only",), 1, "--read-only: nothing is changed"),
    ],
)
def test_what_is_refused(
    words: tuple[str, ...], flags: tuple[str, ...], status: int, told: str, shell: Shell
) -> None:
    assert shell.run("ingress", "replace", *words, flags=flags) == status
    assert told in shell.out + shell.err
    assert shell.operations() == []
    assert shell.writes == []


def test_ranges_of_the_local_network_are_kept_clear(
    shell: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SWARMTUI_LAN_RANGES", "10.77.0.0/16, 192.168.0.0/16")
    assert shell.run("ingress", "replace", *MESH, "--yes") == 1
    assert "It overlaps the LAN range (10.77.0.0/16)." in shell.err
    assert shell.writes == []


def test_a_whole_replacement(shell: Shell) -> None:
    assert shell.run("ingress", "replace", *MESH, "--at-once", "--yes") == 0
    assert shell.out.endswith("Done.\n")
    assert "Create the ingress network mesh" in shell.out
    assert shell.ingress == "mesh"
    (operation,) = shell.operations()
    assert operation.keys() == {"id", "title", "state", "started_at", "step", "steps"}
    assert (operation["state"], operation["step"]) == ("done", operation["steps"])
    assert shell.run("ingress", "replace", *MESH, "--yes", "--json") == 0
    assert json.loads(shell.out)["refusal"]["needless"]
    assert shell.run("operations", "show", operation["id"]) == 0
    assert "All 7 steps done" in shell.out
    assert shell.run("ingress", "repair", "--yes") == 0
    assert shell.out.startswith("There is nothing to repair")
    for act in ("resume", "rollback", "dismiss"):
        assert shell.run("operations", act, operation["id"]) == 1
        assert f"{operation['id']} is done" in shell.err
    assert shell.run("operations", "stop", operation["id"]) == 1


@pytest.fixture
def stopped(shell: Shell) -> str:
    """Have somebody create another ingress in the middle of a replacement; return its id."""

    def stop(method: str, path: str) -> None:
        if method == "POST" and path == "/networks/create":
            with shell.engine.changing() as swarm:
                swarm.create_network({**network_spec("theirs"), "Ingress": True})
            shell.engine.before = lambda method, path: None

    shell.engine.before = stop
    assert shell.run("ingress", "replace", *MESH, "--at-once", "--yes") == 2
    told = shell.err
    assert "swarmtui: Stopped in: Create the ingress network mesh" in told
    (operation,) = shell.operations()
    assert operation["state"] == "stopped"
    journal = shell.folder / f"{operation['id']}.jsonl"
    assert f"Journal: {journal}" in told
    assert f"swarmtui operations resume {operation['id']}" in told
    return str(operation["id"])


@pytest.mark.parametrize(
    ("act", "state", "name"),
    [("resume", "done", "mesh"), ("rollback", "rolled-back", "ingress")],
)
def test_one_that_stopped_goes_both_ways(
    act: str, state: str, name: str, shell: Shell, stopped: str
) -> None:
    assert shell.run("ingress", "replace", "--yes", "--mtu", "1300") == 1
    assert "Another operation of this swarm is stopped" in shell.err
    assert shell.run("operations", act, stopped, flags=("--read-only",)) == 1
    assert shell.run("operations", act, stopped[:-2]) == 0
    assert [each["state"] for each in shell.operations()] == [state]
    assert shell.ingress == name


def test_one_that_stopped_is_dismissed(shell: Shell, stopped: str) -> None:
    assert shell.run("operations", "dismiss", stopped) == 0
    assert [each["state"] for each in shell.operations()] == ["dismissed"]
    assert shell.ingress == "theirs"


def test_an_operation_that_is_not_there(shell: Shell) -> None:
    assert shell.run("operations", "show", "20010101") == 1
    assert "There is no operation 20010101" in shell.err
    assert shell.run("operations") == 0
    assert "No operation has been run from here." in shell.out


def test_of_two_operations_one_has_to_be_named(shell: Shell, stopped: str) -> None:
    path = shell.folder / f"{stopped}.jsonl"
    other = path.with_name(f"{stopped}0.jsonl")
    other.write_bytes(path.read_bytes().replace(stopped.encode(), f"{stopped}0".encode()))
    assert shell.run("operations", "dismiss", stopped[:5]) == 1
    assert f"There are several operations {stopped[:5]}" in shell.err


def test_an_engine_that_is_away(shell: Shell) -> None:
    for words in (("replace", *MESH), ("repair",)):
        assert main(["--host", "unix:///nowhere/docker.sock", "ingress", *words, "--yes"]) == 3


def test_a_journal_is_followed_while_it_is_in_use(shell: Shell, stopped: str) -> None:
    path = shell.folder / f"{stopped}.jsonl"
    with Journal(path) as journal:
        journal.append(Noted(1, "at it", "2026-03-05T09:30:00+00:00"))
        assert [each["state"] for each in shell.operations()] == ["running"]
        assert shell.run("operations", "resume", stopped) == 1
        assert f"{stopped} is running" in shell.err
        journal.append(Ended("dismissed", "", "2026-03-05T09:30:00+00:00"))
    assert read_operation(path).is_over


@pytest.mark.parametrize(("typed", "status"), [("ingres", 1), ("ingress", 0)])
def test_it_asks_for_the_name_on_a_terminal(typed: str, status: int, shell: Shell) -> None:
    words = ("ingress", "replace", *MESH, "--at-once")
    with Terminal("--host", shell.engine.url, *words, lines=80) as terminal:
        terminal.wait_for("Type the name to start (ingress): ")
        terminal.press(f"{typed}\r")
        assert terminal.wait_for_end(30) == status
    assert shell.ingress == ("mesh" if status == 0 else "ingress")
