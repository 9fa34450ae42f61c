"""What every map on screen is made of: cells, as plain values."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of a map.

    Attributes:
        glyph: One character, one cell wide, that tells the kind without colour.
        tone: Name of a tone, such as `good` or `dim`; empty for none.
    """

    glyph: str
    tone: str = ""
