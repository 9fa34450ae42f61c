"""The way from one end to another, step by step, and where it breaks."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class StepState(StrEnum):
    """What is known of one step."""

    OK = "ok"
    BROKEN = "broken"
    UNSEEN = "unseen"
    """Nothing that an engine tells shows it: it has to be looked at on a node."""


@dataclass(frozen=True, slots=True)
class Check:
    """A command that shows what cannot be seen from here, or mends what is broken.

    Attributes:
        where: The nodes where it is run, `outside`, or empty for any manager.
        words: What to look for, or what it does.
    """

    where: str
    words: str
    command: str = ""


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the way.

    Attributes:
        facts: What was seen, or why nothing was.
        checks: What to run next: nothing where all is well.
    """

    title: str
    state: StepState
    facts: tuple[str, ...]
    checks: tuple[Check, ...] = ()


@dataclass(frozen=True, slots=True)
class Path:
    """The way from A to B.

    Attributes:
        a, b: What the two ends are, in words.
        steps: As far as they can be followed: without a common network there is one.
        remarks: What of all this is not of now.
    """

    a: str
    b: str
    steps: tuple[Step, ...]
    remarks: tuple[str, ...] = ()

    @property
    def broken(self) -> tuple[int, Step] | None:
        """Return the first broken step and its number, None where none is known to be."""
        numbered = enumerate(self.steps, 1)
        return next((each for each in numbered if each[1].state is StepState.BROKEN), None)

    @property
    def unseen(self) -> int:
        """Count the steps that cannot be seen from here."""
        return sum(1 for step in self.steps if step.state is StepState.UNSEEN)

    @property
    def verdict(self) -> str:
        """Return in a line where it breaks, or that nothing can be seen to."""
        if self.broken is not None:
            number, step = self.broken
            return f"Broken at step {number} ({step.title}): {step.facts[0]}"
        if self.unseen:
            steps = "1 step" if self.unseen == 1 else f"{self.unseen} steps"
            return f"Nothing is broken that can be seen from here; {steps} cannot be seen"
        return "Nothing is broken"


def joined(title: str, parts: Iterable[Step]) -> Step:
    """Return the same step of several networks as one: a name may lead over any of them.

    It is broken where any part is, and the broken parts come first; else unseen where any is.
    """
    order = (StepState.BROKEN, StepState.UNSEEN, StepState.OK)
    ordered = sorted(parts, key=lambda part: order.index(part.state))
    # The same command for two networks is run once.
    checks = dict.fromkeys(check for part in ordered for check in part.checks)
    facts = dict.fromkeys(fact for part in ordered for fact in part.facts)
    return Step(title, ordered[0].state, tuple(facts), tuple(checks))
