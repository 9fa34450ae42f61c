"""Requests that are sent together: what arrives, on how many connections, and what fails alone."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest

from swarmtui.engine.connection import Endpoint
from swarmtui.engine.pipeline import WINDOW
from swarmtui.engine.transport import ReadOnlyClient
from swarmtui.engine.wave import Outcome
from swarmtui.errors import (
    EngineAnswered,
    EngineGarbled,
    EngineNotFound,
    EngineTimedOut,
    RequestRefused,
)
from tests.recording import RecordingEngine, reply

PATHS = ("/info", "/nodes", "/networks", "/services")
PATIENCE = 0.4


@pytest.fixture(params=["unix", "tcp"])
def engine(request: pytest.FixtureRequest) -> Iterator[RecordingEngine]:
    answers = {path: reply(path.encode()) for path in PATHS}
    with RecordingEngine(answers, tcp=request.param == "tcp") as engine:
        yield engine


@contextmanager
def connected(url: str, timeout_seconds: float = 10) -> Iterator[ReadOnlyClient]:
    client = ReadOnlyClient(Endpoint(url), timeout_seconds=timeout_seconds)
    try:
        yield client
    finally:
        client.close()


def together(client: ReadOnlyClient, paths: Sequence[str] = PATHS) -> list[Outcome]:
    return list(client.fetch_all([(path, {}) for path in paths]))


def kinds(outcomes: list[Outcome]) -> list[type[Outcome]]:
    return [type(each) for each in outcomes]


BODIES = [path.encode() for path in PATHS]


def test_answers_come_in_order_on_the_connection_that_is_there(engine: RecordingEngine) -> None:
    engine.answers["/nodes"] = reply(b"x" * (4 << 20))
    engine.answers["/networks"] = (
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n"
    )
    with connected(engine.url) as client:
        for _ in range(3):
            assert together(client) == [b"/info", b"x" * (4 << 20), b"abcde", b"/services"]
        assert client.fetch("/info", {}) == b"/info"
    assert engine.connections == 1


def test_all_are_on_their_way_before_the_first_is_answered(tmp_path: Path) -> None:
    """The engine here answers nothing before as many have come as may wait."""
    path, asked = tmp_path / "d.sock", 0

    def serve(listener: socket.socket) -> None:
        nonlocal asked
        connection, _ = listener.accept()
        with connection, connection.makefile("rb") as stream:
            ends = (line for line in stream if line == b"\r\n")
            next(ends)
            connection.sendall(reply({"ApiVersion": "1.44"}))
            for _ in range(WINDOW):
                next(ends)
                asked += 1
            connection.sendall(reply(b"x") * WINDOW)
            for _ in ends:
                asked += 1
                connection.sendall(reply(b"y"))

    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(path))
        listener.listen()
        thread = threading.Thread(target=serve, args=(listener,), daemon=True)
        thread.start()
        with connected(f"unix://{path}", 60) as client:
            assert together(client, ["/info"] * WINDOW * 3) == [b"x"] * WINDOW + [b"y"] * WINDOW * 2
        thread.join(60)
    assert asked == WINDOW * 3


def test_an_error_status_is_that_of_one_request(engine: RecordingEngine) -> None:
    engine.answers["/nodes"] = reply({"message": "no"}, 503)
    with connected(engine.url) as client:
        outcomes = together(client)
    assert kinds(outcomes) == [bytes, EngineAnswered, bytes, bytes]
    assert engine.connections == 1


@pytest.mark.parametrize(
    "body",
    [
        b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n/nodes",
        b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 6\r\n\r\n/nodes",
    ],
)
def test_what_comes_after_the_last_answer_of_a_connection_is_asked_again(
    engine: RecordingEngine, body: bytes
) -> None:
    def last(connection: socket.socket, _: threading.Event) -> None:
        connection.sendall(body)
        connection.shutdown(socket.SHUT_WR)

    engine.answers["/nodes"] = last
    with connected(engine.url) as client:
        assert together(client) == BODIES
        assert together(client) == BODIES


def test_an_engine_that_closes_after_each_answer_is_read_all_the_same(
    engine: RecordingEngine,
) -> None:
    def closing(path: str) -> Callable[[socket.socket, threading.Event], None]:
        def answer(connection: socket.socket, _: threading.Event) -> None:
            connection.sendall(reply(path.encode()))
            connection.shutdown(socket.SHUT_RDWR)

        return answer

    engine.answers |= {path: closing(path) for path in PATHS}
    with connected(engine.url) as client:
        assert together(client) == BODIES


@pytest.mark.parametrize(
    "answer",
    [
        b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n[",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n9\r\n[",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n[",
        b"",
        b"garbage\r\n\r\n",
    ],
)
def test_a_cut_or_garbled_answer_is_that_of_one_request(
    engine: RecordingEngine, answer: bytes
) -> None:
    def cut(connection: socket.socket, _: threading.Event) -> None:
        connection.sendall(answer)
        connection.shutdown(socket.SHUT_RDWR)

    engine.answers["/nodes"] = cut
    with connected(engine.url) as client:
        outcomes = together(client)
        assert kinds(outcomes) == [bytes, EngineGarbled, bytes, bytes]
        assert [outcomes[0], *outcomes[2:]] == [BODIES[0], *BODIES[2:]]
        engine.answers["/nodes"] = reply(b"/nodes")
        assert together(client) == BODIES


def test_more_than_was_promised_spoils_no_other_answer(engine: RecordingEngine) -> None:
    engine.answers["/nodes"] = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n[]]]]]]]\r\n\r\n"
    with connected(engine.url) as client:
        assert together(client) == [BODIES[0], b"[]", *BODIES[2:]]


@pytest.mark.parametrize("begun", [b"", b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n["])
def test_a_late_answer_is_that_of_one_request(engine: RecordingEngine, begun: bytes) -> None:
    def stall(connection: socket.socket, stopping: threading.Event) -> None:
        connection.sendall(begun)
        stopping.wait()

    engine.answers["/nodes"] = stall
    with connected(engine.url, PATIENCE) as client:
        assert kinds(together(client)) == [bytes, EngineTimedOut, bytes, bytes]


def test_an_engine_that_restarted_meanwhile_is_asked_again(engine: RecordingEngine) -> None:
    with connected(engine.url) as client:
        together(client)
        engine.hang_up()
        assert together(client) == BODIES


def test_a_kept_connection_that_closes_as_it_is_used_is_no_failure(
    engine: RecordingEngine,
) -> None:
    seen: list[int] = []

    def once(connection: socket.socket, _: threading.Event) -> None:
        seen.append(1)
        if len(seen) == 2:
            connection.shutdown(socket.SHUT_RDWR)
        else:
            connection.sendall(reply(b"/info"))

    engine.answers["/info"] = once
    with connected(engine.url) as client:
        assert together(client) == BODIES
        assert together(client) == BODIES


def test_an_engine_that_is_gone_is_said_for_each(engine: RecordingEngine) -> None:
    with connected(engine.url) as client:
        together(client)
        engine.stop()
        assert kinds(together(client)) == [EngineNotFound] * len(PATHS)


def test_what_may_not_be_read_is_refused_and_never_sent(engine: RecordingEngine) -> None:
    engine.answers["/swarm"] = engine.answers["/networks/../swarm"] = reply(b"tokens")
    paths = ("/info", "/swarm", "/nodes", "/networks/../swarm", "/configs")
    with connected(engine.url) as client:
        outcomes = together(client, paths)
    assert kinds(outcomes) == [bytes, RequestRefused, bytes, RequestRefused, RequestRefused]
    assert engine.asked == ["GET /version", "GET /info", "GET /nodes"]


def test_whoever_stops_early_leaves_nothing_behind(engine: RecordingEngine) -> None:
    with connected(engine.url) as client:
        outcomes = client.fetch_all([(path, {}) for path in PATHS])
        assert next(outcomes) == b"/info"
        del outcomes
        assert together(client, PATHS[::-1]) == BODIES[::-1]


def test_headers_are_those_of_single_requests(engine: RecordingEngine) -> None:
    with connected(engine.url) as client:
        client.fetch("/info", {"a": "b c"})
        list(client.fetch_all([("/info", {"a": "b c"})]))
    _, alone, pipelined = engine.requests
    assert alone == pipelined


def test_a_list_that_has_not_changed_is_the_very_same(engine: RecordingEngine) -> None:
    long = bytes(range(256)) * (4 << 10)
    with connected(engine.url) as client:

        def read(body: bytes, path: str = "/services") -> bytes:
            engine.answers[path] = reply(body)
            (outcome,) = together(client, (path,))
            assert outcome == body
            return outcome

        first = read(long)
        assert read(long) is first
        for other in (long[:-1], long + b"x", long[:-1] + b"x", b"y" + long[1:], b"", long):
            assert read(other) is not first
        info = read(long, "/info")
        assert read(long, "/info") is not info


def test_a_list_that_fails_is_compared_with_none(engine: RecordingEngine) -> None:
    with connected(engine.url) as client:
        (first,) = together(client, ("/services",))
        engine.answers["/services"] = reply(b"no", 500)
        (failure,) = together(client, ("/services",))
        assert isinstance(failure, EngineAnswered)
        engine.answers["/services"] = reply(b"/services")
        assert together(client, ("/services",)) == [first]
