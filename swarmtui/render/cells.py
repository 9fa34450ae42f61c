"""What a map on screen is made of: groups of cells, as plain values."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of a map.

    Attributes:
        key: Identity of what the cell stands for.
        label: What a line says that begins with this cell.
        glyph: One cell wide, and telling without colour.
        tone: Name of a tone, such as `good` or `dim`; empty for none.
    """

    key: str
    label: str
    glyph: str
    tone: str = ""


@dataclass(frozen=True, slots=True)
class CellGroup:
    """Cells under a heading."""

    title: str
    cells: tuple[Cell, ...]
