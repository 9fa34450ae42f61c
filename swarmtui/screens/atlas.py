"""Which screen shows which place."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from swarmtui.screens.addresses import AddressesScreen
from swarmtui.screens.explorer import ExplorerScreen
from swarmtui.screens.findings import FindingsScreen
from swarmtui.screens.operations import OperationsScreen
from swarmtui.screens.place import Place
from swarmtui.screens.pool import PoolScreen
from swarmtui.screens.ports import PortsScreen
from swarmtui.screens.shell import ShellScreen
from swarmtui.screens.table import TableScreen

_SCREENS: Mapping[str, Callable[[Place], ShellScreen]] = {
    "addresses": AddressesScreen,
    "blocks": PoolScreen,
    "explorer": ExplorerScreen,
    "findings": FindingsScreen,
    "operations": OperationsScreen,
    "ports": PortsScreen,
}


def screen_of(place: Place) -> ShellScreen:
    """Return a new screen that shows a place."""
    return _SCREENS.get(place.kind, TableScreen)(place)
