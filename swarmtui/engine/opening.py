"""How an engine is connected to; what reads it is loaded by then, after the first paint."""

from __future__ import annotations

from collections.abc import Callable

from swarmtui import engine
from swarmtui.engine.connection import Endpoint
from swarmtui.engine.poller import LONGEST_RETRY_SECONDS, EngineSession
from swarmtui.model import Snapshot


def session_opener(endpoint: Endpoint, *, timeout_seconds: float) -> Callable[[], EngineSession]:
    """Return what a poller needs to connect, again after each loss."""
    return lambda: engine.Session(endpoint, timeout_seconds=timeout_seconds)


def longest_retry_seconds(endpoint: Endpoint, interval_seconds: float) -> float:
    """Return how long to wait at most before an engine that was lost is tried again.

    Knocking at a socket costs nothing; at ssh it starts a process and a login on the other side.
    """
    return LONGEST_RETRY_SECONDS if endpoint.scheme == "ssh" else interval_seconds


def read_once(endpoint: Endpoint, *, timeout_seconds: float) -> Snapshot:
    """Read an engine once, every network inspected.

    Raises:
        EngineError: The engine cannot be read.
    """
    session = engine.Session(endpoint, timeout_seconds=timeout_seconds)
    try:
        return session.reader.read(every_network=True)
    finally:
        session.close()
