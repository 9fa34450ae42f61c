"""Words for every state in which there is less to see than usual."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from rich.text import Text

from swarmtui.model import Standing
from swarmtui.operations import State, activity_words
from swarmtui.render.text import clock_time, printable

if TYPE_CHECKING:
    from swarmtui.errors import SwarmtuiError
    from swarmtui.model import Activity, Engine, Lost, Snapshot
    from swarmtui.operations import Operation


@dataclass(frozen=True, slots=True)
class Notice:
    """What is the matter, why, and what to do.

    Attributes:
        tone: `error`, `warning` or `accent`.
    """

    title: str
    explanation: str
    hint: str
    tone: str


_STANDING_WORDS = {
    Standing.NO_SWARM: (
        "This engine is in no swarm",
        "It has local networks only; overlays need a swarm.",
        "Make one with docker swarm init, or read a manager: swarmtui --host ssh://MANAGER",
        "warning",
    ),
    Standing.JOINING: (
        "This node is joining a swarm",
        "It is not accepted yet, so it knows nothing of the swarm.",
        "Wait; if it lasts, check that it reaches the manager's port 2377/tcp.",
        "warning",
    ),
    Standing.LOCKED: (
        "This swarm is locked",
        "The manager restarted and needs its unlock key before it can tell anything.",
        "Unlock it with: docker swarm unlock",
        "error",
    ),
    Standing.FAILED: (
        "This node cannot take part in its swarm",
        "",
        "See docker info and the engine's log; often the node has to leave and join again.",
        "error",
    ),
    Standing.NO_LEADER: (
        "The swarm has no leader",
        "What is shown is from before, and networks of the swarm may be missing.",
        "Bring back enough managers that more than half of them are online.",
        "error",
    ),
}


def standing_notice(snapshot: Snapshot) -> Notice | None:
    """Return what to say about the node's place in the swarm, None on a healthy manager."""
    engine = snapshot.engine
    if engine.standing is Standing.WORKER:
        return _worker(engine)
    if engine.standing not in _STANDING_WORDS:
        return None
    title, explanation, hint, tone = _STANDING_WORDS[engine.standing]
    words = f"{explanation} The engine says: {engine.error}" if engine.error else explanation
    return Notice(title, words.strip(), hint, tone)


def lost_notice(lost: Lost, *, stale: bool) -> Notice:
    """Return what to say while the engine cannot be read.

    Args:
        lost: The failure.
        stale: Something from before is still on screen.
    """
    error = lost.error
    since = f"Not answering since {clock_time(lost.since)}"
    kept = ", what is shown is from before" if stale else ""
    again = f"{since}{kept}; attempt {lost.attempt}, next in {lost.retry_seconds:g} s."
    return Notice(error.title, f"{error.explanation} {again}".strip(), error.hint, "error")


def failure_notice(error: SwarmtuiError) -> Notice:
    """Return an error as a notice."""
    return Notice(error.title, error.explanation, error.hint, "error")


def operation_notice(operation: Operation) -> Notice:
    """Return what to say about an operation of this machine that is not over."""
    step = f"step {operation.step} of {operation.steps}" if operation.step else "beginning"
    if operation.state is State.RUNNING:
        words = operation.times[operation.step - 1].words if operation.step else ""
        told = f"{step}{': ' if words else ''}{words}"
        back = "Rolling back: " if operation.direction == "back" else ""
        return Notice(f"▶ {back}{operation.title}, {told}. o shows it.", "", "", "accent")
    title = f"✗ {operation.title} stopped part-way, {step}"
    return Notice(title, "", "Resume it, roll it back or dismiss it: o shows it.", "error")


def activity_notice(activity: Activity) -> Notice:
    """Return what to say about an operation that somebody runs from another machine."""
    return Notice(f"▶ {activity_words(activity)}", "", "", "accent")


def notice_text(
    snapshot: Snapshot | None,
    lost: Lost | None,
    *,
    source: str,
    operation: Operation | None = None,
    need: str = "",
) -> Text:
    """Return what stands under the header: what is the matter, or nothing when all is well.

    Args:
        snapshot: The newest; None before the first.
        lost: Why the engine cannot be read.
        source: The engine's address, for before it answers.
        operation: One of this machine that is not over.
        need: What could be repaired.
    """
    notices = [_of_engine(snapshot, lost, source)]
    if operation is not None:
        notices.append(operation_notice(operation))
    elif snapshot is not None and snapshot.activity is not None:
        notices.append(activity_notice(snapshot.activity))
    elif need:
        notices.append(Notice(f"! {need}. x reviews the repair.", "", "", "warning"))
    text = Text()
    for notice in filter(None, notices):
        text.append("\n" if text else "")
        text.append(printable(notice.title), style=notice.tone)
        for part in (notice.explanation, notice.hint):
            if part:
                text.append(f"\n{printable(part)}")
    return text


def _of_engine(snapshot: Snapshot | None, lost: Lost | None, source: str) -> Notice | None:
    if lost is not None:
        return lost_notice(lost, stale=snapshot is not None)
    if snapshot is not None:
        return standing_notice(snapshot)
    return Notice(f"Connecting to {source or 'the engine'}", "", "", "accent")


def _worker(engine: Engine) -> Notice:
    managers = ", ".join(each.address.rpartition(":")[0] for each in engine.managers)
    first = engine.managers[0].address.rpartition(":")[0] if engine.managers else "MANAGER"
    return Notice(
        "This node is a worker and shows its own view",
        f"The managers are {managers or 'not known here'}.",
        f"For the whole swarm read one of them: swarmtui --host ssh://{first}",
        "warning",
    )
