"""Ranges that are in the way of each other."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from swarmtui.addressing import Claim, ClaimKind, overlaps
from swarmtui.findings.cures import rebuilding
from swarmtui.findings.demand import wanted_addresses
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
from swarmtui.findings.wording import SHOWN, listed
from swarmtui.model import Network

_BAD = (ClaimKind.NETWORK, ClaimKind.GATEWAY_BRIDGE)


def _node(sight: Sight) -> Iterator[Trouble]:
    for network, others in _in_the_way(sight, (ClaimKind.NODE,)):
        names = listed(f"{each.name} {_short(each)}" for each in others)
        yield Trouble(
            Subject.network(network),
            f"{_shown(network)} holds the address of a node: {names}",
            _evidence(sight, network, others),
            tuple(_moving(sight, network)),
            Repair.rebuilding(network),
        )


def _lan(sight: Sight) -> Iterator[Trouble]:
    for network, others in _in_the_way(sight, (ClaimKind.LAN,)):
        ranges = listed(each.cidr for each in others)
        yield Trouble(
            Subject.network(network),
            f"{_shown(network)} overlaps your local network {ranges}",
            _evidence(sight, network, others),
            tuple(_moving(sight, network)),
            Repair.rebuilding(network),
        )


def _networks(sight: Sight) -> Iterator[Trouble]:
    kinds = (*_BAD, ClaimKind.LOCAL)
    for network, others in _in_the_way(sight, kinds):
        names = listed(f"{each.what} {each.cidr}" for each in others)
        bad = any(each.kind in _BAD for each in others)
        yield Trouble(
            Subject.network(network),
            f"{_shown(network)} overlaps {names}",
            _evidence(sight, network, others),
            tuple(_moving(sight, network)),
            Repair.rebuilding(network),
            severity=Severity.CRITICAL if bad else None,
        )


def _in_the_way(
    sight: Sight, kinds: Collection[ClaimKind]
) -> Iterator[tuple[Network, list[Claim]]]:
    """Yield the swarm's networks that something is in the way of, and what."""
    found: dict[str, list[Claim]] = {}
    for pair in overlaps(sight.claims):
        # Of two networks of the swarm the narrower one is told of: one trouble, one finding.
        other, mine = pair if pair[1].is_swarm else pair[::-1]
        if mine.is_swarm and other.kind in kinds and other.id != mine.id:
            found.setdefault(mine.id, []).append(other)
    for network in sight.snapshot.networks:
        if network.id in found:
            yield network, found[network.id]


def _evidence(sight: Sight, network: Network, others: Collection[Claim]) -> tuple[Evidence, ...]:
    nodes = "GET /nodes" if sight.snapshot.sees_cluster else "GET /info"
    sources = {ClaimKind.NODE: nodes, ClaimKind.LAN: "your settings"}
    mine = listed(each.cidr for each in network.subnets)
    return (
        Evidence(f"subnet of {network.name}", mine, "GET /networks"),
        *(
            Evidence(each.what, _short(each), sources.get(each.kind, "GET /networks"))
            for each in list(others)[:SHOWN]
        ),
    )


def _moving(sight: Sight, network: Network) -> Iterator[Remedy]:
    needed = wanted_addresses(sight.snapshot, network, replacing=True)
    return rebuilding(sight, network, needed=needed)


def _shown(network: Network) -> str:
    return f"{network.name} ({listed(each.cidr for each in network.subnets)})"


def _short(claim: Claim) -> str:
    return claim.cidr.removesuffix("/32")


RULES = (
    Rule(
        "subnet-overlaps-node",
        Severity.CRITICAL,
        "A network holds the address of a node",
        "Containers on the network look for that address among themselves, so that they do not "
        "reach the node, nor its neighbours with addresses in the subnet: name servers, "
        "registries, gateways.",
        "Give the network a subnet that is free; for new networks see the address pools.",
        _node,
        anywhere=True,
        references=("moby#27399", "moby#24220", "for-aws#117"),
    ),
    Rule(
        "subnet-overlaps-lan",
        Severity.CRITICAL,
        "A network overlaps your local network",
        "Containers on the network do not reach the hosts of the range that you named in the "
        "settings: their addresses look like those of containers.",
        "Give the network a subnet that is free, or correct lan-ranges in the settings.",
        _lan,
        anywhere=True,
        references=("moby#27399", "for-aws#117"),
    ),
    Rule(
        "networks-overlap",
        Severity.WARNING,
        "Two networks overlap",
        "The swarm looks at its own networks only, so that one may overlap a bridge of a node. A "
        "container on both reaches some addresses on neither; every container on an overlay is on "
        "docker_gwbridge too. Only the node that is read tells of its bridges.",
        "Give one of the two another subnet.",
        _networks,
        anywhere=True,
        references=("moby#50011", "moby#26912"),
    ),
)
