"""A map of many equal things, a cell each, with a cursor; no needless repaint."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
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
from swarmtui.widgets.cell_lines import (
    MOST_PER_LINE,
    CellLines,
    line_length,
    longest,
    parts_of,
)
from swarmtui.widgets.strips import GUTTER, TONES, fitted

MAP_TONES = (*TONES, "primary", "bold")


class CellMap(ScrollView, can_focus=True):
    """Shows a sequence of cells in lines, in parts under headings, and a cursor over them.

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

    Attributes:
        label_width: Room for what stands before each line, such as the address of its first cell;
            to be set before `show`.
    """

    DEFAULT_CSS = """
    CellMap {
        height: auto;
        overflow-x: hidden;
        scrollbar-gutter: stable;
        scrollbar-size-horizontal: 0;
        background: transparent;
        & > .cell-map--label { color: $foreground 70%; }
        & > .cell-map--heading { text-style: bold; }
        & > .cell-map--cursor { background: $block-cursor-background;
            color: $block-cursor-foreground; text-style: bold reverse; }
        & > .cell-map--cursor-blurred { text-style: reverse; }
        & > .cell-map--good { color: $text-success; }
        & > .cell-map--warning { color: $text-warning; }
        & > .cell-map--error { color: $text-error; text-style: bold; }
        & > .cell-map--accent { color: $text-accent; }
        & > .cell-map--primary { color: $text-primary; }
        & > .cell-map--bold { text-style: bold; }
        & > .cell-map--dim { color: $secondary; }
    }
    """
    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "cell-map--label",
        "cell-map--heading",
        "cell-map--cursor",
        "cell-map--cursor-blurred",
        *(f"cell-map--{tone}" for tone in MAP_TONES),
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
        self.label_width = label_width
        self._cells: Sequence[Cell] = ()
        self._label: Callable[[int], str] = _no_label
        self._headings: Mapping[int, str] = {}
        self._cursor = 0
        self._lines = CellLines()
        self._step = 1

    @property
    def cursor(self) -> int:
        """The index of the cell under the cursor; 0 where there are no cells."""
        return self._cursor

    @property
    def length(self) -> int:
        """How many cells stand on a line."""
        return self._lines.length

    def room(self, lines: int) -> int:
        """Return how many cells fit on so many lines."""
        width = self.scrollable_content_region.width - self._left
        return longest(MOST_PER_LINE, width) * lines

    def show(
        self,
        cells: Sequence[Cell],
        label: Callable[[int], str] | None = None,
        headings: Mapping[int, str] | None = None,
    ) -> None:
        """Show cells; only lines on screen that differ are painted again.

        Args:
            cells: All of them; the sequence must not change later.
            label: Gives what stands before a line, from the index of its first cell.
            headings: What stands above a cell that begins a part, by its index.
        """
        before = [self._content(line) for line in self._lines_in_sight]
        arranged = self._lines, self._step
        self._cells, self._label, self._headings = cells, label or _no_label, headings or {}
        self._lay_out()
        self.move_to(self._cursor)
        if (self._lines, self._step) != arranged:
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
        for each in (self._cursor, index):
            self._refresh_line(self._lines.line_of(each))
        self._cursor = index
        self._bring_into_sight()
        self.post_message(self.Moved(self, index))

    def render_line(self, y: int) -> Strip:
        """Render one line on screen."""
        # While screens change, a map may hear of its size before it has a place.
        self._lay_out()
        width = self.scrollable_content_region.width
        line = y + self.scroll_offset.y
        if line >= len(self._lines):
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
        self._refresh_line(self._lines.line_of(self._cursor))

    def on_click(self, event: events.Click) -> None:
        """Move to a clicked cell."""
        event.stop()
        spot = event.get_content_offset(self)
        if spot is None or spot.x < self._left:
            return
        place = (spot.x - self._left) // self._step
        cells = self._lines.cells_on(spot.y + self.scroll_offset.y)
        if place < len(cells):
            self.move_to(cells[place])

    def action_move(self, cells: int) -> None:
        """Move so many cells on."""
        self.move_to(self._cursor + cells)

    def action_move_lines(self, lines: int) -> None:
        """Move so many lines down, to the last cell where the last line is short."""
        self.move_to(self._lines.beside(self._cursor, lines))

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
        return GUTTER + (self.label_width + 1 if self.label_width else 0)

    @property
    def _lines_in_sight(self) -> range:
        first = self.scroll_offset.y
        return range(first, first + self.scrollable_content_region.height)

    def _content(self, line: int) -> tuple[str, Sequence[Cell]]:
        cells = self._lines.cells_on(line)
        label = self._label(cells.start) if cells else self._lines.heading_on(line)
        return label, self._cells[cells.start : cells.stop]

    def _lay_out(self) -> None:
        width = self.scrollable_content_region.width
        parts = parts_of(len(self._cells), self._headings)
        length, step = line_length(max(part.count for part in parts), width - self._left)
        lines = CellLines(parts, length)
        if (lines, step) != (self._lines, self._step):
            self._lines, self._step = lines, step
            self.refresh()
        size = Size(width, len(lines))
        if size != self.virtual_size:
            self.virtual_size = size

    def _bring_into_sight(self) -> None:
        line, sight = self._lines.line_of(self._cursor), self._lines_in_sight
        if line < sight.start:
            # With its heading, where that is the line above.
            top = line - 1 if line and self._lines.heading_on(line - 1) else line
            self.scroll_to(y=top, animate=False, immediate=True)
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
        if not cells:
            return Strip([Segment(" " * GUTTER + label, self._style("heading"))])
        first, base, cursor = self._lines.cells_on(line).start, self.rich_style, self._cursor
        margin = "▌ " if 0 <= cursor - first < len(cells) else " " * GUTTER
        segments = [Segment(margin, base)]
        if self.label_width:
            segments.append(Segment(fitted(label, self.label_width) + " ", self._style("label")))
        tones = {cell.tone for cell in cells} & {*MAP_TONES}
        styles = {each: self._style(each) for each in tones}
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
