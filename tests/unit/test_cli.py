from __future__ import annotations

import json
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from swarmtui.cli import main
from swarmtui.demo import DemoEngine, demo_swarm


@pytest.fixture(autouse=True)
def narrow(no_docker_here: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "100")


def test_the_demo_as_json(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--demo", "snapshot", "--json"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert document["schema"] == 1
    assert len(document["nodes"]) == 5
    assert any(not network["allocated"] for network in document["networks"])


def test_the_demo_as_tables_where_there_is_no_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--demo"]) == 0
    captured = capsys.readouterr()
    assert "no terminal" in captured.err
    assert "not allocated" in captured.out
    assert "\x1b[" not in captured.out


@pytest.mark.parametrize("kind", ["dumb", ""])
def test_a_terminal_without_a_cursor_gets_tables(
    kind: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("TERM", kind)
    for stream in (sys.stdin, sys.stdout):
        monkeypatch.setattr(stream, "isatty", lambda: True)
    assert main(["--demo"]) == 0
    captured = capsys.readouterr()
    assert f"TERM={kind} cannot show the explorer" in captured.err
    assert "not allocated" in captured.out


def test_an_engine_that_cannot_be_read(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--host", "unix:///nowhere/docker.sock", "snapshot"]) == 3
    error = capsys.readouterr().err
    assert "There is no engine at unix:///nowhere/docker.sock" in error
    assert "systemctl start docker" in error


@pytest.mark.parametrize(
    "arguments",
    [
        ["--host", "unix:///a", "--context", "b", "snapshot"],
        ["--interval", "0", "snapshot"],
        ["--context", "nothere", "snapshot"],
        ["--host", "gopher://x", "snapshot"],
    ],
)
def test_wrong_settings_are_told(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(arguments) == 3
    captured = capsys.readouterr()
    assert captured.err.startswith("swarmtui: ")
    assert "Traceback" not in captured.err
    assert captured.out == ""


def test_an_unknown_word_is_a_usage_error(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        main(["frobnicate"])
    assert caught.value.code == 2
    assert "invalid choice" in capsys.readouterr().err


def test_a_worker_says_so_beside_its_tables(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    socket = tmp_path / "d.sock"
    with DemoEngine(demo_swarm(), socket, node="worker-1", live=False):
        assert main(["--host", f"unix://{socket}", "snapshot"]) == 0
    captured = capsys.readouterr()
    assert "This node is a worker" in captured.err
    assert "ingress" in captured.out


def test_the_engine_serves_until_it_is_told_to_stop(tmp_path: Path) -> None:
    socket = tmp_path / "e.sock"
    command = [sys.executable, "-m", "swarmtui", "engine", "--socket", str(socket)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert str(socket) in process.stdout.readline()
        assert main(["--host", f"unix://{socket}", "snapshot", "--json"]) == 0
        assert main(["engine", "--socket", str(socket)]) == 2
        process.send_signal(signal.SIGTERM)
        assert process.wait(10) == 0
    assert not socket.exists()


def test_a_pipe_that_closes_early_is_no_trouble(tmp_path: Path) -> None:
    command = f"{sys.executable} -m swarmtui --demo snapshot | head -n 1"
    done = subprocess.run(command, shell=True, capture_output=True, text=True, check=False)
    assert "Traceback" not in done.stderr
    assert "Networks" in done.stdout
