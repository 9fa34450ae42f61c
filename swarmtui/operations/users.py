"""Who uses a network, in words, for whoever wants to remove it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable

from swarmtui.model import Network, ServiceId, Snapshot, short_id
from swarmtui.operations.arrangement import services_on
from swarmtui.operations.network_sights import swarm_network
from swarmtui.operations.plan import Rearrange
from swarmtui.operations.wording import counted


def users_left(snapshot: Snapshot, intent: Rearrange) -> Iterable[str]:
    """Yield who is on networks that are to be removed, but for those that will have left them."""
    if intent.after.networks:
        return
    for name in intent.names:
        network = swarm_network(snapshot, name)
        if network is not None and not network.ingress:
            yield from _users_of(snapshot, network, intent.after.shape_by_id)


def _users_of(
    snapshot: Snapshot, network: Network, besides: Collection[ServiceId]
) -> Iterable[str]:
    """Yield the services, tasks and containers that use a network, each in a line."""
    live = snapshot.live_tasks_by_network.get(network.id, ())
    tasks = Counter(task.service_id for task, _ in live if not task.is_attachment)
    for service in services_on(snapshot, (network.name,)):
        count = tasks.pop(service.id, 0)
        if service.id not in besides:
            yield f"service {service.name}: {counted(count, 'task')} on {network.name}"
    for service_id, count in sorted(tasks.items()):
        if service_id not in besides:
            gone = snapshot.service_by_id.get(service_id)
            name = gone.name if gone else service_id[:12]
            still = f"{counted(count, 'task')} still on {network.name}"
            yield f"service {name}, which has left: {still}"
    for task, addresses in live:
        if task.is_attachment:
            where = f"{short_id(task.container_id)} on {snapshot.node_name(task.node_id)}"
            yield f"container {where}: {', '.join(addresses)} on {network.name}"
