"""What came of trying ports from here, kept for as long as the explorer runs."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from swarmtui.model import Door, Outcome, Trial

Tester = Callable[[Sequence[Door], Callable[[Trial], object]], None]
"""Tries ports without waiting for them, and tells of each try when it ends, from any thread."""


class Trials:
    """The newest trial of each port; a new one that ends alike keeps the time of the first.

    Args:
        tester: Tries ports; None where they cannot be tried.
        tell: Told of each try that ends, from any thread; it hands the trial back by `take`.
    """

    def __init__(self, tester: Tester | None, tell: Callable[[Trial], object]) -> None:
        self._tester = tester
        self._tell = tell
        self._ended: dict[Door, Trial] = {}
        self._running: dict[Door, Trial] = {}
        self._round: tuple[Door, ...] = ()

    @property
    def are_possible(self) -> bool:
        """Tell whether ports can be tried."""
        return self._tester is not None

    @property
    def by_door(self) -> Mapping[Door, Trial]:
        """Return what is known of each port, or that it is being tried."""
        return {**self._ended, **self._running}

    def begin(self, doors: Sequence[Door], now: datetime) -> None:
        """Try ports, each once; a second round does not begin before the first has ended."""
        if self._tester is None or self._running:
            return
        self._round = tuple(doors)
        self._running = {door: Trial(door, Outcome.TRYING, now) for door in doors}
        self._tester(self._round, self._tell)

    def take(self, trial: Trial) -> tuple[Trial, ...]:
        """Take a trial that has ended; return all of its round with the last of them."""
        before = self._ended.get(trial.door)
        if before is not None and before.outcome is trial.outcome:
            trial = replace(trial, at=before.at)
        self._ended[trial.door] = trial
        self._running.pop(trial.door, None)
        return () if self._running else tuple(self._ended[door] for door in self._round)
