"""The rows of a table as they are shown: filtered, sorted, found again by key."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from swarmtui.render.table import Row, SortValue

Predicate = Callable[[Row], bool]


class ShownRows:
    """Holds rows, a filter and an order, and what comes of them.

    Attributes:
        shown: The rows that pass the filter, in order.
    """

    def __init__(self) -> None:
        self._all: tuple[Row, ...] = ()
        self._predicate: Predicate | None = None
        self._sort: tuple[int, bool] | None = None
        self._positions: dict[str, int] | None = None
        self.shown: tuple[Row, ...] = ()

    @property
    def total(self) -> int:
        """Return how many rows there are, filtered out or not."""
        return len(self._all)

    def replace(self, rows: Sequence[Row]) -> bool:
        """Take new rows; False when they are equal to those before, which are then kept."""
        new = tuple(rows)
        if new == self._all:
            return False
        before = {row.key: row for row in self._all}
        # Unchanged rows stay the same objects, so that comparing them again is cheap.
        self._all = tuple(
            old if (old := before.get(row.key)) is not None and old == row else row for row in new
        )
        self._arrange()
        return True

    def filter(self, predicate: Predicate | None) -> None:
        """Show only rows that pass, or all."""
        self._predicate = predicate
        self._arrange()

    def sort(self, index: int | None, *, reverse: bool) -> None:
        """Order by a column's raw values, or as the rows came."""
        self._sort = None if index is None else (index, reverse)
        self._arrange()

    def position(self, key: str | None) -> int | None:
        """Return where a row is shown, None when it is not."""
        if key is None:
            return None
        if self._positions is None:
            self._positions = {row.key: index for index, row in enumerate(self.shown)}
        return self._positions.get(key)

    def nearest(self, before: Sequence[Row], position: int) -> int:
        """Return where the nearest row is that was shown before and still is; else the first."""
        for row in (*before[position:], *reversed(before[:position])):
            found = self.position(row.key)
            if found is not None:
                return found
        return 0

    def _arrange(self) -> None:
        rows = self._all
        if self._predicate is not None:
            rows = tuple(filter(self._predicate, rows))
        if self._sort is not None:
            index, reverse = self._sort
            present = [row for row in rows if row.sort_values[index] is not None]
            absent = [row for row in rows if row.sort_values[index] is None]
            present.sort(key=lambda row: _comparable(row.sort_values[index]), reverse=reverse)
            rows = (*present, *absent)
        self.shown = rows
        self._positions = None


def changed_lines(before: Sequence[Row], now: Sequence[Row], lines: range) -> list[int]:
    """Return the lines of a window on which another row stands than before."""
    return [
        line
        for line in lines
        if (before[line] if line < len(before) else None)
        is not (now[line] if line < len(now) else None)
    ]


def _comparable(value: SortValue) -> tuple[int, SortValue]:
    """Let numbers and texts of one column be compared: numbers come first."""
    return (1, value) if isinstance(value, str) else (0, value)
