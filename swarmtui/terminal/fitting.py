"""An application that fits its terminal: its signs, its colours, its line."""

from __future__ import annotations

from collections.abc import Sequence

from rich.cells import set_cell_size
from rich.segment import Segment
from textual.binding import Binding
from textual.color import Color
from textual.driver import Driver
from textual.filter import LineFilter, NoColor

from swarmtui.ascii import to_ascii
from swarmtui.terminal.driver import TerminalDriver
from swarmtui.terminal.pacing import PacedApp

_KEYS = {"⏎": "Enter", "↑": "Up", "↓": "Down", "←": "Left", "→": "Right", "␣": "Space"}


class FittedApp(PacedApp):
    """Shows ASCII only where it is told to, and the terminal's own colours where it has few.

    Args:
        ascii_only: Show no other sign.
    """

    def __init__(self, *, ascii_only: bool = False) -> None:
        super().__init__()
        self.is_ascii = ascii_only
        self.has_few_colors = self.console.color_system not in ("256", "truecolor")
        """Colours of our own would become others, many the same: the terminal's own are better."""
        if self.has_few_colors and not _knows_colors():
            self.no_color = True

    def get_driver_class(self) -> type[Driver]:
        """Return the driver that tells how busy the line to the terminal is."""
        return TerminalDriver

    def get_line_filters(self) -> Sequence[LineFilter]:
        """Return what every line goes through before it is shown."""
        filters = [*super().get_line_filters()]
        if self.no_color and self.has_few_colors:
            filters.append(_NO_COLOR)  # the shades of grey that Textual keeps are colours here
        if self.is_ascii:
            filters.append(_ASCII)
        return filters

    def get_key_display(self, binding: Binding) -> str:
        """Return what a key is called, as a word where it has no sign."""
        sign = super().get_key_display(binding)
        return _KEYS.get(sign, sign) if self.is_ascii else sign


class AsciiFilter(LineFilter):
    """Puts lines into ASCII."""

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:
        """Return the segments with signs of the same width."""
        return [_plain(segment) for segment in segments]


_ASCII = AsciiFilter()
_NO_COLOR = NoColor()


def _knows_colors() -> bool:
    """Ask the system's description of terminals; where there is none, colours do no harm."""
    try:
        import curses  # noqa: PLC0415 - some builds of Python lack it
    except ImportError:
        return True
    try:
        curses.setupterm(fd=1)
    except curses.error:
        return True
    return curses.tigetnum("colors") >= 8


def _plain(segment: Segment) -> Segment:
    if segment.text.isascii():
        return segment
    # Several signs may show as one, such as those of a flag.
    text = set_cell_size(to_ascii(segment.text), segment.cell_length)
    return Segment(text, segment.style, segment.control)
