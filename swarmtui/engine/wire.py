"""Typed shapes of the Engine API to the values of the model."""

from __future__ import annotations

import ipaddress
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from sys import intern
from typing import Any, TypeVar

from swarmtui.engine.shapes import (
    AttachedNetwork,
    GossipServiceShape,
    InfoShape,
    InspectionShape,
    IpamConfig,
    NetworkShape,
    NodeShape,
    Shape,
    SwarmShape,
    TaskShape,
    TaskSpec,
    TaskStatus,
)
from swarmtui.engine.slices import ValueT
from swarmtui.model import (
    Attachment,
    Cluster,
    ContainerId,
    Engine,
    GossipService,
    GossipTask,
    Inspection,
    LocalEndpoint,
    Network,
    NetworkId,
    Node,
    NodeId,
    Peer,
    RemoteManager,
    ReportedUse,
    ServiceId,
    Standing,
    Subnet,
    Task,
    TaskId,
)
from swarmtui.model.snapshot import (
    DEFAULT_DATA_PATH_PORT,
    DEFAULT_POOL_PREFIX,
    DEFAULT_POOLS,
)

ShapeT = TypeVar("ShapeT", bound=Shape)

NO_LEADER_WORDS = "does not have a leader"

_STANDING = {
    "": Standing.NO_SWARM,
    "inactive": Standing.NO_SWARM,
    "pending": Standing.JOINING,
    "locked": Standing.LOCKED,
    "error": Standing.FAILED,
}


def engine_of(info: InfoShape, api: str) -> Engine:
    """Return which engine answers and what it is to the swarm."""
    swarm = info.swarm or SwarmShape()
    return Engine(
        version=info.server_version or "",
        api=api,
        name=info.name or "",
        standing=_standing(swarm),
        node_id=NodeId(swarm.node_id or ""),
        node_address=swarm.node_addr or "",
        error=swarm.error or "",
        managers=tuple(
            RemoteManager(NodeId(each.node_id or ""), each.addr or "")
            for each in swarm.remote_managers or ()
        ),
        id=info.id or "",
    )


def cluster_of(info: InfoShape) -> Cluster | None:
    """Return what was settled when the swarm was made; None where the engine does not tell."""
    shape = info.swarm.cluster if info.swarm else None
    if shape is None or not shape.id:
        return None
    return Cluster(
        id=shape.id,
        pools=tuple(shape.default_addr_pool or DEFAULT_POOLS),
        # A mask length that was given without a pool is reported, and has no effect.
        pool_prefix=(shape.default_addr_pool and shape.subnet_size) or DEFAULT_POOL_PREFIX,
        data_path_port=shape.data_path_port or DEFAULT_DATA_PATH_PORT,
    )


def node_of(shape: NodeShape) -> Node:
    """Return a node of the swarm."""
    spec, description, status = shape.spec, shape.description, shape.status
    manager = shape.manager_status
    platform = description.platform if description else None
    engine = description.engine if description else None
    return Node(
        id=NodeId(shape.id),
        version=(shape.version.index if shape.version else None) or 0,
        hostname=(description.hostname if description else None) or "",
        role=(spec.role if spec else None) or "worker",
        availability=(spec.availability if spec else None) or "active",
        state=(status.state if status else None) or "unknown",
        message=(status.message if status else None) or "",
        address=(status.addr if status else None) or "",
        manager_address=(manager.addr if manager else None) or "",
        leader=bool(manager and manager.leader),
        reachability=(manager.reachability if manager else None) or "",
        engine_version=(engine.engine_version if engine else None) or "",
        os=(platform.os if platform else None) or "",
        architecture=(platform.architecture if platform else None) or "",
        labels=(spec.labels if spec else None) or {},
    )


def network_of(shape: NetworkShape) -> Network:
    """Return a network as it is listed."""
    configs = (shape.ipam.config if shape.ipam else None) or ()
    return Network(
        id=NetworkId(shape.id),
        name=shape.name or "",
        scope=shape.scope or "local",
        driver=shape.driver or "",
        subnets=tuple(subnet for each in configs if (subnet := _subnet(each))),
        created=shape.created or "",
        options=shape.options or {},
        labels=shape.labels or {},
        internal=bool(shape.internal),
        attachable=bool(shape.attachable),
        ingress=bool(shape.ingress),
        ipv6=bool(shape.enable_ipv6),
        local_copy=shape.scope == "swarm" and shape.peers is not None,
    )


