"""The rows of an address pool: the networks in it, or those that lie in none."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.text import Text

from swarmtui.addressing import pool_usage
from swarmtui.model import NetworkId
from swarmtui.render import (
    SEAT_COLUMNS,
    network_sheet,
    network_users,
    outside_rows,
    seat_rows,
)
from swarmtui.screens.resource import Resource

if TYPE_CHECKING:
    from swarmtui.addressing import PoolUse
    from swarmtui.model import DocumentKind, Snapshot
    from swarmtui.render import Row
    from swarmtui.screens.place import Place

OUTSIDE = "outside"
"""The key of the row, and the subject of the place, of all that lies in no pool."""


def open_pool(_: Snapshot, place: Place, key: str) -> Place:
    """Return the place that shows the blocks of a pool, or what lies outside the pools."""
    title = "outside the pools" if key == OUTSIDE else f"pool {key}"
    return place.below("blocks", f"pool:{key}", title)


def pool_of(snapshot: Snapshot, subject: str) -> PoolUse | None:
    """Return the pool that a place is about."""
    cidr = subject.partition(":")[2]
    return next((each for each in pool_usage(snapshot) if each.cidr == cidr), None)


def network_place(snapshot: Snapshot, place: Place, key: str) -> Place | None:
    """Return where the row of a network leads: to its endpoints."""
    network = snapshot.network_by_id.get(_network_id(key))
    if network is None:
        return None
    return place.below("endpoints", f"network:{network.id}", f"endpoints of {network.name}")


def _network_id(key: str) -> NetworkId:
    return NetworkId(key.partition(":")[0])


def _rows(snapshot: Snapshot, subject: str) -> list[Row]:
    if subject == f"pool:{OUTSIDE}":
        return outside_rows(snapshot)
    pool = pool_of(snapshot, subject)
    return seat_rows(snapshot, pool) if pool is not None else []


def _sheet(snapshot: Snapshot, _: str, key: str) -> Text | None:
    network = snapshot.network_by_id.get(_network_id(key))
    return network_sheet(snapshot, network) if network else None


def _users(snapshot: Snapshot, _: str, key: str) -> Text | None:
    network = snapshot.network_by_id.get(_network_id(key))
    return network_users(snapshot, network) if network else None


def _document(_: Snapshot, __: str, key: str) -> tuple[DocumentKind, str]:
    return "network", _network_id(key)


BLOCKS = Resource(
    "Networks",
    SEAT_COLUMNS,
    _rows,
    _sheet,
    lambda _snapshot, _subject, key: ("subnet", key.partition(":")[2]),
    _users,
    _document,
    network_place,
    "No network is in this pool.",
)
