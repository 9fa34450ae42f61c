"""A swarm that writes happen to, as values: first what the engine accepts, then what comes of it.

Each write is taken as a real engine takes it (engine-facts D.1, and 0.1 to 0.3): accepted at once,
in force only later, and refused loudly here where it would do harm there.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from swarmtui.model import (
    Attachment,
    Network,
    NetworkId,
    NetworkTarget,
    Peer,
    PublishedPort,
    Service,
    ServiceId,
    Snapshot,
    Subnet,
    Task,
    VirtualIp,
)
from swarmtui.operations import Definition, Plan
from swarmtui.operations.arrangement import wires_of
from swarmtui.operations.definition import VXLAN_OPTION
from swarmtui.operations.network_sights import swarm_network
from swarmtui.operations.sights import look
from swarmtui.operations.writes import (
    CreateNetwork,
    Port,
    Publish,
    RemoveNetwork,
    Reshape,
    TouchNode,
    Unpublish,
    Wire,
    Write,
    port_of,
)
from tests.builders import an_id, inspection
from tests.replacing import replace


class Refused(Exception):
    """The engine would refuse it, or accept it and break something."""


@dataclass(frozen=True)
class World:
    """A swarm between two writes.

    Attributes:
        waiting: Networks that are created and not allocated yet.
        made: How many networks have been created.
        assigned: How many port numbers have been assigned; none is assigned twice.
    """

    snapshot: Snapshot
    waiting: Mapping[NetworkId, Definition] = field(default_factory=dict)
    made: int = 0
    assigned: int = 0


def ingress_of(snapshot: Snapshot) -> Network | None:
    """Return the ingress, and be sure that there are not two."""
    present = [network for network in snapshot.networks if network.ingress]
    assert len(present) < 2
    return present[0] if present else None


def written(world: World, write: Write) -> World:
    """Return the world just after the engine accepted a write."""
    match write:
        case Unpublish():
            return _unpublished(world, write)
        case Publish():
            return _published(world, write)
        case RemoveNetwork():
            return _removed(world, write)
        case CreateNetwork():
            return _created(world, write)
        case TouchNode():
            return _touched(world, write)
        case Reshape():
            return _reshaped(world, write)


def settled(world: World) -> World:
    """Return the world once everything that was accepted is in force."""
    snapshot = world.snapshot
    seen = dict(snapshot.inspections)
    networks = {network.id: network for network in snapshot.networks}
    for network_id, wanted in world.waiting.items():
        networks[network_id] = _allocated(networks[network_id], wanted, world.made)
        # A new ingress reaches the nodes that something happens on (moby#40184).
        if wanted.ingress:
            seen[network_id] = inspection(networks[network_id], snapshot.nodes[:1])
    snapshot = replace(snapshot, networks=tuple(networks.values()), inspections=seen)
    ingress = ingress_of(snapshot)
    if ingress is not None and not ingress.is_allocated:
        return replace(world, snapshot=snapshot, waiting={})
    services = tuple(
        replace(each, virtual_ips=_virtual_ips(snapshot, each, number))
        for number, each in enumerate(snapshot.services)
    )
    targets = {each.id: _targets(snapshot, each) for each in services}
    tasks = tuple(
        task if _is_lost(snapshot, task) else replace(task, attachments=_attachments(task, number))
        for number, task in enumerate(_moved(snapshot.tasks, targets))
    )
    return replace(world, snapshot=replace(snapshot, services=services, tasks=tasks), waiting={})


def stopped_after(world: World, plan: Plan, writes: int) -> World:
    """Carry out a plan, and stop just after so many writes, before anything comes of the last.

    Every step is looked at as a runner does: what it requires before, what it waits for after.
    """
    for step in plan.steps:
        for condition in step.requires:
            sight = look(condition, world.snapshot)
            assert sight.met, f"before {step.title}: {sight.words}"
        for write in step.writes:
            if not writes:
                return world
            world = written(world, write)
            writes -= 1
        if not writes:
            return world
        world = settled(world)
        for condition in step.until:
            sight = look(condition, world.snapshot)
            assert sight.met, f"after {step.title}: {sight.words}"
    return world


def carried_out(world: World, plan: Plan) -> World:
    """Carry out all of a plan."""
    return stopped_after(world, plan, len(plan.writes) + 1)


def _unpublished(world: World, write: Unpublish) -> World:
    service = world.snapshot.service_by_id.get(write.service_id)
    if service is None or not service.publishes_on_ingress:
        return world
    if tuple(map(port_of, service.asked_ports)) != write.ports:
        raise Refused(f"somebody changed the ports of {service.name}")
    kept = tuple(each for each in service.asked_ports if each.mode == "host")
    return _with_service(world, replace(service, asked_ports=kept, ports=kept))


def _published(world: World, write: Publish) -> World:
    service = world.snapshot.service_by_id.get(write.service_id)
    if service is None:
        return world
    now = {port_of(each) for each in service.asked_ports if each.mode == "ingress"}
    if now == {each for each in write.ports if each.mode == "ingress"}:
        return world
    if now:
        raise Refused(f"somebody changed the ports of {service.name}")
    ingress = ingress_of(world.snapshot)
    if ingress is None:
        raise Refused("service needs ingress network, but no ingress network is present")
    if not ingress.is_allocated:
        raise Refused(f"{service.name} would never get an address")
    return _with_ports(world, service, write.ports)


def _reshaped(world: World, write: Reshape) -> World:
    snapshot = world.snapshot
    service = snapshot.service_by_id.get(write.service_id)
    if service is None:
        return world
    now = wires_of(snapshot, service)
    if write.wires not in (write.wires_before, now):
        if now != write.wires_before:
            raise Refused(f"somebody changed the networks of {service.name}")
        service = replace(service, networks=tuple(_target(snapshot, each) for each in write.wires))
    world = _with_service(world, service)
    reached = service.endpoint_mode, tuple(map(port_of, service.asked_ports))
    if not write.mode or reached == (write.mode, write.ports):
        return world
    if reached != (write.mode_before, write.ports_before):
        raise Refused(f"somebody changed how {service.name} is reached")
    if write.mode == "dnsrr" and any(each.mode == "ingress" for each in write.ports):
        raise Refused("port published with ingress mode can't be used with dnsrr mode")
    closed = replace(service, endpoint_mode=write.mode, ports=(), asked_ports=())
    return _with_ports(_with_service(world, closed), closed, write.ports)


def _target(snapshot: Snapshot, wire: Wire) -> NetworkTarget:
    network = swarm_network(snapshot, wire.network)
    if network is None:
        raise Refused(f"network {wire.network} not found")
    if not network.is_allocated:
        raise Refused(f"{network.name} is not allocated, and tasks on it would wait for ever")
    return NetworkTarget(network.id, wire.aliases, dict(wire.driver_options))


def _with_ports(world: World, service: Service, ports: tuple[Port, ...]) -> World:
    taken = {
        (each.protocol, each.published)
        for other in world.snapshot.services
        for each in other.ports
        if each.mode == "ingress"
    }
    assigned = world.assigned
    asked, given = [], []
    for port in ports:
        asked.append(_model_port(port, port.published))
        number = port.published
        if port.mode == "ingress" and not number:
            assigned += 1
            number = 40000 + assigned
        if port.mode == "ingress" and (port.protocol, number) in taken:
            raise Refused(f"port '{number}' is already in use")
        taken.add((port.protocol, number) if port.mode == "ingress" else ("", 0))
        given.append(_model_port(port, number))
    changed = replace(service, asked_ports=tuple(asked), ports=tuple(given))
    return replace(_with_service(world, changed), assigned=assigned)


def _removed(world: World, write: RemoveNetwork) -> World:
    snapshot = world.snapshot
    # A step that takes back a creation knows no id yet.
    found = [
        each
        for each in snapshot.networks
        if each.id == write.network_id or (not write.network_id and each.name == write.name)
    ]
    if not found:
        return world
    (network,) = found
    publishing = [each.name for each in snapshot.services if each.publishes_on_ingress]
    if network.ingress and publishing:
        raise Refused(f"service {publishing[0]} depends on it")
    naming = [each.name for each in snapshot.services if network.id in _targets(snapshot, each)]
    if naming and not network.ingress:
        raise Refused(f"network {network.name} is in use by service {naming[0]}")
    for task, _ in snapshot.live_tasks_by_network.get(network.id, ()):
        if not _is_lost(snapshot, task):
            raise Refused(f"{snapshot.task_name(task)} is still on it, and leaves a sandbox behind")
    networks = tuple(each for each in snapshot.networks if each is not network)
    waiting = {key: value for key, value in world.waiting.items() if key != network.id}
    return replace(world, snapshot=replace(snapshot, networks=networks), waiting=waiting)


def _created(world: World, write: CreateNetwork) -> World:
    snapshot, wanted = world.snapshot, write.definition
    for network in snapshot.networks:
        if wanted.ingress and network.ingress:
            raise Refused(f"ingress network ({network.id}) is already present")
        if network.name == wanted.name:
            raise Refused(f"network with name {wanted.name} already exists")
    made = world.made + 1
    network = Network(
        NetworkId(an_id(f"made{made}")),
        wanted.name,
        "swarm",
        "",
        labels=wanted.labels,
        ingress=wanted.ingress,
        attachable=wanted.attachable,
        internal=wanted.internal,
    )
    return replace(
        world,
        snapshot=replace(snapshot, networks=(*snapshot.networks, network)),
        waiting={**world.waiting, network.id: wanted},
        made=made,
    )


def _touched(world: World, write: TouchNode) -> World:
    snapshot = world.snapshot
    node, ingress = snapshot.node_by_id[write.node_id], ingress_of(snapshot)
    assert write.availability == node.availability
    if not node.is_ready:
        raise Refused(f"{node.hostname} would not hear of it")
    seen = snapshot.inspections.get(ingress.id) if ingress is not None else None
    if seen is None:
        return world
    peers = tuple(
        dict.fromkeys((*(seen.peers or ()), Peer(f"{node.hostname}gossip", node.address)))
    )
    seen = replace(seen, peers=peers)
    inspections = {**snapshot.inspections, seen.network_id: seen}
    return replace(world, snapshot=replace(snapshot, inspections=inspections))


def _allocated(network: Network, wanted: Definition, number: int) -> Network:
    asked = wanted.ranges[0] if wanted.ranges else None
    subnet = (asked.subnet if asked else "") or f"10.20.{100 + number % 100}.0/26"
    gateway = (asked.gateway if asked else "") or subnet.partition("/")[0].removesuffix("0") + "1"
    return replace(
        network,
        driver="overlay",
        subnets=(Subnet(subnet, gateway, asked.ip_range if asked else ""),),
        options={**wanted.options, VXLAN_OPTION: str(5000 + number)},
    )


def _with_service(world: World, service: Service) -> World:
    services = tuple(service if each.id == service.id else each for each in world.snapshot.services)
    return replace(world, snapshot=replace(world.snapshot, services=services))


def _model_port(port: Port, number: int) -> PublishedPort:
    return PublishedPort(port.protocol, port.target, number, port.mode)


def _is_lost(snapshot: Snapshot, task: Task) -> bool:
    node = snapshot.node_by_id.get(task.node_id)
    return node is not None and node.state == "down"


def _targets(snapshot: Snapshot, service: Service) -> tuple[str, ...]:
    """Return the networks on which a service has its addresses, by id."""
    ingress = ingress_of(snapshot)
    named = tuple(snapshot.target_id(each.target) for each in service.networks)
    return (*named, ingress.id) if ingress and service.publishes_on_ingress else named


def _virtual_ips(snapshot: Snapshot, service: Service, number: int) -> tuple[VirtualIp, ...]:
    if service.endpoint_mode == "dnsrr":
        return ()
    return tuple(
        VirtualIp(NetworkId(each), f"10.99.0.{number + 1}") for each in _targets(snapshot, service)
    )


def _moved(
    tasks: tuple[Task, ...], targets: Mapping[ServiceId, tuple[str, ...]]
) -> tuple[Task, ...]:
    return tuple(replace(task, targets=targets.get(task.service_id, ())) for task in tasks)


def _attachments(task: Task, number: int) -> tuple[Attachment, ...]:
    return tuple(
        Attachment(NetworkId(target), (f"10.99.1.{number + 1}",)) for target in task.targets
    )
