"""What every table on screen is made of: columns and rows, as plain values."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import msgspec
from rich.text import Text

SortValue = str | int | float | tuple["SortValue", ...] | None


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table.

    Attributes:
        key: Stable name, used for sorting and for `column:value` filters.
        width: Cells wanted.
        sort_key: The letter that sorts by this column with Shift; empty for none.
        wide: Shown only in the wide view.
        flex: Share of left-over width.
        min_width: Cells the column may shrink to before it is dropped.
        priority: In a narrow table the highest number goes first.
    """

    key: str
    title: str
    width: int
    sort_key: str = ""
    justify: Literal["left", "right"] = "left"
    wide: bool = False
    flex: int = 0
    min_width: int = 4
    priority: int = 0


# Tables have tens of thousands: structs are made and compared fast, and garbage collection does not
# walk over them.


class Row(msgspec.Struct, frozen=True, gc=False):
    """A row of a table.

    Attributes:
        key: Identity of the object that the row shows.
        cells: One per column; a plain `str` is shown literally, never read as markup.
        sort_values: Raw values, one per column; None sorts last.
        style: Name of a row style of the table, such as `dim` or `error`; empty for none.
    """

    key: str
    cells: tuple[Text | str, ...]
    sort_values: tuple[SortValue, ...]
    style: str = ""
