"""Looking whether networks and services are as a step wants them."""

from __future__ import annotations

from collections.abc import Collection

from swarmtui.model import (
    Network,
    Service,
    Snapshot,
    Task,
    short_id,
)
from swarmtui.operations.arrangement import services_on, wires_of
from swarmtui.operations.conditions import (
    ContainersFollow,
    ContainersLeft,
    NetworkAbsent,
    NetworkReady,
    NetworksAre,
    NetworkUnused,
    OnlyOn,
    PeersComplete,
    ServicesWired,
    Wired,
)
from swarmtui.operations.definition import fits
from swarmtui.operations.sight import (
    Sight,
    met,
    missing_nodes,
    never,
    not_yet,
    settled,
    shown,
    tasks_holding,
)


def swarm_network(snapshot: Snapshot, name: str) -> Network | None:
    """Return the swarm's network of a name, None where there is none."""
    return next((each for each in snapshot.networks if each.is_swarm and each.name == name), None)


def containers_on(snapshot: Snapshot, name: str) -> tuple[Task, ...]:
    """Return the attachments of containers outside services to a network (engine-facts 0.5)."""
    network = swarm_network(snapshot, name)
    if network is None:
        return ()
    holders = snapshot.live_tasks_by_network.get(network.id, ())
    return tuple(task for task, _ in holders if task.is_attachment)


def is_full(snapshot: Snapshot, name: str) -> bool:
    """Tell whether tasks wait for addresses on a network.

    They take each that is freed, so that a service which is to be on another network beside it
    loses tasks to them, and its update waits for ever.
    """
    network = swarm_network(snapshot, name)
    return network is not None and bool(snapshot.waiting_tasks_by_network.get(network.id))


def networks_are(condition: NetworksAre, snapshot: Snapshot) -> Sight:
    """Look whether names mean the same networks as before."""
    for name, identity in condition.network_ids.items():
        network = swarm_network(snapshot, name)
        if identity and network is None:
            return never(f"the network {name} is gone")
        if (network.id if network else "") != identity:
            return never(f"the network {name} is another one than when this was planned")
    return met("the networks are the ones that were planned with")


def only_on(condition: OnlyOn, snapshot: Snapshot) -> Sight:
    """Look whether somebody else's services came onto networks."""
    others = [
        service.name
        for service in services_on(snapshot, condition.networks)
        if service.id not in condition.service_ids
    ]
    if others:
        verb = "is" if len(others) == 1 else "are"
        return never(f"{shown(others)} {verb} on {', '.join(condition.networks)}")
    return met("no other service is on them")


def unused(condition: NetworkUnused, snapshot: Snapshot) -> Sight:
    """Look whether a network can be removed."""
    named = [service.name for service in services_on(snapshot, (condition.name,))]
    if named:
        return never(f"{shown(named)} {'are' if len(named) > 1 else 'is'} still on it")
    network = swarm_network(snapshot, condition.name)
    holders = tasks_holding(snapshot, network.id) if network else []
    if holders:
        names = sorted({_holder_name(snapshot, task) for task in holders})
        return not_yet(f"still on it: {shown(names)}")
    return met("nobody is on it")


def absent(condition: NetworkAbsent, snapshot: Snapshot) -> Sight:
    """Look whether a network is gone, here too."""
    if swarm_network(snapshot, condition.name) is not None:
        return not_yet("the swarm still lists it")
    if any(network.name == condition.name for network in snapshot.leftovers):
        return not_yet("this node still carries it; if that lasts, restart its engine")
    return met("the network is gone")


def ready(condition: NetworkReady, snapshot: Snapshot) -> Sight:
    """Look whether a network has come as it was wanted."""
    wanted = condition.definition
    network = swarm_network(snapshot, wanted.name)
    if network is None:
        return not_yet("the swarm does not list it yet")
    if not network.is_allocated:
        return not_yet(
            "the swarm has not given it addresses yet: its subnet may overlap another one, its "
            "VXLAN id may be taken, or the pools may be used up; the leader's log says which"
        )
    if not fits(network, wanted):
        return never(f"the network {wanted.name} is not as it was wanted; somebody else made it")
    return met(f"{network.name} has {', '.join(each.cidr for each in network.subnets)}")


