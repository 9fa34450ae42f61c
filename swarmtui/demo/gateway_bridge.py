"""The bridges of a node that can be removed and made.

The gateway bridge is one of them, out of a swarm (engine-facts A.1).
"""

from __future__ import annotations

from collections.abc import Iterable
from ipaddress import IPv4Address, IPv4Network

from swarmtui.demo.addresses import AddressSpace
from swarmtui.demo.bridges import Bridge, new_gateway_bridge
from swarmtui.demo.records import Json, Node
from swarmtui.demo.refusals import Refusal
from swarmtui.demo.release import Release

GATEWAY_BRIDGE = "docker_gwbridge"


def leave_bridge(node: Node) -> None:
    """Let a node that leaves its swarm take everybody off its bridge, and keep it."""
    node.gateway_bridge.leases.clear()


def join_bridge(node: Node) -> None:
    """Let a node that comes into a swarm use its bridge, made by itself where is none."""
    if not node.gateway_bridge.present:
        fresh = new_gateway_bridge()
        fresh.number = node.gateway_bridge.number + 1
        node.gateway_bridge = fresh
    node.gateway_bridge.join("ingress-sbox")


def bridges_of(node: Node) -> dict[str, Bridge]:
    """Return the bridges that a node has now by name, the default one apart."""
    found = {GATEWAY_BRIDGE: node.gateway_bridge, **node.made_bridges}
    return {name: bridge for name, bridge in found.items() if bridge.present}


def remove_bridge(node: Node, name: str, identity: str) -> None:
    """Remove a bridge.

    Raises:
        Refusal: Somebody is on it, or it is none that can be removed.
    """
    bridge = bridges_of(node).get(name)
    if bridge is None:
        raise Refusal(403, f"{name} is a pre-defined network and cannot be removed")
    if bridge.leases:
        raise Refusal(
            403,
            f"error while removing network: network {name} id {identity} has active endpoints",
        )
    bridge.present = False


def create_bridge(node: Node, request: Json, release: Release) -> Bridge:
    """Make a bridge from the body of `POST /networks/create`, which was looked at before.

    Raises:
        Refusal: There is one of its name, or its subnet is another bridge's.
    """
    name = str(request["Name"])
    if (request.get("Driver") or "bridge") != "bridge":
        raise Refusal(501, "of local networks the simulated engine makes bridges only")
    present = bridges_of(node)
    if name in present and name == GATEWAY_BRIDGE:
        raise Refusal(
            403, f"conflicts with network ({GATEWAY_BRIDGE}): networks have same bridge name"
        )
    if name in present:
        raise Refusal(501, "the simulated engine makes no two local networks of one name")
    config: Json = next(iter((request.get("IPAM") or {}).get("Config") or ()), {})
    taken = [bridge.space.subnet for bridge in (node.bridge, *present.values())]
    subnet = IPv4Network(config.get("Subnet") or _free_subnet(taken), strict=False)
    if any(subnet.overlaps(each) for each in taken):
        words = "Pool overlaps with other one on this address space"
        raise Refusal(403, f"invalid pool request: {words}" if release.strict_networks else words)
    former = node.gateway_bridge if name == GATEWAY_BRIDGE else node.made_bridges.get(name)
    bridge = Bridge(
        AddressSpace(
            subnet,
            IPv4Address(config.get("Gateway") or subnet[1]),
            str(config.get("Subnet") or subnet),
        ),
        options=dict(request.get("Options") or {}),
        labels=dict(request.get("Labels") or {}),
        gateway_told="Gateway" in config or not config,
        number=former.number + 1 if former else 1,
    )
    if name == GATEWAY_BRIDGE:
        node.gateway_bridge = bridge
    else:
        node.made_bridges[name] = bridge
    return bridge


def _free_subnet(taken: Iterable[IPv4Network]) -> str:
    local_pool = (f"172.{number}.0.0/16" for number in range(18, 32))
    used = {str(each) for each in taken}
    return next(each for each in local_pool if each not in used)
