"""Encrypted networks, and what is known to be wrong with them."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from swarmtui.findings.cures import rebuilding
from swarmtui.findings.defects import Defect, known_defects
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
from swarmtui.findings.wording import command, listed
from swarmtui.model import Network, moment

_OFF = ("false", "f", "0", "no", "n", "off")
_UPGRADE = Remedy("Upgrade the engines of these nodes, one node at a time.", "docker node ls")
_LOOK = Remedy("Look on a node whether data goes encrypted.", "tcpdump -ni any esp")


def _known(code: str) -> Callable[[Sight], Iterator[Trouble]]:
    """Return what finds a defect of engines, by the code of its rule."""

    def find(sight: Sight) -> Iterator[Trouble]:
        networks = _encrypted(sight)
        defects = [each for each in known_defects(sight.snapshot) if each.code == code]
        if not networks or not defects:
            return
        yield Trouble(
            Subject.swarm(),
            listed(each.title for each in defects),
            (*_engines(sight, defects), _networks(networks)),
            (_UPGRADE, _LOOK),
        )

    return find


def _false_option(sight: Sight) -> Iterator[Trouble]:
    for network in _encrypted(sight):
        value = network.options["encrypted"].strip()
        if value.lower() not in _OFF:
            continue
        plain = {key: each for key, each in network.options.items() if key != "encrypted"}
        yield Trouble(
            Subject.network(network),
            f"{network.name} was made with encrypted={value}, and is encrypted",
            (Evidence(f"option encrypted of {network.name}", value, "GET /networks"),),
            (
                Remedy("Where it is meant to be encrypted, nothing has to be done."),
                Remedy("Where it is not, give it another definition:"),
                *rebuilding(sight, network, options=plain),
            ),
            Repair(RepairKind.REPLACE_INGRESS, network.name)
            if network.ingress
            else Repair(RepairKind.ENCRYPTION, network.name),
            moment(network.created),
        )


def _windows(sight: Sight) -> Iterator[Trouble]:
    snapshot = sight.snapshot
    networks = _encrypted(sight)
    defects = [each for each in known_defects(snapshot) if each.code == "encryption-windows"]
    if not networks or not defects:
        return
    (defect,) = defects
    ids = {node.id for node in defect.nodes}
    there = [
        network.name
        for network in networks
        if any(
            task.node_id in ids for task, _ in snapshot.live_tasks_by_network.get(network.id, ())
        )
    ]
    names = listed(sorted(node.hostname for node in defect.nodes))
    yield Trouble(
        Subject.swarm(),
        defect.title,
        (
            Evidence("nodes that run Windows", names, "GET /nodes"),
            _networks(networks),
            Evidence("of these with tasks on such nodes", listed(there) or "none", "GET /tasks"),
        ),
        (
            Remedy(
                "Keep services of encrypted networks away from Windows.",
                command(
                    *("docker", "service", "update", "--constraint-add"),
                    *("node.platform.os==linux", "SERVICE"),
                ),
            ),
        ),
        severity=Severity.CRITICAL if there else None,
    )


def _plain_ingress(sight: Sight) -> Iterator[Trouble]:
    networks = _encrypted(sight)
    for ingress in sight.snapshot.networks if networks else ():
        if not ingress.ingress or not ingress.is_allocated or ingress.is_encrypted:
            continue
        yield Trouble(
            Subject.network(ingress),
            f"Published ports go in the clear between nodes: {ingress.name} is not encrypted",
            (
                Evidence(f"option encrypted of {ingress.name}", "none", "GET /networks"),
                _networks(networks),
            ),
            tuple(rebuilding(sight, ingress, options={**ingress.options, "encrypted": ""})),
            Repair.rebuilding(ingress),
        )


def _encrypted(sight: Sight) -> list[Network]:
    return [each for each in sight.snapshot.networks if each.is_swarm and each.is_encrypted]


def _networks(networks: list[Network]) -> Evidence:
    return Evidence("encrypted networks", listed(each.name for each in networks), "GET /networks")


def _engines(sight: Sight, defects: list[Defect]) -> Iterator[Evidence]:
    nodes = {node.id: node for each in defects for node in each.nodes}
    versions = listed(sorted(f"{each.hostname} {each.engine_version}" for each in nodes.values()))
    yield Evidence("engines that have it", versions, "GET /nodes")
    others = {node.engine_version for node in sight.snapshot.nodes if node.id not in nodes}
    if others:
        yield Evidence("other engines", listed(sorted(others)), "GET /nodes")
    cluster = sight.snapshot.cluster
    if cluster is not None:
        yield Evidence("data path port", str(cluster.data_path_port), "GET /info")


def _rule(
    code: str,
    severity: Severity,
    title: str,
    meaning: str,
    cure: str,
    *references: str,
) -> Rule:
    return Rule(code, severity, title, meaning, cure, _known(code), references=references)


RULES = (
    _rule(
        "encryption-accepts-clear-packets",
        Severity.WARNING,
        "Engines accept packets in the clear on encrypted networks",
        "Whoever can send packets to a node's data path port can send them into an encrypted "
        "network, and where the kernel lacks a module data leaves in the clear. A distribution's "
        "build may carry the fix under an older number: ask its vendor.",
        "Upgrade to 20.10.24, 23.0.3 or newer, and close the data path port to strangers.",
        "CVE-2023-28840",
        "CVE-2023-28841",
        "CVE-2023-28842",
    ),
    _rule(
        "encryption-silent-on-other-port",
        Severity.CRITICAL,
        "Encrypted networks pass nothing between nodes",
        "Older engines encrypt for port 4789 only. Where the swarm was made with another data path "
        "port, tasks on different nodes do not reach each other on encrypted networks.",
        "Upgrade to 23.0.7, 24.0.3 or newer.",
        "moby#45635",
    ),
    _rule(
        "encryption-mixed-engines",
        Severity.CRITICAL,
        "Engines disagree about the keys of encrypted networks",
        "Some engines number the keys in another way. Between them and all others encrypted "
        "traffic is lost, while names still resolve.",
        "Bring all nodes to one version: 29.2.1, 25.0.15 or newer.",
        "moby#51798",
    ),
    _rule(
        "encryption-unsettled",
        Severity.INFO,
        "There are open reports about encryption on these engines",
        "Which engines are affected, and how, is not settled: traffic may be lost after an "
        "upgrade (29.0 and 29.1), and a tunnel in use may be ended, so that data goes in the "
        "clear.",
        "Look for yourself whether data goes encrypted, and follow the reports.",
        "moby#51672",
        "moby#53420",
    ),
    Rule(
        "encryption-by-false-option",
        Severity.WARNING,
        "A network is encrypted by an option that says no",
        "The engine looks whether the option `encrypted` is there, not at its value. The network "
        "is encrypted, costs processor time and packet size, and needs IP protocol 50 (ESP).",
        "Where it is meant to be in the clear, create it without the option.",
        _false_option,
    ),
    Rule(
        "encryption-windows",
        Severity.WARNING,
        "There are Windows nodes beside encrypted networks",
        "Windows cannot take part in encryption: containers there do not reach those on Linux, "
        "and what they send to each other goes in the clear. No error says so.",
        "Keep services of encrypted networks away from Windows nodes.",
        _windows,
    ),
    Rule(
        "ingress-not-encrypted",
        Severity.INFO,
        "The ingress is not encrypted, other networks are",
        "What arrives at a published port on one node for a task on another goes between them in "
        "the clear.",
        "Replace the ingress by an encrypted one, if that traffic is to be secret too.",
        _plain_ingress,
    ),
)
