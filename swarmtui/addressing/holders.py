"""One table of everyone who holds an address on a network, on every node."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import chain

from swarmtui.addressing.balancers import balancer_name, balancers, is_load_balancer
from swarmtui.addressing.ranges import address_value
from swarmtui.model import (
    Endpoint,
    EndpointKind,
    Inspection,
    LocalEndpoint,
    Network,
    Snapshot,
    TaskId,
    short_id,
    without_task_id,
)

_UNKNOWN = 1 << 32
"""Behind every address."""


def endpoints(snapshot: Snapshot, network: Network) -> tuple[Endpoint, ...]:
    """Return the holders of a network's addresses in the order of their addresses.

    On a manager tasks and services tell the whole swarm. Elsewhere it is what this node sees: its
    own endpoints and, for overlays, what it has heard of the others' by gossip.
    """
    # By number first: sorting holds the interpreter, and comparing tuples takes five times as long.
    by_number: dict[int, list[Endpoint]] = {}
    for each in _holders(snapshot, network):
        by_number.setdefault(_number(each), []).append(each)
    groups = (by_number[number] for number in sorted(by_number))
    return tuple(
        chain.from_iterable(
            sorted(group, key=_names) if len(group) > 1 else group for group in groups
        )
    )


def endpoint_of(snapshot: Snapshot, network: Network, key: str) -> Endpoint | None:
    """Return the endpoint of a key, None where there is none; quick on networks of any size."""
    kind, _, rest = key.partition(":")
    only = TaskId(rest.partition(":")[0] if kind == "task" else "")
    return next((each for each in _holders(snapshot, network, only) if each.key == key), None)


def _holders(
    snapshot: Snapshot, network: Network, only: TaskId | None = None
) -> Iterator[Endpoint]:
    """Yield all holders; of tasks `only` the one that is named, if one is."""
    if network.is_swarm and snapshot.sees_cluster:
        yield from _virtual_ips(snapshot, network)
        yield from _tasks(snapshot, network, only)
        yield from _load_balancers(snapshot, network)
        yield from _strays(snapshot, network)
    else:
        yield from _seen_from_node(snapshot, network)


def _number(endpoint: Endpoint) -> int:
    value = address_value(endpoint.address)
    return _UNKNOWN if value is None else value


def _names(endpoint: Endpoint) -> tuple[str, str]:
    return endpoint.name, endpoint.key


def _virtual_ips(snapshot: Snapshot, network: Network) -> Iterator[Endpoint]:
    for service, address in snapshot.virtual_ips_by_network.get(network.id, ()):
        yield Endpoint(
            key=f"vip:{service.id}",
            network_id=network.id,
            kind=EndpointKind.VIP,
            address=address,
            name=service.name,
            service=service.name,
            identity=service.id,
        )


def _tasks(snapshot: Snapshot, network: Network, only: TaskId | None) -> Iterator[Endpoint]:
    inspection = snapshot.inspections.get(network.id)
    local = {each.key: each for each in inspection.endpoints} if inspection else {}
    names = _container_names(inspection)
    for task, addresses in snapshot.live_tasks_by_network.get(network.id, ()):
        if only is not None and task.id != only:
            continue
        node = snapshot.node_by_id.get(task.node_id)
        service = snapshot.service_by_id.get(task.service_id)
        seen = local.get(task.container_id)
        for position, address in enumerate(addresses):
            name = snapshot.task_name(task)
            if task.is_attachment:
                name = seen.name if seen else names.get(address, short_id(task.container_id))
            yield Endpoint(
                key=f"task:{task.id}:{position}" if position else f"task:{task.id}",
                network_id=network.id,
                kind=EndpointKind.CONTAINER if task.is_attachment else EndpointKind.TASK,
                address=address,
                name=name,
                mac=seen.mac if seen and seen.address == address else "",
                service=service.name if service else "",
                node=snapshot.node_name(task.node_id),
                state=task.state,
                node_is_down=node is not None and not node.is_ready,
                identity=task.container_id if task.is_attachment else task.id,
            )


def _container_names(inspection: Inspection | None) -> Mapping[str, str]:
    """Index the names of containers outside services by address, as gossip tells them."""
    if inspection is None:
        return {}
    return {
        entry.address: entry.name
        for service in inspection.services
        if not service.name
        for entry in service.tasks
    }


def _load_balancers(snapshot: Snapshot, network: Network) -> Iterator[Endpoint]:
    for node_id, balancer in sorted(balancers(snapshot, network).items()):
        node = snapshot.node_by_id.get(node_id)
        yield Endpoint(
            key=f"lb:{node_id}",
            network_id=network.id,
            kind=EndpointKind.NODE_LB,
            address=balancer.address,
            name=f"lb-{network.name}",
            mac=balancer.mac,
            node=snapshot.node_name(node_id),
            node_is_down=node is not None and not node.is_ready,
            identity=node_id,
        )


def _strays(snapshot: Snapshot, network: Network) -> Iterator[Endpoint]:
    """Yield endpoints without a sandbox on this node: leftovers that still hold an address."""
    inspection = snapshot.inspections.get(network.id)
    for local in inspection.endpoints if inspection else ():
        if _is_stray(local):
            yield _local_endpoint(snapshot, network, local)


def _is_stray(local: LocalEndpoint) -> bool:
    return local.key.startswith("ep-")


def _seen_from_node(snapshot: Snapshot, network: Network) -> Iterator[Endpoint]:
    inspection = snapshot.inspections.get(network.id)
    if inspection is None:
        return
    own = {local.address for local in inspection.endpoints}
    for local in inspection.endpoints:
        yield _local_endpoint(snapshot, network, local)
    for service in inspection.services:
        if address_value(service.vip) is not None:
            yield Endpoint(
                key=f"vip:{service.name}",
                network_id=network.id,
                kind=EndpointKind.VIP,
                address=service.vip,
                name=service.name,
                service=service.name,
            )
        for entry in service.tasks:
            if entry.address in own:
                continue
            is_lb = not service.name and entry.name == balancer_name(network)
            outside = EndpointKind.NODE_LB if is_lb else EndpointKind.CONTAINER
            yield Endpoint(
                key=f"gossip:{entry.endpoint_id or entry.address}",
                network_id=network.id,
                kind=EndpointKind.TASK if service.name else outside,
                address=entry.address,
                name=f"lb-{network.name}" if is_lb else without_task_id(entry.name),
                service=service.name,
                node=entry.host_address,
                identity=entry.endpoint_id,
            )


def _local_endpoint(snapshot: Snapshot, network: Network, local: LocalEndpoint) -> Endpoint:
    service = _service_of(snapshot, network, local.address)
    kind, name = EndpointKind.CONTAINER, local.name
    if _is_stray(local):
        kind = EndpointKind.STRAY
    elif is_load_balancer(local) and network.is_swarm:
        kind, name = EndpointKind.NODE_LB, f"lb-{network.name}"
    elif service:
        kind, name = EndpointKind.TASK, without_task_id(local.name)
    return Endpoint(
        key=f"local:{local.key}",
        network_id=network.id,
        kind=kind,
        address=local.address,
        name=name,
        mac=local.mac,
        service=service,
        node=snapshot.engine.name,
        state="no sandbox" if kind is EndpointKind.STRAY else "",
        identity=local.key,
    )


def _service_of(snapshot: Snapshot, network: Network, address: str) -> str:
    inspection = snapshot.inspections.get(network.id)
    for service in inspection.services if inspection else ():
        if service.name and any(entry.address == address for entry in service.tasks):
            return service.name
    return ""
