"""How many addresses services and nodes ask of a network, and who waits for one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from swarmtui.addressing import NetworkUse
from swarmtui.addressing.ranges import RESERVED_PER_SUBNET
from swarmtui.findings.finding import Sight
from swarmtui.model import Network, Service, Snapshot, Task

_UNDER_WAY = ("updating", "rollback_started")


@dataclass(frozen=True, slots=True)
class Queue:
    """Who waits for an address on a network that has not enough.

    Attributes:
        tasks: In state `new`, without any address (engine-facts C.3).
        services: Without the virtual address that they should have.
    """

    network: Network
    use: NetworkUse
    tasks: tuple[Task, ...]
    services: tuple[Service, ...]


@lru_cache(maxsize=1)
def queues(sight: Sight) -> tuple[Queue, ...]:
    """Return the networks that are too full for those who wait for an address on them.

    Whoever waits for another network besides, one without any addresses, is left out.
    """
    found = (_queue(sight, network) for network in sight.snapshot.networks)
    return tuple(queue for queue in found if queue is not None)


def _queue(sight: Sight, network: Network) -> Queue | None:
    snapshot, use = sight.snapshot, sight.usage.get(network.id)
    if use is None or use.free is None:
        return None
    tasks = tuple(_waiting(snapshot, network))
    services = tuple(
        service
        for service in services_on(snapshot, network)
        if _lacks_address(service, network) and _is_sound(snapshot, service)
    )
    wanting = len(tasks) + len(services)
    # A node that has no task there yet needs an address for its load-balancer too.
    if not wanting or use.free >= wanting + min(_absent(snapshot, network), len(tasks)):
        return None
    return Queue(network, use, tasks, services)


def services_on(snapshot: Snapshot, network: Network) -> tuple[Service, ...]:
    """Return the services of a network; of the ingress those that publish through it."""
    if network.ingress:
        return tuple(service for service in snapshot.services if service.publishes_on_ingress)
    return snapshot.services_by_network.get(network.id, ())


def wanted_addresses(snapshot: Snapshot, network: Network, *, replacing: bool = False) -> int:
    """Return how many addresses a network has to hold for all that is asked of it (C.1).

    Args:
        snapshot: The swarm.
        network: The network.
        replacing: Count every task twice, as while it is replaced.
    """
    services = services_on(snapshot, network)
    holders = snapshot.live_tasks_by_network.get(network.id, ())
    containers = sum(task.is_attachment for task, _ in holders)
    tasks = sum(snapshot.wanted_tasks(service) for service in services)
    nodes = len(snapshot.nodes)
    balancers = nodes if network.ingress else min(nodes, tasks + containers)
    virtual = sum(service.endpoint_mode == "vip" for service in services)
    reserved = RESERVED_PER_SUBNET * max(len(network.subnets), 1)
    return reserved + virtual + tasks * (2 if replacing else 1) + containers + balancers


def at_once(snapshot: Snapshot, service: Service) -> int:
    """Return how many tasks an update of a service replaces at a time."""
    count = snapshot.wanted_tasks(service)
    return min(service.update_policy.parallelism or count, count)


def is_updating(service: Service) -> bool:
    """Tell whether tasks of a service are being replaced."""
    return service.update_state in _UNDER_WAY


def newcomers(snapshot: Snapshot, network: Network) -> int:
    """Return how many nodes may yet come to hold a load-balancer address on a network."""
    holders = snapshot.live_tasks_by_network.get(network.id, ())
    return min(_absent(snapshot, network), len(holders))


def _absent(snapshot: Snapshot, network: Network) -> int:
    if network.ingress:
        return 0
    return len(
        snapshot.ready_node_ids - snapshot.busy_nodes_by_network.get(network.id, frozenset())
    )


def _waiting(snapshot: Snapshot, network: Network) -> Iterator[Task]:
    if network.ingress:
        publishers = {service.id for service in services_on(snapshot, network)}
        found = [
            task
            for task in snapshot.tasks
            if task.state == "new" and not task.attachments and task.service_id in publishers
        ]
    else:
        found = list(snapshot.waiting_tasks_by_network.get(network.id, ()))
    return (task for task in found if _can_be_had(snapshot, task.targets))


def _lacks_address(service: Service, network: Network) -> bool:
    return service.endpoint_mode == "vip" and not any(
        vip.network_id == network.id and vip.address for vip in service.virtual_ips
    )


def _is_sound(snapshot: Snapshot, service: Service) -> bool:
    return _can_be_had(snapshot, tuple(each.target for each in service.networks))


def _can_be_had(snapshot: Snapshot, targets: tuple[str, ...]) -> bool:
    found = (snapshot.network_by_id.get(snapshot.target_id(target)) for target in targets)
    return all(network is not None and network.is_allocated for network in found)


def failed_tasks(snapshot: Snapshot, words: str) -> tuple[Task, ...]:
    """Return the tasks whose error holds some words while nothing runs in their place.

    The engine keeps the last few tasks of every slot, so that one that failed may be long past.
    """
    failed = [task for task in snapshot.failed_tasks if words in task.error]
    if not failed:
        return ()
    running = {_place(task) for task in snapshot.tasks if task.state == "running"}
    return tuple(task for task in failed if _place(task) not in running)


def _place(task: Task) -> tuple[str, int | str]:
    """Return what a task and the one that replaces it have in common."""
    return task.service_id, task.slot or task.node_id
