"""What a runner needs of an engine, and how it takes an engine that is away for a while."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Protocol

from swarmtui.engine.wire import NO_LEADER_WORDS
from swarmtui.errors import (
    EngineAnswered,
    EngineError,
    EngineGarbled,
    EngineNotFound,
    EngineTimedOut,
)
from swarmtui.model import Snapshot

_PASSING_WORDS = (
    NO_LEADER_WORDS,
    "lost leader status",
    "raft:",
    "context deadline exceeded",
    "not a swarm manager",
    "connection error",
    "transport is closing",
)


class Reads(Protocol):
    """Reads the swarm."""

    def read(self, previous: Snapshot | None = None) -> Snapshot:
        """Read everything; raises an EngineError where the engine cannot be read."""


class Writes(Protocol):
    """Sends requests to the engine; anything but success raises an EngineError."""

    def permit(self, permits: Iterable[tuple[str, str]]) -> None:
        """Permit exactly these writes from now on, as methods and paths."""

    def fetch(self, path: str, params: Mapping[str, str]) -> bytes:
        """Return the body that a path answers."""

    def write(self, method: str, path: str, params: Mapping[str, str], body: bytes) -> bytes:
        """Send a write and return the answer's body."""


def may_pass(error: EngineError) -> bool:
    """Tell whether an error is weather: the engine restarts, or the swarm has no leader now."""
    if isinstance(error, EngineAnswered):
        return error.status >= 500 and any(words in error.message for words in _PASSING_WORDS)
    return isinstance(error, (EngineNotFound, EngineTimedOut, EngineGarbled))


def is_out_of_sequence(error: EngineError) -> bool:
    """Tell whether somebody else changed the object first (engine-facts G: a 500)."""
    return isinstance(error, EngineAnswered) and "update out of sequence" in error.message


def is_missing(error: EngineError) -> bool:
    """Tell whether the object is not there; a manager that still carries it answers a 500."""
    return isinstance(error, EngineAnswered) and (
        error.status == 404 or error.message.endswith(" not found")
    )


def is_taken(error: EngineError) -> bool:
    """Tell whether an object of that name is there already."""
    return isinstance(error, EngineAnswered) and error.status == 409
