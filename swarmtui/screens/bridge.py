"""The gateway bridge of the node that is read, and the way to another one."""

from __future__ import annotations

from typing import ClassVar, cast

from rich.text import Text
from textual.binding import Binding, BindingType

from swarmtui.render import bridge_sheet
from swarmtui.screens.bridge_form import BridgeForm
from swarmtui.screens.host import Host
from swarmtui.screens.reading import ReadingScreen


class BridgeScreen(ReadingScreen):
    """Shows the gateway bridge, which is inspected in every reading meanwhile."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("e,enter", "change", "Change it")]

    def __init__(self) -> None:
        super().__init__("docker_gwbridge")

    @property
    def host(self) -> Host:
        """The program."""
        return cast(Host, self.app)

    def show_state(self) -> None:
        """Show the bridge as it is now."""
        snapshot = self.host.snapshot
        if snapshot is None:
            self.show_text(Text("Reading ..."))
            return
        bridge = snapshot.gateway_bridge
        # Again each time: the table below has its own network looked at when its cursor moves.
        self.host.look_at(bridge.id if bridge is not None else None)
        self.show_text(bridge_sheet(snapshot, lan_ranges=self.host.settings.lan_ranges))

    def action_change(self) -> None:
        """Open the form for another one."""
        if self.host.snapshot is not None:
            self.app.push_screen(BridgeForm(self.host.snapshot))
