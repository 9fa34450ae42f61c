"""The table of tasks."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from rich.text import Text

from swarmtui.addressing import address_value
from swarmtui.model import short_id
from swarmtui.render.table import Column, Row
from swarmtui.render.text import NOTHING, toned, when

if TYPE_CHECKING:
    from swarmtui.model import Snapshot, Task

TASK_COLUMNS = (
    Column("name", "TASK", 18, "N", flex=2, min_width=10),
    Column("state", "STATE", 12, "S", min_width=8),
    Column("node", "NODE", 10, "O", flex=1, min_width=7),
    Column("addresses", "ADDRESSES", 22, "A", flex=2, min_width=13, priority=1),
    Column("error", "ERROR", 20, "E", flex=3, min_width=8, priority=2),
    Column("desired", "DESIRED", 9, "D", wide=True),
    Column("networks", "NETWORKS", 24, "W", wide=True),
    Column("since", "SINCE (UTC)", 16, "C", wide=True),
    Column("id", "ID", 25, wide=True),
)

_TONES = {"running": "good", "complete": "dim", "shutdown": "dim", "remove": "dim"}
_FAILED = frozenset(("failed", "rejected", "orphaned"))


def task_rows(snapshot: Snapshot, tasks: Iterable[Task] | None = None) -> list[Row]:
    """Return a row for every task: live ones first, then by name."""
    chosen = snapshot.tasks if tasks is None else tasks
    named = [(snapshot.task_name(task), task) for task in chosen]
    # One text each: sorting holds the interpreter, and comparing tuples takes five times as long.
    named.sort(key=lambda each: f"{int(not each[1].is_live)}{each[0]}\0{each[1].id}")
    return [_row(snapshot, name, task) for name, task in named]


def state_cell(snapshot: Snapshot, task: Task) -> Text:
    """Return the state of a task; on a node that is down it is not what it says."""
    node = snapshot.node_by_id.get(task.node_id)
    if task.is_live and node is not None and not node.is_ready:
        return toned("node down", "error")
    tone = "error" if task.state in _FAILED else _TONES.get(task.state, "warning")
    return toned(task.state, tone)


def _row(snapshot: Snapshot, name: str, task: Task) -> Row:
    addresses = [address for each in task.attachments for address in each.addresses]
    networks = ", ".join(
        known.name if (known := snapshot.network_by_id.get(each.network_id)) else "removed"
        for each in task.attachments
    )
    if task.is_attachment:
        name = f"container {short_id(task.container_id)}"
    held = ", ".join(addresses)
    return Row(
        task.id,
        (
            name,
            state_cell(snapshot, task),
            snapshot.node_name(task.node_id) or NOTHING,
            held if task.is_live and held else toned(held or NOTHING, "dim"),
            task.error or NOTHING,
            task.desired_state,
            networks or NOTHING,
            when(task.since),
            task.id,
        ),
        (
            name.lower(),
            task.state,
            snapshot.node_name(task.node_id),
            address_value(addresses[0]) if addresses else None,
            task.error or None,
            task.desired_state,
            networks,
            task.since,
            task.id,
        ),
        "" if task.is_live else "dim",
    )
