"""In what state a swarm is left when an operation stops part-way."""

from __future__ import annotations

from swarmtui.model import Snapshot
from swarmtui.operations.bridge import bridge_leftover
from swarmtui.operations.plan import Plan


def leftover(snapshot: Snapshot, plan: Plan) -> str:
    """Return in words what works and what does not, as of a snapshot."""
    if plan.is_local:
        return bridge_leftover(snapshot)
    present = [network for network in snapshot.networks if network.ingress]
    if not present:
        words = ["There is no ingress network now."]
    else:
        words = [
            f"The ingress is {network.name}"
            + (
                " with " + ", ".join(each.cidr for each in network.subnets) + "."
                if network.is_allocated
                else ", without addresses."
            )
            for network in present
        ]
    closed = sorted(
        each.name
        for each in plan.before.publishers
        if (service := snapshot.service_by_id.get(each.service_id))
        and not service.publishes_on_ingress
    )
    if closed:
        words.append(f"Closed are the ports of {', '.join(closed)}.")
    elif plan.before.publishers:
        words.append("Every service publishes its ports.")
    return " ".join(words)
