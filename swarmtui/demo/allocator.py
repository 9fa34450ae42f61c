"""The leader's allocator: subnets, VXLAN ids and addresses (engine-facts C.1 to C.4)."""

from __future__ import annotations

from ipaddress import IPv4Interface, IPv4Network

from swarmtui.demo.addresses import AddressSpace, lease_from
from swarmtui.demo.carrying import (
    NOTICE_SECONDS,
    configure_node,
    drop_removed,
    needed_networks,
    unrealise,
)
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
    """Take a removed network's subnets and VXLAN ids back; nodes give it up a little later."""
    for node in world.nodes.values():
        lease = node.attachments.pop(network.id, None)
        if lease is not None:
            lease.release()
            world.touch(node)
        if network.id in node.realised:
            world.plan_exactly(Act.CONFIGURE_NODE, node.id, NOTICE_SECONDS)
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
    endpoint = service.spec.get("EndpointSpec")
    ports = with_published((endpoint or {}).get("Ports") or [], world.services.values(), service)
    if ports is None:
        return
    # Numbers that were given already, asked for by number now, are no reason to allocate.
    if {each.network for each in service.vips} != set(wanted) or ports != service.ports:
        if endpoint is None and service.endpoint_spec is not None:
            # Whoever says nothing about the endpoint gets a new one.
            release_service(world, service)
        if not _move_vips(world, service, wanted):
            return
        service.endpoint_spec, service.ports = endpoint or {}, ports
        world.touch(service)
        world.events.tell(world.elapsed, "service", "update", service.id, {"name": service.name})
    service.allocated = True
    for task in world.tasks_of(service.id):
        if task.state is TaskState.NEW:
            world.plan(Act.ALLOCATE_TASK, task.id, 0.02)


def _move_vips(world: World, service: Service, wanted: list[Network]) -> bool:
    """Keep the virtual addresses on wanted networks, and add others; False when one has none."""
    kept = tuple(each for each in service.vips if each.network in wanted)
    known = [each.network for each in service.vips]
    known += [each for each in wanted if each.ingress and each not in known]
    networks = [each for each in known if each in wanted]
    for network in wanted:
        # The engine overwrites what it looks at: hence a second address on a network named twice.
        if network not in [*networks, *known[len(networks) :]][: len(known)]:
            networks.append(network)
    fresh = _lease_all(networks[len(kept) :])
    if fresh is None:
        return False
    for each in service.vips:
        if each not in kept:
            each.lease.release()
            world.retry_allocations()
    service.vips = kept + fresh
    return True


def release_service(world: World, service: Service) -> None:
    """Take a service's virtual addresses back."""
    for each in service.vips:
        each.lease.release()
    service.vips = ()
    world.retry_allocations()


def allocate_task(world: World, task_id: str) -> None:
    """Give a new task an address on each of its networks, or leave it `new`.

    One that is to stop needs them too, before anybody can end it.
    """
    task = world.tasks.get(task_id)
    if task is None or task.state is not TaskState.NEW:
        return
    networks = _task_networks(world, task)
    if networks is None:
        return
    attachments = _lease_all(networks)
    if attachments is None:
        return
    task.attachments = attachments
    task.holds = True
    world.set_state(task, TaskState.PENDING, "pending task scheduling")
    world.plan(Act.ADVANCE_TASK if task.is_wanted else Act.STOP_TASK, task.id, 0.4)


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
    needed = needed_networks(world, node)
    for network_id in list(node.attachments):
        network = world.networks.get(network_id)
        if network is not None and network_id not in needed and not network.ingress:
            _detach(world, node, network)
    drop_removed(world, node)


def attach_node(world: World, node_id: str) -> None:
    """Give a node a load-balancer address on the ingress and on the networks of its tasks.

    A node gets a recreated ingress only when something else about it changes (moby#40184).
    """
    node = world.nodes[node_id]
    ingress = world.ingress()
    if ingress is not None and node.local_state is LocalState.ACTIVE:
        _attach(world, node, ingress)
    for task in world.tasks_on(node.id):
        if task.is_live:
            for each in task.attachments:
                _attach(world, node, each.network)
    configure_node(world, node_id)


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
            attach_node(world, task.node_id)
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
    unrealise(world, node, network)
    lease = node.attachments.pop(network.id, None)
    if lease is not None:
        lease.release()
        world.touch(node)
        world.retry_allocations()


def _lease_all(networks: list[Network]) -> tuple[Attachment, ...] | None:
    """Return an address on each network; None when one has none to give."""
    attachments: list[Attachment] = []
    for network in networks:
        lease = lease_from(network.allocation.spaces) if network.allocation else None
        if lease is None:
            for each in attachments:
                each.lease.release()
            return None
        attachments.append(Attachment(network, lease))
    return tuple(attachments)


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
        if ingress_ports(service.spec.get("EndpointSpec") or {}):
            ingress = world.ingress()
            if ingress is None:
                return None
            networks.append(ingress)
    named = task.network_ids or (service.network_ids_beside if service else ())
    # Tasks go without a network that is gone; it is their service that is not allocated.
    return networks + [world.networks[each] for each in named if each in world.networks]


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
    asked, asked_range = config.get("Gateway"), config.get("IPRange")
    ip_range = IPv4Network(asked_range, strict=False) if asked_range else None
    first = subnet.network_address + 1
    if ip_range is not None:
        first = max(first, ip_range.network_address)
    gateway = IPv4Interface(asked).ip if asked else first
    if subnet.num_addresses < 4 or gateway in (subnet.network_address, subnet.broadcast_address):
        world.pools.release(subnet)
        return None
    return AddressSpace(subnet, gateway, text, ip_range=ip_range)


def _release_spaces(world: World, spaces: tuple[AddressSpace, ...] | list[AddressSpace]) -> None:
    for space in spaces:
        world.pools.release(space.subnet)


def _vxlan_ids(world: World, network: Network, count: int) -> tuple[int, ...] | None:
    """Return an id for each subnet: the one asked for, or another where none or 0 is asked for."""
    option = network.options.get(VXLAN_OPTION)
    asked = [] if option is None else option.split(",")
    if not all(each.isdecimal() for each in asked):
        return None
    numbers: list[int] = []
    for wanted in [*map(int, asked), *[0] * count][:count]:
        if wanted and not world.vxlans.claim(wanted):
            world.vxlans.release(numbers)
            return None
        numbers.append(wanted or world.vxlans.take())
    return tuple(numbers)
