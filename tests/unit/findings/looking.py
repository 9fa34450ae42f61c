"""Looking for findings in snapshots made by hand."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from swarmtui.findings import Finding, examine
from swarmtui.model import Network, Problem, Service, Snapshot, Standing, Subnet, Task
from tests.builders import busy_snapshot, engine, worker_snapshot

Change = Callable[[Snapshot], Snapshot]


def found(snapshot: Snapshot, code: str, *lan_ranges: str) -> list[Finding]:
    """Return what a rule finds, whether it has lasted or not."""
    return [each for each in examine(snapshot, lan_ranges=lan_ranges) if each.code == code]


def one(snapshot: Snapshot, code: str, *lan_ranges: str) -> Finding:
    """Return the only thing that a rule finds."""
    (finding,) = found(snapshot, code, *lan_ranges)
    return finding


def evidence(finding: Finding) -> dict[str, str]:
    """Return the values that a finding rests on, by what they are of."""
    return {each.what: each.value for each in finding.trouble.evidence}


def commands(finding: Finding) -> str:
    """Return all commands of the remedy."""
    return "\n".join(each.command for each in finding.trouble.remedy if each.command)


def repair(finding: Finding) -> tuple[str, str] | None:
    """Return by which operation it is repaired, and of which network."""
    given = finding.trouble.repair
    return (given.kind.value, given.network) if given else None


def busy(
    *networks: Network,
    services: tuple[Service, ...] = (),
    tasks: tuple[Task, ...] = (),
) -> Snapshot:
    """Return a healthy swarm with a few things more."""
    snapshot = busy_snapshot()
    return replace(
        snapshot,
        networks=(*snapshot.networks, *networks),
        services=(*snapshot.services, *services),
        tasks=(*snapshot.tasks, *tasks),
    )


def without(snapshot: Snapshot, *names: str) -> Snapshot:
    """Return a snapshot without networks."""
    kept = tuple(each for each in snapshot.networks if each.name not in names)
    return replace(snapshot, networks=kept)


def failing(part: str, subject: str = "") -> Change:
    """Return what makes a list of a snapshot one that could not be read."""
    problem = Problem(part, subject, "context deadline exceeded")
    return lambda snapshot: replace(snapshot, problems=(problem,))


def leaderless(snapshot: Snapshot) -> Snapshot:
    """Return a snapshot of a manager whose swarm has no leader."""
    return replace(snapshot, engine=replace(snapshot.engine, standing=Standing.NO_LEADER))


def at_worker(snapshot: Snapshot) -> Snapshot:
    """Return what a worker of a swarm sees, all of its networks included."""
    seen = worker_snapshot()
    return replace(seen, networks=snapshot.networks)


def outside(snapshot: Snapshot) -> Snapshot:
    """Return what an engine in no swarm sees."""
    local = tuple(each for each in snapshot.networks if not each.is_swarm)
    return Snapshot(snapshot.taken_at, engine(Standing.NO_SWARM), networks=local)


def without_addresses(network: Network) -> Network:
    """Return a network as it is listed that was never allocated."""
    return replace(network, driver="", subnets=(), options={})


def with_gateway(network: Network, gateway: str) -> Network:
    """Return a network with another gateway."""
    subnets = tuple(Subnet(each.cidr, gateway) for each in network.subnets)
    return replace(network, subnets=subnets)
