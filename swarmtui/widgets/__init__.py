"""Building blocks of screens that know nothing of Docker."""

from swarmtui.widgets.background import Background
from swarmtui.widgets.cell_map import CellMap
from swarmtui.widgets.choice import Choice
from swarmtui.widgets.confirmation import Confirmation
from swarmtui.widgets.entry import Entry
from swarmtui.widgets.field import Field
from swarmtui.widgets.filtering import parse_filter
from swarmtui.widgets.flow import Flow
from swarmtui.widgets.key_line import KeyLine
from swarmtui.widgets.live_rows import AT_ONCE
from swarmtui.widgets.live_table import LiveTable
from swarmtui.widgets.one_of import OneOf
from swarmtui.widgets.prompt import Prompt
from swarmtui.widgets.sheet import Sheet, toned_content
from swarmtui.widgets.stepper import Stepper

__all__ = [
    "AT_ONCE",
    "Background",
    "CellMap",
    "Choice",
    "Confirmation",
    "Entry",
    "Field",
    "Flow",
    "KeyLine",
    "LiveTable",
    "OneOf",
    "Prompt",
    "Sheet",
    "Stepper",
    "parse_filter",
    "toned_content",
]
