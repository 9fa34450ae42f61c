"""Plans for every kind of change: forward, on after a stop, back, and undone afterwards."""

from __future__ import annotations

from swarmtui.model import ServiceId, Snapshot
from swarmtui.operations import bridge, ingress, rearranging, undoing
from swarmtui.operations.plan import (
    BuildBridge,
    BuildIngress,
    Intent,
    Plan,
    Rearrange,
    Refusal,
    SpreadIngress,
)
from swarmtui.operations.service_steps import touched_names


def plan_operation(snapshot: Snapshot, intent: Intent) -> Plan | Refusal:
    """Plan a change, or say why not."""
    if isinstance(intent, Rearrange):
        return rearranging.plan_rearrangement(snapshot, intent)
    if isinstance(intent, BuildBridge):
        return bridge.plan_bridge(snapshot, intent)
    return ingress.plan_operation(snapshot, intent)


def plan_resume(snapshot: Snapshot, plan: Plan) -> Plan | Refusal:
    """Plan the rest of an operation that stopped part-way, from what is there now."""
    if isinstance(plan.intent, Rearrange):
        return rearranging.plan_again(snapshot, plan, plan.intent.after)
    if isinstance(plan.intent, BuildBridge):
        return bridge.plan_bridge_again(snapshot, plan, plan.intent.definition)
    return ingress.plan_resume(snapshot, plan)


def plan_rollback(snapshot: Snapshot, plan: Plan) -> Plan | Refusal:
    """Plan the way back to what was there before an operation, from what is there now."""
    if isinstance(plan.intent, Rearrange):
        return rearranging.plan_again(snapshot, plan, plan.intent.before)
    if isinstance(plan.intent, BuildBridge):
        return bridge.plan_bridge_again(snapshot, plan, plan.before.bridge)
    return ingress.plan_rollback(snapshot, plan)


def plan_undo(snapshot: Snapshot, plan: Plan) -> Plan | Refusal:
    """Plan a new operation that reverses one which has finished, or say what has changed since.

    Args:
        snapshot: The swarm now.
        plan: Of the operation that is to be undone.
    """
    if isinstance(plan.intent, Rearrange):
        return undoing.plan_undo(snapshot, plan.intent)
    if isinstance(plan.intent, BuildBridge) and plan.before.bridge is not None:
        back = BuildBridge(plan.before.bridge, plan.intent.lan_ranges)
        return bridge.plan_bridge(snapshot, back)
    if isinstance(plan.intent, BuildIngress) and plan.before.ingress is not None:
        return ingress.plan_undo(snapshot, plan.intent, plan.before.ingress)
    return Refusal("There is nothing to take back", (_NOTHING_BEFORE[type(plan.intent)],))


_NOTHING_BEFORE = {
    BuildIngress: "There was no working ingress network before it.",
    SpreadIngress: "It only brought the ingress to nodes that missed it.",
    BuildBridge: "There was no bridge before it.",
}


def touched(plan: Plan) -> tuple[tuple[str, ...], tuple[ServiceId, ...]]:
    """Return the names of the networks, and the services, that a plan may change."""
    services = dict.fromkeys(each.service_id for each in plan.before.publishers)
    names: tuple[str, ...] = ()
    if isinstance(plan.intent, Rearrange):
        names = touched_names(plan.intent)
        for arrangement in (plan.intent.before, plan.intent.after):
            services.update(dict.fromkeys(each.service_id for each in arrangement.services))
    return names, tuple(services)
