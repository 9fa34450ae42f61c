"""What each kind of row is: its columns, its rows, and what can be asked of one of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from rich.text import Text

from swarmtui import render
from swarmtui.model import NetworkId, NodeId, ServiceId, TaskId
from swarmtui.render import (
    ENDPOINT_COLUMNS,
    FINDING_COLUMNS,
    MEMBER_COLUMNS,
    NETWORK_COLUMNS,
    NODE_COLUMNS,
    OPERATION_COLUMNS,
    PEER_COLUMNS,
    POOL_COLUMNS,
    PORT_COLUMNS,
    PROBLEM_COLUMNS,
    SERVICE_COLUMNS,
    TASK_COLUMNS,
    endpoint_rows,
    member_rows,
    network_rows,
    node_rows,
    peer_rows,
    pool_rows,
    port_rows,
    problem_rows,
    service_rows,
    task_rows,
)
from swarmtui.screens.blocks import BLOCKS, open_pool
from swarmtui.screens.holders import HOLDERS
from swarmtui.screens.lookup import (
    endpoint_address,
    endpoint_target,
    found_endpoint_sheet,
    found_peer_sheet,
    found_pool_sheet,
    network_of,
    service_of_port,
)
from swarmtui.screens.openings import OPENINGS
from swarmtui.screens.place import Place
from swarmtui.screens.resource import Resource

if TYPE_CHECKING:
    from swarmtui.model import DocumentKind, Network, Snapshot, Task
    from swarmtui.render import Row
    from swarmtui.screens.resource import Copied


def _rows_of_network(
    rows: Callable[[Snapshot, Network], list[Row]],
) -> Callable[[Snapshot, str], list[Row]]:
    def of_subject(snapshot: Snapshot, subject: str) -> list[Row]:
        network = network_of(snapshot, subject)
        return rows(snapshot, network) if network else []

    return of_subject


def _task_rows(snapshot: Snapshot, subject: str) -> list[Row]:
    kind, _, identity = subject.partition(":")

    def wanted(task: Task) -> bool:
        return identity == (task.service_id if kind == "service" else task.node_id)

    return task_rows(snapshot, filter(wanted, snapshot.tasks) if subject else None)


def _network_sheet(snapshot: Snapshot, _: str, key: str) -> Text | None:
    network = snapshot.network_by_id.get(NetworkId(key))
    return render.network_sheet(snapshot, network) if network else None


def _network_users(snapshot: Snapshot, _: str, key: str) -> Text | None:
    network = snapshot.network_by_id.get(NetworkId(key))
    return render.network_users(snapshot, network) if network else None


def _service_sheet(snapshot: Snapshot, _: str, key: str) -> Text | None:
    service = snapshot.service_by_id.get(ServiceId(key))
    return render.service_sheet(snapshot, service) if service else None


def _service_uses(snapshot: Snapshot, _: str, key: str) -> Text | None:
    service = snapshot.service_by_id.get(ServiceId(key))
    return render.service_uses(snapshot, service) if service else None


def _node_sheet(snapshot: Snapshot, _: str, key: str) -> Text | None:
    node = snapshot.node_by_id.get(NodeId(key))
    return render.node_sheet(snapshot, node) if node else None


def _node_users(snapshot: Snapshot, _: str, key: str) -> Text | None:
    node = snapshot.node_by_id.get(NodeId(key))
    return render.node_users(snapshot, node) if node else None


def _task_sheet(snapshot: Snapshot, _: str, key: str) -> Text | None:
    task = snapshot.task_by_id.get(TaskId(key))
    return render.task_sheet(snapshot, task) if task else None


def _port_sheet(snapshot: Snapshot, _: str, key: str) -> Text | None:
    return _service_sheet(snapshot, "", service_of_port(key))


def _problem_sheet(snapshot: Snapshot, _: str, key: str) -> Text | None:
    row = next((row for row in problem_rows(snapshot) if row.key == key), None)
    return Text("\n".join(str(cell) for cell in row.cells)) if row else None


def _open_network(snapshot: Snapshot, place: Place, key: str) -> Place | None:
    network = snapshot.network_by_id.get(NetworkId(key))
    if network is None:
        return None
    return place.below("endpoints", f"network:{key}", f"endpoints of {network.name}")


def _open_endpoint(snapshot: Snapshot, place: Place, key: str) -> Place | None:
    return endpoint_target(snapshot, place, key)


def _open_service(snapshot: Snapshot, place: Place, key: str) -> Place | None:
    service = snapshot.service_by_id.get(ServiceId(key))
    if service is None:
        return None
    return place.below("tasks", f"service:{key}", f"tasks of {service.name}")


def _open_node(snapshot: Snapshot, place: Place, key: str) -> Place | None:
    node = snapshot.node_by_id.get(NodeId(key))
    if node is None:
        return None
    return place.below("tasks", f"node:{key}", f"tasks on {node.hostname}")


def _open_port(snapshot: Snapshot, place: Place, key: str) -> Place | None:
    return _open_service(snapshot, place, service_of_port(key))


def _cell(index: int, what: str, rows: Callable[[Snapshot, str], list[Row]]) -> Copied:
    def copied(snapshot: Snapshot, subject: str, key: str) -> tuple[str, str]:
        for row in rows(snapshot, subject):
            if row.key == key:
                return what, str(row.cells[index])
        return what, ""

    return copied


def _key(what: str) -> Copied:
    return lambda _snapshot, _subject, key: (what, key)


def _document(kind: DocumentKind) -> Callable[[Snapshot, str, str], tuple[DocumentKind, str]]:
    return lambda _snapshot, _subject, key: (kind, key)


def _port_document(_: Snapshot, __: str, key: str) -> tuple[DocumentKind, str]:
    return "service", service_of_port(key)


_ENDPOINT_ROWS = _rows_of_network(endpoint_rows)
_PEER_ROWS = _rows_of_network(peer_rows)


def _pool_rows(snapshot: Snapshot, _: str) -> list[Row]:
    return pool_rows(snapshot)


RESOURCES: Mapping[str, Resource] = {
    "networks": Resource(
        "Networks",
        NETWORK_COLUMNS,
        lambda snapshot, _: network_rows(snapshot),
        _network_sheet,
        _key("network id"),
        _network_users,
        _document("network"),
        _open_network,
        "This engine lists no networks.",
        ("network", "net", "n"),
    ),
    "endpoints": Resource(
        "Endpoints",
        ENDPOINT_COLUMNS,
        _ENDPOINT_ROWS,
        found_endpoint_sheet,
        endpoint_address,
        opened=_open_endpoint,
        empty="Nobody holds an address on this network.",
    ),
    "addresses": HOLDERS,
    "peers": Resource(
        "Peers",
        PEER_COLUMNS,
        _PEER_ROWS,
        found_peer_sheet,
        _cell(1, "address", _PEER_ROWS),
        _node_users,
        opened=_open_node,
        empty="No node carries this network.",
    ),
    "pools": Resource(
        "Address pools",
        POOL_COLUMNS,
        _pool_rows,
        found_pool_sheet,
        _cell(0, "pool", _pool_rows),
        opened=open_pool,
        empty="Only a manager tells the address pools.",
        aliases=("pool",),
    ),
    "blocks": BLOCKS,
    "services": Resource(
        "Services",
        SERVICE_COLUMNS,
        lambda snapshot, _: service_rows(snapshot),
        _service_sheet,
        _key("service id"),
        _service_uses,
        _document("service"),
        _open_service,
        "There are no services.",
        ("service", "svc", "s"),
    ),
    "nodes": Resource(
        "Nodes",
        NODE_COLUMNS,
        lambda snapshot, _: node_rows(snapshot),
        _node_sheet,
        _key("node id"),
        _node_users,
        _document("node"),
        _open_node,
        "Only a manager tells the nodes.",
        ("node", "no"),
    ),
    "tasks": Resource(
        "Tasks",
        TASK_COLUMNS,
        _task_rows,
        _task_sheet,
        _key("task id"),
        None,
        _document("task"),
        None,
        "There are no tasks.",
        ("task", "t"),
    ),
    "ports": Resource(
        "Published ports",
        PORT_COLUMNS,
        lambda snapshot, _: port_rows(snapshot),
        _port_sheet,
        _cell(0, "port", lambda snapshot, _: port_rows(snapshot)),
        None,
        _port_document,
        _open_port,
        "No service publishes a port.",
        ("port", "po", "firewall"),
    ),
    "openings": OPENINGS,
    "problems": Resource(
        "Problems",
        PROBLEM_COLUMNS,
        lambda snapshot, _: problem_rows(snapshot),
        _problem_sheet,
        _cell(2, "problem", lambda snapshot, _: problem_rows(snapshot)),
        empty="Everything was read and understood.",
        aliases=("problem", "errors"),
    ),
    "findings": Resource(
        "Findings",
        FINDING_COLUMNS,
        lambda _snapshot, _subject: [],  # they come from rules, not from the engine
        lambda _snapshot, _subject, _key: None,
        _key("finding"),
        empty="Nothing is wrong as far as can be seen from here.",
        aliases=("finding", "f"),
    ),
    "operations": Resource(
        "Operations",
        OPERATION_COLUMNS,
        lambda _snapshot, _subject: [],  # they come from journals, not from the swarm
        lambda _snapshot, _subject, _key: None,
        _key("operation id"),
        empty="No operation has been run from this machine. i replaces the ingress network.",
        aliases=("operation", "ops", "op", "o"),
    ),
}

_MEMBERS = Resource(
    "Services",
    MEMBER_COLUMNS,
    _rows_of_network(member_rows),
    _service_sheet,
    _key("service id"),
    _service_uses,
    _document("service"),
    _open_service,
    "No service is on this network. + attaches one.",
)

_NAMED = {
    alias: kind
    for kind, resource in RESOURCES.items()
    if kind not in ("endpoints", "addresses", "peers", "blocks", "openings")
    for alias in (kind, *resource.aliases)
}


def resource_of(kind: str, subject: str) -> Resource:
    """Return what the rows of a place are; a network's services tell other things than all."""
    return _MEMBERS if kind == "services" and subject else RESOURCES[kind]


def place_called(name: str) -> Place | None:
    """Return the place that a person means by a word after `:`."""
    kind = _NAMED.get(name.strip().lower())
    if kind is None:
        return None
    return Place("explorer" if kind == "networks" else kind, "", (kind,))


def place_names() -> list[str]:
    """Return every word that leads somewhere."""
    return [kind for kind in RESOURCES if kind in _NAMED]
