"""Operations as their journals tell them: a table, and a page about one."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from rich.text import Text

from swarmtui import operations
from swarmtui.operations import State
from swarmtui.render.plans import afterwards_text, duration
from swarmtui.render.table import Column, Row
from swarmtui.render.text import NOTHING, counted, printable, toned, when

if TYPE_CHECKING:
    from swarmtui.model import Snapshot
    from swarmtui.operations import Operation, StepTimes

OPERATION_COLUMNS = (
    Column("state", "STATE", 11, "S", min_width=11),
    Column("operation", "OPERATION", 34, "O", flex=1, min_width=20),
    Column("step", "STEP", 7, "T", justify="right", min_width=5),
    Column("started", "STARTED (UTC)", 16, "A", min_width=16, priority=1),
    Column("who", "WHO", 16, "W", min_width=8, priority=2),
    Column("id", "ID", 20, "I", min_width=20, priority=1),
)

STATE_TONES = {
    State.RUNNING: "accent",
    State.STOPPED: "error",
    State.DONE: "good",
    State.ROLLED_BACK: "warning",
    State.DISMISSED: "dim",
}
_MARKS = {"reached": ("✓", "good"), "running": ("▶", "accent"), "stopped": ("✗", "error")}


def operation_rows(operations: tuple[Operation, ...]) -> list[Row]:
    """Return a row for each operation, the newest first."""
    return [
        Row(
            each.id,
            (
                toned(str(each.state), STATE_TONES[each.state]),
                each.title,
                f"{each.step}/{each.steps}",
                when(each.head.at),
                f"{each.head.who}@{each.head.host}",
                each.id,
            ),
            (str(each.state), each.title, each.step, each.head.at, each.head.who, each.id),
        )
        for each in sorted(operations, key=lambda each: (each.head.at, each.id), reverse=True)
    ]


def operation_document(operation: Operation) -> dict[str, Any]:
    """Return an operation for `--json`."""
    return {
        "id": operation.id,
        "title": operation.title,
        "state": str(operation.state),
        "started_at": operation.head.at,
        "step": operation.step,
        "steps": operation.steps,
    }


def operation_details(operation: Operation) -> dict[str, Any]:
    """Return an operation for `--json`, with its steps and why it stopped."""
    stopped = operation.stopped if operation.state is State.STOPPED else None
    return operation_document(operation) | {
        "direction": operation.direction,
        "who": operation.head.who,
        "host": operation.head.host,
        "journal": str(operation.path),
        "stopped": None
        if stopped is None
        else {"title": stopped.title, "explanation": stopped.explanation, "hint": stopped.hint},
        "plan": [
            {
                "title": step.title,
                "entered_at": times.entered_at,
                "reached_at": times.reached_at,
                "words": times.words,
            }
            for step, times in zip(operation.plan.steps, operation.times, strict=True)
        ],
    }


def operation_text(operation: Operation, now: datetime, snapshot: Snapshot | None = None) -> Text:
    """Return how an operation stands: its steps with their times, and what to do if it stopped.

    Args:
        operation: As its journal tells it.
        now: For how long the step that runs has taken.
        snapshot: For what is left where the runner did not live to tell.
    """
    text = Text(f"{printable(operation.title)}: {printable(operation.plan.subject)}\n")
    text.stylize("bold")
    text.append(f"{operation.id}  ", style="dim")
    text.append(_state_words(operation), style=STATE_TONES[operation.state])
    text.append(f"  {printable(operation.head.who)}@{printable(operation.head.host)}", style="dim")
    text.append("\n\n")
    for number, (step, times) in enumerate(
        zip(operation.plan.steps, operation.times, strict=True), 1
    ):
        mark, tone = _mark(operation, number, times)
        text.append(f" {mark} ", style=tone)
        text.append(f"{number:>2} {printable(step.title)}", style="bold" if mark == "▶" else "")
        text.append(f"  {_took(times, now, operation)}\n", style="dim")
        if times.words and not times.reached_at:
            text.append(f"      {printable(times.words)}\n", style="warning")
    _ending(text, operation, snapshot)
    return text


def leftover_text(snapshot: Snapshot | None, operation: Operation) -> Text:
    """Return what it means to leave an operation as it is."""
    text = Text(f"{printable(operation.title)} is left as it is now.\n\n")
    if snapshot is not None:
        text.append(
            f"{printable(operations.leftover(snapshot, operation.plan))}\n\n", style="warning"
        )
    text.append(
        "Its lock is given back, and swarmtui no longer offers to resume it or to roll it back. "
        "The journal stays."
    )
    return text


def step_line(operation: Operation, number: int) -> str:
    """Return one reached step in a line, for those who follow without a screen."""
    times, step = operation.times[number - 1], operation.plan.steps[number - 1]
    seconds = _seconds(times.entered_at, times.reached_at)
    return f"{number:>3}/{operation.steps} {printable(step.title)} ({duration(seconds)})"


def _state_words(operation: Operation) -> str:
    if operation.state is State.RUNNING and operation.direction == "back":
        return "rolling back"
    return str(operation.state)


def _mark(operation: Operation, number: int, times: StepTimes) -> tuple[str, str]:
    if times.reached_at:
        return _MARKS["reached"]
    if times.entered_at and number == operation.step:
        return _MARKS["running" if operation.state is State.RUNNING else "stopped"]
    return ("·", "dim")


def _took(times: StepTimes, now: datetime, operation: Operation) -> str:
    if not times.entered_at:
        return ""
    if times.reached_at:
        return duration(_seconds(times.entered_at, times.reached_at))
    if operation.state is State.RUNNING:
        return duration(max((now - datetime.fromisoformat(times.entered_at)).total_seconds(), 0))
    return NOTHING


def _seconds(begin: str, end: str) -> float:
    return (datetime.fromisoformat(end) - datetime.fromisoformat(begin)).total_seconds()


def _ending(text: Text, operation: Operation, snapshot: Snapshot | None) -> None:
    stopped = operation.stopped
    match operation.state:
        case State.RUNNING:
            text.append(
                "\nIt goes on by itself: leave this page, the program or the session freely.\n",
                style="dim",
            )
        case State.STOPPED:
            text.append(f"\n{printable(stopped.title) if stopped else 'Its process ended.'}\n")
            if stopped is not None:
                text.append(f"{printable(stopped.explanation)}\n", style="warning")
                text.append(f"{printable(stopped.hint)}\n", style="dim")
            elif snapshot is not None:
                text.append(
                    f"{printable(operations.leftover(snapshot, operation.plan))}\n", style="warning"
                )
            text.append("Both ways, forward and back, go on from what the swarm says by then.\n")
        case State.DISMISSED:
            words = operation.ended.words if operation.ended else ""
            text.append(f"\n{printable(words)}\n" if words else "\n", style="dim")
            if stopped is not None:
                text.append(f"{printable(stopped.title)}: {printable(stopped.explanation)}\n")
        case State.DONE | State.ROLLED_BACK:
            seconds = _seconds(operation.head.at, operation.ended.at) if operation.ended else 0
            count = counted(operation.steps, "step")
            text.append(f"\nAll {count} done in {duration(seconds)}.\n", style="good")
            text.append_text(afterwards_text(operation.plan))
