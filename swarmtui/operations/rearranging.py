"""Plans that lead networks, and services on them, from one arrangement to another.

Like those for the ingress they are made anew for each run, from what the engine says by then.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from swarmtui.addressing import usage
from swarmtui.findings import stuck_services
from swarmtui.model import Network, NetworkId, Snapshot
from swarmtui.operations.advice import afterwards_of, checklist_of, network_risks
from swarmtui.operations.arrangement import Arrangement, Shape, present_shapes, shape_of
from swarmtui.operations.checks import free_subnet
from swarmtui.operations.conditions import (
    ClusterAnswers,
    Condition,
    DefinitionSound,
    NetworksAre,
    OnlyOn,
    ServicesSettled,
)
from swarmtui.operations.costs import rewiring_costs
from swarmtui.operations.definition import (
    ENCRYPTED_OPTION,
    MTU_OPTION,
    Definition,
    Range,
    fits,
)
from swarmtui.operations.network_sights import containers_on, swarm_network
from swarmtui.operations.network_steps import command_by_hand
from swarmtui.operations.plan import Before, Plan, Rearrange, Refusal
from swarmtui.operations.rearranging_steps import steps_towards, strangers
from swarmtui.operations.refusing import unmet, whereto
from swarmtui.operations.service_checks import service_reasons
from swarmtui.operations.service_steps import touched_names
from swarmtui.operations.sizing import shapes_need
from swarmtui.operations.users import users_left
from swarmtui.operations.wording import lowered
from swarmtui.operations.writes import Reshape

TEMPORARY_LABEL = "swarmtui.temporary"


def plan_rearrangement(snapshot: Snapshot, intent: Rearrange) -> Plan | Refusal:
    """Plan a change of networks and services, or say why not."""
    title = f"Cannot {lowered(intent.title)}"
    answers = unmet(snapshot, [ClusterAnswers()])
    if answers:
        return Refusal(title, answers, whereto(snapshot))
    if _stands(snapshot, intent):
        words = "interrupt services and " if intent.after.services else ""
        return Refusal(
            "It is like this already",
            (f"The change would {words}lead to what there is now.",),
            needless=True,
        )
    conditions = _preconditions(snapshot, intent)
    reasons = (*unmet(snapshot, conditions), *_reasons(snapshot, intent))
    if reasons:
        return Refusal(title, tuple(dict.fromkeys((*reasons, *users_left(snapshot, intent)))))
    return _planned(snapshot, intent, intent.after, conditions)


def plan_again(snapshot: Snapshot, plan: Plan, goal: Arrangement) -> Plan | Refusal:
    """Plan the rest of the way to one of the arrangements of a change, from what is there now."""
    assert isinstance(plan.intent, Rearrange)
    reasons = unmet(snapshot, [ClusterAnswers()])
    if reasons:
        return Refusal("The swarm cannot be changed now", reasons)
    foreign = strangers(snapshot, plan.intent)
    if foreign:
        return Refusal(
            "Somebody else made a network of the same name meanwhile",
            (f"{', '.join(foreign)} is not as this change would have made it.",),
            "Remove or keep it by hand, then come back here or dismiss the operation.",
        )
    return _planned(snapshot, plan.intent, goal, (ClusterAnswers(),))


def temporary_for(
    snapshot: Snapshot, like: Definition, shapes: Sequence[Shape], lan_ranges: Sequence[str]
) -> Definition:
    """Return a network that carries services while another one of a name makes room.

    Args:
        snapshot: The swarm.
        like: The network whose options it has, so that nothing goes in the clear that did not.
        shapes: The services that it has to carry.
        lan_ranges: Ranges in CIDR notation that it has to keep clear of.
    """
    taken = {network.name for network in snapshot.networks}
    name, number = f"{like.name}-moving", 1
    while name in taken:
        number += 1
        name = f"{like.name}-moving{number}"
    guests = len(containers_on(snapshot, like.name))
    needed = shapes_need(snapshot, shapes, containers=guests)
    subnet = free_subnet(snapshot, needed, lan_ranges=lan_ranges) or ""
    return Definition(
        name=name,
        ranges=(Range(subnet),) if subnet else (),
        options={k: v for k, v in like.options.items() if k in (ENCRYPTED_OPTION, MTU_OPTION)},
        labels={TEMPORARY_LABEL: like.name},
        attachable=like.attachable,
        internal=like.internal,
    )


def _planned(
    snapshot: Snapshot, intent: Rearrange, goal: Arrangement, conditions: Sequence[Condition]
) -> Plan:
    steps = steps_towards(snapshot, intent, goal)
    touched = {
        write.service_id for step in steps for write in step.writes if isinstance(write, Reshape)
    }
    shapes = {shape.service_id: shape for shape in goal.services}
    for identity in touched - shapes.keys():
        shapes[identity] = shape_of(snapshot, snapshot.service_by_id[identity])
    # Nobody is cut off while still on the network that is split.
    names = touched_names(intent) if intent.names else ()
    effects, seconds = rewiring_costs(snapshot, shapes.values(), names, steps)
    return Plan(
        intent=intent,
        title=intent.title,
        subject=intent.subject,
        cluster_id=snapshot.cluster.id if snapshot.cluster else "",
        before=Before(),
        steps=steps,
        preconditions=tuple(conditions),
        interruptions=effects,
        risks=network_risks(snapshot, intent, goal),
        checklist=checklist_of(snapshot, intent, goal),
        afterwards=afterwards_of(snapshot, intent, goal),
        seconds=seconds,
    )


def _preconditions(snapshot: Snapshot, intent: Rearrange) -> tuple[Condition, ...]:
    names = touched_names(intent)
    present = {name: swarm_network(snapshot, name) for name in names}
    services = tuple(
        dict.fromkeys(
            shape.service_id for shape in (*intent.before.services, *intent.after.services)
        )
    )
    found: list[Condition] = [
        ClusterAnswers(),
        NetworksAre({name: each.id if each else NetworkId("") for name, each in present.items()}),
    ]
    temporary = intent.temporary
    for wanted in intent.after.networks:
        network = present.get(wanted.name)
        if network is not None and fits(network, wanted):
            continue
        members = [shape for shape in intent.after.services if wanted.name in shape.networks]
        guests = max((len(containers_on(snapshot, name)) for name in intent.names), default=0)
        needed = shapes_need(snapshot, members, containers=guests) if members or guests else 0
        # To stand beside the old one, it has to have room of its own.
        beside = intent.gentle and temporary is None
        replaced = () if beside else tuple(each.name for each in intent.before.networks)
        found.append(DefinitionSound(wanted, intent.lan_ranges, replaced, needed))
    if temporary is not None:
        found.append(DefinitionSound(temporary, intent.lan_ranges))
    leaving = tuple(
        name
        for name in intent.names
        if present.get(name) is not None and not _kept(snapshot, name, intent.after)
    )
    if leaving:
        found.append(OnlyOn(leaving, services))
    # What waits for something that is gone waits for ever, unless it is changed.
    stuck = stuck_services(snapshot)
    settling = tuple(each for each in services if each not in stuck)
    if settling:
        found.append(ServicesSettled(settling))
    return tuple(found)


def _kept(snapshot: Snapshot, name: str, goal: Arrangement) -> bool:
    network = swarm_network(snapshot, name)
    wanted = next((each for each in goal.networks if each.name == name), None)
    return network is not None and wanted is not None and fits(network, wanted)


def _reasons(snapshot: Snapshot, intent: Rearrange) -> Iterable[str]:
    """Yield what keeps a change from being planned that no condition says."""
    known = {each.name for each in intent.before.networks}
    new = {each.name for each in intent.after.networks} - known
    for name in intent.names:
        network = swarm_network(snapshot, name)
        # A new network's name is checked with its definition.
        if network is None or name in new or _kept(snapshot, name, intent.after):
            continue
        yield from _network_reasons(snapshot, network, intent)
    if intent.temporary is not None and not intent.temporary.ranges:
        yield "There is no free subnet for the network that carries services meanwhile."
    yield from service_reasons(snapshot, intent)
    for shape in intent.after.services:
        service = snapshot.service_by_id.get(shape.service_id)
        if service is not None and service.is_job:
            yield f"{service.name} is a job: it would run again. Change it by hand."


def _network_reasons(snapshot: Snapshot, network: Network, intent: Rearrange) -> Iterable[str]:
    if network.ingress:
        yield (
            f"{network.name} is the ingress network: replace it with i in the explorer, or with "
            "swarmtui ingress replace."
        )
        return
    guests = containers_on(snapshot, network.name)
    if guests and not intent.by_hand:
        yield (
            f"Containers outside services are on {network.name}, and can only be moved on their "
            "own nodes. Disconnect them, or have the plan wait for you to move them:"
        )
        for each in guests:
            command = command_by_hand(each, "disconnect", network.name)
            yield f"on {snapshot.node_name(each.node_id)}: {command}"
    if not intent.after.networks:
        return
    if not network.is_allocated:
        yield f"{network.name} has no addresses, so that nothing runs on it: remove it."
        return
    use = usage(snapshot).get(network.id)
    for shape in intent.before.services:
        service = snapshot.service_by_id.get(shape.service_id)
        if service is None or network.name not in shape.networks:
            continue
        extra = service.update_policy.parallelism or shape.running
        eager = service.update_policy.order == "start-first" and shape.running
        if eager and intent.gentle and use and use.free is not None and use.free < extra:
            yield (
                f"{service.name} starts new tasks before old ones stop, and {network.name} has "
                f"{use.free} free addresses for {extra}: choose the quick way, or update it to "
                "--update-order stop-first."
            )


def _stands(snapshot: Snapshot, intent: Rearrange) -> bool:
    """Tell whether what a change leads to is there already."""
    goal = intent.after
    wanted = {each.name for each in goal.networks}
    if not all(_kept(snapshot, name, goal) for name in wanted):
        return False
    if any(swarm_network(snapshot, name) for name in intent.names if name not in wanted):
        return False
    now = {shape.service_id: shape for shape in present_shapes(snapshot, goal.services)}
    return all(
        _alike(now[each.service_id], each) for each in goal.services if each.service_id in now
    )


def _alike(now: Shape, wanted: Shape) -> bool:
    # The docker client keeps no order of networks, and to restore one would replace every task.
    return (set(now.wires), now.mode, set(now.ports)) == (
        set(wanted.wires),
        wanted.mode,
        set(wanted.ports),
    )
