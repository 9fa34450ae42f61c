"""Every address of a network: on a map, in a list, and how much room is left."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from rich.text import Text
from textual import events, on
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.widget import Widget

from swarmtui.addressing import ledger
from swarmtui.render import (
    AddressMap,
    address_legend,
    address_line,
    address_map,
    address_rows,
    part_around,
    printable,
    room_text,
)
from swarmtui.screens.lookup import network_of
from swarmtui.screens.pane import Pane, is_large
from swarmtui.screens.place import View
from swarmtui.screens.shell import NORMAL, ShellScreen
from swarmtui.widgets import Background, CellMap, Flow, LiveTable, Sheet

if TYPE_CHECKING:
    from swarmtui.addressing import Holder, Ledger, Span
    from swarmtui.model import Network, Snapshot
    from swarmtui.render import Row
    from swarmtui.screens.place import Place

_GONE = "The swarm no longer has this network."
_NO_SUBNET = "This network has no addresses: the engine accepted it and never gave it any."


class AddressesScreen(ShellScreen):
    """A network's addresses; map and list show the same one under their cursors."""

    AUTO_FOCUS: ClassVar[str | None] = "CellMap"
    BINDINGS: ClassVar[list[BindingType]] = [Binding("enter", "open_cell", "Open", show=False)]

    def __init__(self, place: Place) -> None:
        super().__init__(place)
        self._ledger: Ledger | None = None
        self._background = Background(self, self._show_account)
        self._map = self._whole = AddressMap()
        self._window: Span | None = None
        self._wanted: int | None = None
        self._seen: tuple[object, ...] = ()

    def compose_panes(self) -> Iterator[Horizontal]:  # type: ignore[override]
        """Yield the map above the room that is left, beside the list of holders."""
        yield Horizontal(
            Vertical(CellMap(), Flow(), Sheet(id="room"), id="addresses-left"),
            Pane("addresses", subject=self.place.subject),
            id="addresses-body",
        )

    def on_mount(self) -> None:
        """Put the cursor of the map where it was left."""
        left = self.host.history.view(self.place, "map").selected
        self._wanted = int(left) if left else None
        self._room.border_title = "Room"
        super().on_mount()

    def remember(self) -> None:
        """Keep how everything is left."""
        super().remember()
        here = str(self._here.first) if self._here is not None else None
        self.host.history.leave(self.place, "map", View(here))

    def focus_pane(self, number: int) -> None:
        """Give the keys to map, list or room."""
        parts: Sequence[Widget] = (self._cells, self.pane, self._room)
        if number <= len(parts):
            self.set_focus(parts[number - 1])

    @property
    def has_row(self) -> bool:
        """Is there a holder under the cursor that has the keys?"""
        if self._cells.has_focus and not self._holders_here:
            return False
        return super().has_row

    def leave(self) -> None:
        """Show the whole map again, clear the filter, or go back."""
        if self._window is not None and not self.pane.filter_text:
            self._look_at_part(None)
        else:
            super().leave()

    def show_panes(self) -> None:
        """Account for the network's addresses anew, where anything about them has changed."""
        snapshot, network = self.host.snapshot, self._network
        if snapshot is None or network is None:
            self._show_nothing(known=snapshot is not None)
            return
        self.host.look_at(network.id)
        sources = _sources(snapshot, network)
        if self._ledger is not None and sources == self._seen:
            return
        self._seen = sources
        if is_large(snapshot):
            self._background.do(partial(_account, snapshot, network))
        else:
            self._show_account(_account(snapshot, network))

    def on_resize(self) -> None:
        """Name what is hidden on a narrow terminal."""
        super().on_resize()
        narrow = self.app.size.width < NORMAL
        self.pane.border_subtitle = "3 Room" if narrow else ""
        self._room.border_subtitle = "2 Holders" if narrow else ""

    @on(events.DescendantFocus)
    def bring_to_front(self) -> None:
        """In the narrow layout the list and the room take turns below the map."""
        if self.focused in (self.pane, self._room):
            self.set_class(self.focused is self._room, "-room")

    @on(CellMap.Moved)
    def follow_map(self) -> None:
        """Say who is under the cursor, and put the cursor of the list there too."""
        self._show_line()
        holders = self._holders_here
        if self._cells.has_focus and holders:
            self.pane.select(holders[0].key)
        self.refresh_bindings()

    @on(LiveTable.RowHighlighted)
    def follow_list(self) -> None:
        """Put the cursor of the map on the row's address."""
        if not self.pane.has_focus or self._ledger is None:
            return
        key = self.pane.selected_key
        holder = self._ledger.holder_by_key.get(key or "")
        if holder is None or holder.value is None:
            return
        if self._window is not None and not self._window.holds(holder.value):
            self._window = None
            self._show_map()
        self._move_to(holder.value)

    def action_open_cell(self) -> None:
        """Look into a block of addresses, or open the holder of one."""
        part = part_around(self._here) if self._here is not None else None
        if part is not None:
            self._look_at_part(part)
        elif self._holders_here:
            self.pane.action_choose()

    @property
    def _cells(self) -> CellMap:
        return self.query_one(CellMap)

    @property
    def _room(self) -> Sheet:
        return self.query_one("#room", Sheet)

    @property
    def _network(self) -> Network | None:
        snapshot = self.host.snapshot
        return network_of(snapshot, self.place.subject) if snapshot is not None else None

    @property
    def _here(self) -> Span | None:
        """The addresses of the cell under the cursor."""
        index = self._cells.cursor
        return self._map.spans[index] if index < len(self._map.spans) else None

    @property
    def _holders_here(self) -> tuple[Holder, ...]:
        here, found = self._here, self._ledger
        if here is None or found is None:
            return ()
        return tuple(each for subnet in found.subnets for each in subnet.within(here))

    def _show_account(self, account: _Account) -> None:
        self._ledger = found = account.ledger
        self._whole = account.whole
        self._entitle(f"Addresses of {found.network.name}" if found.subnets else _NO_SUBNET)
        self._show_map()
        self.pane.show_rows(account.rows, "Holders")
        if self._is_new("room", account.room.plain):
            self._room.show(account.room)

    def _show_nothing(self, *, known: bool) -> None:
        self._background.forget()
        self._ledger = None
        self._entitle(_GONE if known else "")
        self._show_map()
        self.pane.show_rows([], "Holders", known=known)
        if self._is_new("room", ""):
            self._room.show(Text())

    def _entitle(self, title: str) -> None:
        if self._is_new("map", title):
            self._cells.border_title = Text(printable(title))

    def _look_at_part(self, part: Span | None) -> None:
        here = self._here
        self._window = part
        self._wanted = here.first if here is not None else None
        self._show_map()

    def _show_map(self) -> None:
        """Show the cells; the cursor stays on its index, and so on its address."""
        found = self._ledger
        whole = self._whole if found is not None else AddressMap()
        self._map = address_map(found, self._window) if found and self._window else whole
        self._cells.label_width = max(map(len, self._map.labels), default=0)
        self._cells.show(self._map.cells, self._map.labels.__getitem__, self._map.headings)
        if self._wanted is not None and found is not None:
            self._move_to(self._wanted)
            self._wanted = None
        self._show_line()
        items = address_legend(found, self._window) if found is not None else ()
        self.query_one(Flow).show(items)

    def _move_to(self, value: int) -> None:
        index = self._map.index_of(value)
        if index is not None:
            self._cells.move_to(index)

    def _show_line(self) -> None:
        """Say under the map who holds what is under its cursor."""
        here = self._here
        line = address_line(self._ledger, here) if self._ledger and here else Text()
        if self._is_new("line", line.plain):
            self._cells.border_subtitle = line


@dataclass(frozen=True, slots=True, eq=False)
class _Account:
    """Everything about the addresses of a network that the screen shows."""

    ledger: Ledger
    whole: AddressMap
    rows: Sequence[Row]
    room: Text


def _account(snapshot: Snapshot, network: Network) -> _Account:
    found = ledger(snapshot, network)
    whole, rows = address_map(found), address_rows(snapshot, found)
    # Their counts and indexes are kept, so that keys need not wait for them.
    address_legend(found)
    _ = found.holder_by_key
    return _Account(found, whole, rows, room_text(snapshot, found))


def _sources(snapshot: Snapshot, network: Network) -> tuple[object, ...]:
    """Return all that a network's addresses follow from; mostly the very objects of before."""
    view = snapshot.inspections.get(network.id)
    seen = (view.endpoints, view.services, view.reported) if view is not None else ()
    return network, snapshot.tasks, snapshot.services, snapshot.nodes, seen
