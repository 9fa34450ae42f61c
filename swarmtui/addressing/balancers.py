"""The load-balancer that each node holds on an overlay it carries."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from swarmtui.model import LocalEndpoint, Network, NodeId, Snapshot, node_by_address


class Balancer(NamedTuple):
    """A node's load-balancer; address and MAC are empty where the engine does not show them."""

    address: str = ""
    mac: str = ""


_HIDDEN = Balancer()


def balancers(snapshot: Snapshot, network: Network) -> Mapping[NodeId, Balancer]:
    """Return the load-balancers on a network by node, as a manager knows them.

    On the ingress every node has one, Down ones too; elsewhere each node with a live task, and the
    node that is read where it shows one (engine-facts C.1).
    """
    if network.ingress:
        found = dict.fromkeys((node.id for node in snapshot.nodes), _HIDDEN)
        found.update(_told_by_gossip(snapshot, network))
    else:
        found = dict.fromkeys(snapshot.busy_nodes_by_network.get(network.id, ()), _HIDDEN)
    inspection = snapshot.inspections.get(network.id)
    own = snapshot.engine.node_id
    for local in inspection.endpoints if inspection and own else ():
        if is_load_balancer(local):
            found[own] = Balancer(local.address, local.mac)
    return found


def is_load_balancer(local: LocalEndpoint) -> bool:
    """Tell whether an endpoint is a node's own load-balancer on an overlay (engine-facts B.2)."""
    return local.key.startswith("lb-") or local.key.endswith("-sbox")


def balancer_name(network: Network) -> str:
    """Return what gossip calls the load-balancers on a network."""
    return f"{network.name}-endpoint"


def _told_by_gossip(snapshot: Snapshot, network: Network) -> Mapping[NodeId, Balancer]:
    """Return those of which gossip tells, as it does on the ingress of engines below 29."""
    inspection = snapshot.inspections.get(network.id)
    entries = [
        entry
        for service in (inspection.services if inspection else ())
        if not service.name
        for entry in service.tasks
        if entry.name == balancer_name(network)
    ]
    if not entries:
        return {}
    nodes = node_by_address(snapshot, network.id)
    return {
        node.id: Balancer(entry.address)
        for entry in entries
        if (node := nodes.get(entry.host_address)) is not None
    }
