"""Looking whether a condition holds."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from swarmtui.model import (
    ServiceId,
    Snapshot,
    Standing,
    short_id,
)
from swarmtui.operations import network_sights
from swarmtui.operations.bridge_sights import look_locally
from swarmtui.operations.checks import ingress_faults, network_faults
from swarmtui.operations.conditions import (
    ClusterAnswers,
    Condition,
    ContainersFollow,
    ContainersLeft,
    DefinitionSound,
    IngressAllocated,
    IngressEverywhere,
    IngressIs,
    LocalCondition,
    NetworkAbsent,
    NetworkFree,
    NetworkGone,
    NetworkReady,
    NetworksAre,
    NetworkUnused,
    OnlyOn,
    OnlyPublish,
    PeersComplete,
    ServicesPublished,
    ServicesReleased,
    ServicesSettled,
    ServicesWired,
)
from swarmtui.operations.sight import (
    Sight,
    existing,
    met,
    missing_nodes,
    never,
    not_yet,
    settled,
    shown,
    tasks_holding,
)
from swarmtui.operations.wording import counted


def look(condition: Condition, snapshot: Snapshot) -> Sight:
    """Look whether a condition holds in a snapshot; without an answering cluster none does.

    Those of an engine that is in no swarm need that engine instead.
    """
    if isinstance(condition, LocalCondition):
        return look_locally(condition, snapshot)
    cluster = _cluster_answers(snapshot)
    if not cluster.met or isinstance(condition, ClusterAnswers):
        return cluster
    looker: Callable[[Condition, Snapshot], Sight] = _LOOKERS[type(condition)]
    return looker(condition, snapshot)


def _cluster_answers(snapshot: Snapshot) -> Sight:
    if snapshot.engine.standing is not Standing.MANAGER:
        return not_yet(f"this node is no manager with a leader ({snapshot.engine.standing})")
    for problem in snapshot.problems:
        if problem.part in ("nodes", "networks", "services", "tasks") and not problem.subject:
            return not_yet(f"the {problem.part} cannot be read: {problem.text}")
    return met("the swarm's leader answers")


def _ingress_is(condition: IngressIs, snapshot: Snapshot) -> Sight:
    present = {network.id for network in snapshot.networks if network.ingress}
    if present == set(condition.network_ids):
        return met("the ingress is the one that was planned with")
    return never("the ingress network is another one than when this was planned")


def _sound(condition: DefinitionSound, snapshot: Snapshot) -> Sight:
    wanted = condition.definition
    if wanted.ingress:
        faults = ingress_faults(snapshot, wanted, lan_ranges=condition.lan_ranges)
    else:
        faults = network_faults(
            snapshot,
            wanted,
            replaced=condition.replaced,
            needed=condition.needed,
            lan_ranges=condition.lan_ranges,
        )
    for fault in faults:
        if fault.fatal:
            return never(f"{fault.field}: {fault.words}")
    return met("nothing is in the way of the new network")


def _only_publish(condition: OnlyPublish, snapshot: Snapshot) -> Sight:
    others = [
        service.name
        for service in snapshot.services
        if service.publishes_on_ingress and service.id not in condition.service_ids
    ]
    if not others:
        return met("no other service publishes through the ingress")
    return never(f"{', '.join(sorted(others))} publish ports meanwhile")


def _services_settled(condition: ServicesSettled, snapshot: Snapshot) -> Sight:
    return settled(condition.service_ids, snapshot)


def _released(condition: ServicesReleased, snapshot: Snapshot) -> Sight:
    holding: dict[str, int] = {}
    for network_id in condition.network_ids:
        for task in tasks_holding(snapshot, network_id):
            if task.service_id in condition.service_ids:
                service = snapshot.service_by_id.get(task.service_id)
                name = service.name if service else short_id(task.service_id)
                holding[name] = holding.get(name, 0) + 1
    calm = settled(condition.service_ids, snapshot)
    if calm.hopeless:
        return calm
    if holding:
        count = counted(sum(holding.values()), "task")
        return not_yet(f"{count} still on the ingress: {', '.join(sorted(holding))}")
    published = [
        s.name for s in existing(snapshot, condition.service_ids) if s.publishes_on_ingress
    ]
    if published:
        return never(f"{', '.join(published)} publish again")
    return calm if not calm.met else met("no task of theirs is on the ingress")


def _network_free(condition: NetworkFree, snapshot: Snapshot) -> Sight:
    holders = tasks_holding(snapshot, condition.network_id)
    if not holders:
        return met("no task is on it")
    names = sorted({snapshot.task_name(task) for task in holders})
    return not_yet(f"{counted(len(holders), 'task')} still on it: {shown(names)}")


def _gone(condition: NetworkGone, snapshot: Snapshot) -> Sight:
    if condition.network_id in snapshot.network_by_id:
        return not_yet("the swarm still lists it")
    if any(network.id == condition.network_id for network in snapshot.leftovers):
        return not_yet("this node still carries it; if that lasts, restart its engine")
    return met("the network is gone")


def _allocated(condition: IngressAllocated, snapshot: Snapshot) -> Sight:
    present = [network for network in snapshot.networks if network.ingress]
    if len(present) > 1:
        return not_yet("there is more than one ingress network")
    if not present:
        return not_yet("the swarm does not list it yet")
    (network,) = present
    if network.name != condition.name:
        return never(f"somebody created the ingress {network.name}")
    if not network.is_allocated:
        return not_yet("the swarm has not given it addresses yet")
    return met(f"{network.name} has {', '.join(each.cidr for each in network.subnets)}")


def _everywhere(_: IngressEverywhere, snapshot: Snapshot) -> Sight:
    network = next((each for each in snapshot.networks if each.ingress), None)
    if network is None:
        return not_yet("there is no ingress network")
    ready = [node for node in snapshot.nodes if node.is_ready]
    inspection = snapshot.inspections.get(network.id)
    if inspection is None or inspection.peers is None:
        return not_yet(f"peers 0 of {len(ready)}: this node has not got it yet")
    missing = sorted(node.hostname for node in missing_nodes(snapshot, network))
    count = f"peers {len(ready) - len(missing)} of {len(ready)}"
    if missing:
        return not_yet(f"{count}: {', '.join(missing)} missing")
    return met(count)


def _published(condition: ServicesPublished, snapshot: Snapshot) -> Sight:
    ingress = next((each for each in snapshot.networks if each.ingress), None)
    if ingress is None:
        return not_yet("there is no ingress network")
    calm = settled(tuple(each.service_id for each in condition.services), snapshot)
    if calm.hopeless:
        return calm
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
        return not_yet(shown(waiting, "; ", 3))
    return calm if not calm.met else met("all have an address, and their tasks run")


_LOOKERS: Mapping[type, Callable[[Any, Snapshot], Sight]] = {
    IngressIs: _ingress_is,
    DefinitionSound: _sound,
    OnlyPublish: _only_publish,
    ServicesSettled: _services_settled,
    ServicesReleased: _released,
    NetworkFree: _network_free,
    NetworkGone: _gone,
    IngressAllocated: _allocated,
    IngressEverywhere: _everywhere,
    ServicesPublished: _published,
    NetworksAre: network_sights.networks_are,
    OnlyOn: network_sights.only_on,
    NetworkUnused: network_sights.unused,
    NetworkAbsent: network_sights.absent,
    NetworkReady: network_sights.ready,
    ServicesWired: network_sights.wired,
    ContainersFollow: network_sights.follow,
    ContainersLeft: network_sights.left,
    PeersComplete: network_sights.peers_complete,
}
