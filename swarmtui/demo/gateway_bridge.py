"""The gateway bridge of a node: out of a swarm it can be removed and made (engine-facts A.1)."""

from __future__ import annotations

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


def remove_bridge(node: Node, identity: str) -> None:
    """Remove the bridge.

    Raises:
        Refusal: Somebody is on it.
    """
    if node.gateway_bridge.leases:
        raise Refusal(
            403,
            f"error while removing network: network {GATEWAY_BRIDGE} id {identity} has active "
            "endpoints",
        )
    node.gateway_bridge.present = False


def create_bridge(node: Node, request: Json, release: Release) -> None:
    """Make the bridge from the body of `POST /networks/create`, which was looked at before.

    Raises:
        Refusal: There is one, or its subnet is another bridge's.
    """
    if request.get("Name") != GATEWAY_BRIDGE:
        raise Refusal(501, f"the simulated engine makes no local network but {GATEWAY_BRIDGE}")
    if node.gateway_bridge.present:
        raise Refusal(
            403, f"conflicts with network ({GATEWAY_BRIDGE}): networks have same bridge name"
        )
    config: Json = next(iter((request.get("IPAM") or {}).get("Config") or ()), {})
    subnet = IPv4Network(config.get("Subnet") or "172.18.0.0/16", strict=False)
    if subnet.overlaps(node.bridge.space.subnet):
        words = "Pool overlaps with other one on this address space"
        raise Refusal(403, f"invalid pool request: {words}" if release.strict_networks else words)
    gateway = IPv4Address(config.get("Gateway") or subnet[1])
    node.gateway_bridge = Bridge(
        AddressSpace(subnet, gateway, str(config.get("Subnet") or subnet)),
        options=dict(request.get("Options") or {}),
        labels=dict(request.get("Labels") or {}),
        gateway_told="Gateway" in config or not config,
        number=node.gateway_bridge.number + 1,
    )
