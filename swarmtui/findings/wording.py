"""Lists and commands as findings show them."""

from __future__ import annotations

import shlex
from collections.abc import Collection, Iterable

SHOWN = 12
"""How many names of a list are told."""


def listed(names: Iterable[str]) -> str:
    """Return names in their order, and how many more there are than can be shown."""
    found = list(names)
    more = f" and {len(found) - SHOWN} more" if len(found) > SHOWN else ""
    return ", ".join(found[:SHOWN]) + more


def counted(number: int, noun: str, plural: str = "") -> str:
    """Return a number with its noun."""
    return f"{number:,} {noun if number == 1 else plural or noun + 's'}"


def command(*words: str) -> str:
    """Return a command for a shell, safe with whatever an engine calls its things."""
    return shlex.join(words)


def commands(lines: Collection[str]) -> str:
    """Return commands, one in a line; of many the first ones."""
    return "\n".join(list(lines)[:SHOWN])
