"""Hundreds of connections that end badly leave nothing behind."""

from __future__ import annotations

import os
import socket
import threading
from collections.abc import Callable
from queue import SimpleQueue

import pytest

from swarmtui.engine import Endpoint, Poller, session_opener
from swarmtui.model import Lost, Reading
from tests.recording import RecordingEngine
from tests.unit.engine.test_transport import CHUNKED

TRIES = 500
WARM = 50
AT_ONCE = 0.001


def _hangs_up(connection: socket.socket, stopping: threading.Event) -> None:
    connection.shutdown(socket.SHUT_RDWR)


def _events(connection: socket.socket, stopping: threading.Event) -> None:
    connection.sendall(CHUNKED)
    connection.recv(1)  # until the other side hangs up


def _held() -> tuple[int, int]:
    return len(os.listdir("/proc/self/fd")), threading.active_count()


def _after(tries: int, lost: Callable[[], Reading]) -> tuple[int, int]:
    """Return the most files and threads at any of some tries."""
    most = (0, 0)
    for _ in range(tries):
        assert isinstance(lost(), Lost)
        files, threads = _held()
        most = max(most[0], files), max(most[1], threads)
    return most


@pytest.mark.parametrize("answers", [True, False], ids=["hangs up", "is not there"])
def test_five_hundred_losses_hold_no_files_and_no_threads(answers: bool) -> None:
    with RecordingEngine({"/info": _hangs_up, "/events": _events}) as engine:
        url = engine.url if answers else "unix:///nowhere.sock"
        readings: SimpleQueue[Reading] = SimpleQueue()
        poller = Poller(
            session_opener(Endpoint(url), timeout_seconds=30),
            interval_seconds=AT_ONCE,
            longest_retry_seconds=AT_ONCE,
        )
        poller.start(readings.put)
        warm = _after(WARM, lambda: readings.get(timeout=30))
        late = _after(TRIES - WARM, lambda: readings.get(timeout=30))
        poller.stop()
    # A few connections are being closed at any moment.
    assert late[0] <= warm[0] + 10
    assert late[1] <= warm[1] + 10
