"""How the cells of a map are laid out in lines."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

MOST_PER_LINE = 64
TALL = 8
"""A map of more lines than this is drawn without gaps between its cells, if that helps."""


def line_length(count: int, width: int) -> tuple[int, int]:
    """Return how many cells stand on a line, and how far they are apart.

    The length is a power of two, so that lines begin at round addresses.

    Args:
        count: The cells of the map, or of its largest part.
        width: The room for them on a line.
    """
    apart, close = (longest(count, width // step) for step in (2, 1))
    return (close, 1) if count > TALL * apart and close > apart else (apart, 2)


def longest(count: int, width: int) -> int:
    """Return the greatest power of two of cells that a line holds, 1 at the least."""
    length = 1
    while length < min(count, MOST_PER_LINE) and 2 * length <= width:
        length *= 2
    return length


@dataclass(frozen=True, slots=True)
class Part:
    """Cells that begin a line of their own, under a heading where it has one."""

    first: int
    count: int
    heading: str = ""

    @property
    def above(self) -> int:
        """Return how many lines are above its cells."""
        return 1 if self.heading else 0


@dataclass(frozen=True, slots=True)
class CellLines:
    """The lines of a map; those of a part are not listed one by one.

    Attributes:
        length: How many cells stand on a line at the most.
    """

    parts: tuple[Part, ...] = ()
    length: int = 1

    def __len__(self) -> int:
        """Return how many lines there are."""
        return sum(part.above + self._rows(part) for part in self.parts)

    def line_of(self, index: int) -> int:
        """Return the line of a cell; 0 where there are no cells."""
        before = 0
        for part in self.parts:
            if part.first <= index < part.first + part.count:
                return before + part.above + (index - part.first) // self.length
            before += part.above + self._rows(part)
        return 0

    def cells_on(self, line: int) -> range:
        """Return which cells are on a line, none for a heading."""
        found, row = self._at(line)
        if found is None or row < 0:
            return range(0)
        first = found.first + row * self.length
        return range(first, min(first + self.length, found.first + found.count))

    def heading_on(self, line: int) -> str:
        """Return the heading that is on a line, empty for cells."""
        found, row = self._at(line)
        return found.heading if found is not None and row < 0 else ""

    def beside(self, index: int, lines: int) -> int:
        """Return the cell that is so many lines of cells below another, or above."""
        rows = [(part, row) for part in self.parts for row in range(self._rows(part))]
        line = self.line_of(index)
        here = line - sum(part.above for part in self.parts if part.first <= index)
        if not rows:
            return index
        part, row = rows[min(max(here + lines, 0), len(rows) - 1)]
        column = index - self.cells_on(line).start
        return min(part.first + row * self.length + column, part.first + part.count - 1)

    def _rows(self, part: Part) -> int:
        return -(-part.count // self.length)

    def _at(self, line: int) -> tuple[Part | None, int]:
        """Return the part of a line and which row of cells it is, negative for its heading."""
        for part in self.parts:
            height = part.above + self._rows(part)
            if 0 <= line < height:
                return part, line - part.above
            line -= height
        return None, 0


def parts_of(count: int, headings: Mapping[int, str]) -> tuple[Part, ...]:
    """Return the parts of so many cells, from the headings by the index of the cell below."""
    starts = sorted({0, *headings})
    stops = (*starts[1:], count)
    pairs = zip(starts, stops, strict=True)
    return tuple(Part(start, stop - start, headings.get(start, "")) for start, stop in pairs)
