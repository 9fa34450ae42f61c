"""What is kept of trying ports."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta

from swarmtui.model import Door, Outcome, Trial
from swarmtui.trials import Trials
from tests.builders import NOW

ONE, TWO = Door("10.0.0.1", 7946), Door("10.0.0.2", 7946)


class Silent:
    """A tester that tells nothing by itself."""

    def __init__(self) -> None:
        self.rounds: list[Sequence[Door]] = []

    def __call__(self, doors: Sequence[Door], tell: Callable[[Trial], object]) -> None:
        self.rounds.append(doors)


def test_a_round_ends_with_its_last_trial() -> None:
    tester = Silent()
    trials = Trials(tester, lambda _: None)
    trials.begin([ONE, TWO], NOW)
    assert tester.rounds == [(ONE, TWO)]
    assert {each.outcome for each in trials.by_door.values()} == {Outcome.TRYING}
    first = Trial(ONE, Outcome.REACHABLE, NOW)
    assert trials.take(first) == ()
    trials.begin([ONE], NOW)
    assert len(tester.rounds) == 1
    last = Trial(TWO, Outcome.REFUSED, NOW)
    assert trials.take(last) == (first, last)
    assert trials.by_door == {ONE: first, TWO: last}


def test_what_ends_alike_keeps_its_time() -> None:
    trials = Trials(Silent(), lambda _: None)
    later = NOW + timedelta(minutes=5)
    for outcome, at, kept in (
        (Outcome.REACHABLE, NOW, NOW),
        (Outcome.REACHABLE, later, NOW),
        (Outcome.NO_ANSWER, later, later),
    ):
        trials.begin([ONE], at)
        trials.take(Trial(ONE, outcome, at))
        assert trials.by_door[ONE].at == kept


def test_without_a_tester_nothing_is_tried() -> None:
    trials = Trials(None, lambda _: None)
    trials.begin([ONE], NOW)
    assert not trials.are_possible
    assert trials.by_door == {}
