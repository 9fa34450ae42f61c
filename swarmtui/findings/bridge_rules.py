"""The gateway bridge of the node that is read: no other node's can be seen from here."""

from __future__ import annotations

from collections.abc import Iterator

from swarmtui.addressing import Claim, ClaimKind, overlapping
from swarmtui.findings.finding import (
    Evidence,
    Remedy,
    Rule,
    Severity,
    Sight,
    Subject,
    Trouble,
)
from swarmtui.findings.wording import SHOWN, command, listed
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
    """Yield that the bridge holds what is outside; of the swarm's networks another rule tells."""
    snapshot = sight.snapshot
    bridge = snapshot.gateway_bridge
    if bridge is None or not sight.understands("networks"):
        return
    outside = [each for each in sight.claims if each.kind in _SOURCES]
    cidrs = [each.cidr for each in bridge.subnets]
    found = [claim for cidr in cidrs for claim in overlapping(cidr, outside)]
    if not found:
        return
    own = snapshot.engine
    names = listed(f"{each.what} {_short(each)}" for each in found)
    yield Trouble(
        Subject.own_node(own),
        f"{GATEWAY_BRIDGE} of {own.name} ({listed(cidrs)}) overlaps {names}",
        (
            Evidence(f"subnet of {GATEWAY_BRIDGE} on {own.name}", listed(cidrs), "GET /networks"),
            *(Evidence(each.what, _short(each), _SOURCES[each.kind]) for each in found[:SHOWN]),
        ),
        (
            Remedy(
                "Rebuild the bridge with a range that is free; the node leaves the swarm for it. "
                "See the steps.",
                "swarmtui bridge rebuild --subnet CIDR",
            ),
        ),
    )


_SOURCES = {ClaimKind.NODE: "GET /nodes", ClaimKind.LAN: "your settings"}


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
        "The gateway bridge of this node overlaps a node or your local network",
        "Every container on an overlay is on docker_gwbridge too, so that it looks there for "
        "addresses of the range, and does not reach the machines that have them. Only the bridge "
        "of the node that is read can be seen.",
        "Rebuild the bridge with a range that is free.",
        _bridge_overlaps,
        references=("for-linux#599",),
        anywhere=True,
    ),
)
