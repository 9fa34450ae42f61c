"""Creating and removing networks, refused as the engine refuses it (engine-facts D.1 and G)."""

from __future__ import annotations

import re
from ipaddress import AddressValueError, IPv4Address, IPv4Interface, IPv4Network

from swarmtui.demo.allocator import release_network
from swarmtui.demo.ports import ingress_ports
from swarmtui.demo.records import Json, Network, TaskState
from swarmtui.demo.refusals import Refusal, rpc
from swarmtui.demo.world import Act, World

LOCAL_NAMES = ("bridge", "host", "none", "docker_gwbridge")

_DNS_NAME = re.compile(r"[a-zA-Z0-9](?:[-_]*[A-Za-z0-9]+)*")


def create_network(world: World, request: Json) -> str:
    """Create a network of the swarm and return its id; its allocation follows, or never does.

    Raises:
        Refusal: The engine would not take it.
    """
    name = str(request.get("Name") or "")
    if name in LOCAL_NAMES or any(each.name == name for each in world.networks.values()):
        raise Refusal(409, f"network with name {name} already exists")
    for config in (request.get("IPAM") or {}).get("Config") or ():
        _check_config(world, config)
    if not _DNS_NAME.fullmatch(name):
        raise rpc("InvalidArgument", "name must be valid as a DNS name component")
    if request.get("Ingress"):
        _check_ingress(world, request)
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


def _check_ingress(world: World, request: Json) -> None:
    present = world.ingress()
    if present is not None:
        raise rpc("AlreadyExists", f"ingress network ({present.id}) is already present")
    if request.get("Attachable"):
        raise rpc("InvalidArgument", "ingress network cannot be attachable")
    if request.get("Driver") not in (None, "", "overlay"):
        raise rpc("Unimplemented", "only overlay driver is currently supported for ingress network")


def _check_config(world: World, config: Json) -> None:
    strict = world.release.strict_networks
    text = str(config.get("Subnet") or "")
    if not text and not (config.get("Gateway") or config.get("IPRange")):
        return
    try:
        subnet = IPv4Interface(text).network
    except ValueError:
        subnet = None
    if subnet is None or "/" not in text:
        if strict:
            raise _strict(f"invalid subnet {text}: invalid CIDR block notation")
        raise Refusal(500, f"Invalid subnet {text} : invalid CIDR address: {text}")
    if strict and str(subnet) != text:
        raise _strict(f"invalid subnet {text}: it should be {subnet}")
    _check_gateway(subnet, config, strict=strict)
    _check_range(subnet, config, strict=strict)


def _check_gateway(subnet: IPv4Network, config: Json, *, strict: bool) -> None:
    gateway = config.get("Gateway")
    if not gateway:
        return
    try:
        inside = IPv4Address(gateway) in subnet
    except AddressValueError:
        raise _strict(f"invalid gateway {gateway}: invalid address") from None
    if inside:
        return
    if strict:
        raise _strict(
            f"invalid gateway {gateway}: parent subnet {subnet} doesn't contain this address"
        )
    raise Refusal(400, f"ipam configuration: subnet {subnet} does not contain gateway {gateway}")


def _check_range(subnet: IPv4Network, config: Json, *, strict: bool) -> None:
    ip_range = config.get("IPRange")
    if not ip_range or IPv4Network(ip_range, strict=False).subnet_of(subnet):
        return
    if strict:
        raise _strict(f"invalid ip-range {ip_range}: parent subnet {subnet} doesn't contain it")
    raise Refusal(400, f"ipam configuration: subnet {subnet} does not contain range {ip_range}")


def _strict(text: str) -> Refusal:
    return Refusal(400, f"invalid network config:\n{text}")
