from __future__ import annotations

import os
import pty
import time
from collections.abc import Iterator
from threading import Event

import pytest

from swarmtui.terminal.outlet import CHUNK_BYTES, Outlet

GENEROUS_SECONDS = 30.0


@pytest.fixture
def terminal() -> Iterator[tuple[int, int]]:
    ours, theirs = pty.openpty()
    yield ours, theirs
    os.close(theirs)
    os.close(ours)


def read(fileno: int, count: int) -> bytes:
    data = b""
    while len(data) < count:
        data += os.read(fileno, count - len(data))
    return data


def test_all_arrives_in_order_and_the_end_is_told(terminal: tuple[int, int]) -> None:
    ours, theirs = terminal
    drained = Event()
    outlet = Outlet(theirs, drained.set, lambda: None)
    outlet.write(b"one ")
    outlet.write(b"two")
    assert read(ours, 7) == b"one two"
    assert drained.wait(GENEROUS_SECONDS)
    assert outlet.waiting == 0
    outlet.close(GENEROUS_SECONDS)


def test_nobody_waits_for_a_terminal_that_takes_nothing(terminal: tuple[int, int]) -> None:
    ours, theirs = terminal
    outlet = Outlet(theirs, lambda: None, lambda: None)
    outlet.write(b"x" * 1_000_000)
    assert outlet.waiting > CHUNK_BYTES
    began = time.monotonic()
    outlet.close(0.01)
    assert time.monotonic() - began < GENEROUS_SECONDS
    outlet.write(b"dropped")
    assert outlet.waiting == 0
    os.read(ours, 65536)


def test_a_terminal_that_has_gone_is_told() -> None:
    ours, theirs = pty.openpty()
    os.close(ours)
    gone = Event()
    outlet = Outlet(theirs, lambda: None, gone.set)
    outlet.write(b"x")
    assert gone.wait(GENEROUS_SECONDS)
    outlet.close(GENEROUS_SECONDS)
    os.close(theirs)
