"""Keeps the interpreter from making keys wait: for garbage collection, and for other threads."""

from __future__ import annotations

import gc
import sys
from collections.abc import Iterable

SWITCH_SECONDS = 0.001
"""How long a thread that computes makes the one wait that paints; each key waits several times."""

THRESHOLDS = (1_000, 20, 1_000)
"""So that no full collection comes while a snapshot is made; the young are looked through often."""

MOST_SCREENS = 4
MOST_SNAPSHOTS = 300
"""After so many closed screens or snapshots everything is looked through once."""


def switch_often() -> None:
    """Let the thread that paints have the interpreter soon, whatever others compute."""
    sys.setswitchinterval(SWITCH_SECONDS)


def load() -> None:
    """Look for no garbage until something is shown: what is loaded stays."""
    gc.disable()


def loaded() -> None:
    """Look for garbage from now on, but not among what was loaded."""
    if not gc.isenabled():
        gc.freeze()
        gc.enable()


class Keeper:
    """Spares large swarms the full garbage collection, which would stop all threads.

    It takes 120 ms with 50,000 tasks, and comes with each change of so many objects, which are in
    no cycles. So what is there when a snapshot arrives is left out, until garbage is likely among
    it: closed screens, mostly.
    """

    def __init__(self) -> None:
        self._kept: frozenset[int] = frozenset()
        self._thresholds: tuple[int, int, int] | None = None
        self._closed = 0
        self._snapshots = 0

    def keep(self, screens: Iterable[object]) -> None:
        """Leave out all that there is, of which some are screens."""
        if self._thresholds is None:
            self._thresholds = gc.get_threshold()
            gc.set_threshold(*THRESHOLDS)
        here = frozenset(map(id, screens))
        self._closed += len(self._kept - here)
        self._snapshots += 1
        self._kept = here
        if self._closed >= MOST_SCREENS or self._snapshots >= MOST_SNAPSHOTS:
            self._closed = self._snapshots = 0
            gc.unfreeze()
            gc.collect()
        gc.freeze()

    def release(self) -> None:
        """Leave nothing out, and collect as before."""
        if self._thresholds is not None:
            gc.unfreeze()
            gc.set_threshold(*self._thresholds)
            self._thresholds = None
