"""The table of nodes that carry a network."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING

from swarmtui.model import PeerState, carrying_nodes
from swarmtui.render.table import Column, Row
from swarmtui.render.text import NOTHING, counted, toned

if TYPE_CHECKING:
    from swarmtui.model import CarryingNode, Network, Snapshot

PEER_COLUMNS = (
    Column("node", "NODE", 16, "N", flex=2, min_width=7),
    Column("address", "ADDRESS", 15, "A", min_width=13),
    Column("peer", "PEER", 9, "P", min_width=8),
    Column("state", "STATE", 9, "S", flex=1, min_width=5, priority=1),
    Column("endpoints", "ENDPOINTS", 9, "E", justify="right", min_width=9, priority=2),
)

_STATE = [each.key for each in PEER_COLUMNS].index("peer")
_TONES = {PeerState.CARRIES: "good", PeerState.MISSING: "error", PeerState.EXPECTED: "dim"}


def peer_rows(snapshot: Snapshot, network: Network) -> list[Row]:
    """Return a row for every node that carries the network, or should."""
    return [_row(peer, snapshot) for peer in carrying_nodes(snapshot, network)]


def peer_summary(network: Network, rows: Sequence[Row]) -> str:
    """Return `3 of 3` carrying nodes, or why there is no such count, from a network's rows."""
    states = Counter(row.sort_values[_STATE] for row in rows)
    if not network.is_swarm:
        return "this node only"
    if expected := states[str(PeerState.EXPECTED)]:
        return f"{counted(expected, 'node')} expected, not carried by this one"
    return f"{states[str(PeerState.CARRIES)]} of {len(rows)}" if rows else "none"


def _row(peer: CarryingNode, snapshot: Snapshot) -> Row:
    node = peer.node
    if node is not None:
        name, state = node.hostname, node.state
    else:
        name = "no node's address" if snapshot.sees_cluster else NOTHING
        state = ""
    count = str(peer.endpoints) if snapshot.sees_cluster else NOTHING
    cells = (
        name if node is not None else toned(name, "dim"),
        peer.address or NOTHING,
        toned(str(peer.state), _TONES[peer.state]),
        toned(state or NOTHING, "good" if state == "ready" else "error" if state else "dim"),
        count,
    )
    return Row(peer.key, cells, (name, peer.address, str(peer.state), state, peer.endpoints))
