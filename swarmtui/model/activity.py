"""An operation that somebody runs on this swarm, as its lock tells everybody."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Activity:
    """A running or forgotten operation.

    Attributes:
        lock_id: The id of the Swarm config that stands for the lock.
        operation: The operation's id, that of its journal on `host`.
        title: What it does, such as `Replace the ingress network`.
        who, host: Whose operation it is, and on which machine it runs.
        step, steps: How far it is, counted from 1; 0 before the first step.
        since, seen: RFC 3339 times of its begin and of its last sign of life.
    """

    lock_id: str
    operation: str = ""
    title: str = ""
    who: str = ""
    host: str = ""
    step: int = 0
    steps: int = 0
    since: str = ""
    seen: str = ""
