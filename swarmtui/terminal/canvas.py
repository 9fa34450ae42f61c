"""What the terminal shows, so that only what differs goes over the line."""

from __future__ import annotations

import re
from functools import lru_cache

from rich.cells import cell_len

FRAME = re.compile(r"\x1b\[\d+;\d+H")
"""What each frame of Textual begins with."""
_PIECE = re.compile(r"\x1b\[(\d+);(\d+)H|\x1b\[([\d;]*)m|\n|([^\x00-\x1f\x7f]+)")
"""All that frames are made of: places, styles, ends of lines, text."""
_GAP = 6
"""As many cells cost about as much as a move past them."""

_Cell = tuple[str, str]
"""A sign and the style that it is shown in."""


class Canvas:
    """Turns frames into what changes with them."""

    def __init__(self) -> None:
        self._rows: dict[int, list[_Cell | None]] = {}
        self._is_known = False
        self._cursor = (0, 0)
        self._pen = ""
        self._out: list[str] = []

    def forget(self) -> None:
        """Take it that the terminal shows anything: the next frames are sent as they are."""
        self._is_known = False

    def changes(self, frame: str) -> str:
        """Return what turns the terminal's picture into the one with a frame; empty for nothing.

        A frame with anything but places, styles and text is returned as it is.
        """
        if not self._is_known:
            self._is_known = True
            self._rows = {}
            self._cursor = (0, 0)
        before = self._cursor
        self._out = []
        end = self._draw(frame)
        if end is None:
            self.forget()
            return frame
        if not self._out and end == before:
            return ""
        self._style("")
        self._move(*end)
        return "".join(self._out)

    def _draw(self, frame: str) -> tuple[int, int] | None:
        """Draw all pieces and return the last place, None where one is none of those known."""
        line, column, style, end = 0, 0, "", 0
        for piece in _PIECE.finditer(frame):
            if piece.start() != end:
                return None
            end = piece.end()
            text = piece[4]
            if text:
                self._text(line, column, style, text)
                column += cell_len(text)
            elif piece[1]:
                line, column = int(piece[1]), int(piece[2])
            elif piece[3] is not None:
                style = _with(style, piece[3])
        return (line, column) if end == len(frame) else None

    def _text(self, line: int, column: int, style: str, text: str) -> None:
        row = self._rows.setdefault(line, [])
        row += [None] * (column + len(text) * 2 - len(row))
        if not _is_plain(text):
            # How wide a terminal shows it is its own affair, and that of all that follows.
            self._put(line, column, style, text)
            row[column:] = [None] * len(row[column:])
            self._cursor = (0, 0)
            return
        cells = [(sign, style) for sign in text]
        if row[column : column + len(cells)] == cells:
            return
        for start, stop in _spans(row[column : column + len(cells)], cells):
            self._put(line, column + start, style, text[start:stop])
        row[column : column + len(cells)] = cells

    def _put(self, line: int, column: int, style: str, text: str) -> None:
        self._move(line, column)
        self._style(style)
        self._out.append(text)
        self._cursor = (line, column + len(text))

    def _move(self, line: int, column: int) -> None:
        if self._cursor != (line, column):
            self._out.append(f"\x1b[{line};{column}H")
            self._cursor = (line, column)

    def _style(self, style: str) -> None:
        if self._pen != style:
            both = ";" if self._pen and style else ""
            self._out.append(f"\x1b[{'0' if both else ''}{both}{style}m")
            self._pen = style


def _with(style: str, change: str) -> str:
    if change in ("", "0"):
        return ""
    return f"{style};{change}" if style else change


@lru_cache(4096)
def _is_plain(text: str) -> bool:
    """Tell whether each character takes a cell of its own."""
    return text.isascii() or all(cell_len(sign) == 1 for sign in text)


def _spans(old: list[_Cell | None], new: list[_Cell]) -> list[tuple[int, int]]:
    """Return where two rows differ, from and to; what lies close together as one."""
    spans: list[tuple[int, int]] = []
    for index, (before, after) in enumerate(zip(old, new, strict=True)):
        if before != after:
            if spans and index - spans[-1][1] <= _GAP:
                spans[-1] = (spans[-1][0], index + 1)
            else:
                spans.append((index, index + 1))
    return spans
