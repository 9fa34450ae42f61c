"""An operation as its journal tells it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from swarmtui.operations.journal import JournalTail, is_in_use, read_journal
from swarmtui.operations.lines import (
    Answered,
    Ended,
    Entered,
    Head,
    Image,
    Intended,
    Line,
    Noted,
    Reached,
    Run,
    Stopped,
)
from swarmtui.operations.plan import Plan


class State(StrEnum):
    """What has become of an operation."""

    RUNNING = "running"
    STOPPED = "stopped"
    DONE = "done"
    ROLLED_BACK = "rolled-back"
    DISMISSED = "dismissed"


@dataclass(frozen=True, slots=True)
class StepTimes:
    """When a step of the last run began and was reached, and the last that was said of it."""

    entered_at: str = ""
    reached_at: str = ""
    words: str = ""


@dataclass(frozen=True, slots=True)
class Operation:
    """An operation, as far as it has come.

    Attributes:
        plan: Of its last run, or as it was reviewed before there is one.
        step: The step of the last run that was entered last; 0 before the first.
        times: One for each step of the last run.
        stopped: Why the last run stopped; None while it goes on and once it is over.
        changed: Something was sent to the engine.
        direction: Of the last run: `forward` or `back`.
    """

    id: str
    path: Path
    head: Head
    state: State
    plan: Plan
    step: int
    times: tuple[StepTimes, ...]
    stopped: Stopped | None
    ended: Ended | None
    changed: bool
    direction: str
    process: int

    @property
    def title(self) -> str:
        """Return what it does."""
        return self.head.plan.title

    @property
    def steps(self) -> int:
        """Return how many steps the last run has."""
        return len(self.plan.steps)

    @property
    def is_over(self) -> bool:
        """Tell whether nothing is left to do or decide."""
        return self.state not in (State.RUNNING, State.STOPPED)


@dataclass(slots=True)
class _Progress:
    plan: Plan
    direction: str = "forward"
    process: int = 0
    step: int = 0
    entered: dict[int, str] = field(default_factory=dict)
    reached: dict[int, str] = field(default_factory=dict)
    words: dict[int, str] = field(default_factory=dict)
    stopped: Stopped | None = None
    ended: Ended | None = None
    changed: bool = False

    def take(self, line: Line) -> None:
        match line:
            case Run():
                self.plan, self.direction, self.process = line.plan, line.direction, line.process
                self.step, self.stopped = 0, None
                self.entered, self.reached, self.words = {}, {}, {}
            case Entered():
                self.step = line.step
                self.entered[line.step] = line.at
            case Intended():
                self.changed = True
            case Answered() if line.outcome != "done":
                self.words[line.step] = line.words
            case Noted():
                self.words[line.step] = line.words
            case Reached():
                self.reached[line.step] = line.at
            case Stopped():
                self.stopped = line
            case Ended():
                self.ended = line
            case _:
                pass


def operation_of(path: Path, lines: Sequence[Line], *, in_use: bool) -> Operation:
    """Return what the lines of a journal come to."""
    head = lines[0]
    assert isinstance(head, Head)
    progress = _Progress(head.plan)
    for line in lines[1:]:
        progress.take(line)
    if progress.ended is not None:
        state = State(progress.ended.outcome)
    else:
        state = State.RUNNING if in_use else State.STOPPED
    return Operation(
        id=head.id,
        path=path,
        head=head,
        state=state,
        plan=progress.plan,
        step=progress.step,
        times=tuple(
            StepTimes(
                progress.entered.get(number, ""),
                progress.reached.get(number, ""),
                progress.words.get(number, ""),
            )
            for number in range(1, len(progress.plan.steps) + 1)
        ),
        stopped=progress.stopped,
        ended=progress.ended,
        changed=progress.changed,
        direction=progress.direction,
        process=progress.process,
    )


def read_operation(path: Path) -> Operation:
    """Read an operation from its journal.

    Raises:
        JournalUnusable: It cannot be read.
    """
    # Asked first: a runner that ends in between has written its last line by then.
    in_use = is_in_use(path)
    return operation_of(path, read_journal(path), in_use=in_use)


def images_of(lines: Sequence[Line]) -> dict[tuple[str, str], Image]:
    """Return the first image of each object, by kind and id."""
    found: dict[tuple[str, str], Image] = {}
    for line in lines:
        if isinstance(line, Image):
            found.setdefault((line.kind, line.identity), line)
    return found


class Followed:
    """An operation that is looked at again and again while its runner writes the journal.

    Raises:
        JournalUnusable: The journal cannot be read.
    """

    def __init__(self, path: Path) -> None:
        in_use = is_in_use(path)
        self._tail = JournalTail(path)
        self._operation = operation_of(path, self._tail.lines, in_use=in_use)
        self._in_use = in_use

    def look(self, *, starting: bool = False) -> Operation:
        """Return how the operation stands: the same object as long as nothing has changed.

        Args:
            starting: A runner was started for it that may not have the journal in use yet.

        Raises:
            JournalUnusable: The journal cannot be read.
        """
        if not self._operation.is_over:
            in_use = is_in_use(self._tail.path) or starting
            if self._tail.read_on() or in_use != self._in_use:
                self._in_use = in_use
                self._operation = operation_of(self._tail.path, self._tail.lines, in_use=in_use)
        return self._operation
