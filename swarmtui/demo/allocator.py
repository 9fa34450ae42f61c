"""The leader's allocator: subnets, VXLAN ids and addresses (engine-facts C.1 to C.4)."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv4Interface, IPv4Network

from swarmtui.demo.addresses import AddressSpace, Lease, lease_from
from swarmtui.demo.ports import ingress_ports, with_published
from swarmtui.demo.records import (
    Allocation,
    Attachment,
    Json,
    LocalState,
    Network,
    Node,
    Service,
    Task,
    TaskState,
)
from swarmtui.demo.world import Act, World

VXLAN_OPTION = "com.docker.network.driver.overlay.vxlanid_list"


def allocate_network(world: World, network_id: str) -> None:
    """Give a network its subnets and VXLAN ids; nothing happens when it cannot have them.

    An overlap with another network is never reported to anybody (engine-facts 0.2).
    """
    network = world.networks.get(network_id)
    if network is None or network.allocation is not None:
        return
    asked = (network.request.get("IPAM") or {}).get("Config") or [{}]
    spaces: list[AddressSpace] = []
    for config in asked:
        space = _space(world, config)
        if space is None:
            _release_spaces(world, spaces)
            return
        spaces.append(space)
    vxlan_ids = _vxlan_ids(world, network, len(spaces))
    if vxlan_ids is None:
        _release_spaces(world, spaces)
        return
    network.allocation = Allocation(tuple(spaces), vxlan_ids)
    world.touch(network)
    world.events.tell(world.elapsed, "network", "update", network.id, {"name": network.name})
    world.retry_allocations()


def release_network(world: World, network: Network) -> None:
    """Take a removed network's subnets and VXLAN ids back."""
    for node in world.nodes.values():
        if _cannot_let_go(world, node, network):
            node.leftover = network
        else:
            _detach(world, node, network)
            _let_go(world, node)
    if network.allocation is not None:
        _release_spaces(world, network.allocation.spaces)
        world.vxlans.release(network.allocation.vxlan_ids)
    world.retry_allocations()


def allocate_service(world: World, service_id: str) -> None:
    """Give a service its virtual addresses and published ports, or none at all."""
    service = world.services.get(service_id)
    if service is None or service.allocated:
        return
    wanted = _vip_networks(world, service)
    if wanted is None:
        return
    for network_id in [each for each in service.vips if each not in {one.id for one in wanted}]:
        service.vips.pop(network_id).release()
        world.retry_allocations()
    fresh: dict[str, Lease] = {}
    for network in wanted:
        if network.id in service.vips:
            continue
        lease = lease_from(network.allocation.spaces) if network.allocation else None
        if lease is None:
            for each in fresh.values():
                each.release()
            return
        fresh[network.id] = lease
    held = service.vips | fresh
    service.vips = {network.id: held[network.id] for network in wanted}
    endpoint = service.spec.get("EndpointSpec") or {}
    service.endpoint_spec = endpoint
    service.ports = with_published(endpoint.get("Ports") or [], world.services.values(), service)
    service.allocated = True
    world.touch(service)
    world.events.tell(world.elapsed, "service", "update", service.id, {"name": service.name})
    for task in world.tasks_of(service.id):
        if task.state is TaskState.NEW:
            world.plan(Act.ALLOCATE_TASK, task.id, 0.02)


def release_service(world: World, service: Service) -> None:
    """Take a removed service's virtual addresses back."""
    for lease in service.vips.values():
        lease.release()
    service.vips = {}
    world.retry_allocations()


def allocate_task(world: World, task_id: str) -> None:
    """Give a new task an address on each of its networks, or leave it `new`."""
    task = world.tasks.get(task_id)
    if task is None or task.state is not TaskState.NEW or not task.is_wanted:
        return
    networks = _task_networks(world, task)
    if networks is None:
        return
    attachments: list[Attachment] = []
    for network in networks:
        lease = lease_from(network.allocation.spaces) if network.allocation else None
        if lease is None:
            for each in attachments:
                each.lease.release()
            return
        attachments.append(Attachment(network, lease))
    task.attachments = tuple(attachments)
    task.holds = True
    world.set_state(task, TaskState.PENDING, "pending task scheduling")
    world.plan(Act.ADVANCE_TASK, task.id, 0.4)


def release_task(world: World, task: Task) -> None:
    """Take an ended task's addresses back, and its node's where it was the last one."""
    if task.holds:
        task.holds = False
        for each in task.attachments:
            each.lease.release()
        world.retry_allocations()
    node = world.nodes.get(task.node_id)
    if node is None:
        return
    needed = _needed(world, node)
    for network_id in list(node.attachments):
        network = world.networks.get(network_id)
        if network is not None and network_id not in needed and not network.ingress:
            _detach(world, node, network)
    _let_go(world, node)


