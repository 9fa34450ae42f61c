"""Encrypted networks, and what is known to be wrong with them."""

from __future__ import annotations

from swarmtui.findings.finding import Rule

RULES: tuple[Rule, ...] = ()
