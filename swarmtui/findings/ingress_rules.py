"""The ingress network: there, with addresses, once, and on every node."""

from __future__ import annotations

from collections.abc import Iterator

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
from swarmtui.model import PeerState, carrying_nodes


def _missing(sight: Sight) -> Iterator[Trouble]:
    snapshot = sight.snapshot
    if not snapshot.sees_cluster or any(network.ingress for network in snapshot.networks):
        return
    yield Trouble(
        Subject(SubjectKind.SWARM, "swarm"),
        "There is no ingress network: no service can publish ports through it",
        (Evidence("ingress networks", "0", "GET /networks"),),
        (Remedy("Create one.", "docker network create --driver overlay --ingress ingress"),),
        Repair(RepairKind.INGRESS),
    )


def _not_everywhere(sight: Sight) -> Iterator[Trouble]:
    snapshot = sight.snapshot
    for network in snapshot.networks:
        if not (network.ingress and network.is_allocated):
            continue
        peers = carrying_nodes(snapshot, network)
        missing = [each for each in peers if each.state is PeerState.MISSING and each.node]
        if not missing:
            continue
        names = ", ".join(each.node.hostname for each in missing if each.node)
        carrying = ", ".join(each.address for each in peers if each.state is PeerState.CARRIES)
        yield Trouble(
            Subject(SubjectKind.NETWORK, network.name, network.id),
            f"{names} without the ingress network: published ports do not answer there",
            (
                Evidence(f"peers of {network.name}", carrying, "GET /networks/ID?verbose=true"),
                Evidence("Ready nodes not among them", names, "GET /nodes"),
            ),
            (
                Remedy(
                    "Touch each of these nodes, which makes the managers bring it the network.",
                    "; ".join(
                        f"docker node update --availability {each.node.availability} {each.node.id}"
                        for each in missing
                        if each.node
                    ),
                ),
            ),
            Repair(RepairKind.INGRESS, network.name),
        )


RULES = (
    Rule(
        "ingress-missing",
        Severity.CRITICAL,
        "There is no ingress network",
        "No service can publish a port through the mesh: creating one that does is refused.",
        "Create an ingress network.",
        _missing,
        lasts_seconds=10,
        references=("moby#33420",),
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
