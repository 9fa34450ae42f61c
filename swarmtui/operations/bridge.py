"""Plans for the gateway bridge of an engine that is in no swarm (engine-facts A.1).

An engine of a swarm keeps its bridge in use, so that only a person on the node can replace it: see
the runbook.
"""

from __future__ import annotations

import msgspec

from swarmtui.model import NetworkId, Snapshot, Standing
from swarmtui.model.network import GATEWAY_BRIDGE
from swarmtui.operations.bridge_checks import bridge_faults, bridge_fits
from swarmtui.operations.conditions import (
    BridgeFree,
    BridgeIs,
    BridgeMade,
    BridgeSound,
    EngineAnswers,
)
from swarmtui.operations.definition import Definition, create_command, definition_of
from swarmtui.operations.plan import Before, BuildBridge, Plan, Refusal, Step
from swarmtui.operations.refusing import unmet
from swarmtui.operations.sights import look
from swarmtui.operations.wording import lowered
from swarmtui.operations.writes import CreateNetwork, RemoveNetwork, command_of

_DEADLINE_SECONDS = 30.0
_SECONDS_PER_WRITE = 1.0


def plan_bridge(snapshot: Snapshot, intent: BuildBridge) -> Plan | Refusal:
    """Plan another gateway bridge, or say why not."""
    if snapshot.engine.standing is not Standing.NO_SWARM:
        return Refusal(
            "This engine is in a swarm",
            ("Its gateway bridge is in use there, and the engine does not let go of it.",),
            "Follow the runbook for this node: swarmtui bridge rebuild",
        )
    bridge = snapshot.gateway_bridge
    if bridge is not None and bridge_fits(bridge, intent.definition):
        return Refusal(
            "docker_gwbridge is like this already",
            ("There is nothing to change.",),
            needless=True,
        )
    present = (bridge.id,) if bridge is not None else ()
    preconditions = (
        EngineAnswers(),
        BridgeIs(present),
        BridgeFree(),
        BridgeSound(intent.definition, intent.lan_ranges),
    )
    reasons = unmet(snapshot, preconditions)
    title = "Rebuild the gateway bridge" if present else "Create the gateway bridge"
    if reasons:
        occupied = not look(BridgeFree(), snapshot).met
        hint = "Stop or disconnect who is on it, and try again." if occupied else ""
        return Refusal(f"Cannot {lowered(title)}", reasons, hint)
    plan = Plan(
        intent=intent,
        title=title,
        subject=GATEWAY_BRIDGE,
        cluster_id=snapshot.realm,
        before=Before(
            bridge=definition_of(bridge) if bridge is not None else None, bridge_ids=present
        ),
        steps=(),
        preconditions=preconditions,
        risks=tuple(
            f"{fault.field}: {fault.words}"
            for fault in bridge_faults(snapshot, intent.definition, lan_ranges=intent.lan_ranges)
        ),
    )
    return _towards(snapshot, plan, intent.definition)


def plan_bridge_again(snapshot: Snapshot, plan: Plan, target: Definition | None) -> Plan | Refusal:
    """Plan the rest of an operation that stopped, or its way back, from what is there now."""
    present = tuple(each.id for each in snapshot.networks if each.is_gateway_bridge)
    preconditions = (EngineAnswers(), BridgeIs(present))
    reasons = unmet(snapshot, preconditions)
    if reasons:
        return Refusal("The engine cannot be changed now", reasons)
    plan = msgspec.structs.replace(plan, preconditions=preconditions)
    return _towards(snapshot, plan, target)


def bridge_leftover(snapshot: Snapshot) -> str:
    """Return in words what there is, as of a snapshot."""
    bridge = snapshot.gateway_bridge
    if bridge is None:
        return "There is no docker_gwbridge now; joining a swarm would make one."
    return f"docker_gwbridge has {', '.join(each.cidr for each in bridge.subnets)}."


def _towards(snapshot: Snapshot, plan: Plan, target: Definition | None) -> Plan:
    steps = _steps(snapshot, target)
    writes = sum(len(step.writes) for step in steps)
    return msgspec.structs.replace(plan, steps=steps, seconds=writes * _SECONDS_PER_WRITE)


def _steps(snapshot: Snapshot, target: Definition | None) -> tuple[Step, ...]:
    steps: list[Step] = []
    bridge = snapshot.gateway_bridge
    fits = bridge is not None and target is not None and bridge_fits(bridge, target)
    if bridge is not None and not fits:
        removal = RemoveNetwork(bridge.id, bridge.name)
        steps.append(
            Step(
                title=f"Remove {bridge.name}",
                why="The subnet and the options of a bridge are settled when it is made. The "
                "engine takes the link out of the kernel with it, so that brctl is not needed.",
                writes=(removal,),
                requires=(EngineAnswers(), BridgeIs((bridge.id,)), BridgeFree()),
                until=(BridgeIs(()),),
                undo=(CreateNetwork(definition_of(bridge)),),
                commands=(command_of(removal),),
                deadline_seconds=_DEADLINE_SECONDS,
            )
        )
    if target is not None and not fits:
        steps.append(
            Step(
                title=f"Create {target.name}",
                why="Before the node joins a swarm: joining makes one with the engine's own "
                "choices only where there is none.",
                writes=(CreateNetwork(target),),
                requires=(EngineAnswers(), BridgeIs(())),
                until=(BridgeMade(target),),
                undo=(RemoveNetwork(NetworkId(""), target.name),),
                commands=(create_command(target),),
                deadline_seconds=_DEADLINE_SECONDS,
            )
        )
    if target is not None:
        steps.append(
            Step(
                title="Verify",
                why="What a swarm finds when the node joins it.",
                until=(BridgeMade(target),),
                commands=(f"docker network inspect {GATEWAY_BRIDGE}",),
                deadline_seconds=_DEADLINE_SECONDS,
            )
        )
    return tuple(steps)
