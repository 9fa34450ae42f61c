"""A trouble is told once it has lasted, and does not flicker."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from swarmtui.findings import Finding, Severity, Watch
from tests.builders import INGRESS, NOW
from tests.findings import about, finding, rule

SLOW = finding(rule("slow", lasts_seconds=10))
FAST = finding(rule("fast"))


def told(watch: Watch, seconds: float, *findings: Finding) -> list[str]:
    return [each.code for each in watch.observe(findings, NOW + timedelta(seconds=seconds))]


def test_what_needs_not_last_is_told_at_once_and_goes_with_its_evidence() -> None:
    watch = Watch()
    assert told(watch, 0, FAST) == ["fast"]
    assert told(watch, 1) == []


@pytest.mark.parametrize(("seconds", "expected"), [(9.9, []), (10, ["slow"]), (60, ["slow"])])
def test_what_has_to_last_is_told_once_it_has(seconds: float, expected: list[str]) -> None:
    watch = Watch()
    assert told(watch, 0, SLOW) == []
    assert watch.unproven == (SLOW,)
    assert told(watch, seconds, SLOW) == expected
    assert bool(watch.unproven) != bool(expected)


def test_the_engine_s_own_time_counts_where_it_tells() -> None:
    begun = replace(SLOW.trouble, since=NOW - timedelta(minutes=1))
    assert told(Watch(), 0, replace(SLOW, trouble=begun)) == ["slow"]
    later = replace(SLOW.trouble, since=NOW + timedelta(minutes=1))
    assert told(Watch(), 0, replace(SLOW, trouble=later)) == []


def test_a_short_gap_neither_hides_nor_restarts_it() -> None:
    watch = Watch()
    told(watch, 0, SLOW)
    told(watch, 4)
    assert told(watch, 8, SLOW) == []
    assert told(watch, 10, SLOW) == ["slow"]
    assert told(watch, 12) == ["slow"]
    assert told(watch, 16.9) == ["slow"]
    assert told(watch, 17) == []


def test_a_long_gap_begins_it_anew() -> None:
    watch = Watch()
    told(watch, 0, SLOW)
    told(watch, 4)
    assert told(watch, 10, SLOW) == []
    assert told(watch, 19, SLOW) == []
    assert told(watch, 20, SLOW) == ["slow"]


def test_rare_readings_are_no_gaps() -> None:
    watch = Watch()
    told(watch, 0, SLOW)
    assert told(watch, 600, SLOW) == ["slow"]


def test_nothing_has_to_last_longer_than_somebody_is_patient() -> None:
    watch = Watch(longest_seconds=2)
    assert told(watch, 0, SLOW) == []
    assert told(watch, 2, SLOW) == ["slow"]


def test_the_newest_evidence_is_told() -> None:
    watch = Watch()
    watch.observe([finding(value="7")], NOW)
    (newest,) = watch.observe([finding(value="8")], NOW)
    assert newest.trouble.evidence[0].value == "8"


def test_the_worst_comes_first_and_each_subject_counts() -> None:
    bad = finding(rule("bad", Severity.CRITICAL), title="bad")
    other = finding(rule("fast"), about(INGRESS))
    found = Watch().observe([other, FAST, bad], NOW)
    assert found == (bad, FAST, other)
