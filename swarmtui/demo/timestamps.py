"""Moments in nanoseconds, written as engines write them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

NANOSECONDS = 1_000_000_000
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
ZERO_TIME = "0001-01-01T00:00:00Z"


def unix_nanoseconds(moment: datetime) -> int:
    """Return the nanoseconds since 1970 of a moment."""
    return (moment - _EPOCH) // timedelta(microseconds=1) * 1000


def rfc3339(nanoseconds: int) -> str:
    """Write a moment with as many decimals as it needs, in UTC."""
    seconds, rest = divmod(nanoseconds, NANOSECONDS)
    text = (_EPOCH + timedelta(seconds=seconds)).strftime("%Y-%m-%dT%H:%M:%S")
    decimals = f".{rest:09d}".rstrip("0").rstrip(".")
    return f"{text}{decimals}Z"


def ago(seconds: float) -> str:
    """Write a duration as the engine's container list does."""
    steps = ((60, 1, "second"), (3600, 60, "minute"), (48 * 3600, 3600, "hour"))
    for limit, unit, word in steps:
        if seconds < limit:
            return _count(int(seconds // unit), word)
    return _count(int(seconds // 86400), "day")


def _count(number: int, word: str) -> str:
    if number < 1:
        return "Less than a second"
    if number == 1:
        return {"second": "1 second", "minute": "About a minute", "hour": "About an hour"}[word]
    return f"{number} {word}s"
