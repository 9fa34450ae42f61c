from __future__ import annotations

import os
import shutil
import signal
import socket
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from swarmtui.engine import ssh
from swarmtui.engine.connection import Endpoint
from swarmtui.engine.ssh import ssh_command
from swarmtui.engine.transport import ReadOnlyClient
from swarmtui.errors import (
    EngineAnswered,
    EngineForbidden,
    EngineGarbled,
    EngineNotFound,
    EngineTimedOut,
)
from tests.recording import RecordingEngine, reply

HOST = Endpoint("ssh://me@host:2222")

# Stands for ssh and the engine's host behind it: each word of FAKE_SSH is something it does.
FAKE_SSH = f"""#!{sys.executable}
import os, pathlib, signal, socket, sys, threading, time
here = pathlib.Path(sys.argv[0]).parent
here.joinpath(f"pid-{{os.getpid()}}").touch()
if os.getsid(0) != os.getpid():
    sys.exit("not in a session of its own")
for word in os.environ["FAKE_SSH"].split(";"):
    verb, _, rest = word.partition(" ")
    if verb == "say":
        print(rest, file=sys.stderr, flush=True)
    elif verb == "babble":
        print("debug: babble\\n" * 100_000, file=sys.stderr, flush=True)
    elif verb == "leave" and os.fork() == 0:
        os.close(0)
        os.close(1)
        here.joinpath(f"left-{{os.getpid()}}").touch()
        time.sleep(30)
        os._exit(0)
    elif verb == "stall":
        signal.pause()
    elif verb == "stubborn":
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        here.joinpath("stubborn").touch()
    elif verb == "exit":
        sys.exit(int(rest))
    elif verb == "dial":
        engine = socket.socket(socket.AF_UNIX)
        engine.connect(rest)
        def pump(read, write):
            while data := read(65536):
                while data:
                    data = data[write(data):]
        def up():
            pump(lambda size: os.read(0, size), engine.send)
            engine.shutdown(socket.SHUT_WR)
        threading.Thread(target=up, daemon=True).start()
        pump(engine.recv, lambda data: os.write(1, data))
"""


