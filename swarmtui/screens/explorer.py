"""The four live panes: networks, and endpoints, peers and pools around the one under the cursor."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.timer import Timer
from textual.widgets import Static

from swarmtui.model import NetworkId
from swarmtui.render import peer_summary
from swarmtui.screens.pane import Pane
from swarmtui.screens.place import EXPLORER
from swarmtui.screens.shell import ShellScreen
from swarmtui.widgets import LiveTable

if TYPE_CHECKING:
    from swarmtui.model import Network
    from swarmtui.screens.place import Place

LOOK_SECONDS = 0.15
"""How long the cursor rests on a network before it is inspected."""

_TITLES = ("1 Networks", "2 Endpoints", "3 Peers", "4 Pools")


class ExplorerScreen(ShellScreen):
    """Networks and everything on the one under the cursor."""

    AUTO_FOCUS: ClassVar[str | None] = "#networks"

    def __init__(self, place: Place = EXPLORER) -> None:
        super().__init__(place)
        self._look: Timer | None = None

    def compose(self) -> ComposeResult:
        """Put the tabs of the narrow layout under the header."""
        for index, widget in enumerate(super().compose()):
            yield widget
            if index == 1:
                yield Static(id="tabs", markup=False)

    def compose_panes(self) -> Iterator[Horizontal]:  # type: ignore[override]
        """Yield networks above pools, beside endpoints above peers."""
        yield Horizontal(
            Vertical(Pane("networks"), Pane("pools"), id="left"),
            Vertical(Pane("endpoints"), Pane("peers"), id="right"),
            id="body",
        )

    def find_panes(self) -> list[Pane]:
        """Return the panes, by the number that gives them the keys."""
        found = {pane.kind: pane for pane in self.query(Pane)}
        return [
            found[kind] for kind in ("networks", "endpoints", "peers", "pools") if kind in found
        ]

    @property
    def _shown_network(self) -> Network | None:
        """The network under the cursor."""
        snapshot, key = self.host.snapshot, self._networks.selected_key
        return snapshot.network_by_id.get(NetworkId(key)) if snapshot and key else None

    @property
    def _networks(self) -> Pane:
        return self.query_one("#networks", Pane)

    def show_panes(self) -> None:
        """Show networks and pools, and what hangs on the network under the cursor."""
        snapshot, told = self.host.snapshot, self.host.told
        networks, _, _, pools = self.panes
        networks.show_snapshot(snapshot, "Networks", told)
        pools.show_snapshot(snapshot, "Address pools", told)
        self._show_network()

    @on(LiveTable.RowHighlighted, "#networks")
    def follow_cursor(self) -> None:
        """Show the network that the cursor moved to, and have it inspected once it rests there."""
        self._show_network()
        if self._look is not None:
            self._look.stop()
        self._look = self.set_timer(LOOK_SECONDS, self._look_at_network)

    @on(events.ScreenResume)
    def look_again(self) -> None:
        """A page may have had another network inspected meanwhile."""
        if self.is_mounted and self.panes:
            self._look_at_network()

    @on(events.DescendantFocus)
    def bring_to_front(self) -> None:
        """In the narrow layout only the pane with the keys is shown."""
        if isinstance(self.focused, Pane):
            for pane in self.panes:
                pane.set_class(pane is self.focused, "-front")
            for side in ("left", "right"):
                column = self.query_one(f"#{side}")
                column.set_class(self.focused in column.children, "-front")
            self._put_tabs()

    def _look_at_network(self) -> None:
        network = self._shown_network
        self.host.look_at(network.id if network else None)

    def _show_network(self) -> None:
        snapshot, network, told = self.host.snapshot, self._shown_network, self.host.told
        _, endpoints, peers, _ = self.panes
        for pane in (endpoints, peers):
            pane.turn_to(f"network:{network.id}" if network else "")
        if snapshot is None or network is None:
            endpoints.show_snapshot(None, "Endpoints", told)
            peers.show_snapshot(None, "Peers", told)
            return
        endpoints.show_snapshot(snapshot, f"Endpoints on {network.name}", told)
        heading, summary = f"Peers of {network.name}", partial(peer_summary, network)
        peers.show_snapshot(snapshot, heading, told, summary=summary)

    def _put_tabs(self) -> None:
        front = self.pane
        titles = (
            f"[{title}]" if pane is front else f" {title} "
            for title, pane in zip(_TITLES, self.panes, strict=True)
        )
        self.query_one("#tabs", Static).update("".join(titles))
