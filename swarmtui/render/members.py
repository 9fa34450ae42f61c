"""The table of the services on one network."""

from __future__ import annotations

from typing import TYPE_CHECKING

from swarmtui.addressing import address_value
from swarmtui.render.services import SERVICE_COLUMNS, network_names, service_row
from swarmtui.render.table import Column, Row
from swarmtui.render.text import NOTHING

if TYPE_CHECKING:
    from swarmtui.model import Network, Service, Snapshot

_HEAD = ("name", "replicas", "endpoint")
_COMMON = [n for n, column in enumerate(SERVICE_COLUMNS) if column.key in _HEAD]
_PORTS = next(n for n, column in enumerate(SERVICE_COLUMNS) if column.key == "ports")

MEMBER_COLUMNS = (
    *(SERVICE_COLUMNS[n] for n in _COMMON),
    Column("address", "VIP", 15, "V", min_width=10, priority=1),
    Column("aliases", "ALIASES", 12, "A", flex=1, min_width=7),
    Column("others", "ALSO ON", 16, "W", flex=2, min_width=8),
    SERVICE_COLUMNS[_PORTS],
)


def member_rows(snapshot: Snapshot, network: Network) -> list[Row]:
    """Return a row for every service on a network, by name."""
    members = snapshot.services_by_network.get(network.id, ())
    ordered = sorted(members, key=lambda each: (each.name.lower(), each.id))
    return [_row(snapshot, network, each) for each in ordered]


def _row(snapshot: Snapshot, network: Network, service: Service) -> Row:
    row = service_row(snapshot, service)
    vips = (each.address for each in service.virtual_ips if each.network_id == network.id)
    address = next(vips, "")
    aliases = " ".join(
        alias
        for each in service.networks
        if snapshot.target_id(each.target) == network.id
        for alias in each.aliases
    )
    others = ", ".join(name for name in network_names(snapshot, service) if name != network.name)
    return Row(
        row.key,
        (
            *(row.cells[n] for n in _COMMON),
            address or NOTHING,
            aliases or NOTHING,
            others or NOTHING,
            row.cells[_PORTS],
        ),
        (
            *(row.sort_values[n] for n in _COMMON),
            address_value(address),
            aliases or None,
            others or None,
            row.sort_values[_PORTS],
        ),
    )
