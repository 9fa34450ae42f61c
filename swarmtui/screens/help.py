"""What help says about a screen, made from its commands and its table."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.text import Text

from swarmtui.commands import CATALOGUE
from swarmtui.render import printable

if TYPE_CHECKING:
    from swarmtui.commands import Command
    from swarmtui.render import Column

_NAMES = {"ctrl": "Ctrl", "question_mark": "?", "escape": "Esc"}
_KEY_WIDTH = 14

_TABLE_KEYS = (
    ("↑ ↓ k j", "Move the cursor."),
    ("PgUp PgDn g G", "Move it far: a page, first row, last row."),
    ("Enter", "Open the row: its endpoints, tasks, service or node."),
    ("← →", "Scroll sideways when all columns are shown."),
    ("Tab 1 2 3 4", "Give the keys to another pane."),
    ("Ctrl-p", "Search all commands by name."),
    ("q :q Ctrl-c", "Quit; nothing in the swarm depends on this program."),
)


def help_text(
    title: str, columns: tuple[Column, ...], *, read_only: bool, source: str = "", origin: str = ""
) -> Text:
    """Return help for a table: its keys, how to sort and filter it; and which engine is read."""
    text = Text(f"Keys on {title}\n", style="")
    text.stylize("bold")
    groups: dict[str, list[type[Command]]] = {}
    for command in CATALOGUE:
        groups.setdefault(command.GROUP, []).append(command)
    for group, commands in groups.items():
        _heading(text, group)
        for command in commands:
            _line(text, shown_key(command), command.help())
    _heading(text, "Everywhere")
    for key, words in _TABLE_KEYS:
        _line(text, key, words)
    _heading(text, f"Sort {title}")
    for column in columns:
        if column.sort_key:
            _line(text, f"Shift-{column.sort_key.lower()}", f"By {column.title}.")
    _heading(text, "Filter")
    names = ", ".join(column.key for column in columns)
    _line(text, "word", "Rows with the word in any column.")
    _line(text, "column:word", f"In one column: {names}.")
    _line(text, "!word", "Rows without it. Quotes hold words together.")
    _heading(text, "This program")
    words = "The explorer only reads: its connection lets nothing else out."
    _line(text, "Read-only", words if not read_only else f"{words} --read-only is set.")
    if origin:
        _line(text, "Engine", printable(f"{source}, as told by: {origin}."))
    return text


def shown_key(command: type[Command]) -> str:
    """Return a command's key as people write it."""
    if command.SHOWN_KEY:
        return command.SHOWN_KEY
    parts = command.KEY.partition(",")[0].split("+")
    return "-".join(_NAMES.get(part, part) for part in parts)


def _heading(text: Text, words: str) -> None:
    text.append(f"\n{words.upper()}\n", style="accent")


def _line(text: Text, key: str, words: str) -> None:
    text.append(f"  {key:<{_KEY_WIDTH}} ", style="good")
    text.append(f"{words}\n")
