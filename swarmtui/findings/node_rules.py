"""Nodes and their addresses."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from ipaddress import IPv4Address, IPv6Address, ip_address

from swarmtui.addressing import WARNING_SHARE, contains
from swarmtui.findings.finding import (
    Evidence,
    Remedy,
    Rule,
    Severity,
    Sight,
    Subject,
    Trouble,
)
from swarmtui.findings.wording import command, commands, listed
from swarmtui.model import Network, NetworkId, Node, NodeId, Snapshot


def _address_unusable(sight: Sight) -> Iterator[Trouble]:
    """Yield nodes that tell the others an address at which nobody reaches them.

    For a manager that is where its control port is: it sees itself at whatever address its own
    agent comes from, 0.0.0.0 or a loopback one, and that is no harm.
    """
    snapshot = sight.snapshot
    alone = len(snapshot.nodes) == 1
    bridges = [
        network
        for network in snapshot.networks
        if network.driver == "bridge" and not network.is_gateway_bridge
    ]
    for node in snapshot.nodes:
        address = (node.addresses or ("",))[-1]
        fault = _fault(bridges, address)
        if not fault:
            continue
        others = "" if alone else ": other nodes cannot reach it there"
        yield Trouble(
            Subject.node(node),
            f"{node.hostname} advertises {address}, {fault}{others}",
            (
                Evidence(f"address that {node.hostname} advertises", address, _NODES),
                Evidence("nodes of the swarm", "1" if alone else "more than 1", _NODES),
            ),
            tuple(_rejoining(snapshot, node)),
            severity=Severity.INFO if alone else None,
        )


def _addresses_mixed(sight: Sight) -> Iterator[Trouble]:
    nodes = sorted(sight.snapshot.nodes, key=lambda node: (node.hostname, node.id))
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
        Subject.swarm(),
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
    down = {node.id: node for node in snapshot.nodes if node.state == "down"}
    for node_id, held in _held_by(snapshot, down).items():
        node = down[node_id]
        tight = [network for network, _ in held if _is_tight(sight, network)]
        shown = listed(f"{number} of {network.name}" for network, number in held)
        removal = [command("docker", "node", "rm", "--force", node.id)]
        if node.role == "manager":
            removal.insert(0, command("docker", "node", "demote", node.id))
        yield Trouble(
            Subject.node(node),
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


_NODES = "GET /nodes"
_COUNTED = "computed from GET /services, /tasks and /nodes"


def _at(node: Node) -> str:
    return f"{node.hostname} {node.address}"


def _parsed(address: str) -> IPv4Address | IPv6Address | None:
    try:
        return ip_address(address)
    except ValueError:
        return None


def _never(address: IPv4Address | IPv6Address) -> bool:
    return address.is_loopback or address.is_unspecified or address.is_link_local


def _fault(bridges: Iterable[Network], address: str) -> str:
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
    for network in bridges:
        if any(contains(each.cidr, address) for each in network.subnets):
            return f"which lies in the subnet of the bridge network {network.name}"
    return ""


def _rejoining(snapshot: Snapshot, node: Node) -> Iterator[Remedy]:
    if node.role == "manager" and sum(each.role == "manager" for each in snapshot.nodes) == 1:
        first = "Nothing has to be done while it is alone. " if len(snapshot.nodes) == 1 else ""
        yield Remedy(
            f"{first}To have other nodes in it, make the swarm anew; its networks and services "
            "have to be created again.",
            "docker swarm leave --force; docker swarm init --advertise-addr ADDRESS",
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


def _held_by(
    snapshot: Snapshot, nodes: Collection[NodeId]
) -> dict[NodeId, list[tuple[Network, int]]]:
    """Count the addresses that tasks of nodes hold, with the nodes' own, by node and network."""
    counts: dict[tuple[NodeId, NetworkId], int] = {}
    for task in snapshot.tasks if nodes else ():
        if task.node_id in nodes and task.is_live:
            for each in task.attachments:
                key = (task.node_id, each.network_id)
                counts[key] = counts.get(key, 1) + len(each.addresses)
    held: dict[NodeId, list[tuple[Network, int]]] = {}
    for (node_id, network_id), number in counts.items():
        network = snapshot.network_by_id.get(network_id)
        if network is not None:
            held.setdefault(node_id, []).append((network, number))
    return held


def _is_tight(sight: Sight, network: Network) -> bool:
    use = sight.usage.get(network.id)
    if use is None or use.used is None or not use.capacity:
        return False
    return use.used / use.capacity >= WARNING_SHARE


RULES: tuple[Rule, ...] = (
    Rule(
        "node-address-unusable",
        Severity.CRITICAL,
        "A node advertises an address that others cannot reach",
        "Nodes reach one another at the address that each advertised when it joined. With a "
        "loopback, link-local or container address, traffic between nodes is lost; a swarm of "
        "one node works until a second one joins.",
        "Have the node leave, and join again with --advertise-addr.",
        _address_unusable,
        references=("classicswarm#2687", "moby#37536"),
    ),
    Rule(
        "node-addresses-mixed",
        Severity.WARNING,
        "Nodes advertise private and public addresses",
        "A node with a private address is seldom reached from one with a public one. Overlays "
        "then work between some nodes and not between others, often in one direction only.",
        "Let all nodes advertise addresses of one network on which they reach one another.",
        _addresses_mixed,
        references=("classicswarm#2687",),
    ),
    Rule(
        "node-down-holds-addresses",
        Severity.INFO,
        "A node that is down keeps addresses",
        "The managers cannot know whether its containers still run, so that their addresses are "
        "given to nobody else for 24 hours.",
        "Bring the node back, or remove it by force when it is gone for good.",
        _down_holds_addresses,
        lasts_seconds=60,
    ),
)
