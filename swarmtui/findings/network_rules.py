"""Networks as they were made."""

from __future__ import annotations

from swarmtui.findings.finding import Rule

RULES: tuple[Rule, ...] = ()
