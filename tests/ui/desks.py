"""A desk whose runners are the tests themselves: they write the journals."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import msgspec

from swarmtui.operations import BuildIngress, Definition, Desk, Operation, Plan, Range
from swarmtui.operations import plan_operation as plan_of
from swarmtui.operations.journal import Journal
from swarmtui.operations.lines import Ended, Entered, Intended, Line, Noted, Reached, Run, Stopped
from tests.builders import NOW, busy_snapshot

_NULL = msgspec.Raw(b"null")
MESH = Definition("mesh", (Range("10.77.0.0/24", "10.77.0.9"),), ingress=True)


@dataclass
class Asked:
    """What a runner was asked for."""

    path: Path
    direction: str
    take_over: str


@dataclass(slots=True)
class PaperDesk(Desk):
    """Writes down which runners it would start."""

    asked: list[Asked] = field(default_factory=list)
    stopped: list[str] = field(default_factory=list)

    def run(self, path: Path, *, direction: str = "forward", take_over: str = "") -> Any:
        if not self.read_only:
            self.asked.append(Asked(path, direction, take_over))
        return SimpleNamespace(poll=lambda: 0)

    def stop(self, operation: Operation) -> bool:
        self.stopped.append(operation.id)
        return True


def paper_desk(folder: Path, *, read_only: bool = False) -> PaperDesk:
    """Return a desk at which the time is the snapshots'."""
    return PaperDesk(
        folder=folder,
        flags=(),
        engine="unix:///var/run/docker.sock",
        who="ann",
        host="node1",
        now=lambda: NOW + timedelta(seconds=75),
        mark=lambda: "abcd",
        read_only=read_only,
    )


def mesh_plan() -> Plan:
    """Return a plan for the busy swarm."""
    planned = plan_of(busy_snapshot(), BuildIngress(MESH))
    assert isinstance(planned, Plan)
    return planned


def moment(seconds: float) -> str:
    return (NOW + timedelta(seconds=seconds)).isoformat(timespec="milliseconds")


def begun(desk: PaperDesk, plan: Plan | None = None) -> Path:
    """Write the journal of an operation that was begun at the snapshots' time."""
    now = desk.now
    desk.now = lambda: datetime.fromisoformat(moment(0))
    try:
        return desk.begin(plan or mesh_plan())
    finally:
        desk.now = now


def lines_until(step: int, *, direction: str = "forward", words: str = "") -> Sequence[Line]:
    """Return the lines of a run that has just entered a step, ten seconds for each before it."""
    plan = mesh_plan()
    found: list[Line] = [Run(direction, 4711, plan, moment(1))]
    for number in range(1, step + 1):
        found.append(Entered(number, moment(10 * number)))
        if number == 1:
            found.append(Intended(1, "POST", "/x", {}, _NULL, moment(10)))
        if number < step:
            found.append(Reached(number, moment(10 * number + 9)))
    if words:
        found.append(Noted(step, words, moment(10 * step + 1)))
    return found


def finished(desk: PaperDesk, plan: Plan) -> Path:
    """Write the journal of a plan that was carried out, a second for each step."""
    path = begun(desk, plan)
    lines: list[Line] = [Run("forward", 4711, plan, moment(1))]
    for number in range(1, len(plan.steps) + 1):
        lines += [Entered(number, moment(number)), Reached(number, moment(number + 1))]
    write(path, *lines)
    end(path)
    return path


def stop_line() -> Stopped:
    return Stopped(
        "Stopped in: Remove the network ingress",
        "Waited 60 seconds in vain: the swarm still lists it. There is no ingress network now. "
        "Closed are the ports of web.",
        "Resume it, roll it back, or dismiss it.",
        moment(60),
    )


def write(path: Path, *lines: Line) -> None:
    """Add lines to a journal, as a runner that has died since."""
    with Journal(path) as journal:
        for line in lines:
            journal.append(line)


def end(path: Path, outcome: str = "done") -> None:
    write(path, Ended(outcome, "", moment(90)))


@contextmanager
def running(path: Path, *lines: Line) -> Iterator[Journal]:
    """Be the runner of a journal."""
    with Journal(path) as journal:
        for line in lines:
            journal.append(line)
        yield journal
