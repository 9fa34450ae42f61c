"""How full networks are."""

from __future__ import annotations

from collections.abc import Iterator

from swarmtui.addressing import CRITICAL_SHARE, WARNING_SHARE, NetworkUse, Source
from swarmtui.findings.cures import leader, rebuilding
from swarmtui.findings.demand import (
    Queue,
    at_once,
    failed_tasks,
    is_updating,
    newcomers,
    queues,
    services_on,
    wanted_addresses,
)
from swarmtui.findings.finding import (
    Evidence,
    Remedy,
    Repair,
    Rule,
    Severity,
    Sight,
    Subject,
    SubjectKind,
    Trouble,
)
from swarmtui.findings.wording import command, counted, listed
from swarmtui.model import Network, Task, earliest

LEAST_FREE = 5
"""Fewer free addresses than this are few, however small the network (engine-facts C.5)."""
LEAK = 2
"""A difference up to this comes and goes while tasks are replaced (engine-facts C.2)."""

_MISSING_ATTACHMENTS = "node is missing network attachments"
_COMPUTED = "computed from GET /services, /tasks and /nodes"


def _exhausted(sight: Sight) -> Iterator[Trouble]:
    for each in queues(sight):
        network = each.network
        wanted = wanted_addresses(sight.snapshot, network)
        waiting = sorted({sight.snapshot.service_name(task) for task in each.tasks})
        lacking = listed(service.name for service in each.services)
        yield Trouble(
            Subject.network(network),
            f"{network.name} is full: {_who_waits(each)}, "
            f"{wanted} addresses are wanted of {each.use.capacity}",
            (
                Evidence(f"addresses of {network.name}", f"{each.use.capacity}", "GET /networks"),
                Evidence("addresses that are wanted on it", f"{wanted}", _COMPUTED),
                Evidence("services with tasks in new", listed(waiting) or "none", "GET /tasks"),
                Evidence("services without an address", lacking or "none", "GET /services"),
            ),
            tuple(_room(sight, network)),
            Repair.rebuilding(network),
            earliest(task.since for task in each.tasks),
        )


def _nearly_full(sight: Sight) -> Iterator[Trouble]:
    snapshot = sight.snapshot
    full = {each.network.id for each in queues(sight)}
    for network in snapshot.networks:
        use = sight.usage.get(network.id)
        if use is None or use.free is None or network.id in full:
            continue
        services = services_on(snapshot, network)
        if not services and network.id not in snapshot.live_tasks_by_network:
            continue
        whole = sum(each.hand_out for each in use.subnets)
        share = 1 - use.free / whole if whole else 0.0
        soon = max((at_once(snapshot, each) for each in services), default=0)
        soon += newcomers(snapshot, network)
        if share < WARNING_SHARE and use.free >= max(soon, LEAST_FREE):
            continue
        is_close = share >= WARNING_SHARE and use.free < soon
        yield Trouble(
            Subject.network(network),
            f"{network.name} has {counted(use.free, 'address', 'addresses')} left of {whole}",
            (
                Evidence(f"addresses of {network.name}", f"{whole}", "GET /networks"),
                Evidence("taken at least", f"{int(share * 20) * 5} %", _source(use)),
            ),
            tuple(_room(sight, network)),
            Repair.rebuilding(network),
            severity=Severity.CRITICAL if share >= CRITICAL_SHARE or is_close else None,
        )


def _update_does_not_fit(sight: Sight) -> Iterator[Trouble]:
    snapshot = sight.snapshot
    full = {each.network.id for each in queues(sight)}
    for network in snapshot.networks:
        use = sight.usage.get(network.id)
        services = services_on(snapshot, network)
        if use is None or use.free is None or network.id in full or any(map(is_updating, services)):
            continue
        eager = [each for each in services if each.update_policy.order == "start-first"]
        if not eager:
            continue
        largest = max(eager, key=lambda each: (at_once(snapshot, each), each.name))
        needed = at_once(snapshot, largest)
        if use.free >= needed:
            continue
        yield Trouble(
            Subject.network(network),
            f"An update of {largest.name} starts {counted(needed, 'task')} before it stops as "
            f"many, and {network.name} has {counted(use.free, 'address', 'addresses')} left",
            (
                Evidence(
                    f"tasks of {largest.name} that are started first", f"{needed}", "GET /services"
                ),
                Evidence(
                    f"addresses left on {network.name}",
                    "fewer than that" if use.free else "none",
                    _source(use),
                ),
            ),
            (
                Remedy(
                    "Have old tasks stop before new ones start.",
                    command(
                        *("docker", "service", "update", "--update-order", "stop-first"),
                        largest.name,
                    ),
                ),
                *_room(sight, network),
            ),
            Repair.rebuilding(network),
            severity=Severity.INFO if use.free else None,
        )


