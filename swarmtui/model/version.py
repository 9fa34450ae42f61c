"""The number in an engine's version."""

from __future__ import annotations

import re
from functools import lru_cache

Version = tuple[int, int, int]

_NUMBERS = re.compile(r"v?([0-9]+)\.([0-9]+)(?:\.([0-9]+))?")


@lru_cache(maxsize=1024)
def version_number(text: str) -> Version | None:
    """Return the leading x.y.z of an engine's version, None where there is none."""
    match = _NUMBERS.match(text)
    if match is None:
        return None
    major, minor, patch = match.groups()
    return int(major), int(minor), int(patch or 0)
