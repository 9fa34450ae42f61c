"""Which columns of a table are shown, and how wide, in so many cells."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from swarmtui.render.table import Column

GAP = 1
SPARE = 8
"""Cells that stay for long names before a column of the wide view joins."""


def column_widths(columns: Sequence[Column], width: int, *, wide: bool) -> dict[int, int]:
    """Return the width of each shown column by its index.

    In the wide view every column has the width it wants, and the table scrolls sideways. Else the
    least important columns go first, the rest shrink as far as they may and share what is left; the
    first column always stays. Where there is room to spare, columns of the wide view join in order.
    """
    if wide:
        return {index: column.width for index, column in enumerate(columns)}
    shown = [index for index, column in enumerate(columns) if not column.wide]
    taken = sum(columns[index].width + GAP for index in shown) + SPARE
    for index, column in enumerate(columns):
        taken += (column.width + GAP) if column.wide else 0
        if column.wide and taken <= width:
            shown.append(index)
    shown.sort()
    while len(shown) > 1 and _total(columns, shown) > width:
        # Of equally unimportant columns the rightmost goes first.
        shown.remove(max(shown[1:], key=lambda index: (columns[index].priority, index)))
    widths = {index: columns[index].min_width for index in shown}
    spare = width - _total(columns, shown)
    for index in sorted(shown, key=lambda index: columns[index].priority):
        added = min(max(spare, 0), columns[index].width - widths[index])
        widths[index] += added
        spare -= added
    shares = sum(columns[index].flex for index in shown)
    if spare > 0 and shares:
        for index in shown:
            widths[index] += spare * columns[index].flex // shares
    if spare < 0:
        widths[shown[0]] = max(width, 1)
    return widths


def total_width(widths: Mapping[int, int]) -> int:
    """Return how many cells the columns take with the gaps between them."""
    return sum(widths.values()) + GAP * (len(widths) - 1)


def column_at(widths: Mapping[int, int], x: int) -> int | None:
    """Return the index of the column at a cell, None beside all columns."""
    position = 0
    for index, width in widths.items():
        if position <= x < position + width:
            return index
        position += width + GAP
    return None


def _total(columns: Sequence[Column], shown: Sequence[int]) -> int:
    return sum(columns[index].min_width for index in shown) + GAP * (len(shown) - 1)
