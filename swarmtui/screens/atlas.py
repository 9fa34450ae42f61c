"""Which screen shows which place."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from swarmtui import screens

if TYPE_CHECKING:
    from swarmtui.screens.place import Place
    from swarmtui.screens.shell import ShellScreen

_SCREENS: Mapping[str, Callable[[Place], ShellScreen]] = {
    "addresses": lambda place: screens.AddressesScreen(place),
    "blocks": lambda place: screens.PoolScreen(place),
    "explorer": lambda place: screens.ExplorerScreen(place),
    "findings": lambda place: screens.FindingsScreen(place),
    "operations": lambda place: screens.OperationsScreen(place),
    "ports": lambda place: screens.PortsScreen(place),
}


def screen_of(place: Place) -> ShellScreen:
    """Return a new screen that shows a place."""
    maker = _SCREENS.get(place.kind)
    return maker(place) if maker is not None else screens.TableScreen(place)
