"""The lines of a table as strips of styled cells."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from textwrap import wrap

from rich.cells import cell_len, set_cell_size
from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from swarmtui.render.table import Column, Row
from swarmtui.render.text import printable
from swarmtui.widgets.layout import GAP

GUTTER = 2
TONES = ("good", "warning", "error", "accent", "dim")

TABLE_CSS = """
LiveTable {
    height: 1fr;
    overflow-x: hidden;
    scrollbar-gutter: stable;
    background: transparent;
    & > .live-table--header { color: $foreground 70%; text-style: bold; }
    & > .live-table--cursor { background: $block-cursor-background;
        color: $block-cursor-foreground; text-style: bold; }
    & > .live-table--cursor-blurred { background: $block-cursor-blurred-background; }
    & > .live-table--good { color: $text-success; }
    & > .live-table--warning { color: $text-warning; }
    & > .live-table--error { color: $text-error; text-style: bold; }
    & > .live-table--accent { color: $text-accent; }
    & > .live-table--dim { color: $secondary; }
    & > .live-table--empty { color: $foreground 70%; text-style: italic; }
}
"""
TABLE_CLASSES = {
    "live-table--header",
    "live-table--cursor",
    "live-table--cursor-blurred",
    "live-table--empty",
    *(f"live-table--{tone}" for tone in TONES),
}

_CURSOR_GLYPH = "▌ "
_ASCENDING, _DESCENDING = "▲", "▼"


def header_strip(
    columns: Sequence[Column],
    widths: Mapping[int, int],
    sorting: tuple[str, bool] | None,
    style: Style,
) -> Strip:
    """Return the line of titles, the sorted one marked."""
    parts = [" " * GUTTER]
    for index, width in widths.items():
        column = columns[index]
        title = column.title
        if sorting is not None and sorting[0] == column.key:
            mark = _DESCENDING if sorting[1] else _ASCENDING
            title = title[: max(width - 1, 0)] + mark
        parts.append(fitted(title, width, right=column.justify == "right") + " " * GAP)
    return Strip([Segment("".join(parts), style)])


def empty_strip(text: str, line: int, width: int, style: Style) -> Strip:
    """Return a line of the text that stands where there are no rows."""
    lines = wrap(text, width)
    return Strip([Segment(" " * GUTTER + (lines[line] if line < len(lines) else ""), style)])


def row_strip(
    row: Row,
    columns: Sequence[Column],
    widths: Mapping[int, int],
    base: Style,
    tones: Callable[[str], Style] | None,
    *,
    cursor: bool = False,
) -> Strip:
    """Return a row; the cursor shows as a glyph too, for terminals without colour.

    Args:
        row: What to show.
        columns: All columns of the table.
        widths: The shown columns, by index.
        base: The style of the whole row.
        tones: Gives the style of a cell's tone; None where the row's style overrules them.
        cursor: The row has the cursor.
    """
    segments = [Segment(_CURSOR_GLYPH if cursor else " " * GUTTER, base)]
    for index, width in widths.items():
        cell = row.cells[index]
        text, tone = (cell, "") if isinstance(cell, str) else (cell.plain, str(cell.style))
        style = base + tones(tone) if tones is not None and tone in TONES else base
        right = columns[index].justify == "right"
        segments.append(Segment(fitted(printable(text), width, right=right), style))
        segments.append(Segment(" " * GAP, base))
    return Strip(segments)


def fitted(text: str, width: int, *, right: bool = False) -> str:
    """Return text in exactly so many cells, with an ellipsis where it is cut."""
    length = cell_len(text)
    if length > width:
        return set_cell_size(text, width - 1) + "…" if width > 1 else set_cell_size(text, width)
    padding = " " * (width - length)
    return padding + text if right else text + padding
