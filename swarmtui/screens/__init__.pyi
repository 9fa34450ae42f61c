from .addresses import AddressesScreen
from .atlas import screen_of
from .attach import AttachScreen, DetachScreen
from .bridge import BridgeScreen
from .create import CreateScreen
from .explorer import ExplorerScreen
from .findings import FindingsScreen
from .help import help_text
from .host import Follows
from .ingress import IngressScreen
from .migrate import MigrateScreen
from .operation import OperationScreen
from .operations import OperationsScreen
from .pane import is_large
from .path import path_screen, path_suggestions
from .place import EXPLORER, History, Place
from .plan import PlanScreen
from .pool import PoolScreen
from .ports import PortsScreen
from .reach import ReachScreen
from .reading import DocumentScreen, HelpScreen, ReadingScreen, SheetScreen
from .removal import PruneScreen, RemovalScreen
from .repairs import repair_screen
from .resources import RESOURCES, place_called, place_names
from .review import ReviewScreen
from .saving import save, write_table
from .shell import ShellScreen
from .split import SplitScreen
from .table import TableScreen

__all__ = [
    "EXPLORER",
    "RESOURCES",
    "AddressesScreen",
    "AttachScreen",
    "BridgeScreen",
    "CreateScreen",
    "DetachScreen",
    "DocumentScreen",
    "ExplorerScreen",
    "FindingsScreen",
    "Follows",
    "HelpScreen",
    "History",
    "IngressScreen",
    "MigrateScreen",
    "OperationScreen",
    "OperationsScreen",
    "Place",
    "PlanScreen",
    "PoolScreen",
    "PortsScreen",
    "PruneScreen",
    "ReachScreen",
    "ReadingScreen",
    "RemovalScreen",
    "ReviewScreen",
    "SheetScreen",
    "ShellScreen",
    "SplitScreen",
    "TableScreen",
    "help_text",
    "is_large",
    "path_screen",
    "path_suggestions",
    "place_called",
    "place_names",
    "repair_screen",
    "save",
    "screen_of",
    "write_table",
]
