"""Trying ports: what answers, what refuses, what is silent, and never many at once."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from queue import SimpleQueue
from threading import Event, Lock

import pytest

from swarmtui.engine import try_doors
from swarmtui.model import Door, Outcome, Trial

HERE = "127.0.0.1"


def outcome_of(door: Door) -> Trial:
    told: SimpleQueue[Trial] = SimpleQueue()
    try_doors([door], told.put, timeout_seconds=0.3)
    return told.get(timeout=10)


@contextmanager
def listening(backlog: int = 5) -> Iterator[Door]:
    with socket.create_server((HERE, 0), backlog=backlog) as server:
        yield Door(HERE, server.getsockname()[1])


def test_who_listens_is_reachable_and_hears_nothing() -> None:
    with socket.create_server((HERE, 0)) as server:
        door = Door(HERE, server.getsockname()[1])
        trial = outcome_of(door)
        assert (trial.door, trial.outcome, trial.words) == (door, Outcome.REACHABLE, "")
        connection, _ = server.accept()
        with connection:
            assert connection.recv(10) == b""


def test_where_nobody_listens_it_is_refused() -> None:
    with listening() as door:
        pass
    trial = outcome_of(door)
    assert trial.outcome is Outcome.REFUSED
    assert "refused" in trial.words


def test_silence_is_no_answer() -> None:
    with listening(backlog=0) as door, ExitStack() as filling:
        # Nobody accepts, and there is no room for another connection.
        for _ in range(4):
            client = filling.enter_context(socket.socket())
            client.setblocking(False)
            client.connect_ex((door.address, door.port))
        assert outcome_of(door).outcome is Outcome.NO_ANSWER


def test_what_is_no_address_is_no_answer() -> None:
    assert outcome_of(Door("256.1.1.1", 7946)).outcome is Outcome.NO_ANSWER


def test_a_few_are_tried_at_a_time_and_nobody_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    lock, go, begun = Lock(), Event(), SimpleQueue[int]()
    now = most = 0

    def connect(address: tuple[str, int], timeout: float) -> socket.socket:
        nonlocal now, most
        with lock:
            now += 1
            most = max(most, now)
        begun.put(address[1])
        go.wait(10)
        with lock:
            now -= 1
        raise ConnectionRefusedError("refused")

    monkeypatch.setattr("swarmtui.engine.reach.socket.create_connection", connect)
    told: SimpleQueue[Trial] = SimpleQueue()
    doors = [Door(HERE, port) for port in range(1, 20)]
    try_doors(doors, told.put, at_once=3)
    for _ in range(3):
        begun.get(timeout=10)
    assert told.empty()
    go.set()
    ended = {told.get(timeout=10).door for _ in doors}
    assert ended == set(doors)
    assert most == 3
