"""How a map's groups of cells are laid out in lines."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from swarmtui.render.cells import CellGroup

MOST_COLUMNS = 64


class Line(NamedTuple):
    """A line of a map: cells of a group, or its heading.

    Attributes:
        group: The index of the group.
        start, end: Which of the group's cells; both 0 for its heading.
        first: How many cells of the whole map come before.
    """

    group: int
    start: int = 0
    end: int = 0
    first: int = 0


def label_width(groups: Sequence[CellGroup]) -> int:
    """Return how wide the labels before the lines are."""
    return max((len(cell.label) for group in groups for cell in group.cells), default=0)


def lines_of(groups: Sequence[CellGroup], width: int) -> tuple[Line, ...]:
    """Break groups into lines: as many cells on each as fit, and always a power of two."""
    room = (width - label_width(groups) - 1) // 2
    columns = 1
    while columns * 2 <= min(room, MOST_COLUMNS):
        columns *= 2
    found: list[Line] = []
    before = 0
    for index, group in enumerate(groups):
        found.append(Line(index))
        for start in range(0, len(group.cells), columns):
            end = min(start + columns, len(group.cells))
            found.append(Line(index, start, end, before + start))
        before += len(group.cells)
    return tuple(found)


def line_with(lines: Sequence[Line], position: int) -> int:
    """Return the index of the line on which a cell of the map is; 0 where there is none."""
    for index, line in enumerate(lines):
        if line.first <= position < line.first + line.end - line.start:
            return index
    return 0


def beside(lines: Sequence[Line], position: int, step: int) -> int:
    """Return which cell is so many lines of cells below a cell, above for a negative number."""
    rows = [line for line in lines if line.end > line.start]
    if not rows:
        return position
    here = line_with(rows, position)
    column = position - rows[here].first
    there = rows[min(max(here + step, 0), len(rows) - 1)]
    return there.first + min(column, there.end - there.start - 1)
