from __future__ import annotations

import gc
import json
import socket
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pytest

from swarmtui.engine import transport
from swarmtui.engine.connection import Endpoint
from swarmtui.engine.dial import OVERALL_SHARE, DialledSocket
from swarmtui.engine.transport import ReadOnlyClient
from swarmtui.errors import (
    EngineAnswered,
    EngineError,
    EngineForbidden,
    EngineGarbled,
    EngineNotFound,
    EngineTimedOut,
    EngineTlsFailed,
    EngineTooOld,
    RequestRefused,
)
from tests.recording import RecordingEngine, Script, reply

PATIENCE = 0.2
SECONDS_AT_MOST = PATIENCE * (2 * OVERALL_SHARE + 4)
CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"


@contextmanager
def connected(engine: RecordingEngine, timeout_seconds: float = 5) -> Iterator[ReadOnlyClient]:
    client = ReadOnlyClient(Endpoint(engine.url), timeout_seconds=timeout_seconds)
    try:
        yield client
    finally:
        client.close()


def sends(*parts: bytes, then: str = "wait") -> Script:
    """Send some bytes and keep quiet, or hang up."""

    def script(connection: socket.socket, stopping: threading.Event) -> None:
        for part in parts:
            connection.sendall(part)
        if then == "hang up":
            connection.shutdown(socket.SHUT_RDWR)
        else:
            stopping.wait()

    return script


def drips(head: bytes, drop: bytes) -> Script:
    def script(connection: socket.socket, stopping: threading.Event) -> None:
        connection.sendall(head)
        while not stopping.wait(PATIENCE / 10):
            connection.sendall(drop)

    return script


@pytest.fixture(params=["unix", "tcp"])
def engine(request: pytest.FixtureRequest) -> Iterator[RecordingEngine]:
    with RecordingEngine(tcp=request.param == "tcp") as engine:
        yield engine


def test_the_engines_own_version_is_spoken(engine: RecordingEngine) -> None:
    engine.answers["/version"] = reply({"ApiVersion": "1.99", "MinAPIVersion": "1.90"})
    engine.answers["/info"] = reply({"ID": "x"})
    with connected(engine) as client:
        assert client.api_version == "1.99"
        assert client.fetch("/info", {}) == b'{"ID": "x"}'
    assert [request.target for request in engine.requests] == ["/version", "/v1.99/info"]


@pytest.mark.parametrize("version", ["1.39", "1.4", "0.99", "", "one", "1.44/../../swarm", "1"])
def test_an_engine_too_old_is_refused(version: str) -> None:
    with RecordingEngine({"/version": reply({"ApiVersion": version})}) as engine:
        with pytest.raises(EngineTooOld) as caught, connected(engine):
            pass
        assert "1.40" in caught.value.explanation
        assert engine.asked == ["GET /version"]


def test_many_reads_use_one_connection(engine: RecordingEngine) -> None:
    engine.answers |= {"/info": reply({}), "/networks": CHUNKED + b"2\r\n[]\r\n0\r\n\r\n"}
    with connected(engine) as client:
        for _ in range(10):
            assert client.fetch("/info", {}) == b"{}"
            assert client.fetch("/networks", {}) == b"[]"
            with pytest.raises(EngineAnswered):
                client.fetch("/nodes/gone", {})
            assert client.networks() == []
    assert len(engine.requests) == 41
    assert engine.connections == 1


