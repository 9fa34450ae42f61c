"""What still fits on a network: tasks, updates, nodes."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from enum import StrEnum

from swarmtui.addressing.balancers import balancers
from swarmtui.addressing.counting import network_use
from swarmtui.model import Network, Service, Snapshot


class Fit(StrEnum):
    """Whether something finds room."""

    ALWAYS = "always"
    IN_TURN = "in-turn"
    """As long as old tasks stop before all new ones have started."""
    NEVER = "never"


@dataclass(frozen=True, slots=True)
class StartFirst:
    """An update of a service that starts new tasks before old ones stop (engine-facts C.1).

    Attributes:
        tasks: How many of its tasks hold an address here: as many more at the most.
        at_once: How many more at the least, by its update policy.
    """

    service: Service
    tasks: int
    at_once: int
    fit: Fit


@dataclass(frozen=True, slots=True)
class Growth:
    """What still fits on a network.

    Attributes:
        free: Addresses that are left once every task that waits for one has its own.
        newcomers: Nodes that may run a task and hold no load-balancer here yet: the first task on
            each costs an address more.
        service_tasks: Tasks of one more service with a virtual address, wherever they are run.
        more_tasks: Tasks of the services that are there, wherever they are run.
        crowded_tasks: The same where they are run on nodes that have tasks here already.
        nodes: Nodes that the network can spread to.
        node_cost: What each of them costs: its load-balancer, and a task of each global service.
        global_services: The names of those services.
        start_first: Of the service with the most tasks here; None where there is none.
    """

    free: int
    newcomers: int
    service_tasks: int
    more_tasks: int
    crowded_tasks: int
    nodes: int
    node_cost: int
    global_services: tuple[str, ...]
    start_first: StartFirst | None


def growth(snapshot: Snapshot, network: Network) -> Growth | None:
    """Tell what still fits on a network; None where this node does not know."""
    free = network_use(snapshot, network).free
    if free is None:
        return None
    free = max(free - len(snapshot.waiting_tasks_by_network.get(network.id, ())), 0)
    present = balancers(snapshot, network)
    able = {each.id for each in snapshot.nodes if each.is_ready and each.availability == "active"}
    newcomers = len(able - set(present))
    spread = 0 if able & set(present) else 1
    everywhere = _global_services(snapshot, network)
    cost = 1 + len(everywhere)
    return Growth(
        free,
        newcomers,
        _fitting(free - 1, newcomers),
        _fitting(free, newcomers),
        max(free - spread, 0),
        free // cost,
        cost,
        everywhere,
        _start_first(snapshot, network, free, newcomers),
    )


def _fitting(free: int, newcomers: int) -> int:
    """Return how many tasks fit when as many as possible are the first ones on their nodes."""
    return max(free - newcomers if free >= 2 * newcomers else free // 2, 0)


def _global_services(snapshot: Snapshot, network: Network) -> tuple[str, ...]:
    members = snapshot.services_by_network.get(network.id, ())
    return tuple(sorted(each.name for each in members if each.mode == "global"))


def _start_first(
    snapshot: Snapshot, network: Network, free: int, newcomers: int
) -> StartFirst | None:
    holders = snapshot.live_tasks_by_network.get(network.id, ())
    counts = Counter(task.service_id for task, addresses in holders if addresses)
    found = [
        (count, service)
        for service_id, count in counts.items()
        if (service := snapshot.service_by_id.get(service_id)) is not None and not service.is_job
    ]
    if not found:
        return None
    tasks, service = max(found, key=lambda each: (each[0], each[1].name))
    at_once = min(service.update_policy.parallelism or tasks, tasks)
    fit = Fit.IN_TURN if at_once <= free else Fit.NEVER
    if tasks + min(tasks, newcomers) <= free:
        fit = Fit.ALWAYS
    return StartFirst(service, tasks, at_once, fit)