def attach_node(world: World, node: Node) -> None:
    """Give a node a load-balancer address on the ingress and on the networks of its tasks.

    A node gets a recreated ingress only when something else about it changes (moby#40184).
    """
    ingress = world.ingress()
    if ingress is not None and node.local_state is LocalState.ACTIVE:
        _attach(world, node, ingress)
        if ingress.id in node.attachments:
            node.realised.setdefault(ingress.id, world.elapsed)
    for task in world.tasks_on(node.id):
        if task.is_live:
            for each in task.attachments:
                _attach(world, node, each.network)


def retry_allocations(world: World, _: str) -> None:
    """Try everything again that could not be allocated."""
    world.retry_due = False
    for network in list(world.networks.values()):
        if network.allocation is None:
            allocate_network(world, network.id)
    for service in list(world.services.values()):
        allocate_service(world, service.id)
    for task in list(world.live_tasks()):
        if task.state is TaskState.PREPARING and lacks_attachment(world, task):
            attach_node(world, world.nodes[task.node_id])
            if not lacks_attachment(world, task):
                world.plan(Act.ADVANCE_TASK, task.id, 0.3)
    for task in list(world.live_tasks()):
        if task.state is TaskState.NEW:
            allocate_task(world, task.id)


def lacks_attachment(world: World, task: Task) -> bool:
    """Tell whether the task's node has no address of its own on some network of the task."""
    held = world.nodes[task.node_id].attachments
    return any(each.network.id not in held for each in task.attachments)


def _attach(world: World, node: Node, network: Network) -> None:
    if network.id in node.attachments or network.allocation is None or network.removed:
        return
    lease = lease_from(network.allocation.spaces)
    if lease is not None:
        node.attachments[network.id] = lease
        world.touch(node)


def _detach(world: World, node: Node, network: Network) -> None:
    lease = node.attachments.pop(network.id, None)
    if node.realised.pop(network.id, None) is not None:
        attributes = {"name": network.name, "type": "overlay"}
        world.events.tell(
            world.elapsed, "network", "destroy", network.id, attributes, node_id=node.id
        )
    if lease is not None:
        lease.release()
        world.touch(node)
        world.retry_allocations()


def _needed(world: World, node: Node) -> set[str]:
    return {
        each.network.id
        for task in world.tasks_on(node.id)
        if task.is_live
        for each in task.attachments
    }


def _cannot_let_go(world: World, node: Node, network: Network) -> bool:
    """Tell whether a node goes on carrying a removed ingress for its tasks (engine-facts I)."""
    return (
        network.ingress
        and node.leftover is None
        and network.id in node.realised
        and network.id in _needed(world, node)
    )


def _let_go(world: World, node: Node) -> None:
    """Free a node of its leftover ingress, unless it got the next ingress too early."""
    leftover, ingress = node.leftover, world.ingress()
    if leftover is None or leftover.id in _needed(world, node):
        return
    if ingress is None or ingress.id not in node.attachments:
        node.leftover = None
        _detach(world, node, leftover)


def _vip_networks(world: World, service: Service) -> list[Network] | None:
    """Return the networks that owe the service an address; None when one is not ready for it."""
    endpoint: Json = service.spec.get("EndpointSpec") or {}
    if endpoint.get("Mode") == "dnsrr":
        return []
    networks: list[Network] = []
    if ingress_ports(endpoint):
        ingress = world.ingress()
        if ingress is None:
            return None
        networks.append(ingress)
    for network_id in service.network_ids:
        network = world.networks.get(network_id)
        if network is None:
            return None
        networks.append(network)
    return networks


def _task_networks(world: World, task: Task) -> list[Network] | None:
    service = world.services.get(task.service_id)
    networks: list[Network] = []
    if service is not None:
        if not service.allocated:
            return None
        if ingress_ports(task.endpoint_spec or {}):
            ingress = world.ingress()
            if ingress is None:
                return None
            networks.append(ingress)
    for network_id in task.network_ids:
        network = world.networks.get(network_id)
        if network is None:
            return None
        networks.append(network)
    return networks


def _space(world: World, config: Json) -> AddressSpace | None:
    text = str(config.get("Subnet") or "")
    if text:
        subnet = IPv4Network(text, strict=False)
        if not world.pools.claim(subnet):
            return None
    else:
        found = world.pools.take()
        if found is None:
            return None
        subnet, text = found, str(found)
    asked = config.get("Gateway")
    gateway = IPv4Interface(asked).ip if asked else IPv4Address(int(subnet.network_address) + 1)
    ip_range = config.get("IPRange")
    return AddressSpace(
        subnet,
        gateway,
        text,
        ip_range=IPv4Network(ip_range, strict=False) if ip_range else None,
    )


def _release_spaces(world: World, spaces: tuple[AddressSpace, ...] | list[AddressSpace]) -> None:
    for space in spaces:
        world.pools.release(space.subnet)


def _vxlan_ids(world: World, network: Network, count: int) -> tuple[int, ...] | None:
    asked = network.options.get(VXLAN_OPTION)
    if asked:
        wanted = tuple(int(each) for each in asked.split(","))
        return wanted if world.vxlans.claim(wanted) else None
    return tuple(world.vxlans.take() for _ in range(count))