def inspection_of(
    shape: InspectionShape,
    gossip: Mapping[str, GossipServiceShape],
    taken_at: datetime,
    counted: InspectionShape | None = None,
) -> Inspection:
    """Return one node's view of a network.

    Args:
        shape: The network inspected by id, verbosely.
        gossip: Its services.
        taken_at: When.
        counted: The network inspected by name, whose status is the leader's count of the whole
            swarm where that by id counts this node's addresses only (engine-facts I); None where
            no such count is to be had.
    """
    peers = shape.peers
    return Inspection(
        network_id=NetworkId(shape.id),
        taken_at=taken_at,
        peers=None
        if peers is None
        else tuple(Peer(each.name or "", each.ip or "") for each in peers),
        endpoints=tuple(
            LocalEndpoint(
                key=key,
                name=each.name or "",
                address=bare_address(each.ipv4_address),
                mac=each.mac_address or "",
                endpoint_id=each.endpoint_id or "",
            )
            for key, each in (shape.containers or {}).items()
        ),
        services=tuple(
            GossipService(
                name=name,
                vip=bare_address(each.vip),
                ports=tuple(each.ports or ()),
                tasks=tuple(
                    GossipTask(
                        name=task.name or "",
                        address=bare_address(task.endpoint_ip),
                        host_address=(task.info or {}).get("Host IP", ""),
                        endpoint_id=task.endpoint_id or "",
                    )
                    for task in each.tasks or ()
                ),
            )
            for name, each in gossip.items()
        ),
        reported=_reported(counted) if counted and counted.id == shape.id else (),
    )


def kept(
    value_of: Callable[[ShapeT], ValueT],
) -> Callable[[Sequence[ShapeT], Mapping[Any, ValueT]], Sequence[ValueT]]:
    """Return what makes values of shapes, and keeps the known one that is equal to a new one."""

    def made(shapes: Sequence[ShapeT], known: Mapping[Any, ValueT]) -> Sequence[ValueT]:
        values = map(value_of, shapes)
        return [old if (old := known.get(each.id)) == each else each for each in values]

    return made


def tasks_of(shapes: Sequence[TaskShape], known: Mapping[TaskId, Task]) -> Sequence[Task]:
    """Return tasks; a known one whose version is unchanged stays the same object."""
    found = []
    for shape in shapes:
        task_id = TaskId(shape.id)
        version = (shape.version.index if shape.version else None) or 0
        task = known.get(task_id)
        if task is None or task.version != version or not version:
            task = _task(shape, task_id, version)
        found.append(task)
    return found


def bare_address(given: str | None) -> str:
    """Return an address without its prefix length, empty for `<nil>` and the like (B.2)."""
    address = (given or "").partition("/")[0]
    return address if address and address[0] != "<" else ""


def canonical(cidr: str) -> str:
    """Return a range without host bits; as given where it is no range (engine-facts B.4)."""
    try:
        return str(ipaddress.ip_network(cidr, strict=False))
    except ValueError:
        return cidr


def _standing(swarm: SwarmShape) -> Standing:
    state = swarm.local_node_state or ""
    if state in _STANDING:
        return _STANDING[state]
    if NO_LEADER_WORDS in (swarm.error or ""):
        return Standing.NO_LEADER
    return Standing.MANAGER if swarm.control_available else Standing.WORKER


def _subnet(config: IpamConfig) -> Subnet | None:
    if not config.subnet:
        return None
    return Subnet(
        canonical(config.subnet),
        bare_address(config.gateway),
        canonical(config.ip_range) if config.ip_range else "",
    )


def _reported(counted: InspectionShape) -> tuple[ReportedUse, ...]:
    ipam = counted.status.ipam if counted.status else None
    return tuple(
        ReportedUse(canonical(cidr), each.ips_in_use, each.dynamic_ips_available or 0)
        for cidr, each in ((ipam.subnets if ipam else None) or {}).items()
        if each.ips_in_use is not None
    )


# Strings that many tasks share, such as ids of nodes, are interned: each is kept once.
def _task(shape: TaskShape, task_id: TaskId, version: int) -> Task:
    spec, status = shape.spec or _NO_SPEC, shape.status or _NO_STATUS
    container = status.container_status
    attached = spec.network_attachment_spec
    container_id = (attached.container_id if attached else None) or (
        container.container_id if container else None
    )
    return Task(
        id=task_id,
        version=version,
        state=intern(status.state or ""),
        desired_state=intern(shape.desired_state or ""),
        service_id=ServiceId(intern(shape.service_id or "")),
        slot=shape.slot or 0,
        node_id=NodeId(intern(shape.node_id or "")),
        container_id=ContainerId(container_id or ""),
        attachments=tuple(
            [
                _attachment(each.network, each.addresses or ())
                for each in shape.networks_attachments or ()
                if each.network
            ]
        ),
        targets=tuple([intern(each.target or "") for each in spec.networks or ()]),
        message=intern(status.message or ""),
        error=status.err or "",
        since=status.timestamp or "",
    )


def _attachment(network: AttachedNetwork, addresses: Sequence[str]) -> Attachment:
    asked = network.spec.ipam_options if network.spec else None
    chosen = None
    if asked is not None:
        chosen = bool(asked.configs) and any(each.subnet for each in asked.configs or ())
    return Attachment(
        NetworkId(intern(network.id or "")),
        tuple([bare_address(each) for each in addresses]),
        chosen,
    )


_NO_SPEC, _NO_STATUS = TaskSpec(), TaskStatus()
