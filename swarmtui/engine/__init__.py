"""The only room that talks to Docker; importing it loads nothing of the docker SDK yet."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime

from swarmtui.engine.connection import Endpoint, resolve_endpoint
from swarmtui.engine.poller import (
    LONGEST_RETRY_SECONDS,
    EngineSession,
    EventStream,
    Poller,
)
from swarmtui.engine.reach import try_doors
from swarmtui.engine.reader import Reader
from swarmtui.model import Snapshot

__all__ = [
    "Endpoint",
    "Poller",
    "Reader",
    "Session",
    "longest_retry_seconds",
    "read_once",
    "resolve_endpoint",
    "session_opener",
    "try_doors",
]


class Session:
    """An open connection to an engine: one client to read with, one for its events.

    Raises:
        EngineError: The engine cannot be reached, or is too old.
    """

    def __init__(self, endpoint: Endpoint, *, timeout_seconds: float) -> None:
        # The SDK takes a quarter of a second to import: not before the first paint.
        from swarmtui.engine.transport import ReadOnlyClient  # noqa: PLC0415

        self._client = ReadOnlyClient(endpoint, timeout_seconds=timeout_seconds)
        self.reader = Reader(
            self._client.fetch,
            self._client.api_version,
            fetch_all=self._client.fetch_all,
            now=lambda: datetime.now(UTC),
            monotonic=time.monotonic,
        )

    def open_events(self) -> EventStream:
        """Open the stream of events, on a connection of its own from the same pool."""
        return self._client.open_events()

    def close(self) -> None:
        """Close every connection."""
        self._client.close()


def session_opener(endpoint: Endpoint, *, timeout_seconds: float) -> Callable[[], EngineSession]:
    """Return what a poller needs to connect, again after each loss."""
    return lambda: Session(endpoint, timeout_seconds=timeout_seconds)


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
    session = Session(endpoint, timeout_seconds=timeout_seconds)
    try:
        return session.reader.read(every_network=True)
    finally:
        session.close()
