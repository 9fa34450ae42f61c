"""What nodes have heard of each other, against what the managers know."""

from __future__ import annotations

from swarmtui.findings.finding import Rule

RULES: tuple[Rule, ...] = ()
