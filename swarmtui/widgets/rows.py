"""The rows of a table as they are shown: filtered, sorted, found again by key."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain

from swarmtui.render.table import Row, SortValue

Predicate = Callable[[Row], bool]


@dataclass(frozen=True, slots=True)
class Order:
    """Which rows are shown, and in which order.

    Attributes:
        predicate: Which rows pass; None for all.
        column: The index of the column by whose raw values they are ordered; None as they come.
        reverse: Whether the greatest comes first; rows without a value come last all the same.
    """

    predicate: Predicate | None = None
    column: int | None = None
    reverse: bool = False


@dataclass(frozen=True, eq=False)
class ShownRows:
    """Rows, and what an order makes of them.

    Attributes:
        rows: All of them, as they came.
        shown: Those that pass, in order.
    """

    rows: tuple[Row, ...] = ()
    order: Order = Order()
    shown: tuple[Row, ...] = ()

    @cached_property
    def positions(self) -> Mapping[str, int]:
        """Tell where each row is shown, by key."""
        return {row.key: index for index, row in enumerate(self.shown)}

    def position(self, key: str | None) -> int | None:
        """Return where a row is shown, None when it is not."""
        return self.positions.get(key) if key is not None else None

    def nearest(self, before: Sequence[Row], position: int) -> int:
        """Return where the nearest row is that was shown before and still is; else the first."""
        near = chain(range(position, len(before)), range(min(position, len(before)) - 1, -1, -1))
        positions = (self.positions.get(before[index].key) for index in near)
        return next((found for found in positions if found is not None), 0)

    def with_rows(self, rows: Sequence[Row], order: Order) -> ShownRows:
        """Return new rows in an order; these ones where nothing has changed."""
        new = tuple(rows)
        if new == self.rows:
            return self.with_order(order)
        before = {row.key: row for row in self.rows}
        # Unchanged rows stay the same objects, so that comparing them again is cheap.
        return _ordered(
            tuple([old if (old := before.get(row.key)) == row else row for row in new]), order
        )

    def with_order(self, order: Order) -> ShownRows:
        """Return the same rows in an order; these ones where it is the same."""
        return self if order == self.order else _ordered(self.rows, order)


def changed_lines(before: Sequence[Row], now: Sequence[Row], lines: range) -> list[int]:
    """Return the lines of a window on which another row stands than before."""
    return [
        line
        for line in lines
        if (before[line] if line < len(before) else None)
        is not (now[line] if line < len(now) else None)
    ]


def _ordered(rows: tuple[Row, ...], order: Order) -> ShownRows:
    shown: Iterable[Row] = rows
    if order.predicate is not None:
        shown = filter(order.predicate, shown)
    if order.column is not None:
        shown = _sorted(shown, order.column, reverse=order.reverse)
    return ShownRows(rows, order, tuple(shown))


def _sorted(rows: Iterable[Row], column: int, *, reverse: bool) -> Iterable[Row]:
    """Return rows by the raw values of a column: numbers before texts, and no value last.

    Texts and numbers are sorted apart, which is five times as fast as comparing pairs, and sorting
    holds the interpreter.
    """
    numbers: list[Row] = []
    texts: list[Row] = []
    absent: list[Row] = []
    for row in rows:
        value = row.sort_values[column]
        (absent if value is None else texts if isinstance(value, str) else numbers).append(row)

    def value_of(row: Row) -> SortValue:
        return row.sort_values[column]

    for each in (numbers, texts):
        each.sort(key=value_of, reverse=reverse)  # type: ignore[arg-type]
    parts = (texts, numbers) if reverse else (numbers, texts)
    return chain(*parts, absent)