@pytest.fixture
def fake(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Put a fake ssh first on the PATH; the words say what it does."""
    script = tmp_path / "ssh"
    script.write_text(FAKE_SSH)
    script.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=os.pathsep)
    return lambda words: monkeypatch.setenv("FAKE_SSH", words)


@pytest.fixture
def engine() -> Iterator[RecordingEngine]:
    with RecordingEngine({"/info": reply({"ID": "x"})}) as engine:
        yield engine


@contextmanager
def connected(timeout_seconds: float = 10) -> Iterator[ReadOnlyClient]:
    client = ReadOnlyClient(HOST, timeout_seconds=timeout_seconds)
    try:
        yield client
    finally:
        client.close()


def processes(folder: Path) -> list[int]:
    """Return the fake ssh processes that were started, those alive only."""
    started = [int(path.name.removeprefix("pid-")) for path in folder.glob("pid-*")]
    return [pid for pid in started if Path(f"/proc/{pid}").exists()]


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("ssh://host", "-- host docker system dial-stdio"),
        ("ssh://me@Host:22", "-l me -p 22 -- Host docker system dial-stdio"),
        ("ssh://a%40b@host", "-l a@b -- host docker system dial-stdio"),
        ("ssh://[::1]:22", "-p 22 -- ::1 docker system dial-stdio"),
        ("ssh://host/run/d.sock", "-- host docker --host unix:///run/d.sock system dial-stdio"),
        ("ssh://host/", "-- host docker system dial-stdio"),
        ("ssh://host/a;reboot", "-- host docker --host 'unix:///a;reboot' system dial-stdio"),
        ("ssh://-oProxyCommand=x", "-- -oProxyCommand=x docker system dial-stdio"),
    ],
)
def test_the_command_is_that_of_the_docker_cli(url: str, words: str) -> None:
    own = "ssh -o ConnectTimeout=3 -o BatchMode=yes -T "
    assert " ".join(ssh_command(url, 2.5)) == own + words


def test_reading_through_ssh(
    fake: Callable[[str], None], engine: RecordingEngine, tmp_path: Path
) -> None:
    fake(f"dial {engine.path}")
    with connected() as client:
        for _ in range(5):
            assert client.fetch("/info", {}) == b'{"ID": "x"}'
        assert len(processes(tmp_path)) == 1
    assert engine.connections == 1
    assert processes(tmp_path) == []


def test_one_ssh_carries_every_reading(
    fake: Callable[[str], None], engine: RecordingEngine, tmp_path: Path
) -> None:
    """Each ssh is a process, a log-in and several round trips."""
    engine.answers["/nodes"] = reply({"message": "no leader"}, 500)
    fake(f"dial {engine.path}")
    with connected() as client:
        for _ in range(20):
            info, nodes = client.fetch_all([("/info", {}), ("/nodes", {})])
            assert info == b'{"ID": "x"}'
            assert isinstance(nodes, EngineAnswered)
    assert len(list(tmp_path.glob("pid-*"))) == 1
    assert engine.connections == 1


def test_a_large_body_through_ssh(fake: Callable[[str], None], engine: RecordingEngine) -> None:
    body = b"x" * (8 << 20)
    engine.answers["/tasks"] = reply(body)
    engine.answers["/nodes"] = reply(b"first", headers="Connection: close\r\n")
    fake(f"dial {engine.path}")
    with connected() as client:
        assert client.fetch("/tasks", {}) == body
        assert client.fetch("/nodes", {}) == b"first"
        assert client.fetch("/tasks", {}) == body


def test_events_through_ssh(
    fake: Callable[[str], None], engine: RecordingEngine, tmp_path: Path
) -> None:
    head = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"

    def events(connection: socket.socket, stopping: threading.Event) -> None:
        connection.sendall(head)
        stopping.wait()

    engine.answers["/events"] = events
    fake(f"dial {engine.path}")
    with connected() as client:
        stream = client.open_events()
        client.fetch("/info", {})
        assert len(processes(tmp_path)) == 2
        ended = threading.Thread(target=stream.wait)
        ended.start()
        stream.close()
        ended.join(5)
        assert not ended.is_alive()
        stream.release()
        assert len(processes(tmp_path)) == 1
    assert processes(tmp_path) == []


@pytest.mark.parametrize(
    ("said", "kind", "hint"),
    [
        ("me@host: Permission denied (publickey,password).", EngineForbidden, "ssh-add"),
        (
            "permission denied while trying to connect to the Docker daemon socket",
            EngineForbidden,
            "docker group",
        ),
        ("Host key verification failed.", EngineNotFound, "ssh ssh://me@host:2222"),
        ("bash: line 1: docker: command not found", EngineNotFound, "docker version"),
        ("", EngineNotFound, "docker version"),
    ],
)
def test_what_ssh_says_is_told(
    fake: Callable[[str], None],
    capfd: pytest.CaptureFixture[str],
    tmp_path: Path,
    said: str,
    kind: type[Exception],
    hint: str,
) -> None:
    fake(f"say {said};exit 255")
    with pytest.raises(kind) as caught, connected():
        pass
    assert said in str(caught.value)
    assert hint in str(caught.value)
    assert capfd.readouterr() == ("", "")
    assert processes(tmp_path) == []


def test_ssh_that_ends_later_is_told(fake: Callable[[str], None], engine: RecordingEngine) -> None:
    def cut(connection: socket.socket, stopping: threading.Event) -> None:
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n[")
        connection.shutdown(socket.SHUT_RDWR)

    engine.answers["/tasks"] = cut
    fake(f"dial {engine.path};say Connection to host lost;exit 255")
    with connected() as client:
        with pytest.raises(EngineNotFound, match="ssh to") as caught:
            client.fetch("/tasks", {})
        assert "Connection to host lost" in caught.value.explanation
        assert client.fetch("/info", {}) == b'{"ID": "x"}'


def test_an_engine_that_hangs_up_behind_ssh(
    fake: Callable[[str], None], engine: RecordingEngine
) -> None:
    fake("exit 0")
    with pytest.raises(EngineGarbled, match="hung up"), connected():
        pass


def test_ssh_without_an_answer_times_out(fake: Callable[[str], None], tmp_path: Path) -> None:
    fake("stall")
    started = time.monotonic()
    with pytest.raises(EngineTimedOut), connected(0.3):
        pass
    assert time.monotonic() - started < ssh.GRACE_SECONDS
    assert processes(tmp_path) == []


def test_ssh_that_does_not_want_to_end(
    fake: Callable[[str], None], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ssh, "GRACE_SECONDS", 0.2)
    fake("stubborn;stall")
    with pytest.raises(EngineTimedOut), connected(0.5):
        pass
    assert (tmp_path / "stubborn").exists()
    assert processes(tmp_path) == []


def test_ssh_that_talks_a_lot(fake: Callable[[str], None], engine: RecordingEngine) -> None:
    """A pipe for what ssh says would fill up."""
    fake(f"babble;dial {engine.path}")
    with connected() as client:
        client.fetch("/info", {})


def test_ssh_that_leaves_a_master_behind(fake: Callable[[str], None], tmp_path: Path) -> None:
    """A pipe for what ssh says would not end."""
    fake("leave;say Connection refused;exit 255")
    with pytest.raises(EngineNotFound, match="ssh to"), connected():
        pass
    for path in tmp_path.glob("left-*"):
        os.kill(int(path.name.removeprefix("left-")), signal.SIGKILL)


@pytest.mark.skipif(shutil.which("ssh") is None, reason="there is no ssh here")
def test_the_real_ssh_is_heard(capfd: pytest.CaptureFixture[str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    with pytest.raises(EngineNotFound) as caught:
        ReadOnlyClient(Endpoint(f"ssh://127.0.0.1:{port}"), timeout_seconds=5)
    assert "Connection refused" in caught.value.explanation
    assert capfd.readouterr() == ("", "")


def test_without_ssh(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert shutil.which("ssh") is None
    with pytest.raises(EngineNotFound, match="no ssh here"), connected():
        pass
