"""What a kind of row is, for every pane that shows some."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rich.text import Text

from swarmtui.model import Snapshot

if TYPE_CHECKING:
    from swarmtui.model import DocumentKind
    from swarmtui.render import Column, Row
    from swarmtui.screens.place import Place

Sheeter = Callable[[Snapshot, str, str], Text | None]
"""Makes a text from a snapshot, the subject of a place, and the key of a row."""

Copied = Callable[[Snapshot, str, str], tuple[str, str]]
"""Names what is copied, and gives it."""


@dataclass(frozen=True, slots=True)
class Resource:
    """A kind of row.

    Attributes:
        title: Plural, as panes and breadcrumbs show it.
        rows: Makes the rows from a snapshot and the subject of a place.
        copied: What `c` copies from a row's key; names it too.
        document: The kind and id of the engine's JSON for a row; None without one.
        opened: Where Enter leads; None to describe instead.
        empty: What stands there when there is nothing.
        aliases: What it may be called after `:`.
    """

    title: str
    columns: tuple[Column, ...]
    rows: Callable[[Snapshot, str], list[Row]]
    sheet: Sheeter
    copied: Copied
    users: Sheeter | None = None
    document: Callable[[Snapshot, str, str], tuple[DocumentKind, str] | None] | None = None
    opened: Callable[[Snapshot, Place, str], Place | None] | None = None
    empty: str = "Nothing here."
    aliases: tuple[str, ...] = ()
