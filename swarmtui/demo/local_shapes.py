"""The node's own networks as JSON: none, host and bridges."""

from __future__ import annotations

from swarmtui.demo.bridges import Bridge
from swarmtui.demo.gateway_bridge import bridges_of
from swarmtui.demo.identity import hex_id, local_network_id, random_mac
from swarmtui.demo.network_frame import config_shape, frame, has_status, in_order, status_shape
from swarmtui.demo.records import Json
from swarmtui.demo.view import NodeView

_BRIDGE_OPTIONS = {
    "com.docker.network.bridge.default_bridge": "true",
    "com.docker.network.bridge.enable_icc": "true",
    "com.docker.network.bridge.enable_ip_masquerade": "true",
    "com.docker.network.bridge.host_binding_ipv4": "0.0.0.0",
    "com.docker.network.bridge.name": "docker0",
    "com.docker.network.driver.mtu": "1500",
}


def local_networks(view: NodeView) -> list[Json]:
    """Return the networks of the node itself, as its list has them."""
    return [_without_inspection(view, each) for each in inspected_local_networks(view, "1.24")]


def inspected_local_networks(view: NodeView, api: str) -> list[Json]:
    """Return the inspections of the networks of the node itself."""
    release = view.world.release
    node = view.node
    bare: list[Json] | None = None if release.split_inspect else []
    shapes = [
        _local_network(view, "none", "null", bare),
        _local_network(view, "host", "host", bare),
        _local_network(
            view,
            "bridge",
            "bridge",
            [config_shape(node.bridge.space, with_gateway=release.split_inspect)],
            options=_BRIDGE_OPTIONS,
            containers={
                key: _bridge_container(view, key, "bridge") for key in sorted(node.bridge.leases)
            },
        ),
    ]
    present = bridges_of(node)
    shapes += [
        _local_network(
            view,
            name,
            "bridge",
            [config_shape(bridge.space, with_gateway=bridge.gateway_told)],
            options=bridge.options,
            labels=bridge.labels,
            containers={
                key: _bridge_container(view, key, "docker_gwbridge")
                for key in sorted(bridge.leases)
            },
            number=bridge.number,
        )
        for name, bridge in present.items()
    ]
    if has_status(api):
        for shape in shapes:
            bridges = {"bridge": node.bridge, **present}
            shape["Status"] = _bridge_status(bridges.get(str(shape["Name"])))
    return shapes


def _without_inspection(view: NodeView, shape: Json) -> Json:
    if view.world.release.split_inspect:
        return {key: value for key, value in shape.items() if key != "Containers"}
    return {**shape, "Containers": {}}


def _local_network(
    view: NodeView,
    name: str,
    driver: str,
    configs: list[Json] | None,
    *,
    options: dict[str, str] | None = None,
    labels: dict[str, str] | None = None,
    containers: Json | None = None,
    number: int = 1,
) -> Json:
    world = view.world
    identity = local_network_id(world.seed, view.node.id, name, number)
    shape = frame(world.release, name, identity, world.moment(view.node.created), "local")
    shape |= {
        "Driver": driver,
        "EnableIPv6": False,
        "IPAM": {"Driver": "default", "Options": None, "Config": configs},
        "Internal": False,
        "Attachable": False,
        "Ingress": False,
        "ConfigFrom": {"Network": ""},
        "ConfigOnly": False,
        "Options": options or {},
        "Labels": labels or {},
        "Containers": containers or {},
    }
    return in_order(world.release, shape)


def _bridge_container(view: NodeView, key: str, name: str) -> Json:
    world = view.world
    bridge = view.node.gateway_bridge if name == "docker_gwbridge" else view.node.bridge
    lease = bridge.leases[key]
    if name == "bridge":
        label = world.containers[key].name
    elif key == "ingress-sbox":
        label = "gateway_ingress-sbox"
    else:
        label = "gateway_" + hex_id(world.seed, key, "gateway", length=12)
    random = world.release.split_inspect
    return {
        "Name": label,
        "EndpointID": hex_id(world.seed, key, name),
        "MacAddress": random_mac(world.seed, key, name) if random else lease.mac,
        "IPv4Address": lease.cidr,
        "IPv6Address": "",
    }


def _bridge_status(bridge: Bridge | None) -> Json:
    if bridge is None:
        return {"IPAM": {}}
    space = bridge.space
    return status_shape({space.text: (3 + len(bridge.leases), space.subnet.num_addresses)})
