"""All rules applied to a snapshot, and to one after another."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterator
from datetime import timedelta

from swarmtui.findings.finding import (
    Evidence,
    Finding,
    Remedy,
    Rule,
    Sight,
    Subject,
    SubjectKind,
    Trouble,
)
from swarmtui.findings.rules import RULES, STUMBLED
from swarmtui.findings.watch import Watch, order
from swarmtui.model import Snapshot, Standing, is_alike

STALE_SECONDS = 30.0
"""Findings are looked for anew after this time even where the swarm has not changed."""

TOGETHER = timedelta(seconds=2)
"""Lists that were read so close to one another tell of the same swarm."""

LONG_SECONDS = 0.2
"""An examination that takes longer is one of a huge swarm, and has its share of the time."""


def examine(snapshot: Snapshot, *, lan_ranges: tuple[str, ...] = ()) -> tuple[Finding, ...]:
    """Return everything that is wrong in a snapshot, the worst first.

    Whether it has lasted is for `Watch` to tell. Where the whole swarm was not read, only rules are
    applied that need not know it.
    """
    sight = Sight(snapshot, lan_ranges)
    rules = (rule for rule in RULES if sight.is_whole or rule.anywhere)
    return tuple(sorted((each for rule in rules for each in _applied(rule, sight)), key=order))


class Examiner:
    """Examines one snapshot after another, and tells what has lasted.

    Where nothing has changed the rules are not applied again, nor where the tasks, the list that is
    read more seldom than the others, are from before: while tasks are replaced, endpoints and tasks
    of different moments always differ.

    Args:
        lan_ranges: The person's own ranges in CIDR notation.
        longest_seconds: Nothing has to last longer than this, whatever its rule says.
        share: The part of the time for which the rules are applied to a huge swarm, at most.
        spent: The processor time of this thread, in seconds.
        monotonic: A clock in seconds.
    """

    def __init__(
        self,
        lan_ranges: tuple[str, ...] = (),
        *,
        longest_seconds: float = math.inf,
        share: float = 1.0,
        spent: Callable[[], float] = time.thread_time,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._lan_ranges = lan_ranges
        self._longest = longest_seconds
        self._watch = Watch(longest_seconds)
        self._share = share
        self._spent = spent
        self._monotonic = monotonic
        self._rests_until = -math.inf
        self._snapshot: Snapshot | None = None
        self._found: tuple[Finding, ...] = ()

    def examine(self, snapshot: Snapshot) -> tuple[Finding, ...]:
        """Return what is wrong and has lasted as long as its rule says, the worst first."""
        before = self._snapshot
        if before is None or self._is_due(before, snapshot):
            if before is not None and before.realm != snapshot.realm:
                self._watch = Watch(self._longest)
                self._found = ()
            spent = self._spent()
            found = examine(snapshot, lan_ranges=self._lan_ranges)
            if snapshot.engine.standing is Standing.MANAGER and not Sight(snapshot).is_whole:
                # A list is missing this time: what was found in all of them still counts.
                found += tuple(each for each in self._found if not each.rule.anywhere)
            self._found = found
            self._snapshot = snapshot
            cost = self._spent() - spent
            if cost > LONG_SECONDS:
                self._rests_until = self._monotonic() + cost * (1 / self._share - 1)
        return self._watch.observe(self._found, snapshot.taken_at)

    def _is_due(self, before: Snapshot, now: Snapshot) -> bool:
        if before.engine != now.engine or before.realm != now.realm:
            return True
        rests = self._monotonic() < self._rests_until or _has_old_tasks(now)
        return not rests and (_is_old(before, now) or not is_alike(before, now))

    @property
    def unproven(self) -> tuple[Finding, ...]:
        """What is wrong and has not lasted long enough yet."""
        return self._watch.unproven


def _has_old_tasks(snapshot: Snapshot) -> bool:
    """Tell whether the tasks will be read soon and are older than what they are compared with."""
    if snapshot.tasks_at is None:
        return False
    age = snapshot.taken_at - snapshot.tasks_at
    return TOGETHER < age <= timedelta(seconds=STALE_SECONDS)


def _applied(rule: Rule, sight: Sight) -> Iterator[Finding]:
    try:
        for trouble in rule.find(sight):
            yield Finding(rule, trouble)
    except Exception as error:  # one rule that stumbles must not silence the others
        words = f"{type(error).__name__}: {error}"
        yield Finding(
            STUMBLED,
            Trouble(
                Subject(SubjectKind.SWARM, rule.code, rule.code),
                f"The rule {rule.code} could not be applied",
                (Evidence("error", words, "swarmtui"),),
                (Remedy("Please report it with the engine's version."),),
            ),
        )


def _is_old(before: Snapshot, now: Snapshot) -> bool:
    return now.taken_at - before.taken_at >= timedelta(seconds=STALE_SECONDS)
