"""How many addresses an ingress needs, and how long replacing tasks takes."""

from __future__ import annotations

import math

from swarmtui.model import Service, Snapshot

START_SECONDS = 2.0
"""What a container takes to start where its image is there, for estimates."""


def needed_addresses(snapshot: Snapshot) -> int:
    """Return how many addresses the ingress has to hold (engine-facts D.4).

    Network, gateway and broadcast, each node's load-balancer, each publishing service's virtual
    address, and each of their tasks twice: old and new side by side while they are replaced.
    """
    publishing = [each for each in snapshot.services if each.publishes_on_ingress]
    tasks = sum(wanted_tasks(snapshot, each) for each in publishing)
    return 3 + len(snapshot.nodes) + len(publishing) + 2 * tasks


def wanted_tasks(snapshot: Snapshot, service: Service) -> int:
    """Return how many tasks a service is to have."""
    if service.replicas is not None:
        return service.replicas
    if service.desired is not None:
        return service.desired
    return sum(task.service_id == service.id and task.is_live for task in snapshot.tasks)


def pass_seconds(snapshot: Snapshot, service: Service) -> float:
    """Estimate how long replacing every task of a service takes at most (engine-facts D.2)."""
    count = wanted_tasks(snapshot, service)
    if count == 0:
        return 1.0
    policy = service.update_policy
    batches = math.ceil(count / policy.parallelism) if policy.parallelism else 1
    each = policy.stop_grace_seconds + START_SECONDS
    return batches * each + (batches - 1) * policy.delay_seconds + policy.monitor_seconds
