"""Finding the object that a row stands for, in a newer snapshot than the row's."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.text import Text

from swarmtui.addressing import endpoint_of, pool_usage
from swarmtui.findings import SubjectKind
from swarmtui.model import (
    EndpointKind,
    NetworkId,
    NodeId,
    TaskId,
    carrying_nodes,
)
from swarmtui.render import endpoint_sheet, node_sheet, peer_sheet, pool_sheet, task_sheet
from swarmtui.screens.place import EXPLORER, Place

if TYPE_CHECKING:
    from swarmtui.findings import Subject
    from swarmtui.model import (
        Network,
        Snapshot,
    )


def network_of(snapshot: Snapshot, subject: str) -> Network | None:
    """Return the network that a place is about."""
    kind, _, identity = subject.partition(":")
    return snapshot.network_by_id.get(NetworkId(identity)) if kind == "network" else None


def endpoint_address(snapshot: Snapshot, subject: str, key: str) -> tuple[str, str]:
    """Return what an endpoint is copied by: its address."""
    network = network_of(snapshot, subject)
    endpoint = endpoint_of(snapshot, network, key) if network is not None else None
    return "address", (endpoint.address or "not shown") if endpoint is not None else ""


def service_of_port(key: str) -> str:
    """Return the service's id from the key of a port's row."""
    parts = key.split("/")
    return parts[2] if len(parts) > 2 else ""


def found_endpoint_sheet(snapshot: Snapshot, subject: str, key: str) -> Text | None:
    """Return a sheet about an endpoint and, for a task, what the swarm knows of it."""
    network = network_of(snapshot, subject)
    if network is None:
        return None
    endpoint = endpoint_of(snapshot, network, key)
    if endpoint is None:
        return None
    sheet = endpoint_sheet(snapshot, network, endpoint)
    task = snapshot.task_by_id.get(TaskId(key.split(":")[1])) if key.startswith("task:") else None
    if task is not None:
        sheet.append("\n")
        sheet.append_text(task_sheet(snapshot, task))
    return sheet


def found_peer_sheet(snapshot: Snapshot, subject: str, key: str) -> Text | None:
    """Return a sheet about a peer and its node."""
    network = network_of(snapshot, subject)
    if network is None:
        return None
    peer = next((each for each in carrying_nodes(snapshot, network) if each.key == key), None)
    if peer is None:
        return None
    sheet = peer_sheet(snapshot, network, peer)
    if peer.node is not None:
        sheet.append("\n")
        sheet.append_text(node_sheet(snapshot, peer.node))
    return sheet


def found_pool_sheet(snapshot: Snapshot, _: str, key: str) -> Text | None:
    """Return a sheet about a pool; the row of networks outside shows the first pool's."""
    pools = pool_usage(snapshot)
    pool = next((each for each in pools if each.cidr == key), pools[0] if pools else None)
    return pool_sheet(snapshot, pool) if pool else None


def endpoint_target(snapshot: Snapshot, place: Place, key: str) -> Place | None:
    """Return where Enter on an endpoint leads: a service's tasks, or a node's."""
    network = network_of(snapshot, place.subject)
    if network is None:
        return None
    endpoint = endpoint_of(snapshot, network, key)
    if endpoint is None:
        return None
    service = next((each for each in snapshot.services if each.name == endpoint.service), None)
    if service is not None:
        return place.below("tasks", f"service:{service.id}", f"tasks of {service.name}")
    node = snapshot.node_by_id.get(NodeId(endpoint.identity))
    if endpoint.kind is EndpointKind.NODE_LB and node is not None:
        return place.below("tasks", f"node:{node.id}", f"tasks on {node.hostname}")
    return None


_ROWS_OF = {
    SubjectKind.NETWORK: (EXPLORER, "networks"),
    SubjectKind.SERVICE: (Place("services", "", ("services",)), "services"),
    SubjectKind.NODE: (Place("nodes", "", ("nodes",)), "nodes"),
    SubjectKind.TASK: (Place("tasks", "", ("tasks",)), "tasks"),
    SubjectKind.POOL: (Place("pools", "", ("pools",)), "pools"),
}


def subject_place(subject: Subject) -> tuple[Place, str, str] | None:
    """Return where a finding's subject has a row: place, pane and key; None for the swarm."""
    found = _ROWS_OF.get(subject.kind)
    return (*found, subject.id) if found is not None else None
