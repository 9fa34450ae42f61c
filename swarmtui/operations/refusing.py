"""What every planner says when it does not plan."""

from __future__ import annotations

from collections.abc import Iterable

from swarmtui.model import Snapshot, Standing
from swarmtui.operations.conditions import Condition
from swarmtui.operations.sights import look


def unmet(snapshot: Snapshot, conditions: Iterable[Condition]) -> tuple[str, ...]:
    """Return what is missing for conditions to hold."""
    sights = (look(condition, snapshot) for condition in conditions)
    return tuple(dict.fromkeys(sight.words for sight in sights if not sight.met))


def whereto(snapshot: Snapshot) -> str:
    """Return where to ask instead, where this node is a worker."""
    if snapshot.engine.standing is not Standing.WORKER:
        return ""
    managers = [each.address.rpartition(":")[0] for each in snapshot.engine.managers]
    return f"Ask a manager: swarmtui --host ssh://{managers[0] if managers else 'MANAGER'}"
