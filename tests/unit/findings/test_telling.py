"""What is acknowledged is out of the way until its evidence changes."""

from __future__ import annotations

from swarmtui.findings import Repair, RepairKind, Severity, SubjectKind, Told, told
from tests.builders import APP, INGRESS
from tests.findings import EVERYWHERE, about, finding, rule

WARNING = finding()
CRITICAL = finding(rule("bad", Severity.CRITICAL))
INFO = finding(rule("note", Severity.INFO), about(INGRESS))


def test_acknowledged_findings_are_apart() -> None:
    found = told([CRITICAL, WARNING], {WARNING.key: WARNING.fingerprint})
    assert found == Told((CRITICAL,), (WARNING,))
    assert found.find(WARNING.key) is WARNING
    assert found.find("gone") is None


def test_other_evidence_brings_it_back() -> None:
    acknowledged = {WARNING.key: WARNING.fingerprint}
    assert told([finding(value="8")], acknowledged).open
    assert told([finding(title="other words")], acknowledged).open == ()


def test_another_subject_is_another_finding() -> None:
    assert told([finding(subject=about(INGRESS))], {WARNING.key: WARNING.fingerprint}).open


def test_open_findings_are_counted_and_mark_the_worst_of_each_subject() -> None:
    found = Told((CRITICAL, WARNING, INFO), (finding(rule("seen"), EVERYWHERE),))
    assert list(found.counts.items()) == [
        (Severity.CRITICAL, 1),
        (Severity.WARNING, 1),
        (Severity.INFO, 1),
    ]
    assert found.marks == {
        (SubjectKind.NETWORK, APP.id): Severity.CRITICAL,
        (SubjectKind.NETWORK, INGRESS.id): Severity.INFO,
    }


def test_the_ingress_is_named_where_it_can_be_repaired() -> None:
    assert Told((WARNING,)).ingress_need == ""
    repairable = finding(title="it is gone", repair=Repair(RepairKind.INGRESS))
    assert Told((WARNING, repairable)).ingress_need == "it is gone"
