"""A port at an address, and what came of knocking there."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class Door:
    """A TCP port at an address."""

    address: str
    port: int


class Outcome(StrEnum):
    """What came of it."""

    TRYING = "trying"
    REACHABLE = "reachable"
    """The connection was made, and closed at once."""
    REFUSED = "refused"
    """The machine is there, and nobody listens or a firewall rejects."""
    NO_ANSWER = "no answer"
    """Nothing came back in time: no such machine, no way to it, or a firewall drops."""


@dataclass(frozen=True, slots=True)
class Trial:
    """One try, from the machine that swarmtui runs on.

    Attributes:
        at: When it ended.
        words: Of the operating system, about what went wrong.
    """

    door: Door
    outcome: Outcome
    at: datetime
    words: str = ""
