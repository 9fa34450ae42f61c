"""What swarmtui finds wrong with the engines of a lab, read as anybody reads them."""

from __future__ import annotations

import os
from dataclasses import replace
from datetime import timedelta

from swarmtui.engine import read_once, resolve_endpoint
from swarmtui.errors import EngineError
from swarmtui.findings import Finding, examine
from swarmtui.model import Snapshot
from tests.swarm.lab import Lab
from tests.swarm.waiting import wait_until

PATIENCE = 3.0


def everything(
    lab: Lab, *, node: int = 1, later: float = 0.0, lan_ranges: tuple[str, ...] = ()
) -> tuple[Finding, ...]:
    """Return all that is wrong in the eyes of a node, whether it has lasted or not.

    An engine that hesitates, as without a leader, tells nothing.

    Args:
        lab: The engines.
        node: Which one is read.
        later: Look at it as it will be in so many seconds, if nothing changes.
        lan_ranges: The person's own ranges.
    """
    endpoint = resolve_endpoint(lab.url(node), None, os.environ)
    try:
        snapshot = read_once(endpoint, timeout_seconds=PATIENCE)
    except EngineError:
        return ()
    return examine(_delayed(snapshot, timedelta(seconds=later)), lan_ranges=lan_ranges)


def look(lab: Lab, code: str, *, node: int = 1, later: float = 0.0) -> dict[str, Finding]:
    """Return what a rule finds, by the name of the subject."""
    found = everything(lab, node=node, later=later)
    return {each.subject.name: each for each in found if each.code == code}


def await_finding(
    lab: Lab, code: str, name: str, *, node: int = 1, later: float = 0.0, seconds: float = 30
) -> Finding:
    """Wait until a rule finds something about a subject, and nothing about any other one."""

    def seen() -> Finding | None:
        found = look(lab, code, node=node, later=later)
        return found[name] if set(found) == {name} else None

    found = wait_until(seen, f"{code} of {name}", seconds)
    assert found is not None
    return found


def await_nothing(
    lab: Lab, code: str, *, node: int = 1, later: float = 0.0, seconds: float = 30
) -> None:
    """Wait until a rule finds nothing."""
    wait_until(lambda: not look(lab, code, node=node, later=later), f"end of {code}", seconds)


def evidence(finding: Finding) -> dict[str, str]:
    """Return the values that a finding rests on, by what they are of."""
    return {each.what: each.value for each in finding.trouble.evidence}


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
