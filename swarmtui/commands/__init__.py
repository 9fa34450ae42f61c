"""The catalogue of everything that a key does."""

from swarmtui.commands.changing import (
    Migrate,
    ReplaceIngress,
    ShowOperations,
    ToggleEncryption,
)
from swarmtui.commands.command import Command, Target
from swarmtui.commands.findings import Acknowledge, Repair, ShowFindings
from swarmtui.commands.moving import (
    FocusEndpoints,
    FocusNetworks,
    FocusPeers,
    FocusPools,
    GoBack,
    GoForward,
    GoTo,
    GoToLast,
    Leave,
)
from swarmtui.commands.networks import (
    CreateNetwork,
    PruneNetworks,
    RemoveNetwork,
    SplitNetwork,
)
from swarmtui.commands.program import CycleTheme, ShowHelp
from swarmtui.commands.services import Attach, Detach, Reach, ShowServices
from swarmtui.commands.tables import Filter, RefreshNow, SaveTable, WidenColumns
from swarmtui.commands.viewing import (
    Copy,
    Describe,
    ShowAddresses,
    ShowBridge,
    ShowJson,
    ShowUsers,
    TryPorts,
)

CATALOGUE: tuple[type[Command], ...] = (
    ShowHelp,
    Filter,
    GoTo,
    Describe,
    ShowAddresses,
    TryPorts,
    ShowFindings,
    Repair,
    Acknowledge,
    Attach,
    Detach,
    Reach,
    ToggleEncryption,
    Migrate,
    ShowServices,
    CreateNetwork,
    SplitNetwork,
    RemoveNetwork,
    PruneNetworks,
    ReplaceIngress,
    ShowOperations,
    ShowUsers,
    ShowBridge,
    ShowJson,
    Copy,
    WidenColumns,
    Leave,
    GoBack,
    GoForward,
    GoToLast,
    FocusNetworks,
    FocusEndpoints,
    FocusPeers,
    FocusPools,
    SaveTable,
    RefreshNow,
    CycleTheme,
)
"""In the order in which the footer shows them: what a narrow one has to show comes first."""

BY_NAME = {command.name(): command() for command in CATALOGUE}

__all__ = ["BY_NAME", "CATALOGUE", "Command", "Target"]
