"""What commands do that make, remove and split networks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.screen import Screen

from swarmtui import screens

if TYPE_CHECKING:
    from swarmtui.model import Network
    from swarmtui.screens.host import Host


class NetworkActs(Screen[None]):
    """Acts on the network that is meant, for a screen that commands act on."""

    @property
    def host(self) -> Host:
        """The program."""
        raise NotImplementedError

    @property
    def network(self) -> Network | None:
        """The swarm's network that is meant."""
        raise NotImplementedError

    def create_network(self) -> None:
        """Open the form for a new network."""
        snapshot = self.host.snapshot
        if snapshot is not None:
            self.app.push_screen(screens.CreateScreen(snapshot))

    def remove_network(self) -> None:
        """Review the removal of the network."""
        if self.network is not None:
            self.app.push_screen(screens.RemovalScreen(self.host, self.network.name))

    def prune_networks(self) -> None:
        """Review the removal of all networks that nobody uses."""
        self.app.push_screen(screens.PruneScreen(self.host))

    def split_network(self) -> None:
        """Open the form that splits the network; the ingress can only be replaced."""
        snapshot, network = self.host.snapshot, self.network
        if snapshot is None or network is None:
            return
        self.app.push_screen(
            screens.IngressScreen(snapshot)
            if network.ingress
            else screens.SplitScreen(snapshot, network.name)
        )
