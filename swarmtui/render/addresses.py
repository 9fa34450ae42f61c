"""The table of all who hold an address, network, broadcast and gateway among them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.text import Text

from swarmtui.addressing import AddressKind, address_text
from swarmtui.render.endpoints import NO_ADDRESS, kind_word, state_cell
from swarmtui.render.sheet import SheetText
from swarmtui.render.table import Column, Row
from swarmtui.render.text import NOTHING, toned

if TYPE_CHECKING:
    from swarmtui.addressing import Holder, Ledger
    from swarmtui.model import Network, Snapshot

ADDRESS_COLUMNS = (
    Column("address", "ADDRESS", 15, "A", min_width=13),
    Column("holder", "HOLDER", 17, "H", flex=2, min_width=10),
    Column("kind", "KIND", 9, "K", min_width=9, priority=1),
    Column("node", "NODE", 10, "N", flex=1, min_width=7),
    Column("state", "STATE", 31, "S", min_width=9, priority=2),
)
NOT_SHOWN = "address not shown by this engine"

RESERVED_WORDS = {
    AddressKind.NETWORK: "network address",
    AddressKind.BROADCAST: "broadcast address",
    AddressKind.GATEWAY: "gateway",
}

_PURPOSES = {
    AddressKind.NETWORK: "It names the subnet: nobody gets it.",
    AddressKind.BROADCAST: "It is the subnet's last address: nobody gets it.",
    AddressKind.GATEWAY: "The swarm reserves it. The way out of an overlay is docker_gwbridge.",
}


def address_rows(snapshot: Snapshot, ledger: Ledger) -> list[Row]:
    """Return a row for every holder by address, those whose address is not shown last."""
    round_robin = {each.name for each in snapshot.services if each.endpoint_mode == "dnsrr"}
    strange = {each.key for each in ledger.elsewhere}
    return [_row(each, round_robin, is_elsewhere=each.key in strange) for each in ledger.holders]


def reserved_sheet(network: Network, holder: Holder) -> Text:
    """Return a sheet about an address that the swarm keeps for itself."""
    name = RESERVED_WORDS.get(holder.kind, "")
    address = address_text(holder.value) if holder.value is not None else ""
    sheet = SheetText(address, f"{name} of {network.name}")
    sheet.line(_PURPOSES.get(holder.kind, ""))
    return sheet.text


def _row(holder: Holder, round_robin: set[str], *, is_elsewhere: bool) -> Row:
    endpoint = holder.endpoint
    if endpoint is None:
        return _reserved_row(holder)
    state, shown = endpoint.state, state_cell(endpoint)
    if holder.value is None:
        state = f"node down, {NOT_SHOWN}" if endpoint.node_is_down else NOT_SHOWN
        shown = toned(state, "error" if endpoint.node_is_down else "dim")
    elif is_elsewhere:
        state = "in no subnet of this network"
        shown = toned(state, "error")
    kind = kind_word(endpoint, round_robin=endpoint.service in round_robin)
    address = endpoint.address or NO_ADDRESS
    return Row(
        holder.key,
        (address, endpoint.name, kind, endpoint.node or NOTHING, shown),
        (holder.value, endpoint.name.lower(), kind, endpoint.node, state),
    )


def _reserved_row(holder: Holder) -> Row:
    name = RESERVED_WORDS[holder.kind]
    address = address_text(holder.value) if holder.value is not None else NOTHING
    return Row(
        holder.key,
        (address, name, "reserved", NOTHING, NOTHING),
        (holder.value, name, "reserved", "", ""),
        "dim",
    )
