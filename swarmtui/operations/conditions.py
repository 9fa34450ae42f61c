"""What has to hold before a step or after it: data, and one function that looks."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from swarmtui.model import (
    NetworkId,
    PeerState,
    Service,
    ServiceId,
    Snapshot,
    Standing,
    carrying_nodes,
)
from swarmtui.operations.checks import ingress_faults
from swarmtui.operations.definition import Definition

ACTIVE_UPDATES = ("updating", "rollback_started")
STUCK_UPDATES = ("paused", "rollback_paused")


class ClusterAnswers(msgspec.Struct, frozen=True, tag=True):
    """A manager of a swarm with a leader answers, and everything could be read."""


class IngressIs(msgspec.Struct, frozen=True, tag=True):
    """These are all ingress networks that there are."""

    network_ids: tuple[NetworkId, ...]


class DefinitionSound(msgspec.Struct, frozen=True, tag=True):
    """The engine would take this ingress and allocate it, and nothing is in its way."""

    definition: Definition
    lan_ranges: tuple[str, ...] = ()


class OnlyPublish(msgspec.Struct, frozen=True, tag=True):
    """No service but these publishes ports through the ingress."""

    service_ids: tuple[ServiceId, ...]


class ServicesSettled(msgspec.Struct, frozen=True, tag=True):
    """No update of these services is under way or has stopped half-way."""

    service_ids: tuple[ServiceId, ...]


class ServicesReleased(msgspec.Struct, frozen=True, tag=True):
    """No live task of these services holds an address on these networks."""

    service_ids: tuple[ServiceId, ...]
    network_ids: tuple[NetworkId, ...]


class NetworkFree(msgspec.Struct, frozen=True, tag=True):
    """No live task at all holds an address on the network (engine-facts D.2)."""

    network_id: NetworkId


class NetworkGone(msgspec.Struct, frozen=True, tag=True):
    """The swarm no longer lists the network, and the cluster answered too (engine-facts 0.4)."""

    network_id: NetworkId


class IngressAllocated(msgspec.Struct, frozen=True, tag=True):
    """There is one ingress, it has this name, and it can carry endpoints (engine-facts 0.3)."""

    name: str


class IngressEverywhere(msgspec.Struct, frozen=True, tag=True):
    """Every Ready node is a peer of the ingress (engine-facts 0.1, moby#40184)."""


class Expected(msgspec.Struct, frozen=True):
    """What a service is to be like once it publishes again.

    Attributes:
        running: How many tasks ran before; fewer are enough when fewer are wanted by then.
    """

    service_id: ServiceId
    name: str
    running: int


class ServicesPublished(msgspec.Struct, frozen=True, tag=True):
    """Each service has a virtual address on the ingress, and its tasks run on it."""

    services: tuple[Expected, ...]


Condition = (
    ClusterAnswers
    | IngressIs
    | DefinitionSound
    | OnlyPublish
    | ServicesSettled
    | ServicesReleased
    | NetworkFree
    | NetworkGone
    | IngressAllocated
    | IngressEverywhere
    | ServicesPublished
)


class Sight(msgspec.Struct, frozen=True):
    """How a condition stands.

    Attributes:
        words: What is missing, or what is reached, for people.
        hopeless: It will not come to hold by waiting.
    """

    met: bool
    words: str
    hopeless: bool = False


def look(condition: Condition, snapshot: Snapshot) -> Sight:
    """Look whether a condition holds in a snapshot."""
    if not isinstance(condition, ClusterAnswers):
        cluster = _cluster_answers(snapshot)
        if not cluster.met:
            return cluster
    match condition:
        case ClusterAnswers():
            return _cluster_answers(snapshot)
        case IngressIs():
            return _ingress_is(condition, snapshot)
        case DefinitionSound():
            return _sound(condition, snapshot)
        case OnlyPublish():
            return _only_publish(condition, snapshot)
        case ServicesSettled():
            return _settled(condition.service_ids, snapshot)
        case ServicesReleased():
            return _released(condition, snapshot)
        case NetworkFree():
            return _network_free(condition, snapshot)
        case NetworkGone():
            gone = condition.network_id not in snapshot.network_by_id
            return Sight(gone, "the network is gone" if gone else "the swarm still lists it")
        case IngressAllocated():
            return _allocated(condition, snapshot)
        case IngressEverywhere():
            return _everywhere(snapshot)
        case ServicesPublished():
            return _published(condition, snapshot)


def _cluster_answers(snapshot: Snapshot) -> Sight:
    if snapshot.engine.standing is not Standing.MANAGER:
        return Sight(False, f"this node is no manager with a leader ({snapshot.engine.standing})")
    for problem in snapshot.problems:
        if problem.part in ("nodes", "networks", "services", "tasks") and not problem.subject:
            return Sight(False, f"the {problem.part} cannot be read: {problem.text}")
    return Sight(True, "the swarm's leader answers")


def _ingress_is(condition: IngressIs, snapshot: Snapshot) -> Sight:
    present = {network.id for network in snapshot.networks if network.ingress}
    if present == set(condition.network_ids):
        return Sight(True, "the ingress is the one that was planned with")
    return Sight(False, "the ingress network is another one than when this was planned", True)


def _sound(condition: DefinitionSound, snapshot: Snapshot) -> Sight:
    faults = ingress_faults(snapshot, condition.definition, lan_ranges=condition.lan_ranges)
    for fault in faults:
        if fault.fatal:
            return Sight(False, f"{fault.field}: {fault.words}", True)
    return Sight(True, "nothing is in the way of the new network")


def _only_publish(condition: OnlyPublish, snapshot: Snapshot) -> Sight:
    others = [
        service.name
        for service in snapshot.services
        if service.publishes_on_ingress and service.id not in condition.service_ids
    ]
    if not others:
        return Sight(True, "no other service publishes through the ingress")
    return Sight(False, f"{', '.join(sorted(others))} publish ports meanwhile", True)


def _chosen(snapshot: Snapshot, service_ids: tuple[ServiceId, ...]) -> Iterator[Service]:
    """Yield the services that still exist; one that somebody removed needs nothing any more."""
    for service_id in service_ids:
        service = snapshot.service_by_id.get(service_id)
        if service is not None:
            yield service


def _settled(service_ids: tuple[ServiceId, ...], snapshot: Snapshot) -> Sight:
    services = list(_chosen(snapshot, service_ids))
    for service in services:
        if service.update_state in STUCK_UPDATES:
            told = service.update_message or "the engine does not say why"
            return Sight(False, f"the update of {service.name} is paused: {told}", True)
    active = [each.name for each in services if each.update_state in ACTIVE_UPDATES]
    if active:
        return Sight(False, f"the engine still updates {', '.join(active)}")
    return Sight(True, "no update is under way")


def _released(condition: ServicesReleased, snapshot: Snapshot) -> Sight:
    holding: dict[str, int] = {}
    for network_id in condition.network_ids:
        for task, _ in snapshot.live_tasks_by_network.get(network_id, ()):
            if task.service_id in condition.service_ids:
                name = snapshot.task_name(task).rpartition(".")[0]
                holding[name] = holding.get(name, 0) + 1
    settled = _settled(condition.service_ids, snapshot)
    if settled.hopeless:
        return settled
    if holding:
        count = sum(holding.values())
        return Sight(False, f"{_tasks(count)} still on the ingress: {', '.join(sorted(holding))}")
    published = [s.name for s in _chosen(snapshot, condition.service_ids) if s.publishes_on_ingress]
    if published:
        return Sight(False, f"{', '.join(published)} publish again", True)
    return settled if not settled.met else Sight(True, "no task of theirs is on the ingress")


def _network_free(condition: NetworkFree, snapshot: Snapshot) -> Sight:
    holders = snapshot.live_tasks_by_network.get(condition.network_id, ())
    if not holders:
        return Sight(True, "no task is on it")
    names = sorted({snapshot.task_name(task) for task, _ in holders})
    shown = ", ".join(names[:4]) + (" ..." if len(names) > 4 else "")
    return Sight(False, f"{_tasks(len(holders))} still on it: {shown}")


def _allocated(condition: IngressAllocated, snapshot: Snapshot) -> Sight:
    present = [network for network in snapshot.networks if network.ingress]
    if len(present) > 1:
        return Sight(False, "there is more than one ingress network")
    if not present:
        return Sight(False, "the swarm does not list it yet")
    (network,) = present
    if network.name != condition.name:
        return Sight(False, f"somebody created the ingress {network.name}", True)
    if not network.is_allocated:
        return Sight(False, "the swarm has not given it addresses yet")
    return Sight(True, f"{network.name} has {', '.join(each.cidr for each in network.subnets)}")


def _everywhere(snapshot: Snapshot) -> Sight:
    network = next((each for each in snapshot.networks if each.ingress), None)
    if network is None:
        return Sight(False, "there is no ingress network")
    ready = [node for node in snapshot.nodes if node.is_ready]
    inspection = snapshot.inspections.get(network.id)
    if inspection is None or inspection.peers is None:
        return Sight(False, f"peers 0 of {len(ready)}: this node has not got it yet")
    missing = [
        peer.node.hostname
        for peer in carrying_nodes(snapshot, network)
        if peer.state is PeerState.MISSING and peer.node is not None and peer.node.is_ready
    ]
    count = f"peers {len(ready) - len(missing)} of {len(ready)}"
    if missing:
        return Sight(False, f"{count}: {', '.join(sorted(missing))} missing")
    return Sight(True, count)


def _published(condition: ServicesPublished, snapshot: Snapshot) -> Sight:
    ingress = next((each for each in snapshot.networks if each.ingress), None)
    if ingress is None:
        return Sight(False, "there is no ingress network")
    settled = _settled(tuple(each.service_id for each in condition.services), snapshot)
    if settled.hopeless:
        return settled
    running: dict[ServiceId, int] = {}
    for task, addresses in snapshot.live_tasks_by_network.get(ingress.id, ()):
        if task.state == "running" and task.desired_state == "running" and addresses:
            running[task.service_id] = running.get(task.service_id, 0) + 1
    waiting: list[str] = []
    for each in condition.services:
        service = snapshot.service_by_id.get(each.service_id)
        if service is None:
            continue
        if not any(vip.network_id == ingress.id and vip.address for vip in service.virtual_ips):
            waiting.append(f"{service.name} has no address on it yet")
            continue
        wanted = each.running if service.desired is None else min(each.running, service.desired)
        count = running.get(service.id, 0)
        if count < wanted and not service.is_job:
            waiting.append(f"{service.name} {count} of {wanted} tasks run on it")
    if waiting:
        shown = "; ".join(waiting[:3]) + (" ..." if len(waiting) > 3 else "")
        return Sight(False, shown)
    return settled if not settled.met else Sight(True, "all have an address, and their tasks run")


def _tasks(count: int) -> str:
    return f"{count} task{'' if count == 1 else 's'}"
