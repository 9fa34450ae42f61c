"""Nodes and their addresses, and the gateway bridge of the one that is read."""

from __future__ import annotations

from collections.abc import Iterator
from ipaddress import IPv4Address, IPv6Address, ip_address

from swarmtui.addressing import claims, contains, overlapping
from swarmtui.findings.finding import (
    Evidence,
    Remedy,
    Repair,
    RepairKind,
    Rule,
    Severity,
    Sight,
    Subject,
    SubjectKind,
    Trouble,
)
from swarmtui.findings.wording import SHOWN, command, commands, counted, listed
from swarmtui.model import Network, NetworkId, Node, Snapshot
from swarmtui.model.network import GATEWAY_BRIDGE

BRIDGE_PORTS = 1023
"""A Linux bridge numbers its ports with ten bits, and none is number 0."""
_MANY_PORTS = 900
_ALMOST_ALL_PORTS = 1000
_FULL_SHARE = 0.75


def _address_unusable(sight: Sight) -> Iterator[Trouble]:
    """Yield nodes that have no address by which the others reach them.

    A leader may see itself at 0.0.0.0 or a loopback address, which is no harm where its control
    port is at a good one.
    """
    snapshot = sight.snapshot
    alone = len(snapshot.nodes) == 1
    for node in snapshot.nodes:
        faults = {address: _fault(snapshot, address) for address in node.addresses}
        if not faults or not all(faults.values()):
            continue
        address, fault = next(iter(faults.items()))
        others = "" if alone else ": other nodes cannot reach it there"
        yield Trouble(
            _about(node),
            f"{node.hostname} advertises {address}, {fault}{others}",
            (
                Evidence(f"addresses of {node.hostname}", listed(faults), _NODES),
                Evidence("nodes of the swarm", str(len(snapshot.nodes)), _NODES),
            ),
            tuple(_rejoining(snapshot, node)),
            severity=Severity.INFO if alone else None,
        )


def _addresses_mixed(sight: Sight) -> Iterator[Trouble]:
    nodes = sight.snapshot.nodes
    public = [node for node in nodes if (found := _parsed(node.address)) and found.is_global]
    others = [
        node
        for node in nodes
        if (found := _parsed(node.address)) and not found.is_global and not _never(found)
    ]
    if not public or not others:
        return
    few = min(public, others, key=len)
    kind = "private" if few is others else "public"
    yield Trouble(
        Subject(SubjectKind.SWARM, "swarm"),
        f"Nodes advertise private and public addresses; {kind}: {listed(_at(n) for n in few)}",
        (
            Evidence("nodes with public addresses", listed(map(_at, public)), _NODES),
            Evidence("nodes with private addresses", listed(map(_at, others)), _NODES),
        ),
        (
            Remedy(
                "Look whether every node reaches every other one at these addresses.",
                commands([command("nc", "-vz", node.address, "7946") for node in nodes[:4]]),
            ),
            Remedy(
                "Let nodes with the wrong kind leave, and join again with an address that all "
                "others reach.",
                "docker swarm join --advertise-addr ADDRESS --token TOKEN MANAGER:2377",
            ),
        ),
    )


def _down_holds_addresses(sight: Sight) -> Iterator[Trouble]:
    snapshot = sight.snapshot
    for node in snapshot.nodes:
        if node.state != "down":
            continue
        held = _held_by(snapshot, node)
        if not held:
            continue
        tight = [network for network in held if _is_tight(sight, network)]
        shown = listed(f"{number} of {network.name}" for network, number in held.items())
        removal = [command("docker", "node", "rm", "--force", node.id)]
        if node.role == "manager":
            removal.insert(0, command("docker", "node", "demote", node.id))
        yield Trouble(
            _about(node),
            f"{node.hostname} is down and keeps {shown}",
            (
                Evidence(f"state of {node.hostname}", node.state, _NODES),
                Evidence(
                    f"addresses of tasks and of the load-balancer on {node.hostname}",
                    shown,
                    "computed from GET /tasks",
                ),
                Evidence("of these nearly full", listed(n.name for n in tight) or "none", _COUNTED),
            ),
            (
                Remedy("Bring the node back, or"),
                Remedy("give its addresses back by removing it for good.", commands(removal)),
                Remedy("Else they come free 24 hours after it was lost."),
            ),
            severity=Severity.WARNING if tight else None,
        )


def _bridge_nearly_full(sight: Sight) -> Iterator[Trouble]:
    snapshot = sight.snapshot
    bridge = snapshot.gateway_bridge
    inspection = snapshot.inspections.get(bridge.id) if bridge else None
    number = len(inspection.endpoints) if inspection else 0
    if number < _MANY_PORTS:
        return
    own = snapshot.engine
    many = f"more than {number // 25 * 25}"
    yield Trouble(
        Subject(SubjectKind.NODE, own.name, own.node_id),
        f"{GATEWAY_BRIDGE} of {own.name} has {many} of {BRIDGE_PORTS} ports taken",
        (
            Evidence(f"endpoints on {GATEWAY_BRIDGE} of {own.name}", many, "GET /networks/ID"),
            Evidence("ports that a bridge has", str(BRIDGE_PORTS), "Linux kernel"),
        ),
        (
            Remedy(
                "Let no more tasks come to the node, and spread those that it has.",
                command("docker", "node", "update", "--availability", "pause", own.node_id),
            ),
            Remedy("Make networks internal whose services need no way out: they take no port."),
        ),
        severity=Severity.CRITICAL if number >= _ALMOST_ALL_PORTS else None,
    )


