"""A map of cells under a cursor that stays on what its cell stands for."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from rich.segment import Segment
from rich.style import Style
from textual import events, on
from textual.binding import Binding, BindingType
from textual.geometry import Region, Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip

from swarmtui.render.cells import Cell, CellGroup
from swarmtui.widgets.cell_lines import Line, beside, label_width, line_with, lines_of

SCROLLBAR = 1
"""Cells that are left to it, so that lines stay as they are when it comes and goes."""
TONES = ("good", "warning", "error", "accent", "primary", "bold", "dim")


class CellMessage(Message):
    """Something happened to a cell of a map.

    Attributes:
        key: The cell's key; None where there is no cell.
    """

    def __init__(self, cell_map: CellMap, key: str | None) -> None:
        super().__init__()
        self.cell_map = cell_map
        self.key = key

    @property
    def control(self) -> CellMap:
        """The map."""
        return self.cell_map


class CellMap(ScrollView, can_focus=True):
    """Cells in lines, group under group; brackets show the cursor without colour.

    | Key | Does |
    | :- | :- |
    | arrows, h, j, k, l | Move the cursor. |
    | home, end, g, G | Move it to the first or last cell. |
    | enter | Choose the cell. |
    """

    DEFAULT_CSS = """
    CellMap {
        height: auto;
        overflow-x: hidden;
        overflow-y: auto;
        background: transparent;
        scrollbar-size-vertical: 1;
        & > .cell-map--title { color: $foreground 70%; text-style: bold; }
        & > .cell-map--label { color: $secondary; }
        & > .cell-map--cursor { background: $block-cursor-background;
            color: $block-cursor-foreground; text-style: bold; }
        & > .cell-map--cursor-blurred { background: $block-cursor-blurred-background; }
        & > .cell-map--good { color: $text-success; }
        & > .cell-map--warning { color: $text-warning; }
        & > .cell-map--error { color: $text-error; text-style: bold; }
        & > .cell-map--accent { color: $text-accent; text-style: bold; }
        & > .cell-map--primary { color: $text-primary; }
        & > .cell-map--bold { text-style: bold; }
        & > .cell-map--dim { color: $secondary; }
    }
    """
    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "cell-map--title",
        "cell-map--label",
        "cell-map--cursor",
        "cell-map--cursor-blurred",
        *(f"cell-map--{tone}" for tone in TONES),
    }
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up,k", "move_lines(-1)", "Up", show=False),
        Binding("down,j", "move_lines(1)", "Down", show=False),
        Binding("left,h", "move(-1)", "Left", show=False),
        Binding("right,l", "move(1)", "Right", show=False),
        Binding("pageup,ctrl+b", "move_lines(-8)", "Page up", show=False),
        Binding("pagedown,ctrl+f", "move_lines(8)", "Page down", show=False),
        Binding("home,g", "first", "First cell", show=False),
        Binding("end,G", "last", "Last cell", show=False),
        Binding("enter", "choose", "Open", show=False),
    ]

    class CellHighlighted(CellMessage):
        """The cursor is on another cell, or on none."""

    class CellChosen(CellMessage):
        """A cell was chosen with Enter or a second click."""

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id)
        self._groups: tuple[CellGroup, ...] = ()
        self._cells: tuple[Cell, ...] = ()
        self._positions: dict[str, int] = {}
        self._lines: tuple[Line, ...] = ()
        self._laid_out: tuple[tuple[CellGroup, ...], int] = ((), 0)
        self._cursor = 0
        self._selected: str | None = None
        self.empty_text = ""

    @property
    def selected_key(self) -> str | None:
        """The key of the cell under the cursor."""
        return self._selected

    def show(self, groups: Sequence[CellGroup], *, empty_text: str = "") -> None:
        """Show other cells; only lines that differ are painted again.

        Args:
            groups: All of them.
            empty_text: What stands there when there are none.
        """
        before, lines = self._groups, self._lines
        if tuple(groups) == before and empty_text == self.empty_text:
            return
        self._groups, self.empty_text = tuple(groups), empty_text
        self._cells = tuple(cell for group in groups for cell in group.cells)
        self._positions = {cell.key: index for index, cell in enumerate(self._cells)}
        self._cursor = self._positions.get(self._selected or "", 0)
        self._lay_out()
        if self._lines != lines or not lines:
            self.refresh(layout=True)
        else:
            for number, line in enumerate(lines):
                if _content(before, line) != _content(self._groups, line):
                    self._refresh_line(number)
        self._bring_into_sight()
        self._select()

    def select(self, key: str | None) -> bool:
        """Put the cursor on a cell; False where it is not shown."""
        position = self._positions.get(key or "")
        if position is None:
            return False
        self._move_to(position)
        return True

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """Return how many lines the cells take."""
        return max(len(lines_of(self._groups, width - SCROLLBAR)), 1)

    def render_line(self, y: int) -> Strip:
        """Render one line on screen: a heading, cells, or nothing."""
        # While screens change, a map may hear of its size before it has a place.
        self._lay_out()
        width = self.scrollable_content_region.width
        number = y + self.scroll_offset.y
        if number < len(self._lines):
            strip = self._strip(self._lines[number])
        else:
            text = self.empty_text if number == 0 else ""
            strip = Strip([Segment(text, self.rich_style + self._style("title"))])
        return strip.crop_extend(0, width, self.rich_style)

    def on_resize(self) -> None:
        """Break the lines anew and keep the cursor in sight."""
        self._lay_out()
        self._bring_into_sight()
        self.refresh()

    @on(events.Focus)
    @on(events.Blur)
    def show_who_has_keys(self) -> None:
        """Show whether keys move the cursor."""
        self._refresh_line(line_with(self._lines, self._cursor))

    def on_click(self, event: events.Click) -> None:
        """Move to a clicked cell, or choose it when it has the cursor."""
        event.stop()
        spot = event.get_content_offset(self)
        number = spot.y + self.scroll_offset.y if spot is not None else len(self._lines)
        if spot is None or number >= len(self._lines):
            return
        line = self._lines[number]
        column = (spot.x - label_width(self._groups)) // 2
        if not 0 <= column < line.end - line.start:
            return
        if line.first + column == self._cursor:
            self.action_choose()
        else:
            self._move_to(line.first + column)

    def action_move(self, step: int) -> None:
        """Move so many cells to the right."""
        self._move_to(self._cursor + step)

    def action_move_lines(self, step: int) -> None:
        """Move so many lines down."""
        self._move_to(beside(self._lines, self._cursor, step))

    def action_first(self) -> None:
        """Move to the first cell."""
        self._move_to(0)

    def action_last(self) -> None:
        """Move to the last cell."""
        self._move_to(len(self._cells) - 1)

    def action_choose(self) -> None:
        """Choose the cell under the cursor."""
        if self._selected is not None:
            self.post_message(self.CellChosen(self, self._selected))

    def _lay_out(self) -> None:
        """Break the lines for the width that the map has by now."""
        width, height = self.content_size
        if not width:
            return
        if self._laid_out != (self._groups, width):
            self._laid_out = (self._groups, width)
            self._lines = lines_of(self._groups, width - SCROLLBAR)
            self.virtual_size = Size(width - SCROLLBAR, max(len(self._lines), 1))
        self.show_vertical_scrollbar = len(self._lines) > height

    def _move_to(self, position: int) -> None:
        position = min(max(position, 0), len(self._cells) - 1)
        if position < 0 or position == self._cursor:
            return
        self._refresh_line(line_with(self._lines, self._cursor))
        self._cursor = position
        self._refresh_line(line_with(self._lines, position))
        self._bring_into_sight()
        self._select()

    def _select(self) -> None:
        key = self._cells[self._cursor].key if self._cells else None
        if key != self._selected:
            self._selected = key
            self.post_message(self.CellHighlighted(self, key))

    def _bring_into_sight(self) -> None:
        number = line_with(self._lines, self._cursor)
        first, height = self.scroll_offset.y, self.scrollable_content_region.height
        if number < first:
            # With its heading, where that is the line above.
            top = number - 1 if number and not self._lines[number - 1].end else number
            self.scroll_to(y=top, animate=False, immediate=True)
        elif number >= first + height:
            self.scroll_to(y=number - height + 1, animate=False, immediate=True)

    def _refresh_line(self, number: int) -> None:
        y = number - self.scroll_offset.y
        width, height = self.scrollable_content_region.size
        if 0 <= y < height:
            self.refresh(Region(0, y, width, 1))

    def _style(self, name: str) -> Style:
        return self.get_component_rich_style(f"cell-map--{name}", partial=True)

    def _strip(self, line: Line) -> Strip:
        base = self.rich_style
        group = self._groups[line.group]
        if not line.end:
            return Strip([Segment(group.title, base + self._style("title"))])
        cells = group.cells[line.start : line.end]
        label = cells[0].label.rjust(label_width(self._groups))
        segments = [Segment(label, base + self._style("label"))]
        here = self._cursor - line.first
        cursor = base + self._style("cursor" if self.has_focus else "cursor-blurred")
        for column, cell in enumerate(cells):
            mark = {here: "[", here + 1: "]"}.get(column, " ")
            segments.append(Segment(mark, cursor if mark != " " else base))
            style = base + self._style(cell.tone) if cell.tone in TONES else base
            segments.append(Segment(cell.glyph, cursor if column == here else style))
        if here == len(cells) - 1:
            segments.append(Segment("]", cursor))
        return Strip(segments)


def _content(groups: Sequence[CellGroup], line: Line) -> object:
    group = groups[line.group]
    return group.cells[line.start : line.end] if line.end else group.title
