"""Engines and the swarm's managers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from swarmtui.findings.defects import replaces_ingress
from swarmtui.findings.finding import (
    Evidence,
    Remedy,
    Rule,
    Severity,
    Sight,
    Subject,
    Trouble,
)
from swarmtui.findings.wording import command, listed
from swarmtui.model import Node, Snapshot, Standing, version_number


def _mixed(sight: Sight) -> Iterator[Trouble]:
    """Yield that engines differ; builds of one version by different vendors count as alike."""
    by_version: dict[str, list[str]] = {}
    for node in _by_name(sight.snapshot.nodes):
        number = version_number(node.engine_version)
        if node.engine_version:
            text = ".".join(map(str, number)) if number else node.engine_version
            by_version.setdefault(text, []).append(node.hostname)
    if len(by_version) < 2:
        return
    ordered = sorted(by_version, key=lambda text: (version_number(text) or (0, 0, 0), text))
    yield Trouble(
        Subject.swarm(),
        f"The nodes run different engines: {listed(ordered)}",
        tuple(Evidence(f"engine {each}", listed(by_version[each]), _NODES) for each in ordered),
        (
            Remedy(
                f"Bring all nodes to {ordered[-1]}, the managers first, one after another. Empty "
                "each before:",
                "docker node update --availability drain NODE",
            ),
            Remedy("Bring it back afterwards.", "docker node update --availability active NODE"),
        ),
    )


def _even_managers(sight: Sight) -> Iterator[Trouble]:
    managers = _managers(sight.snapshot)
    number = len(managers)
    if number < 2 or number % 2:
        return
    spare = number // 2 - 1
    bears = f"{spare} may be away, no more than with {number - 1}" if spare else "none may be away"
    yield Trouble(
        Subject.swarm(),
        f"The swarm has {number} managers: {bears}",
        (Evidence("managers", listed(node.hostname for node in managers), _NODES),),
        tuple(_odd_number(sight.snapshot, managers)),
    )


def _single_manager(sight: Sight) -> Iterator[Trouble]:
    snapshot = sight.snapshot
    managers = _managers(snapshot)
    if len(managers) != 1:
        return
    name = managers[0].hostname
    alone = len(snapshot.nodes) == 1
    yield Trouble(
        Subject.swarm(),
        f"{name} is the only manager: if it is lost, so is the swarm",
        (
            Evidence("managers", name, _NODES),
            Evidence("nodes of the swarm", "1" if alone else "more than 1", _NODES),
        ),
        tuple(_odd_number(snapshot, managers)),
        severity=Severity.INFO if alone else None,
    )


def _manager_unreachable(sight: Sight) -> Iterator[Trouble]:
    managers = _managers(sight.snapshot)
    reachable = [node for node in managers if node.reachability == "reachable"]
    spare = len(reachable) - (len(managers) // 2 + 1)
    rest = "no other one may be lost" if spare <= 0 else f"{spare} more may be lost"
    for node in managers:
        if node.reachability != "unreachable":
            continue
        yield Trouble(
            Subject.node(node),
            f"The manager {node.hostname} cannot be reached: {rest}",
            (
                Evidence(f"reachability of {node.hostname}", node.reachability, _NODES),
                Evidence(f"state of {node.hostname}", node.state, _NODES),
                Evidence("managers that are reachable", listed(_names(reachable)), _NODES),
            ),
            (
                Remedy(
                    f"Look whether the engine of {node.hostname} runs, and port 2377 answers.",
                    command("nc", "-vz", node.address, "2377"),
                ),
                Remedy(
                    "If it is gone for good, make another node a manager, and remove this one.",
                    command("docker", "node", "demote", node.id),
                ),
            ),
        )


def _no_leader(sight: Sight) -> Iterator[Trouble]:
    snapshot = sight.snapshot
    if snapshot.engine.standing is not Standing.NO_LEADER:
        return
    own, managers = snapshot.engine, snapshot.engine.managers
    unread = next((each.text for each in snapshot.problems if not each.subject), "none")
    words = (own.error or unread).rpartition("desc = ")[2]
    known = sorted(f"{snapshot.node_name(each.node_id)} {each.address}" for each in managers)
    yield Trouble(
        Subject.swarm(),
        "The swarm has no leader: nothing can be changed, and nothing comes back that fails",
        (
            Evidence(f"what {own.name} says of the swarm", words, "GET /info"),
            Evidence("managers that it knows", listed(known) or "none", "GET /info"),
        ),
        (
            Remedy(
                "Start the engines of the managers again, until more than half of them run.",
                "systemctl start docker",
            ),
            Remedy("See whether they reach one another.", "nc -vz MANAGER 2377"),
            Remedy(
                "Only if they are lost for good, make this node the single manager of what it "
                "knows, and let new managers join.",
                command(
                    *("docker", "swarm", "init", "--force-new-cluster", "--advertise-addr"),
                    own.node_address,
                ),
            ),
        ),
    )


def _locked(sight: Sight) -> Iterator[Trouble]:
    engine = sight.snapshot.engine
    if engine.standing is not Standing.LOCKED:
        return
    yield Trouble(
        Subject.own_node(engine),
        f"{engine.name} is locked: it waits for the unlock key and takes no part in the swarm",
        (Evidence(f"what {engine.name} says of the swarm", engine.error or "locked", "GET /info"),),
        (
            Remedy("Ask another manager for the key.", "docker swarm unlock-key"),
            Remedy(f"Unlock {engine.name} with it.", "docker swarm unlock"),
        ),
    )


def _too_old_for_ingress(sight: Sight) -> Iterator[Trouble]:
    nodes = _by_name(sight.snapshot.nodes)
    old = [node for node in nodes if not replaces_ingress(node.engine_version)]
    if not old:
        return
    yield Trouble(
        Subject.swarm(),
        f"The ingress cannot be replaced: {listed(_names(old))} would not give it up",
        tuple(Evidence(f"engine of {each.hostname}", each.engine_version, _NODES) for each in old),
        (Remedy("Bring these engines to 17.05 or newer.", command("docker", "node", "ls")),),
    )


_NODES = "GET /nodes"


def _managers(snapshot: Snapshot) -> list[Node]:
    return _by_name(node for node in snapshot.nodes if node.role == "manager")


def _by_name(nodes: Iterable[Node]) -> list[Node]:
    return sorted(nodes, key=lambda node: (node.hostname, node.id))


def _names(nodes: list[Node]) -> list[str]:
    return [node.hostname for node in nodes]


def _odd_number(snapshot: Snapshot, managers: list[Node]) -> Iterator[Remedy]:
    """Yield how to get to an odd number of managers, by more of them where there are nodes."""
    workers = [node for node in snapshot.nodes if node.role != "manager" and node.is_ready]
    missing = 2 if len(managers) == 1 else 1
    if len(workers) >= missing:
        ids = [node.id for node in workers[:missing]]
        names = listed(_names(workers[:missing]))
        yield Remedy(f"Make {names} a manager too.", command("docker", "node", "promote", *ids))
    else:
        yield Remedy("Let another node join as a manager.", "docker swarm join-token manager")
    if len(managers) > 2:
        away = min(managers, key=lambda node: (node.leader, node.is_ready, node.hostname))
        yield Remedy("Or make one a worker.", command("docker", "node", "demote", away.id))


RULES: tuple[Rule, ...] = (
    Rule(
        "engines-mixed",
        Severity.WARNING,
        "The nodes run different engines",
        "Swarms bear it while they are upgraded. Networking differs between versions: an ingress "
        "is replaced most safely, and networks are encrypted most surely, when all are alike.",
        "Bring all nodes to one version.",
        _mixed,
        references=("moby#51798",),
    ),
    Rule(
        "managers-even",
        Severity.WARNING,
        "The number of managers is even",
        "A swarm needs more than half of its managers. With an even number it bears no more losses "
        "than with one manager less, and with two it bears none.",
        "Have an odd number of managers, three or five for most swarms.",
        _even_managers,
    ),
    Rule(
        "manager-single",
        Severity.WARNING,
        "There is one manager only",
        "If this node is lost, nothing can be changed any more, and with its disk the swarm is "
        "lost: networks, services and secrets.",
        "Have three managers.",
        _single_manager,
    ),
    Rule(
        "manager-unreachable",
        Severity.WARNING,
        "A manager cannot be reached",
        "The swarm goes on while more than half of its managers reach one another. One that is "
        "away counts as much as one that is lost.",
        "Bring it back, or replace it by another manager.",
        _manager_unreachable,
        lasts_seconds=15,
    ),
    Rule(
        "swarm-without-leader",
        Severity.CRITICAL,
        "The swarm has no leader",
        "Half of the managers or more are away. Containers go on running, but nothing is started "
        "anew that fails, no service or network can be changed, and what is shown is from before.",
        "Bring back managers until more than half of them run.",
        _no_leader,
        lasts_seconds=5,
        anywhere=True,
    ),
    Rule(
        "swarm-locked",
        Severity.CRITICAL,
        "This manager is locked",
        "The swarm locks its managers, so that one that was restarted needs the key before it "
        "takes part again. Until then it counts as lost.",
        "Unlock it.",
        _locked,
        anywhere=True,
    ),
    Rule(
        "engine-too-old-for-ingress",
        Severity.WARNING,
        "An engine is too old for replacing the ingress",
        "Engines before 17.05 cannot give up an ingress network, so that the node keeps the old "
        "one and cannot carry a new one.",
        "Upgrade these engines.",
        _too_old_for_ingress,
        references=("moby#31714",),
    ),
)
