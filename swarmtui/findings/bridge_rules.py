"""The gateway bridge of the node that is read: no other node's can be seen from here."""

from __future__ import annotations

from collections.abc import Iterator

from swarmtui.addressing import Claim, ClaimKind, overlapping
from swarmtui.findings.finding import (
    Evidence,
    Remedy,
    Repair,
    Rule,
    Severity,
    Sight,
    Subject,
    Trouble,
)
from swarmtui.findings.wording import SHOWN, command, listed
from swarmtui.model import NetworkId, Snapshot
from swarmtui.model.network import GATEWAY_BRIDGE

PORTS = 1023
"""A Linux bridge numbers its ports with ten bits, and none is number 0."""
_MANY = 900
_ALMOST_ALL = 1000
_STEP = 25
"""Evidence tells numbers in steps, so that it stays the same while containers come and go."""


def _bridge_nearly_full(sight: Sight) -> Iterator[Trouble]:
    snapshot = sight.snapshot
    bridge = snapshot.gateway_bridge
    inspection = snapshot.inspections.get(bridge.id) if bridge else None
    number = len(inspection.endpoints) if inspection else 0
    if number < _MANY:
        return
    own = snapshot.engine
    many = f"at least {number // _STEP * _STEP}"
    yield Trouble(
        Subject.own_node(own),
        f"{GATEWAY_BRIDGE} of {own.name} has {many} of {PORTS} ports taken",
        (
            Evidence(f"endpoints on {GATEWAY_BRIDGE} of {own.name}", many, "GET /networks/ID"),
            Evidence("ports that a bridge has", str(PORTS), "Linux kernel"),
        ),
        (
            Remedy(
                "Let no more tasks come to the node, and spread those that it has.",
                command("docker", "node", "update", "--availability", "pause", own.node_id),
            ),
            Remedy("Make networks internal whose services need no way out: they take no port."),
        ),
        severity=Severity.CRITICAL if number >= _ALMOST_ALL else None,
    )


def _bridge_overlaps(sight: Sight) -> Iterator[Trouble]:
    snapshot = sight.snapshot
    bridge = snapshot.gateway_bridge
    if bridge is None or any(e.part == "networks" and not e.subject for e in snapshot.problems):
        return
    others = [each for each in sight.claims if each.id != bridge.id]
    own, cidrs = snapshot.engine, [each.cidr for each in bridge.subnets]
    found = [claim for cidr in cidrs for claim in overlapping(cidr, others)]
    if not found:
        return
    yield Trouble(
        Subject.own_node(own),
        f"{GATEWAY_BRIDGE} of {own.name} ({listed(cidrs)}) overlaps "
        f"{listed(f'{claim.what} {_short(claim)}' for claim in found)}",
        (
            Evidence(f"subnet of {GATEWAY_BRIDGE} on {own.name}", listed(cidrs), _NETWORKS),
            *(
                Evidence(each.what, _short(each), _SOURCES.get(each.kind, _NETWORKS))
                for each in found[:SHOWN]
            ),
        ),
        (
            Remedy(
                "Give the other network another subnet, or rebuild the bridge, for which the node "
                "leaves the swarm: see the steps.",
                "swarmtui bridge rebuild --subnet CIDR",
            ),
        ),
        _moving(snapshot, found),
    )


_NETWORKS = "GET /networks"
_SOURCES = {ClaimKind.NODE: "GET /nodes", ClaimKind.LAN: "your settings"}


def _moving(snapshot: Snapshot, found: list[Claim]) -> Repair | None:
    """Return what moves a network of the swarm out of the way of the bridge, if one is."""
    for claim in found:
        network = snapshot.network_by_id.get(NetworkId(claim.id))
        if claim.is_swarm and network is not None:
            return Repair.rebuilding(network)
    return None


def _short(claim: Claim) -> str:
    return claim.cidr.removesuffix("/32")


RULES: tuple[Rule, ...] = (
    Rule(
        "bridge-nearly-full",
        Severity.WARNING,
        "The gateway bridge of this node is nearly full",
        "Every container on an overlay takes a port of docker_gwbridge, unless the overlay is "
        "internal, and a bridge has 1023. When it is full, further tasks fail on the node. Only "
        "the bridge of the node that is read can be seen.",
        "Run fewer containers on the node, or make networks internal.",
        _bridge_nearly_full,
        lasts_seconds=30,
        references=("moby#31100", "moby#44973"),
        anywhere=True,
    ),
    Rule(
        "bridge-overlaps",
        Severity.CRITICAL,
        "The gateway bridge of this node overlaps another range",
        "Every container on an overlay is on docker_gwbridge too, so that it looks there for "
        "addresses of the other range, and does not reach them. Only the bridge of the node that "
        "is read can be seen.",
        "Give the network that overlaps another subnet, or rebuild the bridge with one that is "
        "free.",
        _bridge_overlaps,
        references=("for-linux#599",),
        anywhere=True,
    ),
)
