"""Which nodes carry a network, and which should and do not."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from swarmtui.model.ids import NetworkId, NodeId
from swarmtui.model.network import Network
from swarmtui.model.node import Node
from swarmtui.model.snapshot import Snapshot

_NEEDS_NETWORK = frozenset(("starting", "running"))


class PeerState(StrEnum):
    """Whether a node carries a network."""

    CARRIES = "carries"
    MISSING = "missing"
    EXPECTED = "expected"


@dataclass(frozen=True, slots=True)
class CarryingNode:
    """A node's relation to one network.

    Attributes:
        state: `expected` when nobody could be asked whether it carries the network.
        address: What the node advertises.
        node: None when no node of the swarm is known by the peer's address.
        endpoints: Live tasks and containers of the network on that node.
    """

    state: PeerState
    address: str
    node: Node | None
    endpoints: int

    @property
    def key(self) -> str:
        """Identify the row: node id, or the peer's address when the node is not known."""
        return self.node.id if self.node else self.address


def carrying_nodes(snapshot: Snapshot, network: Network) -> tuple[CarryingNode, ...]:
    """Return the nodes that carry a network, then those that should and do not.

    A Ready node should carry the ingress always (moby#40184), and any other overlay while it runs
    a task or container on it (engine-facts 0.8). One that carries a network knows its peers, and so
    the node that was asked misses the ingress when it tells none. A peer whose address no node
    advertises may be any of them: missing nodes count only when they outnumber such peers.
    """
    endpoints = _endpoints_by_node(snapshot, network.id)
    needing = _needing_nodes(snapshot, network)
    inspection = snapshot.inspections.get(network.id)
    if inspection is None or inspection.peers is None:
        asked = snapshot.engine.node_id if inspection is not None and network.ingress else None
        expected = (
            CarryingNode(
                PeerState.MISSING if node.id == asked else PeerState.EXPECTED,
                node.address,
                node,
                endpoints[node.id],
            )
            for node in needing
        )
        return tuple(sorted(expected, key=_peer_order))
    by_address = node_by_address(snapshot, network.id)
    known = [(peer.address, by_address.get(peer.address)) for peer in inspection.peers]
    carrying = [
        CarryingNode(PeerState.CARRIES, address, node, endpoints[node.id] if node else 0)
        for address, node in known
    ]
    carrying_ids = {node.id for _, node in known if node}
    missing = [node for node in needing if node.id not in carrying_ids]
    unidentified = sum(1 for _, node in known if node is None)
    if snapshot.sees_cluster and len(missing) > unidentified:
        carrying += [
            CarryingNode(PeerState.MISSING, node.address, node, endpoints[node.id])
            for node in missing
        ]
    return tuple(sorted(carrying, key=_peer_order))


def node_by_address(snapshot: Snapshot, network_id: NetworkId) -> Mapping[str, Node]:
    """Index nodes by every address they are known by on a network's data path.

    Besides what nodes advertise, the gossip names the data path address of each task, and the task
    list names its node: together they join nodes that use `--data-path-addr`.
    """
    found: dict[str, Node] = {}
    inspection = snapshot.inspections.get(network_id)
    if inspection is not None:
        holders = snapshot.task_by_address(network_id)
        for service in inspection.services:
            for entry in service.tasks:
                holder = holders.get(entry.address)
                node = snapshot.node_by_id.get(holder.node_id) if holder else None
                if node is not None and entry.host_address:
                    found[entry.host_address] = node
    found.update(snapshot.node_by_advertised)
    own = snapshot.node_by_id.get(snapshot.engine.node_id)
    if own is not None and snapshot.engine.node_address:
        found.setdefault(snapshot.engine.node_address, own)
    return found


def _peer_order(peer: CarryingNode) -> tuple[bool, str, str]:
    name = peer.node.hostname if peer.node else ""
    return (peer.state is PeerState.MISSING, name, peer.address)


def _endpoints_by_node(snapshot: Snapshot, network_id: NetworkId) -> Counter[NodeId]:
    return Counter(
        task.node_id
        for task, _ in snapshot.live_tasks_by_network.get(network_id, ())
        if task.node_id
    )


def _needing_nodes(snapshot: Snapshot, network: Network) -> tuple[Node, ...]:
    if network.ingress:
        return tuple(node for node in snapshot.nodes if node.is_ready)
    busy = {
        task.node_id
        for task, _ in snapshot.live_tasks_by_network.get(network.id, ())
        if task.state in _NEEDS_NETWORK
    }
    return tuple(node for node in snapshot.nodes if node.is_ready and node.id in busy)
