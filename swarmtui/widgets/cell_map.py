"""A map of many equal things, a cell each, with a cursor; no needless repaint."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import ClassVar

from rich.segment import Segment
from rich.style import Style
from textual import events, on
from textual.binding import Binding, BindingType
from textual.geometry import Region, Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip

from swarmtui.render.cells import Cell
from swarmtui.widgets.strips import GUTTER, TONES, fitted

MOST_PER_LINE = 64
TALL = 8
"""A map of more lines than this is drawn without gaps between its cells, if that helps."""


def line_length(count: int, width: int) -> tuple[int, int]:
    """Return how many cells stand on a line, and how far they are apart.

    The length is a power of two, so that lines begin at round addresses.

    Args:
        count: The cells of the map.
        width: The room for them on a line.
    """
    apart, close = (_longest(count, width // step) for step in (2, 1))
    return (close, 1) if count > TALL * apart and close > apart else (apart, 2)


def _longest(count: int, width: int) -> int:
    length = 1
    while length < min(count, MOST_PER_LINE) and 2 * length <= width:
        length *= 2
    return length


class CellMap(ScrollView, can_focus=True):
    """Shows a sequence of cells in lines, and a cursor that moves over them.

    Give it the cells with `show(cells)`, as often as there is news: lines that are the same are not
    painted again, and the cursor stays on its index. How many cells stand on a line is a power of
    two that fits the width; `room(lines)` tells how many fit on some lines. It scrolls where it is
    too tall; `height: auto` makes it as tall as its lines. `cursor` is the index under the cursor;
    `move_to(index)` puts it elsewhere; `Moved` tells each time it is elsewhere, whoever moved it.
    Enter is left to the screen. The line of the cursor is marked in the margin, its cell is
    reversed, so that both are seen without colour.

    | Key | Does |
    | :- | :- |
    | left, right, h, l | Move the cursor a cell. |
    | up, down, k, j | Move it a line. |
    | page up, page down, home, end, g, G | Move it far. |

    Args:
        label_width: Room for what stands before each line, such as the address of its first cell.
    """

    DEFAULT_CSS = """
    CellMap {
        height: auto;
        overflow-x: hidden;
        scrollbar-gutter: stable;
        scrollbar-size-horizontal: 0;
        background: transparent;
        & > .cell-map--label { color: $foreground 70%; }
        & > .cell-map--cursor { background: $block-cursor-background;
            color: $block-cursor-foreground; text-style: bold reverse; }
        & > .cell-map--cursor-blurred { text-style: reverse; }
        & > .cell-map--good { color: $text-success; }
        & > .cell-map--warning { color: $text-warning; }
        & > .cell-map--error { color: $text-error; text-style: bold; }
        & > .cell-map--accent { color: $text-accent; }
        & > .cell-map--dim { color: $secondary; }
    }
    """
    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "cell-map--label",
        "cell-map--cursor",
        "cell-map--cursor-blurred",
        *(f"cell-map--{tone}" for tone in TONES),
    }
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("left,h", "move(-1)", "Left", show=False),
        Binding("right,l", "move(1)", "Right", show=False),
        Binding("up,k", "move_lines(-1)", "Up", show=False),
        Binding("down,j", "move_lines(1)", "Down", show=False),
        Binding("pageup,ctrl+b", "move_pages(-1)", "Page up", show=False),
        Binding("pagedown,ctrl+f", "move_pages(1)", "Page down", show=False),
        Binding("home,g", "first", "First", show=False),
        Binding("end,G", "last", "Last", show=False),
    ]

    class Moved(Message):
        """The cursor is on another cell.

        Attributes:
            index: Of the cell.
        """

        def __init__(self, cell_map: CellMap, index: int) -> None:
            super().__init__()
            self.cell_map = cell_map
            self.index = index

        @property
        def control(self) -> CellMap:
            """The map."""
            return self.cell_map

    def __init__(
        self,
        *,
        label_width: int = 0,
        name: str | None = None,
        id: str | None = None,  # noqa: A002
        classes: str | None = None,
    ) -> None:
        super().__init__(name=name, id=id, classes=classes)
        self._label_width = label_width
        self._cells: Sequence[Cell] = ()
        self._label: Callable[[int], str] = _no_label
        self._cursor = 0
        self._length, self._step = 1, 1

    @property
    def cursor(self) -> int:
        """The index of the cell under the cursor; 0 where there are no cells."""
        return self._cursor

    @property
    def length(self) -> int:
        """How many cells stand on a line."""
        return self._length

    def room(self, lines: int) -> int:
        """Return how many cells fit on so many lines."""
        width = self.scrollable_content_region.width - self._left
        return _longest(MOST_PER_LINE, width) * lines

    def show(self, cells: Sequence[Cell], label: Callable[[int], str] | None = None) -> None:
        """Show cells; only lines on screen that differ are painted again.

        Args:
            cells: All of them; the sequence must not change later.
            label: Gives what stands before a line, from the index of its first cell.
        """
        before = [self._content(line) for line in self._lines_in_sight]
        arranged = self._length, self._step
        self._cells, self._label = cells, label or _no_label
        self._lay_out()
        self.move_to(self._cursor)
        if (self._length, self._step) != arranged:
            self.refresh()
            return
        for line, content in zip(self._lines_in_sight, before, strict=True):
            if self._content(line) != content:
                self._refresh_line(line)

    def move_to(self, index: int) -> None:
        """Put the cursor on a cell, or on the nearest one there is."""
        index = max(min(index, len(self._cells) - 1), 0)
        if index == self._cursor:
            return
        lines = {self._cursor // self._length, index // self._length}
        self._cursor = index
        for line in lines:
            self._refresh_line(line)
        self._bring_into_sight()
        self.post_message(self.Moved(self, index))

    def render_line(self, y: int) -> Strip:
        """Render one line on screen."""
        width = self.scrollable_content_region.width
        line = y + self.scroll_offset.y
        if line * self._length >= len(self._cells):
            return Strip.blank(width, self.rich_style)
        return self._strip(line).crop_extend(0, width, self.rich_style)

    def on_resize(self) -> None:
        """Lay the lines out anew and keep the cursor in sight."""
        self._lay_out()
        self._bring_into_sight()

    @on(events.Focus)
    @on(events.Blur)
    def show_who_has_keys(self) -> None:
        """Show whether keys move the cursor."""
        self._refresh_line(self._cursor // self._length)

    def on_click(self, event: events.Click) -> None:
        """Move to a clicked cell."""
        event.stop()
        spot = event.get_content_offset(self)
        if spot is None or spot.x < self._left:
            return
        place = (spot.x - self._left) // self._step
        index = (spot.y + self.scroll_offset.y) * self._length + place
        if place < self._length and index < len(self._cells):
            self.move_to(index)

    def action_move(self, cells: int) -> None:
        """Move so many cells on."""
        self.move_to(self._cursor + cells)

    def action_move_lines(self, lines: int) -> None:
        """Move so many lines down, to the last cell where the last line is short."""
        last = max(len(self._cells) - 1, 0) // self._length
        line, place = divmod(self._cursor, self._length)
        self.move_to(max(min(line + lines, last), 0) * self._length + place)

    def action_move_pages(self, pages: int) -> None:
        """Move so many pages down."""
        self.action_move_lines(pages * max(self.scrollable_content_region.height, 1))

    def action_first(self) -> None:
        """Move to the first cell."""
        self.move_to(0)

    def action_last(self) -> None:
        """Move to the last cell."""
        self.move_to(len(self._cells) - 1)

    @property
    def _left(self) -> int:
        """Where the first cell of a line stands."""
        return GUTTER + (self._label_width + 1 if self._label_width else 0)

    @property
    def _lines_in_sight(self) -> range:
        first = self.scroll_offset.y
        return range(first, first + self.scrollable_content_region.height)

    def _content(self, line: int) -> tuple[str, Sequence[Cell]]:
        first = line * self._length
        cells = self._cells[first : first + self._length]
        return (self._label(first) if cells else "", cells)

    def _lay_out(self) -> None:
        width = self.scrollable_content_region.width
        arranged = line_length(len(self._cells), width - self._left)
        if arranged != (self._length, self._step):
            self._length, self._step = arranged
            self.refresh()
        size = Size(width, -(-len(self._cells) // self._length))
        if size != self.virtual_size:
            self.virtual_size = size

    def _bring_into_sight(self) -> None:
        line, sight = self._cursor // self._length, self._lines_in_sight
        if line < sight.start:
            self.scroll_to(y=line, animate=False, immediate=True)
        elif sight and line >= sight.stop:
            self.scroll_to(y=line - len(sight) + 1, animate=False, immediate=True)

    def _refresh_line(self, line: int) -> None:
        if line in self._lines_in_sight:
            width = self.scrollable_content_region.width
            self.refresh(Region(0, line - self.scroll_offset.y, width, 1))

    def _style(self, name: str) -> Style:
        return self.rich_style + self.get_component_rich_style(f"cell-map--{name}", partial=True)

    def _strip(self, line: int) -> Strip:
        label, cells = self._content(line)
        first, base, cursor = line * self._length, self.rich_style, self._cursor
        margin = "▌ " if 0 <= cursor - first < self._length else " " * GUTTER
        segments = [Segment(margin, base)]
        if self._label_width:
            segments.append(Segment(fitted(label, self._label_width) + " ", self._style("label")))
        styles = {each: self._style(each) for each in {cell.tone for cell in cells} & {*TONES}}
        for index, cell in enumerate(cells, first):
            style = styles.get(cell.tone, base)
            if index == cursor:
                style = self._style("cursor" if self.has_focus else "cursor-blurred")
            segments.append(Segment(cell.glyph, style))
            if self._step > 1:
                segments.append(Segment(" ", base))
        return Strip(segments).simplify()


def _no_label(_: int) -> str:
    return ""
