"""The line at the top: which engine, in what state, and whether what is shown is live."""

from __future__ import annotations

from rich.text import Text

from swarmtui.findings import Told
from swarmtui.model import Engine, Lost, Snapshot, Standing
from swarmtui.render.findings import severity_counts
from swarmtui.render.text import clock_time, counted, printable

_STANDING_WORDS = {
    Standing.WORKER: "worker",
    Standing.NO_LEADER: "manager, no leader",
    Standing.LOCKED: "locked",
    Standing.NO_SWARM: "no swarm",
    Standing.JOINING: "joining",
    Standing.FAILED: "failed",
}


def title_line(
    snapshot: Snapshot | None,
    lost: Lost | None,
    told: Told,
    *,
    read_only: bool,
    source: str,
    width: int,
) -> Text:
    """Return the header, the parts that matter least left out where it is narrow."""
    right = Text()
    if read_only:
        right.append("read-only" if width >= 60 else "RO", style="accent")
        right.append("  ")
    right.append_text(_liveness(snapshot, lost, width))
    if snapshot is not None and snapshot.problems and width >= 40:
        right.append("  ")
        right.append(counted(len(snapshot.problems), "problem"), style="warning")
    if told.counts and width >= 30:
        right.append("  ")
        right.append_text(severity_counts(told, short=width < 100))
    left = Text("swarmtui" if width >= 30 else "", style="bold")
    for part in _left_parts(snapshot, source):
        added = Text(f"{' · ' if len(left) > 8 else '  '}{printable(part)}")
        if len(left) + len(added) + len(right) + 2 > width:
            break
        left.append_text(added)
    left.append(" " * max(width - left.cell_len - right.cell_len, 1))
    left.append_text(right)
    return left


def standing_text(snapshot: Snapshot) -> str:
    """Return what the read node is to the swarm, such as `manager, leader`."""
    engine: Engine = snapshot.engine
    if engine.standing is Standing.MANAGER:
        node = snapshot.node_by_id.get(engine.node_id)
        return "manager, leader" if node and node.leader else "manager"
    return _STANDING_WORDS[engine.standing]


def _left_parts(snapshot: Snapshot | None, source: str) -> list[str]:
    if snapshot is None:
        return [source] if source else []
    parts = [snapshot.engine.name, standing_text(snapshot), f"engine {snapshot.engine.version}"]
    if snapshot.nodes:
        parts.append(counted(len(snapshot.nodes), "node"))
    return parts


def _liveness(snapshot: Snapshot | None, lost: Lost | None, width: int) -> Text:
    if lost is not None:
        since = f" since {clock_time(lost.since)}" if width >= 60 else ""
        return Text(f"○ lost{since}", style="error")
    if snapshot is None:
        return Text("… connecting", style="warning")
    stale = any(problem.stale_since for problem in snapshot.problems)
    if stale or snapshot.engine.standing is Standing.NO_LEADER:
        return Text("◐ partly stale", style="warning")
    return Text("● live", style="good")
