"""What the form for changing a network says of it, and of the ways to do it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from swarmtui.addressing import capacity
from swarmtui.operations import (
    Plan,
    Way,
    containers_on,
    is_full,
    plan_operation,
    services_on,
)
from swarmtui.render.drafts import definition_words
from swarmtui.render.plans import duration
from swarmtui.render.text import counted, printable

if TYPE_CHECKING:
    from swarmtui.model import Snapshot
    from swarmtui.operations import MigrationDraft

_SHOWN = 6
MIGRATION_FACTS = ("Now", "Needs", "Moves", "By hand")
"""What `migration_facts` tells, in order."""


def migration_facts(snapshot: Snapshot, draft: MigrationDraft, subnet: str) -> tuple[str, ...]:
    """Return what there is, what room is needed in a subnet, who moves, and what does not."""
    name = draft.base.name
    services = [each.name for each in services_on(snapshot, (name,))]
    guests = containers_on(snapshot, name)
    needed = draft.needed(snapshot)
    held = capacity(subnet) if subnet else 0
    room = f"{needed:,} addresses while tasks are replaced"
    shown = ", ".join(services[:_SHOWN])
    if len(services) > _SHOWN:
        shown += f" and {len(services) - _SHOWN} more"
    places = ", ".join(
        f"{task.container_id[:12]} on {snapshot.node_name(task.node_id)}" for task in guests
    )
    facts = (
        definition_words(draft.base),
        f"{room}; {subnet} holds {held:,}" if held else room,
        f"{counted(len(services), 'service')}: {shown}" if services else "no service is on it",
        f"{counted(len(guests), 'container')} outside services: {places}" if guests else "nothing",
    )
    return tuple(map(printable, facts))


def way_words(
    snapshot: Snapshot, draft: MigrationDraft, lan_ranges: tuple[str, ...]
) -> Mapping[Way, str]:
    """Return what each way promises and costs, in task replacements and time."""
    found, promises = {}, _promises(snapshot, draft.base.name)
    for way in Way:
        # What it costs does not depend on containers, which only keep it waiting.
        chosen = replace(draft, way=way, by_hand=True)
        planned = plan_operation(snapshot, chosen.intent(snapshot, lan_ranges))
        words = promises[way]
        if isinstance(planned, Plan):
            count = sum(each.tasks * each.replacements for each in planned.interruptions)
            cut = max((each.closed_seconds for each in planned.interruptions), default=0.0)
            words += f" {duration(cut)}" if cut else ""
            words += f"; {counted(count, 'replacement')}, {duration(planned.seconds)}"
        found[way] = words
    return found


def _promises(snapshot: Snapshot, name: str) -> Mapping[Way, str]:
    # All leave a full network at once.
    contact = "contact in part" if is_full(snapshot, name) else "contact kept"
    return {
        Way.IN_PLACE: f"same name, {contact}",
        Way.QUICK: "same name, cut off",
        Way.SIDE_BY_SIDE: f"new name, {contact}",
    }
