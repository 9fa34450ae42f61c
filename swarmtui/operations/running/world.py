"""What surrounds a runner: an engine, clocks, and a person who may want it to stop."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from swarmtui.operations.running.engine_side import Reads, Writes


@dataclass(slots=True)
class World:
    """What surrounds a runner; tests put their own in its place.

    Attributes:
        now: The wall clock.
        monotonic: A clock in seconds.
        sleep: Waits for seconds; what happens meanwhile is seen afterwards.
        cancelled: Tells whether a person asked to stop.
    """

    reads: Reads
    writes: Writes
    now: Callable[[], datetime]
    monotonic: Callable[[], float]
    sleep: Callable[[float], None]
    cancelled: Callable[[], bool]
    process: int = 0
