"""The screens of the explorer."""

from swarmtui.screens.addresses import AddressesScreen
from swarmtui.screens.explorer import ExplorerScreen
from swarmtui.screens.host import Follows
from swarmtui.screens.operation import OperationScreen
from swarmtui.screens.operations import OperationsScreen
from swarmtui.screens.place import EXPLORER, History, Place
from swarmtui.screens.reading import ReadingScreen
from swarmtui.screens.resources import RESOURCES, place_called, place_names
from swarmtui.screens.shell import ShellScreen
from swarmtui.screens.table import TableScreen

__all__ = [
    "EXPLORER",
    "RESOURCES",
    "AddressesScreen",
    "ExplorerScreen",
    "Follows",
    "History",
    "OperationScreen",
    "OperationsScreen",
    "Place",
    "ReadingScreen",
    "ShellScreen",
    "TableScreen",
    "place_called",
    "place_names",
]
