"""Plans for the ingress network: towards what is wanted, from whatever there is now.

A plan is made anew for each run, also for resuming and for rolling back: it leads from the present
snapshot to a wanted ingress with the ports of before published on it, so that nothing depends on
how far an earlier run believed to have come.
"""

from __future__ import annotations

import msgspec

from swarmtui.model import Network, Snapshot
from swarmtui.operations.arrangement import numbered_ports, running_tasks
from swarmtui.operations.conditions import (
    ClusterAnswers,
    Condition,
    DefinitionSound,
    IngressAllocated,
    IngressIs,
    OnlyPublish,
    ServicesSettled,
)
from swarmtui.operations.costs import interruptions
from swarmtui.operations.definition import Definition, definition_of, fits
from swarmtui.operations.draft import draft_of
from swarmtui.operations.ingress_risks import engine_faults, ingress_risks
from swarmtui.operations.ingress_steps import spreading, steps_towards, verification
from swarmtui.operations.plan import (
    Before,
    BuildIngress,
    Plan,
    Publisher,
    Refusal,
    SpreadIngress,
)
from swarmtui.operations.refusing import unmet, whereto
from swarmtui.operations.sight import missing_nodes
from swarmtui.operations.wording import lowered

_TITLES = {
    "": "Replace the ingress network",
    "missing": "Create the missing ingress network",
    "unallocated": "Replace the ingress network that has no addresses",
}


def plan_operation(snapshot: Snapshot, intent: BuildIngress | SpreadIngress) -> Plan | Refusal:
    """Plan a change, or say why not."""
    if isinstance(intent, SpreadIngress):
        return _spread(snapshot, intent)
    present = [network for network in snapshot.networks if network.ingress]
    needless = None if intent.repair else _needless(present, intent.definition)
    if needless is not None:
        return needless
    before = _before(snapshot, present)
    publishing = tuple(each.service_id for each in before.publishers)
    preconditions: list[Condition] = [
        ClusterAnswers(),
        IngressIs(before.ingress_ids),
        DefinitionSound(intent.definition, intent.lan_ranges),
        OnlyPublish(publishing),
    ]
    if not intent.repair:
        # An ingress without addresses leaves updates hanging; its repair is what frees them.
        preconditions.append(ServicesSettled(publishing))
    reasons = unmet(snapshot, preconditions) or engine_faults(snapshot)
    title = _TITLES[intent.repair]
    if reasons:
        return Refusal(f"Cannot {lowered(title)}", reasons, whereto(snapshot))
    plan = Plan(
        intent=intent,
        title=title,
        subject=present[0].name if present else intent.definition.name,
        cluster_id=snapshot.cluster.id if snapshot.cluster else "",
        before=before,
        steps=(),
        preconditions=tuple(preconditions),
    )
    return _towards(snapshot, plan, intent.definition)


def plan_resume(snapshot: Snapshot, plan: Plan) -> Plan | Refusal:
    """Plan the rest of an operation that stopped part-way, from what is there now."""
    if isinstance(plan.intent, SpreadIngress):
        return _spread(snapshot, plan.intent, again=True)
    assert isinstance(plan.intent, BuildIngress)
    return _again(snapshot, plan, plan.intent.definition)


def plan_rollback(snapshot: Snapshot, plan: Plan) -> Plan | Refusal:
    """Plan the way back to what was there before an operation, from what is there now."""
    if isinstance(plan.intent, SpreadIngress):
        reason = "It only brought the ingress to nodes that missed it."
        return Refusal("There is nothing to take back", (reason,), needless=True)
    if plan.before.ingress is None and plan.before.publishers:
        return Refusal(
            "What was there before never worked",
            ("The ingress had no addresses, so that nothing could run on it.",),
            "Resume the operation instead.",
        )
    publishing = [each.name for each in snapshot.services if each.publishes_on_ingress]
    if plan.before.ingress is None and publishing:
        return Refusal(
            "Cannot go back to no ingress network",
            (f"{', '.join(sorted(publishing))} publish ports on the one there is now.",),
            "Dismiss the operation, and leave the ingress as it is.",
        )
    return _again(snapshot, plan, plan.before.ingress)


def plan_undo(snapshot: Snapshot, intent: BuildIngress, before: Definition) -> Plan | Refusal:
    """Plan to have the ingress again that a finished operation replaced."""
    present = [network for network in snapshot.networks if network.ingress]
    if len(present) != 1 or not fits(present[0], intent.definition):
        return Refusal(
            "Cannot be undone as it was",
            (f"The ingress is not {intent.definition.name} as it was left.",),
            "Replace it by the one that you want: swarmtui ingress replace",
        )
    back = BuildIngress(before, intent.at_once, lan_ranges=intent.lan_ranges)
    planned = plan_operation(snapshot, back)
    if isinstance(planned, Plan):
        return msgspec.structs.replace(planned, title="Undo the change of the ingress network")
    return planned


