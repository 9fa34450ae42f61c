"""What swarmtui finds wrong with the engines of a lab, read as anybody reads them."""

from __future__ import annotations

import os
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta

from swarmtui.engine import read_once, resolve_endpoint
from swarmtui.errors import EngineError
from swarmtui.findings import Finding, Sight, examine
from swarmtui.model import Snapshot, Standing
from tests.swarm.lab import Lab
from tests.swarm.waiting import wait_until

PATIENCE = 3.0


class Hesitates(Exception):
    """A manager did not answer all that it was asked."""


def everything(
    lab: Lab, *, node: int = 1, later: float = 0.0, lan_ranges: tuple[str, ...] = ()
) -> tuple[Finding, ...]:
    """Return all that is wrong in the eyes of a node, whether it has lasted or not.

    Args:
        lab: The engines.
        node: Which one is read.
        later: Look at it as it will be in so many seconds, if nothing changes.
        lan_ranges: The person's own ranges.

    Raises:
        Hesitates: Not all of the swarm could be read, though this is a manager.
    """
    endpoint = resolve_endpoint(lab.url(node), None, os.environ)
    snapshot = read_once(endpoint, timeout_seconds=PATIENCE)
    if snapshot.engine.standing is Standing.MANAGER and not Sight(snapshot).is_whole:
        raise Hesitates(str(snapshot.problems))
    return examine(_delayed(snapshot, timedelta(seconds=later)), lan_ranges=lan_ranges)


def look(lab: Lab, code: str, *, node: int = 1, later: float = 0.0) -> dict[str, Finding]:
    """Return what a rule finds, by the name of the subject."""
    found = everything(lab, node=node, later=later)
    return {each.subject.name: each for each in found if each.code == code}


def await_finding(
    lab: Lab, code: str, name: str, *, node: int = 1, later: float = 0.0, seconds: float = 30
) -> Finding:
    """Wait until a rule finds something about a subject, and nothing about any other one.

    An engine may hesitate to answer, as it does while it looks for a leader.
    """

    def seen() -> Finding | None:
        with suppress(EngineError, Hesitates):
            found = look(lab, code, node=node, later=later)
            return found[name] if set(found) == {name} else None
        return None

    found = wait_until(seen, f"{code} of {name}", seconds)
    assert found is not None
    return found


def await_nothing(
    lab: Lab, code: str, *, node: int = 1, later: float = 0.0, seconds: float = 30
) -> None:
    """Wait until a rule finds nothing in a swarm of which all can be read."""

    def nothing() -> bool:
        with suppress(EngineError, Hesitates):
            return not look(lab, code, node=node, later=later)
        return False

    wait_until(nothing, f"end of {code}", seconds)


def _delayed(snapshot: Snapshot, delay: timedelta) -> Snapshot:
    return replace(
        snapshot,
        taken_at=snapshot.taken_at + delay,
        tasks_at=snapshot.tasks_at + delay if snapshot.tasks_at else None,
        inspections={
            key: replace(each, taken_at=each.taken_at + delay)
            for key, each in snapshot.inspections.items()
        },
    )
