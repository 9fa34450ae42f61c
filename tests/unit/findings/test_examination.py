"""All rules together: on whole pictures only, in order, and one that stumbles alone."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest

from swarmtui.findings import RULES, Examiner, Rule, Severity, Sight, Trouble, examination, examine
from swarmtui.model import Problem, Snapshot, Standing
from tests.builders import (
    APP,
    NOW,
    alone_snapshot,
    busy_snapshot,
    empty_snapshot,
    engine,
    failing_snapshot,
    worker_snapshot,
)
from tests.findings import EVERYWHERE, rule

_NAMES: dict[str, str] = {}
WHOLE = busy_snapshot()
LACKING = replace(WHOLE, networks=(APP,))
"""Without an ingress."""


def codes(snapshot: Snapshot) -> set[str]:
    return {each.code for each in examine(snapshot)}


def later(snapshot: Snapshot, seconds: float, **changes: object) -> Snapshot:
    at = NOW + timedelta(seconds=seconds)
    return replace(snapshot, taken_at=at, **{"tasks_at": at, **changes})  # type: ignore[arg-type]


def unread(part: str) -> tuple[Problem, ...]:
    return (Problem(part, "", "timed out", NOW),)


def test_codes_are_unique_and_every_rule_explains_itself() -> None:
    assert len({each.code for each in RULES}) == len(RULES)
    for each in RULES:
        assert each.code == each.code.lower().replace(" ", "-")
        assert each.title
        assert each.meaning.endswith(".")
        assert each.cure.endswith(".")


@pytest.mark.parametrize(
    "snapshot",
    [WHOLE, failing_snapshot(), empty_snapshot(), worker_snapshot(), alone_snapshot(), LACKING],
    ids=["busy", "failing", "empty", "worker", "alone", "no ingress"],
)
def test_no_rule_stumbles_and_the_worst_comes_first(snapshot: Snapshot) -> None:
    found = examine(snapshot)
    assert "rule-failed" not in {each.code for each in found}
    ranks = [each.severity.rank for each in found]
    assert ranks == sorted(ranks)
    assert len({each.key for each in found}) == len(found)


@pytest.mark.parametrize(
    "changes",
    [
        {"engine": engine(Standing.NO_LEADER)},
        {"engine": engine(Standing.WORKER)},
        {"nodes": ()},
        {"problems": unread("networks")},
        {"problems": unread("tasks")},
    ],
    ids=["no leader", "worker", "no nodes", "networks unread", "tasks unread"],
)
def test_what_was_not_read_is_not_called_missing(changes: dict[str, object]) -> None:
    assert "ingress-missing" in codes(LACKING)
    partly = replace(LACKING, **changes)  # type: ignore[arg-type]
    assert not Sight(partly).is_whole
    assert "ingress-missing" not in codes(partly)


def test_one_network_that_could_not_be_inspected_is_no_hindrance() -> None:
    assert Sight(replace(WHOLE, problems=(Problem("inspect", "app", "timed out"),))).is_whole


def test_a_list_that_is_missing_once_hides_nothing() -> None:
    examiner = Examiner(longest_seconds=0)
    assert "ingress-missing" in {each.code for each in examiner.examine(LACKING)}
    partly = later(LACKING, 2, problems=unread("tasks"))
    assert "ingress-missing" in {each.code for each in examiner.examine(partly)}
    silent = [later(LACKING, at, engine=engine(Standing.NO_LEADER)) for at in (20, 26)]
    found = [examiner.examine(each) for each in silent][-1]
    assert "ingress-missing" not in {each.code for each in found}


def test_rules_are_applied_again_only_where_something_changed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    seen: list[Snapshot] = []

    def look(sight: Sight) -> Iterator[Trouble]:
        seen.append(sight.snapshot)
        yield Trouble(EVERYWHERE, "always", ())

    always = replace(rule("always"), find=look)
    monkeypatch.setattr(examination, "RULES", (always,))
    examiner = Examiner()
    for at, changes, expected in (
        (0, {}, 1),
        (2, {}, 1),
        (4, {"tasks": WHOLE.tasks[1:]}, 2),
        (6, {"inspections": {}}, 3),
        (8, {"inspections": {}, "tasks": WHOLE.tasks}, 3),
        (40, {"inspections": {}}, 4),
    ):
        (found,) = examiner.examine(later(WHOLE, at, **changes))
        assert found.code == "always"
        assert len(seen) == expected


def test_rules_wait_for_the_tasks_that_are_read_soon_and_for_no_others() -> None:
    examiner = Examiner(longest_seconds=0)
    assert "ingress-missing" not in {each.code for each in examiner.examine(WHOLE)}
    for seconds, tasks_at, is_told in ((3, NOW, False), (31, NOW, True)):
        lacking = later(LACKING, seconds, tasks_at=tasks_at)
        found = {each.code for each in examiner.examine(lacking)}
        assert ("ingress-missing" in found) == is_told


def test_a_rule_that_stumbles_is_named_and_the_others_are_heard(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def stumble(sight: Sight) -> Iterator[Trouble]:
        yield Trouble(EVERYWHERE, _NAMES["odd"], ())

    broken: Rule = replace(rule("broken", Severity.CRITICAL), find=stumble)
    monkeypatch.setattr(examination, "RULES", (broken, *RULES))
    found = examine(LACKING)
    (stumbled,) = (each for each in found if each.code == "rule-failed")
    assert "broken" in stumbled.title
    assert stumbled.trouble.evidence[0].value == "KeyError: 'odd'"
    assert "ingress-missing" in {each.code for each in found}


def test_the_rules_have_their_share_of_the_time_where_they_take_long() -> None:
    clock, spent = 0.0, itertools.count()

    def examiner() -> Examiner:
        return Examiner(
            longest_seconds=0, share=0.25, spent=lambda: next(spent), monotonic=lambda: clock
        )

    def misses_ingress(looking: Examiner, snapshot: Snapshot) -> bool:
        found = looking.examine(later(snapshot, clock))
        return "ingress-missing" in {each.code for each in found}

    one, other = examiner(), examiner()
    assert not misses_ingress(one, WHOLE)
    assert not misses_ingress(other, WHOLE)
    clock = 2.9
    assert not misses_ingress(one, LACKING)
    assert misses_ingress(other, replace(LACKING, engine=engine(number=2)))
    clock = 3.0
    assert misses_ingress(one, LACKING)
