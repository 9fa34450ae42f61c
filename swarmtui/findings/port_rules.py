"""Published ports."""

from __future__ import annotations

from swarmtui.findings.finding import Rule

RULES: tuple[Rule, ...] = ()
