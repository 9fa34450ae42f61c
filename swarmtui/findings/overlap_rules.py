"""Ranges that are in the way of each other."""

from __future__ import annotations

from swarmtui.findings.finding import Rule

RULES: tuple[Rule, ...] = ()
