"""Small pieces of text: numbers, bars, times, and engine text made harmless."""

from __future__ import annotations

from datetime import datetime

from rich.text import Text

from swarmtui.addressing import CRITICAL_SHARE, WARNING_SHARE

NOTHING = "–"
"""Stands where there is nothing to say."""

_CONTROLS = {
    **{code: chr(0x2400 + code) for code in range(0x20)},
    **dict.fromkeys((*range(0x7F, 0xA0), *range(0x202A, 0x202F), *range(0x2066, 0x206A)), "�"),
}
"""Control characters become pictures of themselves; direction overrides become visible."""

_AGES = (5, 10, 30, 60, 120, 300, 600, 1800)
_HOUR = 3600

_FULL = "█"
_EMPTY = "░"


def printable(text: str) -> str:
    """Return engine text without anything that a terminal would obey."""
    return text if text.isascii() and text.isprintable() else text.translate(_CONTROLS)


def tone_of_share(share: float) -> str:
    """Return the tone of something so full."""
    if share >= CRITICAL_SHARE:
        return "error"
    return "warning" if share >= WARNING_SHARE else "good"


def bar(used: int, capacity: int, cells: int = 4) -> str:
    """Return a bar of so many cells; a used address shows, and only full looks full."""
    if capacity <= 0:
        return ""
    filled = min(max(round(used / capacity * cells), 1 if used else 0), cells)
    if used < capacity and filled == cells:
        filled = cells - 1
    return _FULL * filled + _EMPTY * (cells - filled)


def when(timestamp: str) -> str:
    """Return an engine's time to the minute, in UTC as the engine gives it."""
    if len(timestamp) < 16 or timestamp.startswith("0001-"):
        return NOTHING
    return f"{timestamp[:10]} {timestamp[11:16]}"


def clock_time(moment: datetime) -> str:
    """Return a time of our own clock, in the zone that it carries."""
    return moment.strftime("%H:%M:%S")


def age_words(seconds: float) -> str:
    """Return an age in steps so coarse that it is seldom drawn anew: `10 s`, `5 min`, `2 h`."""
    steps = [each for each in _AGES if each <= seconds]
    if seconds < _HOUR and steps:
        step = steps[-1]
        return f"{step // 60} min" if step >= 60 else f"{step} s"
    return f"{int(seconds // _HOUR)} h" if steps else "0 s"


def toned(text: str, tone: str) -> Text:
    """Return text in a tone, such as `error` or `dim`, that the screen turns into a style."""
    return Text(text, style=tone)


def counted(number: int, singular: str, plural: str = "") -> str:
    """Return a number with its noun."""
    return f"{number} {singular if number == 1 else plural or singular + 's'}"
