"""What reading an engine comes to: a snapshot, a failure, or one object's document."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from swarmtui.errors import EngineError, SwarmtuiError
from swarmtui.model.snapshot import Snapshot

DocumentKind = Literal["network", "service", "node", "task"]


@dataclass(frozen=True, slots=True)
class Lost:
    """The engine cannot be read.

    Attributes:
        since: When it first failed to answer.
        attempt: How many readings have failed in a row.
        retry_seconds: How long until the next one is tried.
    """

    error: EngineError
    since: datetime
    attempt: int
    retry_seconds: float


@dataclass(frozen=True, slots=True)
class Document:
    """The JSON of one object as the engine gives it, or the error that stood in the way."""

    kind: DocumentKind
    identity: str
    text: str
    error: SwarmtuiError | None = None


Reading = Snapshot | Lost | Document
