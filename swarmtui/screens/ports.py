"""Published ports, and below them what the nodes of the swarm need between them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from swarmtui.findings import openings
from swarmtui.render import opening_rows, trial_text
from swarmtui.screens.decision import DecisionScreen
from swarmtui.screens.pane import Pane
from swarmtui.screens.shell import ShellScreen

if TYPE_CHECKING:
    from swarmtui.model import Door

WORD = "yes"
"""What has to be typed in read-only mode before anything is tried."""


class PortsScreen(ShellScreen):
    """Two tables, and a key that tries the ports of the second from here."""

    def compose_panes(self) -> Iterator[Pane]:
        """Yield published ports above the swarm's own."""
        yield Pane("ports")
        yield Pane("openings")

    def show_panes(self) -> None:
        """Show both."""
        snapshot, host = self.host.snapshot, self.host
        published, needed = self.panes
        published.show_snapshot(snapshot, "Published ports", host.told)
        rows = opening_rows(snapshot, host.trials.by_door) if snapshot is not None else []
        needed.show_rows(rows, "Between the nodes", known=snapshot is not None)

    @property
    def _doors(self) -> list[Door]:
        snapshot = self.host.snapshot
        found = openings(snapshot) if snapshot is not None else ()
        return list(dict.fromkeys(each.door for each in found if each.door is not None))

    @property
    def can_try_ports(self) -> bool:
        """Are there ports that can be tried from here?"""
        return self.host.trials.are_possible and self.sees_cluster

    def try_ports(self) -> None:
        """Try them; in read-only mode not before it was agreed to."""
        doors = self._doors
        if not self.host.settings.read_only:
            self._try(doors)
        elif doors:
            text = trial_text(doors)
            self.app.push_screen(
                DecisionScreen("Test", text, WORD, "Test", lambda: self._try(doors))
            )

    def _try(self, doors: list[Door]) -> None:
        self.host.trials.begin(doors, self.host.now())
        self.show_state()
