"""Saving a table to a file, without losing one that is there."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from swarmtui.errors import SwarmtuiError
from swarmtui.render import Column, ExportFormat, Row, save_table


def write_table(path: Path, columns: Sequence[Column], rows: Sequence[Row]) -> str:
    """Write rows to a new file, as JSON where it is called so, else as CSV; say what was done.

    Raises:
        SwarmtuiError: The file is there already, or cannot be written.
    """
    form: ExportFormat = "json" if path.suffix == ".json" else "csv"
    try:
        with path.open("x", encoding="utf-8") as file:
            file.write(save_table(columns, rows, form))
    except FileExistsError as error:
        title = f"{path} is there already"
        raise SwarmtuiError(title, "", "Choose another name.") from error
    except OSError as error:
        title = f"Cannot write {path}: {error.strerror}"
        raise SwarmtuiError(title, "", "Choose another folder.") from error
    return f"Saved {len(rows)} rows to {path.resolve()}"
