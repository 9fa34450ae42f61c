from __future__ import annotations

import socket
import threading
from collections.abc import Iterator

import pytest

from swarmtui.engine.transport import EventStream
from swarmtui.errors import EngineAnswered
from tests.recording import RecordingEngine, reply
from tests.unit.engine.test_transport import CHUNKED, PATIENCE, connected, sends


@pytest.fixture(params=["unix", "tcp"])
def engine(request: pytest.FixtureRequest) -> Iterator[RecordingEngine]:
    with RecordingEngine(tcp=request.param == "tcp") as engine:
        yield engine


class Watching:
    """A stream of events that a thread waits on."""

    def __init__(self, stream: EventStream) -> None:
        self.stream = stream
        self.woken = threading.Semaphore(0)
        self._thread = threading.Thread(target=self._run)
        self._thread.start()

    def _run(self) -> None:
        while self.stream.wait():
            self.woken.release()
        self.stream.release()

    def ended(self) -> bool:
        self._thread.join(5)
        return not self._thread.is_alive()


def test_events_wake_and_closing_ends_them(engine: RecordingEngine) -> None:
    fire = threading.Semaphore(0)

    def events(connection: socket.socket, stopping: threading.Event) -> None:
        connection.sendall(CHUNKED)
        while fire.acquire() and not stopping.is_set():
            connection.sendall(b'f\r\n{"Type":"node"}\r\n')

    engine.answers["/events"] = events
    engine.answers["/info"] = reply({})
    with connected(engine, PATIENCE) as client:
        watching = Watching(client.open_events())
        for _ in range(3):
            fire.release()
            assert watching.woken.acquire(timeout=5)
        client.fetch("/info", {})
        assert not watching.woken.acquire(timeout=PATIENCE * 2), "silence is no end"
        watching.stream.close()
        assert watching.ended()
        watching.stream.close()
        fire.release(2)
    assert engine.connections == 2


@pytest.mark.parametrize(
    "last", [b"", b"0\r\n\r\n", b"zz\r\n", b"ff\r\n{"], ids=["cut", "ended", "bad", "half"]
)
def test_events_that_end_are_told(engine: RecordingEngine, last: bytes) -> None:
    engine.answers["/events"] = sends(CHUNKED, last, then="hang up")
    with connected(engine) as client:
        assert Watching(client.open_events()).ended()


def test_half_an_event_does_not_hold_for_ever(engine: RecordingEngine) -> None:
    opened = threading.Event()

    def events(connection: socket.socket, stopping: threading.Event) -> None:
        connection.sendall(CHUNKED)
        opened.wait()
        connection.sendall(b"ff\r\n")
        stopping.wait()

    engine.answers["/events"] = events
    with connected(engine, PATIENCE) as client:
        watching = Watching(client.open_events())
        opened.set()
        assert watching.ended()


def test_events_that_are_refused(engine: RecordingEngine) -> None:
    engine.answers["/events"] = reply({"message": "no events today"}, 503)
    with connected(engine) as client, pytest.raises(EngineAnswered, match="503") as caught:
        client.open_events()
    assert caught.value.message == "no events today"