def _without_attachments(sight: Sight) -> Iterator[Trouble]:
    snapshot = sight.snapshot
    by_service: dict[str, list[Task]] = {}
    for task in failed_tasks(snapshot, _MISSING_ATTACHMENTS):
        by_service.setdefault(task.service_id, []).append(task)
    for service in snapshot.services:
        failed = by_service.get(service.id)
        if not failed:
            continue
        networks = [
            network
            for network_id in snapshot.networks_of(service)
            if (network := snapshot.network_by_id.get(network_id))
        ]
        fullest = min(networks, key=lambda each: _free(sight, each), default=None)
        yield Trouble(
            Subject(SubjectKind.SERVICE, service.name, service.id),
            f"Tasks of {service.name} are rejected: their nodes get no address on a network",
            (
                Evidence(f"error of tasks of {service.name}", failed[0].error, "GET /tasks"),
                Evidence(
                    f"networks of {service.name}",
                    listed(each.name for each in networks) or "none",
                    "GET /services",
                ),
            ),
            tuple(_room(sight, fullest)) if fullest else (),
            Repair.rebuilding(fullest) if fullest else None,
            earliest(task.since for task in failed),
        )


def _leaked(sight: Sight) -> Iterator[Trouble]:
    if not sight.understands("services", "tasks"):
        return
    full = {each.network.id for each in queues(sight)}
    for network in sight.snapshot.networks:
        use = sight.usage.get(network.id)
        if use is None or use.source is not Source.REPORTED or network.id in full:
            continue
        held = sum(each.reported or 0 for each in use.subnets)
        known = sum(each.computed or 0 for each in use.subnets)
        if held - known <= LEAK:
            continue
        yield Trouble(
            Subject.network(network),
            f"{held - known} addresses of {network.name} are taken and nobody holds them",
            (
                Evidence(
                    "taken, less those of services, tasks and nodes",
                    f"{held - known}",
                    f"GET /networks/{network.name}, by the leader; {_COMPUTED}",
                ),
            ),
            (
                Remedy(
                    f"Restart the engine of the leader, {leader(sight)}, "
                    "while the other managers are Reachable: whoever leads next counts anew.",
                    "systemctl restart docker",
                ),
            ),
        )


def _room(sight: Sight, network: Network) -> Iterator[Remedy]:
    """Yield the ways to have more addresses."""
    names = [service.name for service in services_on(sight.snapshot, network)]
    scaled = (command("docker", "service", "scale", f"{name}=N") for name in names[:1])
    yield Remedy(
        "Run fewer tasks, or take services off it that need not be on it.", "".join(scaled)
    )
    yield Remedy("Or give it more addresses:")
    needed = wanted_addresses(sight.snapshot, network, replacing=True)
    yield from rebuilding(sight, network, needed=max(needed, 2 * _capacity(sight, network)))


def _capacity(sight: Sight, network: Network) -> int:
    use = sight.usage.get(network.id)
    return use.capacity if use else 0


def _free(sight: Sight, network: Network) -> int:
    use = sight.usage.get(network.id)
    return use.free if use and use.free is not None else 0


def _source(use: NetworkUse) -> str:
    reported = use.source is Source.REPORTED
    return "GET /networks/NAME, by the leader" if reported else _COMPUTED


def _who_waits(queue: Queue) -> str:
    if queue.tasks:
        verb = "waits" if len(queue.tasks) == 1 else "wait"
        return f"{counted(len(queue.tasks), 'task')} {verb} for an address"
    return f"{listed(each.name for each in queue.services)} got no virtual address"


RULES = (
    Rule(
        "network-exhausted",
        Severity.CRITICAL,
        "A network has no address left",
        "Tasks stay in state new without any error, or services get no virtual address, because "
        "each needs an address on every one of its networks, and each node another one for its "
        "load-balancer. They go on when an address comes free, which can take five minutes.",
        "Run fewer tasks, use endpoint mode dnsrr, spread the services over several networks, or "
        "move them to a larger one.",
        _exhausted,
        lasts_seconds=30,
        references=("moby#43052", "moby#37338", "for-aws#104"),
    ),
    Rule(
        "network-nearly-full",
        Severity.WARNING,
        "A network has few addresses left",
        "While tasks are replaced, the old and the new one each hold an address, and every further "
        "node with a task takes one more. When none is left, tasks wait without any error.",
        "Move the services to a larger network before it is full.",
        _nearly_full,
        lasts_seconds=60,
        references=("moby#43052",),
    ),
    Rule(
        "network-update-does-not-fit",
        Severity.WARNING,
        "An update needs more addresses than a network has",
        "With update order start-first the new tasks need addresses before the old ones give "
        "theirs back. With too few left an update goes on in smaller portions, with none it never "
        "goes on.",
        "Update with order stop-first or fewer tasks at a time, or move to a larger network.",
        _update_does_not_fit,
        lasts_seconds=60,
    ),
    Rule(
        "tasks-without-attachments",
        Severity.CRITICAL,
        "Tasks are rejected because their nodes get no address",
        "Every node that runs a task on a network needs an address there for its load-balancer. "
        "The tasks took the last ones, so that they are rejected and tried again without end.",
        "Make room: run fewer tasks, or move to a larger network.",
        _without_attachments,
        lasts_seconds=30,
        references=("moby#37338",),
    ),
    Rule(
        "addresses-leaked",
        Severity.WARNING,
        "Addresses are taken that nobody holds",
        "The leader counts more addresses as taken than services, tasks, containers and nodes "
        "hold. They are lost to the network until another leader counts anew.",
        "Let another manager lead, and upgrade old engines.",
        _leaked,
        lasts_seconds=300,
        references=("moby#37338",),
    ),
)
