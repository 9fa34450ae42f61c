"""All rules applied to one snapshot."""

from __future__ import annotations

from swarmtui.findings.finding import Finding, Sight
from swarmtui.findings.rules import RULES
from swarmtui.findings.watch import order
from swarmtui.model import Snapshot


def examine(snapshot: Snapshot, *, lan_ranges: tuple[str, ...] = ()) -> tuple[Finding, ...]:
    """Return everything that is wrong in a snapshot, the worst first.

    Whether it has lasted is for `Watch` to tell.
    """
    sight = Sight(snapshot, lan_ranges)
    found = [Finding(rule, trouble) for rule in RULES for trouble in rule.find(sight)]
    return tuple(sorted(found, key=order))
