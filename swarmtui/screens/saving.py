"""Saving tables and scripts to files, without losing one that is there."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from textual.screen import Screen

from swarmtui.errors import SwarmtuiError
from swarmtui.render import save_table

if TYPE_CHECKING:
    from swarmtui.render import Column, ExportFormat, Row


def save(screen: Screen[Any], write: Callable[[], str]) -> None:
    """Write something, and say on a screen what was done or why it was not."""
    try:
        words = write()
    except SwarmtuiError as error:
        screen.notify(f"{error.title}. {error.hint}", severity="error", markup=False)
    else:
        screen.notify(words, markup=False)


def write_table(path: Path, columns: Sequence[Column], rows: Sequence[Row]) -> str:
    """Write rows to a new file, as JSON where it is called so, else as CSV; say what was done.

    Raises:
        SwarmtuiError: The file is there already, or cannot be written.
    """
    form: ExportFormat = "json" if path.suffix == ".json" else "csv"
    _write_new(path, save_table(columns, rows, form))
    return f"Saved {len(rows)} rows to {path.resolve()}"


def write_script(path: Path, script: str) -> str:
    """Write a script to a new file that its owner can run; say what was done.

    Raises:
        SwarmtuiError: The file is there already, or cannot be written.
    """
    _write_new(path, script, mode=0o700)
    return f"Saved the plan to {path.resolve()}"


def write_text(path: Path, text: str) -> str:
    """Write a text to a new file; say what was done.

    Raises:
        SwarmtuiError: The file is there already, or cannot be written.
    """
    _write_new(path, text)
    return f"Saved it to {path.resolve()}"


def _write_new(path: Path, content: str, mode: int = 0o666) -> None:
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(content)
    except FileExistsError as error:
        title = f"{path} is there already"
        raise SwarmtuiError(title, "", "Choose another name.") from error
    except OSError as error:
        title = f"Cannot write {path}: {error.strerror}"
        raise SwarmtuiError(title, "", "Choose another folder.") from error
