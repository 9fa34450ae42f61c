"""In what state a swarm is left when an operation stops part-way."""

from __future__ import annotations

from collections.abc import Iterable

from swarmtui.model import Snapshot
from swarmtui.operations.arrangement import services_on
from swarmtui.operations.bridge import bridge_leftover
from swarmtui.operations.network_sights import swarm_network
from swarmtui.operations.plan import Plan, Rearrange
from swarmtui.operations.service_steps import touched_names


def leftover(snapshot: Snapshot, plan: Plan) -> str:
    """Return in words what works and what does not, as of a snapshot."""
    if isinstance(plan.intent, Rearrange):
        return " ".join(_arranged(snapshot, plan.intent))
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


def _arranged(snapshot: Snapshot, intent: Rearrange) -> Iterable[str]:
    for name in touched_names(intent):
        network = swarm_network(snapshot, name)
        if network is None:
            yield f"There is no network {name}."
            continue
        ranges = ", ".join(each.cidr for each in network.subnets) or "no addresses"
        users = ", ".join(each.name for each in services_on(snapshot, (name,))) or "nobody"
        yield f"On {name} ({ranges}): {users}."
    cut = [
        shape.name
        for shape in intent.before.services
        if (service := snapshot.service_by_id.get(shape.service_id))
        and shape.networks
        and not service.networks
    ]
    if cut:
        yield f"On no network at all: {', '.join(cut)}."