def test_an_engine_that_closes_each_connection_is_read_all_the_same(
    engine: RecordingEngine,
) -> None:
    def script(connection: socket.socket, stopping: threading.Event) -> None:
        connection.sendall(b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\nbody")
        connection.shutdown(socket.SHUT_RDWR)

    engine.answers["/info"] = script
    with connected(engine) as client:
        assert client.fetch("/info", {}) == b"body"
        assert client.fetch("/info", {}) == b"body"


def test_a_large_body_is_read_whole(engine: RecordingEngine) -> None:
    body = bytes(range(256)) * 4096 * 20
    engine.answers["/tasks"] = reply(body)
    with connected(engine) as client:
        assert client.fetch("/tasks", {"filters": '{"a":["b"]}'}) == body
    assert engine.requests[-1].target == "/v1.44/tasks?filters=%7B%22a%22%3A%5B%22b%22%5D%7D"
    assert engine.requests[-1].headers["accept-encoding"] == "identity"


def test_no_environment_sends_requests_elsewhere(
    engine: RecordingEngine, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    netrc = tmp_path / "netrc"
    netrc.write_text("default login me password secret")
    monkeypatch.setenv("NETRC", str(netrc))
    (tmp_path / "config.json").write_text('{"auths": 3, "HttpHeaders": {"X-Mine": "secret"}}')
    monkeypatch.setenv("DOCKER_CONFIG", str(tmp_path))
    engine.answers["/info"] = reply({})
    with connected(engine) as client:
        client.info()
    assert not any("secret" in str(request.headers) for request in engine.requests)
    assert not any("authorization" in request.headers for request in engine.requests)


@pytest.mark.parametrize(
    ("status", "body", "message"),
    [
        (
            503,
            b'{"message":"This node is not a swarm manager."}',
            "This node is not a swarm manager.",
        ),
        (500, b'{"message":"rpc error: code = Unknown desc = no leader"}', "no leader"),
        (404, b"404 page not found\n", "404 page not found"),
        (500, b'{"message":3}', '{"message":3}'),
        (502, b"\xff\xfe", "\ufffd\ufffd"),
        (500, b"", ""),
        (301, b"", ""),
        (204, b"", ""),
    ],
)
def test_a_refusal_is_told_in_the_engines_words(status: int, body: bytes, message: str) -> None:
    with RecordingEngine({"/nodes": reply(body, status)}) as engine, connected(engine) as client:
        with pytest.raises(EngineAnswered) as caught:
            client.fetch("/nodes", {})
        assert (caught.value.status, caught.value.message) == (status, message)
        assert caught.value.explanation


def test_an_engine_that_wants_tls_says_so() -> None:
    told = reply(b"Client sent an HTTP request to an HTTPS server.\n", 400)
    with RecordingEngine({"/version": told}) as engine:
        with pytest.raises(EngineTlsFailed) as caught, connected(engine):
            pass
        assert "DOCKER_TLS_VERIFY" in caught.value.hint


BROKEN: Mapping[str, tuple[Script, type[EngineError]]] = {
    "never answers": (sends(), EngineTimedOut),
    "stops in the status": (sends(b"HTTP/1.1 200"), EngineTimedOut),
    "stops in the head": (sends(b"HTTP/1.1 200 OK\r\nContent-Le"), EngineTimedOut),
    "stops in the body": (
        sends(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n[1"),
        EngineTimedOut,
    ),
    "stops in a chunk": (sends(CHUNKED + b"9\r\n[1"), EngineTimedOut),
    "hangs up at once": (sends(then="hang up"), EngineGarbled),
    "hangs up in the status": (sends(b"HTTP/1", then="hang up"), EngineGarbled),
    "cuts the body": (
        sends(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n[1", then="hang up"),
        EngineGarbled,
    ),
    "cuts a chunk": (sends(CHUNKED + b"9\r\n[1", then="hang up"), EngineGarbled),
    "cuts between chunks": (sends(CHUNKED + b"2\r\n[1\r\n", then="hang up"), EngineGarbled),
    "sends bad chunks": (sends(CHUNKED + b"zz\r\n[1", then="hang up"), EngineGarbled),
    "speaks ssh": (sends(b"SSH-2.0-OpenSSH_9.2\r\n"), EngineGarbled),
    "speaks noise": (sends(bytes(range(255)) + b"\r\n", then="hang up"), EngineGarbled),
    "sends a head without end": (sends(b"HTTP/1.1 200 OK\r\nX: " + b"x" * 99999), EngineGarbled),
    "sends too many headers": (sends(b"HTTP/1.1 200 OK\r\n" + b"X: x\r\n" * 999), EngineGarbled),
}


@pytest.mark.parametrize("how", BROKEN)
def test_a_broken_answer_is_an_error_and_soon(engine: RecordingEngine, how: str) -> None:
    script, kind = BROKEN[how]
    engine.answers["/tasks"] = script
    engine.answers["/info"] = reply({})
    with connected(engine, PATIENCE) as client:
        started = time.monotonic()
        with pytest.raises(kind) as caught:
            client.fetch("/tasks", {})
        assert time.monotonic() - started < SECONDS_AT_MOST
        assert type(caught.value) is kind
        assert caught.value.explanation
        assert client.fetch("/info", {}) == b"{}", "a broken connection is not used again"


@pytest.mark.parametrize(
    ("head", "drop"),
    [
        (b"HTTP/1.1 200 OK\r\nX: ", b"x"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 999999\r\n\r\n", b"x"),
        (CHUNKED, b"1\r\nx\r\n"),
    ],
    ids=["head", "body", "chunks"],
)
def test_an_answer_that_drips_is_cut(head: bytes, drop: bytes) -> None:
    answers = {"/tasks": drips(head, drop)}
    with RecordingEngine(answers) as engine, connected(engine, PATIENCE) as client:
        started = time.monotonic()
        with pytest.raises(EngineTimedOut):
            client.fetch("/tasks", {})
        assert time.monotonic() - started < SECONDS_AT_MOST


def test_an_answer_without_end_is_cut(
    engine: RecordingEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(transport, "LIST_LIMIT_BYTES", 1 << 20)

    def endless(connection: socket.socket, stopping: threading.Event) -> None:
        connection.sendall(CHUNKED)
        while not stopping.is_set():
            connection.sendall(b"1000\r\n" + b"x" * 4096 + b"\r\n")

    engine.answers["/tasks"] = endless
    with connected(engine) as client, pytest.raises(EngineGarbled, match="too large"):
        client.fetch("/tasks", {})


def test_an_engine_that_returns_is_read_again() -> None:
    with RecordingEngine({"/info": reply({"ID": "first"})}) as engine, connected(engine) as client:
        client.fetch("/info", {})
        engine.hang_up()
        assert json.loads(client.fetch("/info", {})) == {"ID": "first"}
        assert engine.connections == 2


def away(tmp_path: Path) -> Endpoint:
    return Endpoint(f"unix://{tmp_path}/no.sock", None, "DOCKER_HOST")


def a_plain_file(tmp_path: Path) -> Endpoint:
    (tmp_path / "file").touch()
    return Endpoint(f"unix://{tmp_path}/file")


def a_closed_port(tmp_path: Path) -> Endpoint:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return Endpoint(f"tcp://127.0.0.1:{listener.getsockname()[1]}")


def too_long_a_path(tmp_path: Path) -> Endpoint:
    return Endpoint("unix:///" + "x" * 200)


@pytest.mark.parametrize(
    ("endpoint_in", "words"),
    [
        (away, "socket does not exist (address from DOCKER_HOST)"),
        (a_plain_file, "refused"),
        (a_closed_port, "refused"),
        (too_long_a_path, "path too long"),
    ],
)
def test_where_nothing_listens(
    tmp_path: Path, endpoint_in: Callable[[Path], Endpoint], words: str
) -> None:
    with pytest.raises(EngineNotFound) as caught:
        ReadOnlyClient(endpoint_in(tmp_path), timeout_seconds=1)
    assert words in caught.value.explanation


def test_a_socket_that_is_not_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    def denied(*_: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(DialledSocket, "connect", denied)
    with pytest.raises(EngineForbidden) as caught:
        ReadOnlyClient(Endpoint("unix:///var/run/docker.sock"), timeout_seconds=1)
    assert "docker group" in caught.value.hint


def test_a_host_that_is_not_known(monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(*_: object) -> None:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    with pytest.raises(EngineNotFound, match="host of tcp://nowhere:2375 is not known"):
        ReadOnlyClient(Endpoint("tcp://nowhere:2375"), timeout_seconds=1)


def test_a_path_before_the_engines_own() -> None:
    with RecordingEngine(tcp=True) as engine:
        engine.answers["/base/version"] = reply({"ApiVersion": "1.44"})
        engine.answers["/base/v1.44/info"] = reply({"ID": "x"})
        client = ReadOnlyClient(Endpoint(f"{engine.url}/base"), timeout_seconds=5)
        assert client.info() == {"ID": "x"}
        with pytest.raises(RequestRefused):
            client.get("http+docker://localhost/info")
        with pytest.raises(RequestRefused):
            client.inspect_swarm()
        client.close()
    assert engine.requests[-1].headers["host"] == f"127.0.0.1:{engine.port}"


def test_a_client_leaves_nothing_open(engine: RecordingEngine) -> None:
    engine.answers["/info"] = reply({})
    with connected(engine) as client:
        client.fetch("/info", {})
    del client
    gc.collect()
    engine.wait_until_idle()
