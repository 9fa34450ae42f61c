"""Plans that reverse a change of networks which is done, as long as what it led to still stands."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import msgspec

from swarmtui.model import Snapshot
from swarmtui.operations.arrangement import Arrangement, Shape, present_shapes
from swarmtui.operations.conditions import ClusterAnswers
from swarmtui.operations.definition import fits
from swarmtui.operations.network_sights import swarm_network
from swarmtui.operations.plan import Plan, Rearrange, Refusal
from swarmtui.operations.rearranging import plan_rearrangement, temporary_for
from swarmtui.operations.refusing import unmet, whereto
from swarmtui.operations.service_steps import touched_names
from swarmtui.operations.wording import lowered
from swarmtui.operations.writes import Port, Reshape

_UNDO = "Undo the change: "


def plan_undo(snapshot: Snapshot, intent: Rearrange) -> Plan | Refusal:
    """Plan the reverse of a change that is done, as long as what it led to still stands."""
    answers = unmet(snapshot, [ClusterAnswers()])
    if answers:
        return Refusal("Cannot be undone now", answers, whereto(snapshot))
    reasons = tuple(_changes_since(snapshot, intent))
    if reasons:
        return Refusal(
            "Cannot be undone as it was", reasons, "Plan the change that you want instead."
        )
    title = intent.title.removeprefix(_UNDO)
    if title == intent.title:
        title = f"{_UNDO}{lowered(title)}"
    else:
        title = f"{title[:1].upper()}{title[1:]}"
    back = msgspec.structs.replace(intent.reversed, title=title)
    present = {shape.service_id: shape for shape in present_shapes(snapshot, intent.after.services)}
    running = Arrangement(
        back.after.networks,
        tuple(
            msgspec.structs.replace(shape, running=present[shape.service_id].running)
            for shape in back.after.services
            if shape.service_id in present
        ),
    )
    back = msgspec.structs.replace(back, after=running)
    if back.temporary is not None:
        old = back.temporary
        (like, *_), carried = back.before.networks, back.before.services
        chosen = temporary_for(snapshot, like, carried, back.lan_ranges)
        names = tuple(name for name in back.names if name != old.name)
        back = msgspec.structs.replace(back, temporary=chosen, names=(*names, chosen.name))
    planned = plan_rearrangement(snapshot, back)
    if isinstance(planned, Refusal):
        return planned
    return msgspec.structs.replace(planned, risks=(*planned.risks, *_inexact(planned)))


def _inexact(plan: Plan) -> Iterable[str]:
    """Yield what does not come back wholly as it was before it was closed."""
    for write in plan.writes:
        if isinstance(write, Reshape):
            there = {(port.protocol, port.target) for port in write.ports_before}
            if any((port.protocol, port.target) not in there for port in write.ports):
                yield (
                    f"Ports of {write.name} come back with their numbers, protocols and modes; "
                    "names that they may have had do not."
                )


def _changes_since(snapshot: Snapshot, intent: Rearrange) -> Iterable[str]:
    """Yield what is no more as a finished change left it."""
    for definition in intent.after.networks:
        network = swarm_network(snapshot, definition.name)
        if network is None:
            yield f"The network {definition.name} is gone."
        elif not fits(network, definition):
            yield f"The network {definition.name} is not as it was left."
    left = {each.name for each in intent.after.networks}
    for name in intent.names:
        if name not in left and swarm_network(snapshot, name):
            yield f"There is a network {name} again."
    now = {shape.service_id: shape for shape in present_shapes(snapshot, intent.after.services)}
    before = intent.before.shape_by_id
    names = set(touched_names(intent))
    for shape in intent.after.services:
        present, old = now.get(shape.service_id), before.get(shape.service_id)
        if present is None:
            yield f"The service {shape.name} is gone."
        elif old is not None:
            yield from _differences(present, shape, old, names)


def _differences(now: Shape, left: Shape, old: Shape, names: set[str]) -> Iterable[str]:
    there, wanted = (
        {wire for wire in shape.wires if wire.network in names} for shape in (now, left)
    )
    if there != wanted:
        yield f"{now.name} is on other networks, or has other aliases, than it was left with."
    if left.mode not in (old.mode, now.mode):
        yield f"{now.name} has another endpoint mode than it was left with."
    if old.ports != left.ports and not _same_ports(now.ports, left.ports):
        yield f"{now.name} publishes other ports than it was left with."


def _same_ports(now: Sequence[Port], left: Sequence[Port]) -> bool:
    """Tell whether ports are those that were left; the engine chose numbers that were open."""
    spare = list(now)
    for port in left:
        chosen = (p for p in spare if port in (p, msgspec.structs.replace(p, published=0)))
        match = port if port in spare else next(chosen, None)
        if match is None:
            return False
        spare.remove(match)
    return not spare
