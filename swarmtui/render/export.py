"""A table as a file: CSV for people with spreadsheets, JSON for programs."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from swarmtui.render.table import Column, Row

ExportFormat = Literal["csv", "json"]


def save_table(columns: Sequence[Column], rows: Iterable[Row], form: ExportFormat) -> str:
    """Return a table's text in a format, all columns included."""
    titles = [column.title for column in columns]
    plain = [[str(cell).strip() for cell in row.cells] for row in rows]
    if form == "json":
        keys = [column.key for column in columns]
        objects = [dict(zip(keys, cells, strict=True)) for cells in plain]
        return json.dumps(objects, indent=2, ensure_ascii=False) + "\n"
    written = io.StringIO()
    writer = csv.writer(written, lineterminator="\n")
    writer.writerow(titles)
    writer.writerows([_inert(cell) for cell in cells] for cells in plain)
    return written.getvalue()


def _inert(cell: str) -> str:
    """Keep a spreadsheet from taking text of the engine for a formula."""
    return f"'{cell}" if cell[:1] in ("=", "+", "@", "-") and len(cell) > 1 else cell
