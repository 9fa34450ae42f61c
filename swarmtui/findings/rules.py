"""Every rule, by family."""

from __future__ import annotations

from swarmtui.findings import (
    bridge_rules,
    capacity_rules,
    disuse_rules,
    encryption_rules,
    engine_rules,
    gossip_rules,
    ingress_rules,
    network_rules,
    node_rules,
    overlap_rules,
    pool_rules,
    port_rules,
    sandbox_rules,
    service_rules,
)
from swarmtui.findings.finding import Rule, Severity

STUMBLED = Rule(
    "rule-failed",
    Severity.INFO,
    "A rule could not be applied",
    "What the rule looks for may be there and is not told.",
    "This is a defect of swarmtui: please report it with the engine's version.",
    lambda _: (),
)
"""Found where another rule fails; finds nothing by itself."""

RULES: tuple[Rule, ...] = (
    *ingress_rules.RULES,
    *network_rules.RULES,
    *disuse_rules.RULES,
    *capacity_rules.RULES,
    *pool_rules.RULES,
    *overlap_rules.RULES,
    *encryption_rules.RULES,
    *service_rules.RULES,
    *sandbox_rules.RULES,
    *port_rules.RULES,
    *gossip_rules.RULES,
    *node_rules.RULES,
    *bridge_rules.RULES,
    *engine_rules.RULES,
    STUMBLED,
)
