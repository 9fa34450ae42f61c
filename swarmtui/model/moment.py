"""Moments as engines write them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime


def moment(text: str) -> datetime | None:
    """Return the moment of an RFC 3339 time, None for the engine's zero time and for anything else.

    A time without a zone counts as UTC; decimals beyond microseconds are dropped.
    """
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    if found.year == 1:
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def earliest(texts: Iterable[str]) -> datetime | None:
    """Return the first of some moments, None where no text is one."""
    return min((found for text in texts if (found := moment(text))), default=None)
