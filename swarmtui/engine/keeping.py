"""What a reading keeps of the one before: what is unchanged, and what could not be read."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

from swarmtui.engine.decode import NUMBERED
from swarmtui.engine.slices import ValueT
from swarmtui.model import Problem, Snapshot


def last_read(part: str, previous: Snapshot | None, subject: str = "") -> datetime | None:
    """Return when a part, or an object of it, was read well before a snapshot that fails to."""
    if previous is None:
        return None
    for problem in previous.problems:
        if problem.part == part and problem.subject == subject:
            return problem.stale_since
    return previous.tasks_at if part == "tasks" else previous.taken_at


def not_understood(
    before: tuple[ValueT, ...], values: tuple[ValueT, ...], problems: tuple[Problem, ...]
) -> tuple[ValueT, ...]:
    """Return what was known before of the objects that a list has in a form that it should not."""
    if not problems:
        return ()
    listed = {value.id for value in values}
    named = {problem.subject for problem in problems}
    nameless = any(subject.startswith(NUMBERED) for subject in named)
    return tuple(
        each for each in before if each.id not in listed and (nameless or each.id in named)
    )


def with_age(
    problems: tuple[Problem, ...], kept: tuple[Any, ...], previous: Snapshot | None
) -> tuple[Problem, ...]:
    """Say from when the objects are that are kept in the place of those not understood."""
    ids = {each.id for each in kept}
    return tuple(
        replace(each, stale_since=last_read(each.part, previous, each.subject))
        if each.subject in ids or (ids and each.subject.startswith(NUMBERED))
        else each
        for each in problems
    )
