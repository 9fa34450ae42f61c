"""Creating and removing networks, refused as the engine refuses it (engine-facts D.1 and G)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from ipaddress import IPv4Address, IPv4Interface, IPv4Network

from swarmtui.demo.allocator import release_network
from swarmtui.demo.ports import ingress_ports
from swarmtui.demo.records import Json, Network, TaskState
from swarmtui.demo.refusals import OVERLAY_FROM_WORKER, Refusal, rpc
from swarmtui.demo.world import Act, World

_PREDEFINED = ("bridge", "host", "none", "default")
_PREDEFINED_IN_SWARM = ("bridge", "host")
_LOCAL_DRIVERS = ("bridge", "host", "null", "macvlan", "ipvlan")
_DNS_NAME = re.compile(r"[a-zA-Z0-9](?:[-_]*[A-Za-z0-9]+)*")


def check_name(name: str) -> None:
    """Refuse what cannot be the name of a network or a service.

    Raises:
        Refusal: It is no component of a DNS name, or too long for one.
    """
    if not _DNS_NAME.fullmatch(name):
        raise rpc("InvalidArgument", "name must be valid as a DNS name component")
    if len(name) > 63:
        raise rpc("InvalidArgument", "name must be 63 characters or fewer")


def check_request(
    world: World, request: Json, *, manager: bool, carried: frozenset[str] = frozenset()
) -> None:
    """Refuse what a node's engine refuses before it asks the leader to create a network.

    Args:
        world: The swarm.
        request: Body of the call.
        manager: The node is a manager of a swarm with a leader.
        carried: Names of the networks that the node has by itself, the predefined ones apart.

    Raises:
        Refusal: The engine would not take it.
    """
    name = str(request.get("Name") or "")
    if manager:
        _check_free(world, name)
    if name in _PREDEFINED:
        raise Refusal(403, f"operation is not permitted on predefined {name} network ")
    if name in carried and (request.get("CheckDuplicate") or world.release.strict_networks):
        raise Refusal(409, f"network with name {name} already exists")
    for config in _configs(request):
        _check_config(config, strict=world.release.strict_networks)
    if not name.strip():
        raise Refusal(500, f"invalid name: {name}")
    if is_local(request):
        return
    if str(request.get("Scope") or "swarm") != "swarm":
        raise Refusal(403, "cannot downgrade network scope for overlay networks")
    if not manager:
        raise Refusal(403, OVERLAY_FROM_WORKER)


def is_local(request: Json) -> bool:
    """Tell whether a network to create is the node's own.

    Raises:
        Refusal: No engine knows its driver, or not for an ingress.
    """
    driver = str(request.get("Driver") or "bridge")
    if driver == "overlay":
        return False
    if driver not in _LOCAL_DRIVERS:
        raise Refusal(404, f'plugin "{driver}" not found')
    if request.get("Ingress"):
        raise Refusal(403, "Ingress network can only be global scope network")
    return True


def create_network(world: World, request: Json) -> str:
    """Create a network of the swarm and return its id; its allocation follows, or never does.

    Raises:
        Refusal: The leader would not take it.
    """
    name = str(request.get("Name") or "")
    if request.get("Ingress") and request.get("Attachable"):
        raise rpc("InvalidArgument", "ingress network cannot be attachable")
    check_name(name)
    for config in _configs(request):
        _check_pool(config)
    present = world.ingress()
    if request.get("Ingress") and present is not None:
        raise rpc("AlreadyExists", f"ingress network ({present.id}) is already present")
    _check_free(world, name)
    network = Network(world.new_id(), request={**request, "Driver": request.get("Driver")})
    world.networks[network.id] = network
    world.touch(network)
    world.events.tell(world.elapsed, "network", "create", network.id, {"name": name})
    world.plan(Act.ALLOCATE_NETWORK, network.id, 0.02)
    return network.id


def remove_network(world: World, network: Network) -> None:
    """Remove a network of the swarm.

    Raises:
        Refusal: Something uses it; only the first user is named.
    """
    if network.ingress:
        for service in world.services.values():
            if ingress_ports(service.spec.get("EndpointSpec") or {}):
                raise rpc(
                    "FailedPrecondition",
                    f"ingress network cannot be removed because service {service.id} depends on it",
                )
    else:
        _check_unused(world, network)
    network.removed = True
    del world.networks[network.id]
    release_network(world, network)
    world.events.tell(world.elapsed, "network", "remove", network.id, {"name": network.name})


def _check_unused(world: World, network: Network) -> None:
    for service in world.services.values():
        if network.id in service.network_ids:
            raise rpc(
                "FailedPrecondition", f"network {network.id} is in use by service {service.id}"
            )
    for task in world.tasks.values():
        used = {*task.network_ids, *(each.network.id for each in task.attachments)}
        if task.desired <= TaskState.RUNNING and task.is_live and network.id in used:
            raise rpc("FailedPrecondition", f"network {network.id} is in use by task {task.id}")


def _configs(request: Json) -> Iterator[Json]:
    yield from (request.get("IPAM") or {}).get("Config") or ()


def _check_free(world: World, name: str) -> None:
    if name in _PREDEFINED_IN_SWARM or any(each.name == name for each in world.networks.values()):
        raise Refusal(409, f"network with name {name} already exists")


def _check_config(config: Json, *, strict: bool) -> None:
    """Refuse a subnet that the node's engine cannot read; newer ones look at the rest as well."""
    text = str(config.get("Subnet") or "")
    if ":" in text:
        raise Refusal(501, "the simulated engine knows subnets of IPv4 only")
    try:
        subnet = IPv4Interface(text).network
    except ValueError:
        subnet = None
    if subnet is None or "/" not in text:
        if strict:
            raise _strict(f"invalid subnet {text}: invalid CIDR block notation")
        raise Refusal(500, f"Invalid subnet {text} : invalid CIDR address: {text}")
    if strict:
        _check_strictly(subnet, config)


