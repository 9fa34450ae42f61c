from .background import Background
from .cell_map import CellMap
from .choice import Choice
from .confirmation import Confirmation
from .entry import Entry
from .field import Field
from .filtering import parse_filter
from .flow import Flow
from .key_line import KeyLine
from .live_rows import AT_ONCE
from .live_table import LiveTable
from .one_of import OneOf
from .prompt import Prompt
from .sheet import Sheet, toned_content
from .stepper import Stepper

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
