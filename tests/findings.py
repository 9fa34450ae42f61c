"""Findings made by hand, for tests of everything that tells them."""

from __future__ import annotations

from swarmtui.findings import (
    Evidence,
    Finding,
    Remedy,
    Repair,
    Rule,
    Severity,
    Sight,
    Subject,
    SubjectKind,
    Trouble,
)
from swarmtui.model import Network, Snapshot
from tests.builders import APP

EVERYWHERE = Subject(SubjectKind.SWARM, "swarm")


def about(network: Network) -> Subject:
    """Return a network as the subject of a finding."""
    return Subject(SubjectKind.NETWORK, network.name, network.id)


def rule(
    code: str = "made-up", severity: Severity = Severity.WARNING, lasts_seconds: float = 0.0
) -> Rule:
    """Return a rule that finds nothing by itself."""
    return Rule(
        code,
        severity,
        "Something is made up",
        "It means nothing.",
        "Leave it.",
        lambda _: (),
        lasts_seconds,
        ("moby#40184",),
    )


def finding(
    of: Rule | None = None,
    subject: Subject | None = None,
    *,
    title: str = "app is made up",
    value: str = "7",
    repair: Repair | None = None,
) -> Finding:
    """Return a finding about a network unless another subject is given."""
    return Finding(
        of or rule(),
        Trouble(
            subject or about(APP),
            title,
            (Evidence("number of app", value, "GET /networks"),),
            (Remedy("Look at it.", "docker network inspect app"),),
            repair,
        ),
    )


def found_by(of: Rule, snapshot: Snapshot, lan_ranges: tuple[str, ...] = ()) -> list[Trouble]:
    """Return what a rule finds in a snapshot."""
    return list(of.find(Sight(snapshot, lan_ranges)))
