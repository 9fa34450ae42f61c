"""The screens of the explorer."""

from swarmtui.screens.atlas import screen_of
from swarmtui.screens.explorer import ExplorerScreen
from swarmtui.screens.host import Follows
from swarmtui.screens.operation import OperationScreen
from swarmtui.screens.pane import is_large
from swarmtui.screens.place import EXPLORER, History, Place
from swarmtui.screens.reading import ReadingScreen
from swarmtui.screens.resources import RESOURCES, place_called, place_names
from swarmtui.screens.shell import ShellScreen

__all__ = [
    "EXPLORER",
    "RESOURCES",
    "ExplorerScreen",
    "Follows",
    "History",
    "OperationScreen",
    "Place",
    "ReadingScreen",
    "ShellScreen",
    "is_large",
    "place_called",
    "place_names",
    "screen_of",
]
