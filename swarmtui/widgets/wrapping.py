"""Breaking long lines: what follows stands under what it belongs to, or items flow."""

from __future__ import annotations

import re
from collections.abc import Iterable

from rich.cells import cell_len
from rich.text import Text

_LEAD = re.compile(r" *(?:(?:[!·$✗✓▶]|\d+) +)?(?:\S.{0,18}?\s{2,})?")
"""What later lines are indented by: indent, a mark or number, a label."""
_WORD = re.compile(r" *[^ ]+")
_LEAST_ROOM = 20
_BETWEEN = "  "


def hanging(text: Text, width: int) -> Text:
    """Return text whose lines fit a width, each continued under its own beginning."""
    wrapped = Text("\n", style=text.style).join(
        _broken(line, width) for line in text.split("\n", allow_blank=True)
    )
    wrapped.style = text.style
    return wrapped


def flowing(items: Iterable[Text], width: int) -> Text:
    """Return items beside each other; one for which a line has no room begins the next."""
    lines: list[list[Text]] = []
    used = 0
    for item in items:
        length = cell_len(item.plain)
        if not lines or used + len(_BETWEEN) + length > width:
            lines.append([])
            used = -len(_BETWEEN)
        lines[-1].append(item)
        used += len(_BETWEEN) + length
    return Text("\n").join(Text(_BETWEEN).join(line) for line in lines)


def _broken(line: Text, width: int) -> Text:
    plain = line.plain
    if cell_len(plain) <= width:
        return line
    found = _LEAD.match(plain)
    indent = len(found.group()) if found else 0
    if width - indent < _LEAST_ROOM:
        indent = 0
    cuts: list[int] = []
    start = 0
    for word in _WORD.finditer(plain, indent):
        taken = cell_len(plain[start : word.end()]) + (indent if cuts else 0)
        begin = word.start() + len(word.group()) - len(word.group().lstrip())
        if taken > width and begin > max(start, indent):
            cuts.append(begin)
            start = begin
    pieces = line.divide(cuts)
    for piece in pieces:
        piece.rstrip()
    return Text("\n" + " " * indent).join(pieces)
