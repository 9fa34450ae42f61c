"""The table of every screen: any number of rows, selection by identity, no needless repaint."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import ClassVar

from rich.style import Style
from textual import events, on
from textual.binding import BindingType
from textual.geometry import Region, Size
from textual.reactive import reactive
from textual.scroll_view import ScrollView
from textual.strip import Strip

from swarmtui.render.table import Column, Row
from swarmtui.widgets.layout import column_at, column_widths, total_width
from swarmtui.widgets.live_rows import LiveRows, Make
from swarmtui.widgets.row_messages import TABLE_BINDINGS, RowMessage
from swarmtui.widgets.rows import Predicate, changed_lines
from swarmtui.widgets.strips import (
    GUTTER,
    TABLE_CLASSES,
    TABLE_CSS,
    TONES,
    empty_strip,
    header_strip,
    row_strip,
)

SIDEWAYS = 8
"""Cells that a key scrolls sideways."""


class LiveTable(ScrollView, can_focus=True):
    """A table whose rows come and go under a cursor that stays on its object.

    | Key | Does |
    | :- | :- |
    | up, down, k, j | Move the cursor. |
    | page up, page down, home, end, g, G | Move it far. |
    | enter | Choose the row. |
    | left, right | Scroll sideways in the wide view. |
    | Shift with a column's letter | Sort by it; again turns the order round. |
    """

    DEFAULT_CSS = TABLE_CSS
    COMPONENT_CLASSES: ClassVar[set[str]] = TABLE_CLASSES
    BINDINGS: ClassVar[list[BindingType]] = TABLE_BINDINGS

    wide: reactive[bool] = reactive(default=False, repaint=False)
    """Are all columns shown, at full width?"""
    empty_text: reactive[str] = reactive("", repaint=False)
    """What stands there when there are no rows."""

    class RowHighlighted(RowMessage):
        """The cursor is on another object, or on none."""

    class RowChosen(RowMessage):
        """A row was chosen with Enter or a second click."""

    def __init__(
        self,
        columns: Sequence[Column],
        *,
        empty_text: str = "",
        name: str | None = None,
        id: str | None = None,  # noqa: A002
        classes: str | None = None,
    ) -> None:
        super().__init__(name=name, id=id, classes=classes)
        self.columns = tuple(columns)
        self.set_reactive(LiveTable.empty_text, empty_text)
        self.live = LiveRows(self, self._take)
        self._cursor = 0
        self._selected: str | None = None
        self.sorting: tuple[str, bool] | None = None
        self._widths: dict[int, int] = {}
        self._widths_for: tuple[int, bool] | None = None

    @property
    def selected_key(self) -> str | None:
        """The key of the row under the cursor."""
        return self._selected

    @property
    def row_count(self) -> int:
        """How many rows there are."""
        return len(self.all_rows)

    @property
    def shown_count(self) -> int:
        """How many rows pass the filter."""
        return len(self._shown)

    @property
    def all_rows(self) -> tuple[Row, ...]:
        """All rows, filtered out or not, as they came."""
        return self.live.now.rows

    def visible_rows(self) -> tuple[Row, ...]:
        """Return the rows that pass the filter, in the order shown."""
        return self._shown

    def show(self, rows: Sequence[Row]) -> None:
        """Show new rows; only lines on screen that differ are painted again."""
        self.live.show(rows)

    def show_later(self, make: Make) -> None:
        """Show rows once they are made in the background; what makes them touches no widget."""
        self.live.show_later(make)

    def rows_shown(self) -> None:
        """Hear that rows were shown, or the same ones in another order."""

    def start_over(self) -> None:
        """Forget where the cursor was: the next rows are of something else."""
        self.live.clear()
        self._cursor = 0
        self._selected = None
        self.scroll_to(y=0, animate=False, immediate=True)

    def set_filter(self, predicate: Predicate | None) -> None:
        """Show only rows that pass, or all."""
        self.live.arrange(replace(self.live.order, predicate=predicate))

    def sort(self, column_key: str | None, *, reverse: bool = False) -> None:
        """Sort by a column, or keep the order in which the rows come."""
        index = next((i for i, each in enumerate(self.columns) if each.key == column_key), None)
        self.sorting = None if index is None or column_key is None else (column_key, reverse)
        self.live.arrange(replace(self.live.order, column=index, reverse=reverse))
        self.refresh()

    def select(self, key: str) -> bool:
        """Put the cursor on an object; False when it is not shown."""
        position = self.live.now.position(key)
        if position is None:
            return False
        self._move_to(position)
        return True

    def render_line(self, y: int) -> Strip:
        """Render one line on screen: the header, a row, or nothing."""
        # While screens change, a table may hear of its size before it has a place.
        self._lay_out()
        width = self._content_width
        scroll_x, scroll_y = self.scroll_offset
        if y == 0:
            style = self.rich_style + self._style("header")
            strip = header_strip(self.columns, self._widths, self.sorting, style)
        elif not self._shown:
            style = self.rich_style + self._style("empty")
            strip = empty_strip(self.empty_text, y - 1, max(width - GUTTER, 1), style)
        elif y - 1 + scroll_y < len(self._shown):
            strip = self._row(y - 1 + scroll_y)
        else:
            return Strip.blank(width, self.rich_style)
        return strip.crop_extend(scroll_x, scroll_x + width, self.rich_style)

    def watch_wide(self) -> None:
        """Lay the columns out anew."""
        self.styles.overflow_x = "auto" if self.wide else "hidden"
        self._lay_out()
        self.scroll_to(x=0, animate=False)
        self.refresh()

    def watch_empty_text(self) -> None:
        """Paint it where it is seen."""
        if not self._shown:
            self.refresh()

    def on_resize(self) -> None:
        """Lay the columns out anew and keep the cursor in sight."""
        self._lay_out()
        self._bring_into_sight()

    @on(events.Focus)
    @on(events.Blur)
    def show_who_has_keys(self) -> None:
        """Show whether keys move the cursor."""
        self._refresh_row(self._cursor)

    def on_key(self, event: events.Key) -> None:
        """Sort by the column whose letter was pressed with Shift."""
        letter = event.character or ""
        if not (letter.isalpha() and letter.isupper() and letter != "G"):
            return
        column = next((each for each in self.columns if each.sort_key == letter), None)
        if column is not None:
            event.stop()
            self._sort_or_turn(column)

    def on_click(self, event: events.Click) -> None:
        """Sort by a clicked title; move to a clicked row, or choose it when it has the cursor."""
        event.stop()
        spot = event.get_content_offset(self)
        if spot is None:
            return
        if spot.y == 0:
            index = column_at(self._widths, spot.x - GUTTER + self.scroll_offset.x)
            if index is not None:
                self._sort_or_turn(self.columns[index])
            return
        position = spot.y - 1 + self.scroll_offset.y
        if position >= len(self._shown):
            return
        if position == self._cursor:
            self.action_choose()
        else:
            self._move_to(position)

    def action_cursor_up(self) -> None:
        """Move up a row."""
        self._move_to(self._cursor - 1)

    def action_cursor_down(self) -> None:
        """Move down a row."""
        self._move_to(self._cursor + 1)

    def action_page_up(self) -> None:
        """Move up a page."""
        self._move_to(self._cursor - self._page)

    def action_page_down(self) -> None:
        """Move down a page."""
        self._move_to(self._cursor + self._page)

    def action_first(self) -> None:
        """Move to the first row."""
        self._move_to(0)

    def action_last(self) -> None:
        """Move to the last row."""
        self._move_to(len(self._shown) - 1)

    def action_scroll_left(self) -> None:
        """Scroll a few cells to the left."""
        self.scroll_relative(x=-SIDEWAYS, animate=False)

    def action_scroll_right(self) -> None:
        """Scroll a few cells to the right."""
        self.scroll_relative(x=SIDEWAYS, animate=False)

    def action_choose(self) -> None:
        """Choose the row under the cursor."""
        if self._selected is not None:
            self.post_message(self.RowChosen(self, self._selected))

    @property
    def _shown(self) -> tuple[Row, ...]:
        return self.live.now.shown

    @property
    def _content_width(self) -> int:
        return self.scrollable_content_region.width

    @property
    def _page(self) -> int:
        return max(self.scrollable_content_region.height - 1, 1)

    def _sort_or_turn(self, column: Column) -> None:
        turned = self.sorting is not None and self.sorting[0] == column.key and not self.sorting[1]
        self.sort(column.key, reverse=turned)

    def _take(self, before: Sequence[Row]) -> None:
        if self._shown is not before:
            self._settle(before)
        self.rows_shown()

    def _settle(self, before: Sequence[Row]) -> None:
        """Find the selected object again and repaint what changed."""
        shown = self._shown
        old_cursor = self._cursor
        position = self.live.now.position(self._selected)
        if position is None:
            position = self.live.now.nearest(before, old_cursor)
        self._cursor = position
        first = self.scroll_offset.y
        self._lay_out()
        if old_cursor != position:
            # The selected object keeps its line on screen while rows come and go above it.
            line = old_cursor - first
            self.scroll_to(y=max(position - line, 0), animate=False, immediate=True)
        self._bring_into_sight()
        self._select(shown[position].key if shown else None)
        if not before or not shown or self.scroll_offset.y != first:
            self.refresh()
            return
        for index in changed_lines(before, shown, range(first, first + self._page)):
            self._refresh_row(index)
        if old_cursor != position:
            self._refresh_row(old_cursor)
            self._refresh_row(position)

    def _move_to(self, position: int) -> None:
        if not self._shown:
            return
        position = min(max(position, 0), len(self._shown) - 1)
        if position == self._cursor:
            return
        self._refresh_row(self._cursor)
        self._cursor = position
        self._refresh_row(position)
        self._bring_into_sight()
        self._select(self._shown[position].key)

    def _select(self, key: str | None) -> None:
        if key != self._selected:
            self._selected = key
            self.post_message(self.RowHighlighted(self, key))

    def _bring_into_sight(self) -> None:
        first = self.scroll_offset.y
        if self._cursor < first:
            self.scroll_to(y=self._cursor, animate=False, immediate=True)
        elif self._cursor >= first + self._page:
            self.scroll_to(y=self._cursor - self._page + 1, animate=False, immediate=True)

    def _refresh_row(self, index: int) -> None:
        line = index - self.scroll_offset.y + 1
        if 1 <= line <= self._page:
            self.refresh(Region(0, line, self._content_width, 1))

    def _lay_out(self) -> None:
        width = max(self._content_width - GUTTER, 1)
        if self._widths_for != (width, self.wide):
            self._widths_for = (width, self.wide)
            self._widths = column_widths(self.columns, width, wide=self.wide)
            self.refresh()
        content = GUTTER + total_width(self._widths)
        size = Size(content if self.wide else self._content_width, len(self._shown) + 1)
        if size != self.virtual_size:
            self.virtual_size = size

    def _style(self, name: str) -> Style:
        return self.get_component_rich_style(f"live-table--{name}", partial=True)

    def _row(self, index: int) -> Strip:
        row = self._shown[index]
        base = self.rich_style
        if row.style in TONES:
            base += self._style(row.style)
        if index != self._cursor:
            return row_strip(row, self.columns, self._widths, base, self._style)
        base += self._style("cursor" if self.has_focus else "cursor-blurred")
        tones = None if self.has_focus else self._style
        strip = row_strip(row, self.columns, self._widths, base, tones, cursor=True)
        return strip.extend_cell_length(max(self._content_width, strip.cell_length), base)