def _bridge_overlaps(sight: Sight) -> Iterator[Trouble]:
    snapshot = sight.snapshot
    bridge = snapshot.gateway_bridge
    if bridge is None:
        return
    taken = list(claims(snapshot, besides=(bridge.id,), lan_ranges=sight.lan_ranges))
    found = [
        (subnet.cidr, claim) for subnet in bridge.subnets for claim in overlapping(subnet.cidr, taken)
    ]
    if not found:
        return
    own = snapshot.engine
    cidr = found[0][0]
    yield Trouble(
        Subject(SubjectKind.NODE, own.name, own.node_id),
        f"{GATEWAY_BRIDGE} of {own.name} ({cidr}) overlaps "
        f"{listed(f'{claim.what} {claim.cidr}' for _, claim in found)}",
        (
            Evidence(f"subnet of {GATEWAY_BRIDGE} on {own.name}", cidr, "GET /networks"),
            *(
                Evidence(claim.what, claim.cidr, "GET /networks, /nodes, settings")
                for _, claim in found[:SHOWN]
            ),
        ),
        (
            Remedy(
                "Give the network that overlaps another subnet, or rebuild the bridge: see what "
                "that takes.",
                "swarmtui bridge rebuild --subnet CIDR",
            ),
        ),
        _moving(snapshot, bridge),
    )


_NODES = "GET /nodes"
_COUNTED = "computed from GET /services, /tasks and /nodes"


def _about(node: Node) -> Subject:
    return Subject(SubjectKind.NODE, node.hostname, node.id)


def _at(node: Node) -> str:
    return f"{node.hostname} {node.address}"


def _parsed(address: str) -> IPv4Address | IPv6Address | None:
    try:
        return ip_address(address)
    except ValueError:
        return None


def _never(address: IPv4Address | IPv6Address) -> bool:
    return address.is_loopback or address.is_unspecified or address.is_link_local


def _fault(snapshot: Snapshot, address: str) -> str:
    """Return why nobody else can use an address, empty where somebody may."""
    found = _parsed(address)
    if found is None:
        return ""
    if found.is_loopback:
        return "which every machine has for itself"
    if found.is_unspecified:
        return "which is no address"
    if found.is_link_local:
        return "which a machine gives itself where it gets none"
    for network in snapshot.networks:
        is_bridge = network.driver == "bridge" and not network.is_gateway_bridge
        if is_bridge and any(contains(each.cidr, address) for each in network.subnets):
            return f"which lies in the subnet of the bridge network {network.name}"
    return ""


def _rejoining(snapshot: Snapshot, node: Node) -> Iterator[Remedy]:
    if len(snapshot.nodes) == 1:
        yield Remedy(
            "Nothing has to be done while it is alone. Before others join, make the swarm anew "
            "with an address that they reach; that removes its services.",
            "docker swarm init --force-new-cluster --advertise-addr ADDRESS",
        )
        return
    if node.role == "manager":
        yield Remedy("Make it a worker.", command("docker", "node", "demote", node.id))
    yield Remedy(f"On {node.hostname}, leave the swarm.", "docker swarm leave")
    yield Remedy(
        "Join again with an address that the other nodes reach.",
        "docker swarm join --advertise-addr ADDRESS --token TOKEN MANAGER:2377",
    )
    yield Remedy("Remove the old entry.", command("docker", "node", "rm", node.id))


def _held_by(snapshot: Snapshot, node: Node) -> dict[Network, int]:
    """Count the addresses that tasks of a node hold, with the node's own, by network."""
    held: dict[NetworkId, int] = {}
    for task in snapshot.tasks:
        if task.node_id == node.id and task.is_live:
            for each in task.attachments:
                held[each.network_id] = held.get(each.network_id, 1) + len(each.addresses)
    known = snapshot.network_by_id
    return {known[each]: number for each, number in held.items() if each in known}


def _is_tight(sight: Sight, network: Network) -> bool:
    use = sight.usage.get(network.id)
    if use is None or use.used is None or not use.capacity:
        return False
    return use.used / use.capacity >= _FULL_SHARE


def _moving(snapshot: Snapshot, bridge: Network) -> Repair | None:
    """Return what moves a network of the swarm out of the way, if one is."""
    for network in snapshot.networks:
        taken = claims(snapshot, besides=[e.id for e in snapshot.networks if e is not network])
        if network.is_swarm and any(overlapping(each.cidr, taken) for each in bridge.subnets):
            kind = RepairKind.REPLACE_INGRESS if network.ingress else RepairKind.MIGRATE
            return Repair(kind, network.name)
    return None
