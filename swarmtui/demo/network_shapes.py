"""Overlay networks as JSON: the swarm's record, and a node's realisation of it."""

from __future__ import annotations

from typing import Any

from swarmtui.demo.allocator import VXLAN_OPTION
from swarmtui.demo.identity import hex_id
from swarmtui.demo.network_frame import config_shape, frame, has_status, in_order, status_shape
from swarmtui.demo.ports import ingress_ports
from swarmtui.demo.records import Json, Network
from swarmtui.demo.view import Endpoint, NodeView
from swarmtui.demo.world import World


def recorded_network(world: World, network: Network) -> Json:
    """Return a network as the swarm's managers have it on record."""
    shape = _swarm_network(world, network, world.moment(network.created))
    shape["Labels"] = network.labels or None
    if not world.release.split_inspect:
        shape["Containers"] = None
    return in_order(world.release, shape)


def realised_network(view: NodeView, network: Network) -> Json:
    """Return a network as the node's engine realised it, as its list has it."""
    world = view.world
    shape = _swarm_network(world, network, world.moment(view.node.realised[network.id].since))
    shape["Labels"] = network.labels
    shape["Peers"] = [
        {"Name": hex_id(world.seed, "gossip", node.id, length=12), "IP": node.address}
        for node in view.peers(network)
    ]
    if not world.release.split_inspect:
        shape["Containers"] = {}
    return in_order(world.release, shape)


def inspected_record(world: World, network: Network, api: str) -> Json:
    """Return the inspection of a network that the asked node does not carry."""
    shape = recorded_network(world, network)
    if world.release.split_inspect:
        shape["Containers"] = {}
    return with_status(shape, network, api)


def inspected_realisation(view: NodeView, network: Network, api: str, *, verbose: bool) -> Json:
    """Return the inspection of a network that the asked node carries.

    `Status` counts this node's addresses only (engine-facts I).
    """
    shape = realised_network(view, network)
    endpoints = view.endpoints(network)
    shape["Containers"] = {each.key: _container(each) for each in _sorted(endpoints)}
    if verbose:
        services = _verbose_services(view, network)
        if services:
            shape["Services"] = services
    if network.allocation is not None and has_status(api):
        spaces = network.allocation.spaces
        shape["Status"] = status_shape(
            {
                space.text: (
                    3 + sum(each.lease.space is space for each in endpoints),
                    space.subnet.num_addresses,
                )
                for space in spaces
            }
        )
    return in_order(view.world.release, shape)


def with_status(shape: Json, network: Network, api: str) -> Json:
    """Return an inspection with the leader's count of addresses, where the API has one."""
    if network.allocation is None or not has_status(api):
        return shape
    subnets = {
        space.text: {"IPsInUse": space.in_use, "DynamicIPsAvailable": space.available}
        for space in network.allocation.spaces
    }
    return {**shape, "Status": {"IPAM": {"Subnets": subnets}}}


def _swarm_network(world: World, network: Network, created: str) -> Json:
    request = network.request
    allocation = network.allocation
    configs = [config_shape(space) for space in allocation.spaces] if allocation else None
    shape = frame(world.release, network.name, network.id, created, "swarm")
    return shape | {
        "Driver": "overlay" if allocation else "",
        "EnableIPv6": bool(request.get("EnableIPv6")),
        "IPAM": {"Driver": "default" if allocation else "", "Options": None, "Config": configs},
        "Internal": bool(request.get("Internal")),
        "Attachable": bool(request.get("Attachable")),
        "Ingress": network.ingress,
        "ConfigFrom": {"Network": ""},
        "ConfigOnly": False,
        "Options": driver_options(network),
    }


def driver_options(network: Network) -> dict[str, str] | None:
    """Return the options of an allocated network, its VXLAN ids among them."""
    if network.allocation is None:
        return None
    ids = ",".join(map(str, network.allocation.vxlan_ids))
    return dict(sorted((network.options | {VXLAN_OPTION: ids}).items()))


def _sorted(endpoints: list[Endpoint]) -> list[Endpoint]:
    return sorted(endpoints, key=lambda each: each.key)


def _container(endpoint: Endpoint) -> Json:
    return {
        "Name": endpoint.name,
        "EndpointID": endpoint.endpoint_id,
        "MacAddress": endpoint.lease.mac,
        "IPv4Address": endpoint.lease.cidr,
        "IPv6Address": "",
    }


def _verbose_services(view: NodeView, network: Network) -> Json:
    release = view.world.release
    no_address = "" if release.split_inspect else "<nil>"
    numbers = {service_id: 256 + place for place, service_id in enumerate(view.world.services)}
    found: dict[str, Json] = {}
    for endpoint in view.cluster_endpoints(network):
        service = endpoint.service
        if endpoint.task is None and (release.split_inspect or not network.ingress):
            continue
        held = service.vips if service else ()
        vip = next((each.lease for each in held if each.network is network), None)
        entry = found.setdefault(
            service.name if service else "",
            {
                "VIP": str(vip.address) if vip else no_address,
                "Ports": _port_texts(service.ports) if service and network.ingress else [],
                "LocalLBIndex": numbers[service.id] if service else 0,
                "Tasks": [],
            },
        )
        entry["Tasks"].append(_gossiped(endpoint))
    return dict(sorted(found.items()))


def _gossiped(endpoint: Endpoint) -> dict[str, Any]:
    return {
        "Name": endpoint.name,
        "EndpointID": endpoint.endpoint_id,
        "EndpointIP": str(endpoint.lease.address),
        "Info": {"Host IP": endpoint.node.address},
    }


def _port_texts(ports: list[Json]) -> list[str]:
    return [
        f"Target: {port.get('TargetPort', 0)}, Publish: {port['PublishedPort']}"
        for port in ingress_ports({"Ports": ports})
    ]
