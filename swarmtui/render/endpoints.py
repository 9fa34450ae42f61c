"""The table of everyone who holds an address on a network."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from rich.text import Text

from swarmtui.addressing import address_value, endpoints
from swarmtui.model import EndpointKind
from swarmtui.render.table import Column, Row
from swarmtui.render.text import NOTHING, toned

if TYPE_CHECKING:
    from swarmtui.model import Endpoint, Network, Snapshot

ENDPOINT_COLUMNS = (
    Column("address", "ADDRESS", 15, "A", min_width=13),
    Column("holder", "HOLDER", 16, "H", flex=2, min_width=10),
    Column("kind", "KIND", 9, "K", min_width=7, priority=2),
    Column("node", "NODE", 10, "N", flex=1, min_width=9),
    Column("state", "STATE", 9, "S", min_width=9, priority=1),
    Column("mac", "MAC", 17, "M", min_width=17, priority=3),
    Column("service", "SERVICE", 20, "R", wide=True),
    Column("id", "ID", 25, wide=True),
)

_KIND_WORDS = {
    EndpointKind.VIP: "VIP",
    EndpointKind.TASK: "task",
    EndpointKind.CONTAINER: "container",
    EndpointKind.NODE_LB: "node LB",
    EndpointKind.STRAY: "stray",
}
# One for all rows, as thousands have none.
NO_ADDRESS, _NO_MAC = toned("not shown", "dim"), toned(NOTHING, "dim")
_STATE_TONES = {"running": "good", "": "dim", "node down": "error"}


def endpoint_rows(snapshot: Snapshot, network: Network) -> list[Row]:
    """Return a row for every holder of an address, in the order of addresses."""
    round_robin = {each.name for each in snapshot.services if each.endpoint_mode == "dnsrr"}
    return [
        _row(endpoint, round_robin=endpoint.service in round_robin)
        for endpoint in endpoints(snapshot, network)
    ]


def kind_word(endpoint: Endpoint, *, round_robin: bool = False) -> str:
    """Return what an endpoint is, in a word; members of a DNSRR service say so."""
    if round_robin and endpoint.kind is EndpointKind.TASK:
        return "DNSRR"
    return _KIND_WORDS[endpoint.kind]


def _row(endpoint: Endpoint, *, round_robin: bool) -> Row:
    kind = kind_word(endpoint, round_robin=round_robin)
    cells = (
        endpoint.address or NO_ADDRESS,
        endpoint.name,
        kind,
        endpoint.node or NOTHING,
        state_cell(endpoint),
        endpoint.mac or _NO_MAC,
        endpoint.service or NOTHING,
        endpoint.identity or NOTHING,
    )
    sort_values = (
        address_value(endpoint.address),
        endpoint.name.lower(),
        kind,
        endpoint.node,
        endpoint.state,
        endpoint.mac,
        endpoint.service,
        endpoint.identity,
    )
    return Row(endpoint.key, cells, sort_values)


def state_cell(endpoint: Endpoint) -> Text:
    """Return the state of an endpoint, of one on a Down node that it is down."""
    return _state_text("node down" if endpoint.node_is_down else endpoint.state)


@lru_cache(maxsize=64)
def _state_text(state: str) -> Text:
    # One for all rows: thousands of rows have one of a few states.
    return toned(state or NOTHING, _STATE_TONES.get(state, "warning"))
