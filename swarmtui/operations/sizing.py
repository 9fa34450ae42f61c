"""How many addresses an ingress needs, and how long replacing tasks takes."""

from __future__ import annotations

import math
from collections.abc import Iterable

from swarmtui.model import Service, Snapshot
from swarmtui.operations.arrangement import Shape

START_SECONDS = 2.0
"""What a container takes to start where its image is there, for estimates."""
PATIENCE = 3.0
"""A wait may take this many times its estimate, and never less than LEAST_DEADLINE."""
LEAST_DEADLINE = 60.0
ALLOCATION_DEADLINE = 30.0


def needed_addresses(snapshot: Snapshot) -> int:
    """Return how many addresses the ingress has to hold (engine-facts D.4).

    Network, gateway and broadcast, each node's load-balancer, each publishing service's virtual
    address, and each of their tasks twice: old and new side by side while they are replaced.
    """
    publishing = [each for each in snapshot.services if each.publishes_on_ingress]
    tasks = sum(snapshot.wanted_tasks(each) for each in publishing)
    return 3 + len(snapshot.nodes) + len(publishing) + 2 * tasks


def pass_seconds(snapshot: Snapshot, service: Service) -> float:
    """Estimate how long replacing every task of a service takes at most (engine-facts D.2)."""
    count = snapshot.wanted_tasks(service)
    if count == 0:
        return 1.0
    policy = service.update_policy
    batches = math.ceil(count / policy.parallelism) if policy.parallelism else 1
    each = policy.stop_grace_seconds + START_SECONDS
    return batches * each + (batches - 1) * policy.delay_seconds + policy.monitor_seconds


def shapes_need(snapshot: Snapshot, shapes: Iterable[Shape], *, containers: int = 0) -> int:
    """Return how many addresses a network has to hold for these services (engine-facts C.2).

    Network, gateway and broadcast, each node's load-balancer, each service's virtual address, each
    task twice, old and new side by side while they are replaced, and containers outside services.
    """
    total = 3 + containers
    members = [
        (shape, snapshot.service_by_id[shape.service_id])
        for shape in shapes
        if shape.service_id in snapshot.service_by_id
    ]
    if members or containers:
        total += len(snapshot.nodes)
    for shape, service in members:
        total += (shape.mode == "vip") + 2 * snapshot.wanted_tasks(service)
    return total