def plan_repair(snapshot: Snapshot, *, lan_ranges: tuple[str, ...] = ()) -> Plan | Refusal:
    """Plan whatever the ingress network needs: creating, replacing or spreading it."""
    present = [network for network in snapshot.networks if network.ingress]
    reasons = unmet(snapshot, [ClusterAnswers()])
    if reasons:
        return Refusal("The swarm cannot be read well enough", reasons, whereto(snapshot))
    if len(present) > 1:
        names = ", ".join(f"{each.name} ({each.id[:12]})" for each in present)
        return Refusal(
            "There is more than one ingress network",
            (f"{names} (swarmkit#2637).",),
            "Remove the one that no service uses: docker network rm ID",
        )
    if not present or not present[0].is_allocated:
        # What it was to be is lost: the engine shows neither subnet nor options of it.
        draft = draft_of(snapshot, lan_ranges=lan_ranges)
        return plan_operation(snapshot, draft.intent(lan_ranges))
    return plan_operation(snapshot, SpreadIngress())


def _spread(snapshot: Snapshot, intent: SpreadIngress, *, again: bool = False) -> Plan | Refusal:
    reasons = unmet(snapshot, [ClusterAnswers()])
    if reasons:
        return Refusal("The swarm cannot be read well enough", reasons, whereto(snapshot))
    ingress = next((network for network in snapshot.networks if network.ingress), None)
    if ingress is None or not ingress.is_allocated:
        return Refusal("There is no working ingress network", ("Create one first.",))
    missing = missing_nodes(snapshot, ingress)
    if not missing and not again:
        return Refusal(
            "There is nothing to repair",
            (f"{ingress.name} is allocated, and every Ready node carries it.",),
            needless=True,
        )
    return Plan(
        intent=intent,
        title="Bring the ingress network to every node",
        subject=ingress.name,
        cluster_id=snapshot.cluster.id if snapshot.cluster else "",
        before=Before(definition_of(ingress), (ingress.id,)),
        steps=(*spreading(missing), verification(ingress.name, ())),
        preconditions=(ClusterAnswers(), IngressIs((ingress.id,)), IngressAllocated(ingress.name)),
        seconds=2.0,
    )


def _again(snapshot: Snapshot, plan: Plan, target: Definition | None) -> Plan | Refusal:
    conditions: list[Condition] = [ClusterAnswers()]
    present = tuple(network for network in snapshot.networks if network.ingress)
    conditions.append(IngressIs(tuple(network.id for network in present)))
    reasons = unmet(snapshot, conditions)
    if reasons:
        return Refusal("The swarm cannot be changed now", reasons)
    before = _with_newcomers(snapshot, plan.before)
    plan = msgspec.structs.replace(plan, before=before, preconditions=tuple(conditions))
    return _towards(snapshot, plan, target)


def _towards(snapshot: Snapshot, plan: Plan, target: Definition | None) -> Plan:
    assert isinstance(plan.intent, BuildIngress)
    at_once = plan.intent.at_once
    steps = steps_towards(snapshot, target, plan.before, at_once=at_once)
    effects, seconds = interruptions(snapshot, plan.before.publishers, steps)
    return msgspec.structs.replace(
        plan,
        steps=steps,
        interruptions=effects,
        risks=ingress_risks(snapshot, plan.before.publishers, target),
        seconds=seconds,
    )


def _needless(present: list[Network], wanted: Definition) -> Refusal | None:
    if not present:
        return Refusal(
            "There is no ingress network to replace",
            ("The swarm has none.",),
            "Create one: swarmtui ingress repair",
        )
    if len(present) == 1 and fits(present[0], wanted):
        return Refusal(
            "The ingress is like this already",
            ("Replacing it would close every published port for a while and change nothing.",),
            "To bring it to nodes that miss it: swarmtui ingress repair",
            needless=True,
        )
    return None


def _before(snapshot: Snapshot, present: list[Network]) -> Before:
    working = next((network for network in present if network.is_allocated), None)
    return Before(
        ingress=definition_of(working) if working else None,
        ingress_ids=tuple(network.id for network in present),
        publishers=publishers_of(snapshot),
    )


def _with_newcomers(snapshot: Snapshot, before: Before) -> Before:
    """Return the publishers of before, with the ports that somebody has given them since."""
    found = {each.service_id: each for each in before.publishers}
    for now in publishers_of(snapshot):
        old = found.get(now.service_id)
        running = old.running if old else now.running
        found[now.service_id] = msgspec.structs.replace(now, running=running)
    publishers = tuple(sorted(found.values(), key=lambda each: each.name))
    return msgspec.structs.replace(before, publishers=publishers)


def publishers_of(snapshot: Snapshot) -> tuple[Publisher, ...]:
    """Return the services as they publish now, each port with its number (engine-facts D.4)."""
    return tuple(
        Publisher(
            service.id, service.name, numbered_ports(service), running_tasks(snapshot, service.id)
        )
        for service in sorted(snapshot.services, key=lambda each: each.name)
        if service.publishes_on_ingress
    )
