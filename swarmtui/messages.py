"""What the poller tells the explorer."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from textual.message import Message

from swarmtui.errors import EngineError, SwarmtuiError
from swarmtui.model import Snapshot

DocumentKind = Literal["network", "service", "node", "task"]


class SnapshotTaken(Message):
    """The engine was read; a newer snapshot replaces one that still waits."""

    def __init__(self, snapshot: Snapshot) -> None:
        super().__init__()
        self.snapshot = snapshot

    def can_replace(self, message: Message) -> bool:
        """Let a burst of snapshots collapse into the newest."""
        return isinstance(message, SnapshotTaken)


class EngineLost(Message):
    """The engine cannot be read; the last snapshot stays, visibly stale.

    Attributes:
        since: When the engine first failed to answer.
        attempt: How many readings have failed in a row.
        retry_seconds: When the next one is tried.
    """

    def __init__(
        self, error: EngineError, since: datetime, attempt: int, retry_seconds: float
    ) -> None:
        super().__init__()
        self.error = error
        self.since = since
        self.attempt = attempt
        self.retry_seconds = retry_seconds


class DocumentRead(Message):
    """The JSON of one object, as the engine gives it, or the error that stood in the way."""

    def __init__(
        self, kind: DocumentKind, identity: str, text: str, error: SwarmtuiError | None = None
    ) -> None:
        super().__init__()
        self.kind = kind
        self.identity = identity
        self.text = text
        self.error = error
