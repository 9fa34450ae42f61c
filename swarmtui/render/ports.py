"""The table of every published port of the swarm."""

from __future__ import annotations

from typing import TYPE_CHECKING

from swarmtui.render.services import task_counts
from swarmtui.render.table import Column, Row
from swarmtui.render.text import NOTHING, toned

if TYPE_CHECKING:
    from swarmtui.model import Snapshot

PORT_COLUMNS = (
    Column("port", "PORT", 8, "P", justify="right", min_width=5),
    Column("protocol", "PROTO", 5, "R", min_width=5),
    Column("mode", "MODE", 8, "M", min_width=7),
    Column("service", "SERVICE", 16, "S", flex=1, min_width=10),
    Column("target", "TARGET", 6, "T", justify="right", min_width=6),
    Column("where", "ANSWERS ON", 26, "A", flex=1, min_width=10, priority=1),
    Column("tasks", "TASKS", 7, "K", justify="right", min_width=5, priority=2),
)


def port_rows(snapshot: Snapshot) -> list[Row]:
    """Return a row for every published port, by number."""
    rows = []
    for service in snapshot.services:
        running, desired = task_counts(snapshot, service)
        for port in service.ports:
            if port.mode == "host":
                names = sorted(
                    snapshot.node_name(task.node_id)
                    for task in snapshot.tasks
                    if task.service_id == service.id and task.state == "running"
                )
                where = ", ".join(dict.fromkeys(names)) or "no node"
            else:
                where = "every node" if running else "no task answers"
            number = str(port.published) if port.published else NOTHING
            tone = "good" if running >= desired and running else "warning"
            rows.append(
                Row(
                    f"{port.protocol}/{port.published}/{service.id}/{port.target}/{port.mode}",
                    (
                        number,
                        port.protocol,
                        port.mode,
                        service.name,
                        str(port.target),
                        where,
                        toned(f"{running}/{desired}", tone if desired else "dim"),
                    ),
                    (
                        port.published,
                        port.protocol,
                        port.mode,
                        service.name.lower(),
                        port.target,
                        where,
                        running,
                    ),
                )
            )
    return sorted(rows, key=lambda row: (row.sort_values[0] or 0, row.key))
