"""The table of what could not be read or understood."""

from __future__ import annotations

from typing import TYPE_CHECKING

from swarmtui.render.table import Column, Row
from swarmtui.render.text import NOTHING, clock_time, toned

if TYPE_CHECKING:
    from swarmtui.model import Snapshot

PROBLEM_COLUMNS = (
    Column("part", "PART", 10, "P", min_width=8),
    Column("subject", "OF", 20, "O", flex=1, min_width=8),
    Column("problem", "PROBLEM", 40, flex=4, min_width=10),
    Column("stale", "SHOWN FROM", 10, "S", min_width=10, priority=1),
)


def problem_rows(snapshot: Snapshot) -> list[Row]:
    """Return a row for every problem."""
    rows = []
    for number, problem in enumerate(snapshot.problems):
        since = clock_time(problem.stale_since) if problem.stale_since else NOTHING
        rows.append(
            Row(
                f"{number}:{problem.part}:{problem.subject}",
                (problem.part, problem.subject or NOTHING, toned(problem.text, "warning"), since),
                (problem.part, problem.subject, problem.text, since),
            )
        )
    return rows
