"""An open connection to an engine, and what comes over it."""

from __future__ import annotations

import time
from datetime import UTC, datetime

from swarmtui.engine.connection import Endpoint
from swarmtui.engine.poller import EventStream
from swarmtui.engine.reader import Reader
from swarmtui.engine.transport import ReadOnlyClient


class Session:
    """An open connection to an engine: one client to read with, one for its events.

    Raises:
        EngineError: The engine cannot be reached, or is too old.
    """

    def __init__(self, endpoint: Endpoint, *, timeout_seconds: float) -> None:
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
