"""The line at the top: which engine, in what state, and whether what is shown is live."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from rich.text import Text

from swarmtui.model import Standing
from swarmtui.render.findings import severity_counts
from swarmtui.render.text import age_words, clock_time, counted, printable

if TYPE_CHECKING:
    from swarmtui.findings import Told
    from swarmtui.model import Engine, Lost, Snapshot

DEFAULT_SOCKET = "unix:///var/run/docker.sock"
STALE_SECONDS = 5.0
STALE_INTERVALS = 3

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
    origin: str = "",
    age: str = "",
    width: int,
) -> Text:
    """Return the header, the parts that matter least left out where it is narrow.

    Args:
        snapshot: The newest; None before the first.
        lost: Why the engine cannot be read.
        told: What is wrong.
        read_only: Whether nothing can be changed.
        source: The engine's address.
        origin: Who named it; empty where nobody did.
        age: How old the snapshot is, in words; empty while it is as young as it should be.
        width: In cells.
    """
    right = Text()
    if read_only:
        right.append("read-only" if width >= 60 else "RO", style="accent")
        right.append("  ")
    right.append_text(_liveness(snapshot, lost, age, width))
    if snapshot is not None and snapshot.problems and width >= 40:
        right.append("  ")
        right.append(counted(len(snapshot.problems), "problem"), style="warning")
    if told.counts and width >= 30:
        right.append("  ")
        right.append_text(severity_counts(told, short=width < 100))
    left = Text("swarmtui" if width >= 30 else "", style="bold")
    parts = _left_parts(snapshot, source)
    if snapshot is not None and parts:
        addresses = (f"{parts[0]} via {each}" for each in engine_addresses(source, origin))
        room = width - right.cell_len - left.cell_len - 4
        parts[0] = next((each for each in addresses if Text(each).cell_len <= room), parts[0])
    for part in parts:
        added = Text(f"{' · ' if len(left) > 8 else '  '}{printable(part)}")
        if len(left) + len(added) + len(right) + 2 > width:
            break
        left.append_text(added)
    left.append(" " * max(width - left.cell_len - right.cell_len, 1))
    left.append_text(right)
    return left


def engine_addresses(source: str, origin: str) -> tuple[str, ...]:
    """Return how to name an engine that somebody chose, the longest name first.

    Nothing for the engine that everybody reads who chooses none.
    """
    if not origin or source == DEFAULT_SOCKET:
        return ()
    if origin.startswith("context ") and origin != "context default":
        return (origin,)
    host = urlsplit(source).hostname
    return (source, host) if host else (source.removeprefix("unix://"),)


def stale_words(age_seconds: float, interval_seconds: float) -> str:
    """Return how old an answer is that is older than it should be; empty for a younger one."""
    fresh_seconds = max(STALE_SECONDS, STALE_INTERVALS * interval_seconds)
    return age_words(age_seconds) if age_seconds >= fresh_seconds else ""


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


def _liveness(snapshot: Snapshot | None, lost: Lost | None, age: str, width: int) -> Text:
    if lost is not None:
        since = f" since {clock_time(lost.since)}" if width >= 60 else ""
        return Text(f"○ lost{since}", style="error")
    if snapshot is None:
        return Text("… connecting", style="warning")
    if age:
        return Text(f"◐ {'answer ' if width >= 60 else ''}{age} old", style="warning")
    stale = any(problem.stale_since for problem in snapshot.problems)
    if stale or snapshot.engine.standing is Standing.NO_LEADER:
        return Text("◐ partly stale", style="warning")
    return Text("● live", style="good")
