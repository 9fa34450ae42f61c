"""The rows of a network's addresses: all who hold one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.text import Text

from swarmtui.addressing import address_text, endpoint_of, ledger
from swarmtui.render import ADDRESS_COLUMNS, address_rows, reserved_sheet
from swarmtui.screens.lookup import endpoint_target, found_endpoint_sheet, network_of
from swarmtui.screens.resource import Resource

if TYPE_CHECKING:
    from swarmtui.addressing import Holder
    from swarmtui.model import Snapshot
    from swarmtui.render import Row


def _rows(snapshot: Snapshot, subject: str) -> list[Row]:
    network = network_of(snapshot, subject)
    return address_rows(snapshot, ledger(snapshot, network)) if network else []


def _holder(snapshot: Snapshot, subject: str, key: str) -> Holder | None:
    network = network_of(snapshot, subject)
    return ledger(snapshot, network).holder_by_key.get(key) if network else None


def _sheet(snapshot: Snapshot, subject: str, key: str) -> Text | None:
    sheet = found_endpoint_sheet(snapshot, subject, key)
    if sheet is not None:
        return sheet
    holder, network = _holder(snapshot, subject, key), network_of(snapshot, subject)
    return reserved_sheet(network, holder) if holder is not None and network is not None else None


def _copied(snapshot: Snapshot, subject: str, key: str) -> tuple[str, str]:
    network = network_of(snapshot, subject)
    endpoint = endpoint_of(snapshot, network, key) if network is not None else None
    if endpoint is not None:
        return "address", endpoint.address
    holder = _holder(snapshot, subject, key)
    value = holder.value if holder is not None else None
    return "address", address_text(value) if value is not None else ""


HOLDERS = Resource(
    "Addresses",
    ADDRESS_COLUMNS,
    _rows,
    _sheet,
    _copied,
    opened=endpoint_target,
    empty="Nobody holds an address on this network.",
)
