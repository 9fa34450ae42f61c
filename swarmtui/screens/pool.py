"""An address pool: a map of its blocks, the networks in it, and what the next one gets."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, ClassVar

from rich.text import Text
from textual import on
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.widget import Widget
from textual.widgets import Static

from swarmtui.render import (
    block_line,
    next_line,
    pool_cells,
    pool_legend,
    pool_title,
    printable,
    seat_key,
)
from swarmtui.screens.blocks import OUTSIDE, network_place, pool_of
from swarmtui.screens.pane import Pane
from swarmtui.screens.shell import ShellScreen
from swarmtui.widgets import CellMap, LiveTable

if TYPE_CHECKING:
    from swarmtui.addressing import BlockGroup, PoolUse
    from swarmtui.model import Snapshot
    from swarmtui.screens.place import Place

ADDRESS_WIDTH = 15
OTHER_LINES = 15
"""Lines of the screen that are not for the map: header, footer, texts, and a few networks."""
LEAST_LINES, MOST_LINES = 4, 16
"""Of the map."""


class PoolScreen(ShellScreen):
    """The blocks of one pool; without a map where the place is about all that lies outside."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("enter", "open_block", "Open", show=False)]

    def __init__(self, place: Place) -> None:
        super().__init__(place)
        self._pool: PoolUse | None = None
        self._groups: tuple[BlockGroup, ...] = ()
        self._block = 0

    def compose_panes(self) -> Iterator[Widget]:  # type: ignore[override]
        """Yield the map with the line about its cursor, the networks, and what comes next."""
        if self.place.subject != f"pool:{OUTSIDE}":
            with Vertical(id="pool-map"):
                yield CellMap(label_width=ADDRESS_WIDTH)
                yield Static(id="legend", markup=False)
                yield Static(id="block", markup=False)
            yield Static(id="next-block", markup=False)
        yield Pane("blocks", subject=self.place.subject)

    def focus_pane(self, number: int) -> None:
        """Give the keys to the map or to the networks."""
        maps = self.query(CellMap)
        if number == 1 and maps:
            self.set_focus(maps.first())
        else:
            super().focus_pane(number - len(maps))

    def show_panes(self) -> None:
        """Show the newest snapshot; the cursor stays on its block."""
        snapshot = self.host.snapshot
        title = "Networks in it" if self.query(CellMap) else "Networks outside the pools"
        self.panes[0].show_snapshot(snapshot, title, self.host.told)
        self._pool = pool_of(snapshot, self.place.subject) if snapshot else None
        if self.query(CellMap):
            self._draw(snapshot)

    def on_resize(self) -> None:
        """Draw the map for the new size, in which other groups of blocks may fit."""
        self.show_state()

    @on(CellMap.Moved)
    def follow_map(self) -> None:
        """Tell who is in the block under the cursor, and put the table's cursor on them."""
        group = self._group
        if group is None:
            return
        if self._block not in group.blocks:
            self._block = group.blocks.start
        self._tell()
        if group.seats and not self.panes[0].has_focus:
            self.panes[0].select(seat_key(group.seats[0]))

    @on(LiveTable.RowHighlighted)
    def follow_table(self, event: LiveTable.RowHighlighted) -> None:
        """Put the cursor of the map on the block of the network under that of the table."""
        seats = self._pool.seats if self._pool is not None else ()
        seat = next((each for each in seats if seat_key(each) == event.key), None)
        if seat is not None and event.table.has_focus:
            self._block = seat.blocks.start
            self.query_one(CellMap).move_to(self._block // len(self._groups[0].blocks))

    def action_open_block(self) -> None:
        """Go to the network in the block under the cursor."""
        snapshot, group = self.host.snapshot, self._group
        if snapshot is None or group is None or not group.seats:
            self.app.bell()
            return
        target = network_place(snapshot, self.place, seat_key(group.seats[0]))
        if target is not None:
            self.host.visit(target)

    @property
    def _group(self) -> BlockGroup | None:
        """The blocks under the cursor of the map."""
        cursor = self.query_one(CellMap).cursor
        return self._groups[cursor] if cursor < len(self._groups) else None

    def _draw(self, snapshot: Snapshot | None) -> None:
        cell_map, pool = self.query_one(CellMap), self._pool
        lines = min(max(self.app.size.height - OTHER_LINES, LEAST_LINES), MOST_LINES)
        self._groups = pool.groups(cell_map.room(lines)) if pool is not None else ()
        cell_map.show(pool_cells(self._groups), self._label)
        if self._groups:
            cell_map.move_to(self._block // len(self._groups[0].blocks))
        title = pool_title(pool) if pool is not None else self.place.trail[-1]
        self.query_one("#pool-map").border_title = Text(printable(title))
        self._put("legend", pool_legend(self._groups))
        self._put("next-block", next_line(snapshot) if snapshot and pool else Text())
        self._tell()

    def _label(self, index: int) -> str:
        if self._pool is None or index >= len(self._groups):
            return ""
        return self._pool.block(self._groups[index].blocks.start).partition("/")[0]

    def _tell(self) -> None:
        group, pool = self._group, self._pool
        self._put("block", block_line(pool, group) if group and pool else Text())
