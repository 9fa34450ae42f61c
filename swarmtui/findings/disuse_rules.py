"""Networks that nobody needs any more, and those that a node cannot give up."""

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
    Trouble,
)
from swarmtui.findings.wording import command
from swarmtui.model import moment


def _unused(sight: Sight) -> Iterator[Trouble]:
    snapshot = sight.snapshot
    if not sight.understands("services", "tasks"):
        return
    for network in snapshot.networks:
        if not (network.is_overlay and network.is_allocated) or network.ingress:
            continue
        used = (
            snapshot.services_by_network,
            snapshot.live_tasks_by_network,
            snapshot.waiting_tasks_by_network,
        )
        if any(network.id in each for each in used):
            continue
        yield Trouble(
            Subject.network(network),
            f"Nobody uses {network.name}",
            (
                Evidence(f"services that name {network.name}", "none", "GET /services"),
                Evidence("tasks and containers with an address on it", "none", "GET /tasks"),
                Evidence("created", network.created, "GET /networks"),
            ),
            (
                Remedy(
                    "Remove it, unless a compose file names it as external.",
                    command("docker", "network", "rm", network.id),
                ),
            ),
            Repair(RepairKind.REMOVE, network.name),
            moment(network.created),
        )


def _left_behind(sight: Sight) -> Iterator[Trouble]:
    snapshot = sight.snapshot
    here = snapshot.engine.name
    for network in snapshot.leftovers:
        ingress = "ingress network" if network.ingress else "network"
        yield Trouble(
            Subject.network(network),
            f"{here} still carries the {ingress} {network.name}, which the swarm has removed",
            (
                Evidence(f"{ingress}s that {here} carries", network.name, "GET /networks"),
                Evidence("its id, which the managers do not know", network.id, "GET /networks"),
            ),
            (Remedy(f"Restart the engine of {here}.", "systemctl restart docker"),),
            severity=Severity.CRITICAL if network.ingress else None,
        )


RULES = (
    Rule(
        "network-unused",
        Severity.INFO,
        "Nobody uses a network",
        "No service names the network, and nothing has an address on it. It takes a block of the "
        "address pools and a VXLAN id all the same.",
        "Remove it, unless somebody is to use it again.",
        _unused,
        lasts_seconds=3600,
    ),
    Rule(
        "network-left-behind",
        Severity.WARNING,
        "A node still carries a network that the swarm has removed",
        "The node could not give the network up, most often because tasks were still on it. A "
        "network of the same purpose may not reach the node; beside a removed ingress no task "
        "that publishes a port starts there. Only the node that is read tells of it.",
        "Restart the engine of the node.",
        _left_behind,
        lasts_seconds=60,
        references=("moby#24400", "swarmkit#2637"),
    ),
)
