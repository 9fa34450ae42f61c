"""Every address of a network: on a map, in a list, and how much room is left."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import ClassVar

from rich.text import Text
from textual import events, on
from textual.containers import Horizontal, Vertical
from textual.widget import Widget

from swarmtui.addressing import Holder, Ledger, Span, ledger
from swarmtui.model import Network, Snapshot
from swarmtui.render import (
    CellGroup,
    address_map,
    address_rows,
    cell_at,
    cell_line,
    cell_span,
    legend,
    part_around,
    printable,
    room_text,
)
from swarmtui.screens.lookup import network_of
from swarmtui.screens.pane import Pane
from swarmtui.screens.place import Place, View
from swarmtui.screens.shell import NORMAL, ShellScreen
from swarmtui.widgets import CellMap, Flow, LiveTable, Sheet

_GONE = "The swarm no longer has this network."
_NO_SUBNET = "This network has no addresses: the engine accepted it and never gave it any."


class AddressesScreen(ShellScreen):
    """A network's addresses; map and list show the same one under their cursors."""

    AUTO_FOCUS: ClassVar[str | None] = "#map"

    def __init__(self, place: Place) -> None:
        super().__init__(place)
        self._ledger: Ledger | None = None
        self._groups: tuple[CellGroup, ...] = ()
        self._window: Span | None = None
        self._wanted: int | None = None
        self._seen: tuple[object, ...] = ()

    def compose_panes(self) -> Iterator[Horizontal]:  # type: ignore[override]
        """Yield the map above the room that is left, beside the list of holders."""
        yield Horizontal(
            Vertical(
                CellMap(id="map"),
                Flow(id="legend"),
                Sheet(id="room"),
                id="addresses-left",
            ),
            Pane("addresses", subject=self.place.subject),
            id="addresses-body",
        )

    def on_mount(self) -> None:
        """Put the cursor of the map where it was left."""
        left = self.host.history.view(self.place, "map").selected
        self._wanted = cell_span(left).first if left else None
        self._room.border_title = "Room"
        super().on_mount()

    def remember(self) -> None:
        """Keep how everything is left."""
        super().remember()
        self.host.history.leave(self.place, "map", View(self._map.selected_key))

    def focus_pane(self, number: int) -> None:
        """Give the keys to map, list or room."""
        parts: Sequence[Widget] = (self._map, self.pane, self._room)
        if number <= len(parts):
            parts[number - 1].focus()

    @property
    def has_row(self) -> bool:
        """Is there a holder under the cursor that has the keys?"""
        if self._map.has_focus and not self._holders_here:
            return False
        return super().has_row

    def leave(self) -> None:
        """Show the whole map again, clear the filter, or go back."""
        if self._window is not None and not self.pane.filter_text:
            self._look_at_part(None)
        else:
            super().leave()

    def show_panes(self) -> None:
        """Account for the network's addresses anew."""
        snapshot, network = self.host.snapshot, self._network
        if snapshot is None or network is None:
            self._show_nothing(_GONE if snapshot is not None else "")
            return
        self.host.look_at(network.id)
        sources = _sources(snapshot, network)
        if self._ledger is not None and sources == self._seen:
            return
        self._seen = sources
        self._ledger = found = ledger(snapshot, network)
        title = printable(f"Addresses of {network.name}")
        if self._is_new("map", title):
            self._map.border_title = Text(title)
        self._show_map()
        self.pane.show_rows(address_rows(snapshot, found), "Holders")
        self._show_room(snapshot, found)

    @on(CellMap.CellHighlighted)
    def follow_map(self) -> None:
        """Say who is under the cursor, and put the cursor of the list there too."""
        self._show_line()
        holders = self._holders_here
        if self._map.has_focus and holders:
            self.pane.select(holders[0].key)
        self.refresh_bindings()

    @on(LiveTable.RowHighlighted)
    def follow_list(self) -> None:
        """Put the cursor of the map on the row's address."""
        if not self.pane.has_focus or self._ledger is None:
            return
        key = self.pane.selected_key
        holder = next((each for each in self._ledger.holders if each.key == key), None)
        if holder is None or holder.value is None:
            return
        if self._window is not None and not self._window.holds(holder.value):
            self._window = None
            self._show_map()
        self._map.select(cell_at(self._groups, holder.value))

    @on(CellMap.CellChosen)
    def look_closer(self) -> None:
        """Look into a block of addresses, or open the holder of one."""
        if self._ledger is None or self._here is None:
            return
        part = part_around(self._ledger, self._here)
        if part is not None:
            self._look_at_part(part)
        elif self._holders_here:
            self.pane.action_choose()

    @on(events.DescendantFocus)
    def bring_to_front(self) -> None:
        """In the narrow layout the list and the room take turns below the map."""
        if self.focused in (self.pane, self._room):
            self.set_class(self.focused is self._room, "-room")

    def on_resize(self) -> None:
        """Fit the legend to the new width, and name what is hidden in a narrow one."""
        super().on_resize()
        narrow = self.app.size.width < NORMAL
        self.pane.border_subtitle = "3 Room" if narrow else ""
        self._room.border_subtitle = "2 Holders" if narrow else ""

    @property
    def _map(self) -> CellMap:
        return self.query_one("#map", CellMap)

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
        key = self._map.selected_key
        return cell_span(key) if key is not None else None

    @property
    def _holders_here(self) -> tuple[Holder, ...]:
        here, found = self._here, self._ledger
        if here is None or found is None:
            return ()
        return tuple(each for subnet in found.subnets for each in subnet.within(here))

    def _show_nothing(self, words: str) -> None:
        self._ledger = None
        self._map.show((), empty_text=words)
        self._show_line()
        self.query_one("#legend", Flow).show(())
        self.pane.show_rows([], "Holders", known=bool(words))
        if self._is_new("room", ""):
            self._room.show(Text())

    def _look_at_part(self, part: Span | None) -> None:
        here = self._here
        self._window = part
        self._wanted = here.first if here is not None else None
        self._show_map()

    def _show_map(self) -> None:
        if self._ledger is None:
            return
        self._groups = address_map(self._ledger, self._window)
        self._map.show(self._groups, empty_text=_NO_SUBNET)
        if self._wanted is not None:
            self._map.select(cell_at(self._groups, self._wanted))
            self._wanted = None
        self._show_line()
        self.query_one("#legend", Flow).show(legend(self._ledger, self._window))

    def _show_line(self) -> None:
        """Say under the map who holds what is under its cursor."""
        here = self._here
        line = cell_line(self._ledger, here) if self._ledger and here else Text()
        if self._is_new("line", line.plain):
            self._map.border_subtitle = line

    def _show_room(self, snapshot: Snapshot, found: Ledger) -> None:
        text = room_text(snapshot, found)
        if self._is_new("room", text.plain):
            self._room.show(text)


def _sources(snapshot: Snapshot, network: Network) -> tuple[object, ...]:
    """Return all that a network's addresses follow from; mostly the very objects of before."""
    view = snapshot.inspections.get(network.id)
    seen = (view.endpoints, view.services, view.reported) if view is not None else ()
    return network, snapshot.tasks, snapshot.services, snapshot.nodes, seen