def _check_strictly(subnet: IPv4Network, config: Json) -> None:
    if str(subnet) != config["Subnet"]:
        raise _strict(f"invalid subnet {config['Subnet']}: it should be {subnet}")
    gateway, ip_range = config.get("Gateway"), config.get("IPRange")
    if gateway:
        address = _address(gateway)
        if address is None:
            raise _strict(f"invalid gateway {gateway}: invalid address")
        if address not in subnet:
            raise _strict(
                f"invalid gateway {gateway}: parent subnet {subnet} doesn't contain this address"
            )
    if ip_range:
        block = _block(ip_range)
        if block is None:
            raise _strict(f"invalid ip-range {ip_range}: invalid CIDR block notation")
        if not block.network.subnet_of(subnet):
            raise _strict(f"invalid ip-range {ip_range}: parent subnet {subnet} doesn't contain it")


def _check_pool(config: Json) -> None:
    """Refuse a range or a gateway outside of its subnet; of a range only the address counts."""
    text = str(config.get("Subnet") or "")
    subnet = IPv4Interface(text).network
    gateway, ip_range = config.get("Gateway"), config.get("IPRange")
    if ip_range:
        block = _block(ip_range)
        if block is None:
            raise _pool(f"invalid range {ip_range}")
        if block.ip not in subnet:
            raise _pool(f"subnet {text} does not contain range {ip_range}")
    if gateway:
        address = _address(gateway)
        if address is None:
            raise _pool(f"invalid gateway {gateway}")
        if address not in subnet:
            raise _pool(f"subnet {text} does not contain gateway {gateway}")


def _address(text: str) -> IPv4Address | None:
    try:
        return IPv4Address(text)
    except ValueError:
        return None


def _block(text: str) -> IPv4Interface | None:
    try:
        return IPv4Interface(text) if "/" in text else None
    except ValueError:
        return None


def _pool(text: str) -> Refusal:
    return rpc("InvalidArgument", f"ipam configuration: {text}")


def _strict(text: str) -> Refusal:
    return Refusal(400, f"invalid network config:\n{text}")
