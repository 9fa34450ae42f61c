"""Looking whether a condition holds on an engine that is in no swarm."""

from __future__ import annotations

from swarmtui.model import Snapshot, Standing
from swarmtui.operations.bridge_checks import bridge_faults, bridge_fits
from swarmtui.operations.conditions import (
    BridgeFree,
    BridgeIs,
    BridgeMade,
    BridgeSound,
    EngineAnswers,
    LocalCondition,
)
from swarmtui.operations.sight import Sight, met, never, not_yet, shown


def look_locally(condition: LocalCondition, snapshot: Snapshot) -> Sight:
    """Look whether a condition holds; without an answering engine out of a swarm none does."""
    answers = _answers(snapshot)
    if not answers.met:
        return answers
    match condition:
        case EngineAnswers():
            return answers
        case BridgeIs():
            return _bridge_is(condition, snapshot)
        case BridgeFree():
            return _free(snapshot)
        case BridgeSound():
            return _sound(condition, snapshot)
        case BridgeMade():
            return _made(condition, snapshot)


def _answers(snapshot: Snapshot) -> Sight:
    if snapshot.engine.standing is not Standing.NO_SWARM:
        return never(f"this engine is in a swarm ({snapshot.engine.standing})")
    for problem in snapshot.problems:
        if problem.part == "networks" and not problem.subject:
            return not_yet(f"the networks cannot be read: {problem.text}")
    return met("the engine answers and is in no swarm")


def _bridge_is(condition: BridgeIs, snapshot: Snapshot) -> Sight:
    present = {network.id for network in snapshot.networks if network.is_gateway_bridge}
    if present == set(condition.network_ids):
        return met("docker_gwbridge is as planned with" if present else "there is none")
    if not condition.network_ids:
        return not_yet("the engine still lists docker_gwbridge")
    return not_yet("docker_gwbridge is another one than when this was planned")


def _free(snapshot: Snapshot) -> Sight:
    bridge = snapshot.gateway_bridge
    if bridge is None:
        return met("there is no docker_gwbridge")
    inspection = snapshot.inspections.get(bridge.id)
    if inspection is None:
        return not_yet("who is on docker_gwbridge cannot be read")
    names = sorted(each.name or each.key for each in inspection.endpoints)
    if not names:
        return met("nobody is on docker_gwbridge")
    return not_yet(f"still on docker_gwbridge: {shown(names)}")


def _sound(condition: BridgeSound, snapshot: Snapshot) -> Sight:
    for fault in bridge_faults(snapshot, condition.definition, lan_ranges=condition.lan_ranges):
        if fault.fatal:
            return never(f"{fault.field}: {fault.words}")
    return met("nothing is in the way of the new bridge")


def _made(condition: BridgeMade, snapshot: Snapshot) -> Sight:
    bridge = snapshot.gateway_bridge
    if bridge is None:
        return not_yet("the engine does not list docker_gwbridge yet")
    if not bridge_fits(bridge, condition.definition):
        return never("docker_gwbridge is not as it was asked for")
    return met(f"docker_gwbridge has {', '.join(each.cidr for each in bridge.subnets)}")
