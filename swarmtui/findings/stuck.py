"""Services whose tasks wait for what can never come, so that an update of them never ends."""

from __future__ import annotations

from swarmtui.findings import port_rules, service_rules
from swarmtui.findings.finding import Severity, Sight
from swarmtui.model import ServiceId, Snapshot

_CODES = ("service-network-missing", "port-conflict")


def stuck_services(snapshot: Snapshot) -> frozenset[ServiceId]:
    """Return the services that only another change of their specification lets go on."""
    sight = Sight(snapshot)
    rules = (each for each in (*service_rules.RULES, *port_rules.RULES) if each.code in _CODES)
    return frozenset(
        ServiceId(trouble.subject.id)
        for rule in rules
        for trouble in rule.find(sight)
        if (trouble.severity or rule.severity) is Severity.CRITICAL
    )
