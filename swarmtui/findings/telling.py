"""What a person is told of, and what they have acknowledged."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from swarmtui.findings.finding import Finding, RepairKind, Severity, SubjectKind


@dataclass(frozen=True)
class Told:
    """The findings that have lasted.

    Attributes:
        open: Those that want attention, the worst first.
        acknowledged: Those that a person has seen, whose evidence is as it was then.
    """

    open: tuple[Finding, ...] = ()
    acknowledged: tuple[Finding, ...] = ()

    @cached_property
    def counts(self) -> Mapping[Severity, int]:
        """Count the open findings by severity, the worst first; none that is zero."""
        counted = Counter(each.severity for each in self.open)
        return {severity: counted[severity] for severity in Severity if counted[severity]}

    @cached_property
    def marks(self) -> Mapping[tuple[SubjectKind, str], Severity]:
        """Return the worst severity of each subject, by kind and id."""
        found: dict[tuple[SubjectKind, str], Severity] = {}
        for each in self.open:  # the worst comes first
            found.setdefault((each.subject.kind, each.subject.id), each.severity)
        return found

    @property
    def ingress_need(self) -> str:
        """Return in words what of the ingress can be repaired; empty where nothing is wrong."""
        for each in self.open:
            if each.trouble.repair is not None and each.trouble.repair.kind is RepairKind.INGRESS:
                return each.title
        return ""

    def find(self, key: str) -> Finding | None:
        """Return the finding of a key, None when it is over."""
        return next((each for each in (*self.open, *self.acknowledged) if each.key == key), None)


def told(findings: Iterable[Finding], acknowledged: Mapping[str, str]) -> Told:
    """Part findings by what was acknowledged.

    Args:
        findings: In order.
        acknowledged: The fingerprint that each had then, by key.
    """
    seen: list[Finding] = []
    news: list[Finding] = []
    for each in findings:
        (seen if acknowledged.get(each.key) == each.fingerprint else news).append(each)
    return Told(tuple(news), tuple(seen))
