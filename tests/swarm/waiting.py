"""Waiting for a condition instead of for time."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

ResultT = TypeVar("ResultT")


def wait_until(look: Callable[[], ResultT | None], what: str, seconds: float = 30.0) -> ResultT:
    """Return the first true thing that `look` returns.

    Raises:
        AssertionError: Nothing true was seen in time; it says what was seen last.
    """
    deadline = time.monotonic() + seconds
    rest = 0.05
    while True:
        seen = look()
        if seen:
            return seen
        if time.monotonic() > deadline:
            raise AssertionError(f"No {what} in {seconds:g} seconds; last seen: {seen!r}")
        time.sleep(rest)
        # What takes long is looked at less often, since looking costs the engines.
        rest = min(rest * 1.2, 0.3)
