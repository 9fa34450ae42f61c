"""The table of nodes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from swarmtui.render.table import Column, Row
from swarmtui.render.text import NOTHING, toned

if TYPE_CHECKING:
    from swarmtui.model import Node, Snapshot

NODE_COLUMNS = (
    Column("name", "NODE", 16, "N", flex=2, min_width=8),
    Column("role", "ROLE", 16, "R", min_width=7),
    Column("state", "STATE", 12, "S", min_width=5),
    Column("availability", "AVAILABILITY", 12, "V", min_width=6, priority=1),
    Column("address", "ADDRESS", 15, "A", min_width=13),
    Column("engine", "ENGINE", 14, "E", flex=1, min_width=7, priority=2),
    Column("tasks", "TASKS", 5, "T", justify="right", min_width=5, priority=3),
    Column("platform", "PLATFORM", 14, wide=True),
    Column("id", "ID", 25, wide=True),
)


def node_rows(snapshot: Snapshot) -> list[Row]:
    """Return a row for every node, managers first."""
    counts: dict[str, int] = {}
    for task in snapshot.tasks:
        if task.state == "running":
            counts[task.node_id] = counts.get(task.node_id, 0) + 1
    ordered = sorted(snapshot.nodes, key=lambda n: (n.role != "manager", n.hostname, n.id))
    return [_row(node, counts.get(node.id, 0)) for node in ordered]


def role_text(node: Node) -> str:
    """Return the role, with `leader` or the trouble that a manager is in."""
    if node.leader:
        return "manager, leader"
    if node.reachability and node.reachability != "reachable":
        return f"manager, {node.reachability}"
    return node.role


def _row(node: Node, tasks: int) -> Row:
    available = node.availability == "active"
    return Row(
        node.id,
        (
            node.hostname or node.id[:12],
            toned(role_text(node), "error") if "un" in role_text(node) else role_text(node),
            toned(node.state, "good" if node.is_ready else "error"),
            node.availability if available else toned(node.availability, "warning"),
            node.address or NOTHING,
            node.engine_version or NOTHING,
            str(tasks),
            f"{node.os}/{node.architecture}",
            node.id,
        ),
        (
            node.hostname.lower(),
            role_text(node),
            node.state,
            node.availability,
            node.address,
            node.engine_version,
            tasks,
            node.os,
            node.id,
        ),
    )
