"""The ingress network: there, with addresses, once, and on every node."""

from __future__ import annotations

from collections.abc import Iterator

from swarmtui.findings.cures import allocation, creating
from swarmtui.findings.finding import (
    Evidence,
    Remedy,
    Repair,
    RepairKind,
    Rule,
    Severity,
    Sight,
    Subject,
    Trouble,
)
from swarmtui.findings.wording import command, commands, listed
from swarmtui.model import Network, Node, PeerState, carrying_nodes, moment

_CREATE = command("docker", "network", "create", "--driver", "overlay", "--ingress", "ingress")
_TOUCH = "Touch each Ready node, which makes the managers bring it the network (moby#40184)."


def _missing(sight: Sight) -> Iterator[Trouble]:
    if _ingresses(sight) or not sight.understands("networks"):
        return
    publishers = _publishers(sight)
    nodes = [node for node in sight.snapshot.nodes if node.is_ready]
    yield Trouble(
        Subject.swarm(),
        "There is no ingress network: no service can publish ports through it",
        (
            Evidence("ingress networks", "0", "GET /networks"),
            Evidence("services that publish through it", publishers or "none", "GET /services"),
        ),
        (Remedy("Create one.", _CREATE), Remedy(_TOUCH, _touching(nodes))),
        Repair(RepairKind.INGRESS),
        severity=None if publishers else Severity.WARNING,
    )


def _double(sight: Sight) -> Iterator[Trouble]:
    found = _ingresses(sight)
    if len(found) < 2:
        return
    users = {
        each.id: listed(
            service.name for service in sight.snapshot.services_by_network.get(each.id, ())
        )
        for each in found
    }
    unused = [each for each in found if not users[each.id]]
    removal = commands([command("docker", "network", "rm", each.id) for each in unused])
    yield Trouble(
        Subject.swarm(),
        f"There are {len(found)} ingress networks: {listed(each.name for each in found)}",
        tuple(
            Evidence(
                f"services with an address on {each.name} ({each.id})",
                users[each.id] or "none",
                "GET /services",
            )
            for each in found
        ),
        (Remedy("Remove the one that no service uses, and keep the other.", removal),),
    )


def _unallocated(sight: Sight) -> Iterator[Trouble]:
    publishers = _publishers(sight)
    for network in _ingresses(sight):
        if network.is_allocated:
            continue
        yield Trouble(
            Subject.network(network),
            f"The ingress network {network.name} has no addresses: published ports are closed",
            (
                *allocation(network),
                Evidence("services that publish through it", publishers or "none", "GET /services"),
            ),
            (
                Remedy("Close the published ports of every service that has some."),
                Remedy("Remove it.", command("docker", "network", "rm", network.id)),
                Remedy("Create it anew.", creating(network, sight.free_subnet())),
                Remedy(f"{_TOUCH} Then publish the ports again."),
            ),
            Repair(RepairKind.INGRESS, network.name),
            moment(network.created),
        )


def _not_everywhere(sight: Sight) -> Iterator[Trouble]:
    for network in _ingresses(sight):
        if not network.is_allocated:
            continue
        peers = carrying_nodes(sight.snapshot, network)
        missing = [each.node for each in peers if each.state is PeerState.MISSING and each.node]
        if not missing:
            continue
        names = listed(node.hostname for node in missing)
        carrying = listed(each.address for each in peers if each.state is PeerState.CARRIES)
        asked = command("nc", "-vz", missing[0].address, "7946")
        yield Trouble(
            Subject.network(network),
            f"{names} without the ingress network: published ports do not answer there",
            (
                Evidence(
                    f"peers of {network.name}", carrying or "none", "GET /networks/ID?verbose=true"
                ),
                Evidence("Ready nodes not among them", names, "GET /nodes"),
            ),
            (
                Remedy(_TOUCH, _touching(missing)),
                Remedy(
                    "Where one still misses it after some seconds, change it for a moment: by "
                    "chance an engine fails to make it, and tries again only then.",
                    _changing(missing[0]),
                ),
                Remedy("Where that does not help, look whether port 7946 is open.", asked),
            ),
            Repair(RepairKind.INGRESS, network.name),
        )


def _ingresses(sight: Sight) -> list[Network]:
    return [network for network in sight.snapshot.networks if network.ingress]


def _publishers(sight: Sight) -> str:
    return listed(each.name for each in sight.snapshot.services if each.publishes_on_ingress)


def _touching(nodes: list[Node]) -> str:
    words = ("docker", "node", "update", "--availability")
    return commands([command(*words, node.availability, node.id) for node in nodes])


def _changing(node: Node) -> str:
    words = ("docker", "node", "update")
    return commands(
        [
            command(*words, "--label-add", "again=1", node.id),
            command(*words, "--label-rm", "again", node.id),
        ]
    )


RULES = (
    Rule(
        "ingress-missing",
        Severity.CRITICAL,
        "There is no ingress network",
        "No service can publish a port through the mesh: creating one that does is refused. Host "
        "mode ports and traffic between services go on.",
        "Create an ingress network, and bring it to every node.",
        _missing,
        lasts_seconds=10,
        references=("moby#33420",),
    ),
    Rule(
        "ingress-double",
        Severity.CRITICAL,
        "There is more than one ingress network",
        "A node has room for one only. Tasks of services that publish ports fail with `network not "
        "found` or `ingress sandbox already present`.",
        "Remove the one that no service has an address on.",
        _double,
        lasts_seconds=10,
        references=("swarmkit#2637",),
    ),
    Rule(
        "ingress-unallocated",
        Severity.CRITICAL,
        "The ingress network has no addresses",
        "The engine accepts a network whose subnet overlaps another one, or whose VXLAN id is "
        "taken, and never gives it addresses. Only the leader's log says why. Services that "
        "publish through it stop and wait for ever.",
        "Close the ports, remove the network, create it with a free subnet, bring it to every node "
        "and publish the ports again.",
        _unallocated,
        lasts_seconds=10,
    ),
    Rule(
        "ingress-not-everywhere",
        Severity.CRITICAL,
        "A Ready node does not carry the ingress network",
        "Published ports do not answer on that node. Engines leave nodes out when the ingress is "
        "created anew; a blocked port 7946 between nodes looks the same.",
        "Touch the node, so that the managers bring it the network; then check port 7946.",
        _not_everywhere,
        lasts_seconds=10,
        references=("moby#40184",),
    ),
)
