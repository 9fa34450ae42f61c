"""One resource over the whole width."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from swarmtui.screens.lookup import network_of
from swarmtui.screens.pane import Pane
from swarmtui.screens.shell import ShellScreen

if TYPE_CHECKING:
    from swarmtui.model import Network


class TableScreen(ShellScreen):
    """The rows of one resource, all of the swarm's or those of one subject."""

    def compose_panes(self) -> Iterator[Pane]:
        """Yield the one pane."""
        yield Pane(self.place.kind, subject=self.place.subject)

    def show_panes(self) -> None:
        """Show the rows."""
        pane = self.panes[0]
        title = self.place.trail[-1] if self.place.trail else pane.resource.title
        heading = title[:1].upper() + title[1:]
        pane.show_snapshot(self.host.snapshot, heading, self.host.told)
        if self._network is not None:
            self.host.look_at(self._network.id)

    @property
    def _network(self) -> Network | None:
        snapshot = self.host.snapshot
        return network_of(snapshot, self.place.subject) if snapshot is not None else None
