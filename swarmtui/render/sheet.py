"""The building blocks of a readable sheet about one object."""

from __future__ import annotations

from collections.abc import Iterable

from rich.text import Text

from swarmtui.render.text import NOTHING, printable

LABEL_WIDTH = 16


class SheetText:
    """Collects titles, labelled values and lists into one Text."""

    def __init__(self, title: str, subtitle: str = "") -> None:
        self._text = Text(printable(title), style="")
        self._text.stylize("bold")
        if subtitle:
            self._text.append("  ")
            self._text.append(printable(subtitle), style="dim")
        self._text.append("\n")

    def section(self, title: str) -> None:
        """Begin a section."""
        self._text.append("\n")
        self._text.append(title.upper(), style="accent")
        self._text.append("\n")

    def value(self, label: str, value: str, *, note: str = "", tone: str = "") -> None:
        """Add a labelled value, with a remark behind it."""
        self._text.append(f"  {label:<{LABEL_WIDTH}} ", style="dim")
        self._text.append(printable(value) or NOTHING, style=tone)
        if note:
            self._text.append("  ")
            self._text.append(printable(note), style="dim")
        self._text.append("\n")

    def line(self, text: str, *, tone: str = "") -> None:
        """Add a line of its own."""
        self._text.append("  ")
        self._text.append(printable(text), style=tone)
        self._text.append("\n")

    def table(self, rows: Iterable[tuple[str, ...]]) -> None:
        """Add rows whose columns line up; an empty table says that there is nothing."""
        lines = [tuple(printable(cell) for cell in row) for row in rows]
        if not lines:
            self.line("none", tone="dim")
            return
        widths = [max(len(row[index]) for row in lines) for index in range(len(lines[0]))]
        for row in lines:
            cells = (cell.ljust(width) for cell, width in zip(row, widths, strict=True))
            self.line("  ".join(cells).rstrip())

    @property
    def text(self) -> Text:
        """Return all that was added."""
        return self._text