def wired(condition: ServicesWired, snapshot: Snapshot) -> Sight:
    """Look whether services are where they are to be, and run there."""
    calm = settled(tuple(each.service_id for each in condition.services), snapshot)
    if calm.hopeless:
        return calm
    waiting = []
    for each in condition.services:
        service = snapshot.service_by_id.get(each.service_id)
        live = snapshot.live_tasks_by_service.get(each.service_id, ())
        words = _unwired(each, service, live, snapshot) if service is not None else ""
        if words:
            waiting.append(words)
    if waiting:
        return not_yet(shown(waiting, "; "))
    return calm if not calm.met else met("all have their addresses, and their tasks run")


def follow(condition: ContainersFollow, snapshot: Snapshot) -> Sight:
    """Look whether containers that a person has to move are on the other network too."""
    onto = {task.container_id for task in containers_on(snapshot, condition.onto)}
    left = [t for t in containers_on(snapshot, condition.network) if t.container_id not in onto]
    if left:
        return not_yet(f"connect to {condition.onto}: {_places(snapshot, left)}")
    return met("every container is on it too")


def left(condition: ContainersLeft, snapshot: Snapshot) -> Sight:
    """Look whether containers that a person has to move have left."""
    still = containers_on(snapshot, condition.network)
    if still:
        return not_yet(f"disconnect from {condition.network}: {_places(snapshot, still)}")
    return met("no container is on it")


def peers_complete(condition: PeersComplete, snapshot: Snapshot) -> Sight:
    """Look whether every node that runs something on a network carries it."""
    network = swarm_network(snapshot, condition.name)
    inspection = snapshot.inspections.get(network.id) if network else None
    if network is None or inspection is None or inspection.peers is None:
        return met("this node does not carry it, and so sees no peers of it")
    missing = sorted(node.hostname for node in missing_nodes(snapshot, network))
    if missing:
        return not_yet(f"no peers of it yet: {shown(missing)}")
    return met("every node that runs a task on it is a peer of it")


def _unwired(each: Wired, service: Service, live: Collection[Task], snapshot: Snapshot) -> str:
    """Return what a service lacks, empty where it lacks nothing."""
    names = {wire.network for wire in wires_of(snapshot, service)}
    down = {node.id for node in snapshot.nodes if node.state == "down"}
    for name in each.off:
        network = swarm_network(snapshot, name)
        if network is None:
            continue
        holders = [task for task in live if task.node_id not in down]
        held = {each.network_id for task in holders for each in task.attachments}
        if network.id in held or name in names:
            return f"{service.name} is still on {name}"
        # Removed before, the network could not take the address back.
        if network.id in {vip.network_id for vip in service.virtual_ips}:
            return f"{service.name} still has its virtual address on {name}"
    needed = []
    for name in each.on:
        network = swarm_network(snapshot, name)
        if network is None or name not in names:
            return f"{service.name} is not on {name}"
        has_address = network.id in {vip.network_id for vip in service.virtual_ips if vip.address}
        if has_address != (service.endpoint_mode == "vip"):
            what = "still has its" if has_address else "has no"
            return f"{service.name} {what} virtual address on {name}"
        needed.append(network.id)
    wanted = each.running if service.desired is None else min(each.running, service.desired)
    count = sum(
        task.state == "running"
        and task.desired_state == "running"
        and {a.network_id for a in task.attachments if a.addresses}.issuperset(needed)
        for task in live
    )
    if count < wanted and not service.is_job:
        return f"{service.name} runs {count} of {wanted} tasks"
    return ""


def _places(snapshot: Snapshot, tasks: Collection[Task]) -> str:
    return shown(
        sorted(
            f"{short_id(task.container_id)} on {snapshot.node_name(task.node_id)}" for task in tasks
        )
    )


def _holder_name(snapshot: Snapshot, task: Task) -> str:
    if task.is_attachment:
        return f"container {short_id(task.container_id)} on {snapshot.node_name(task.node_id)}"
    return snapshot.task_name(task)
