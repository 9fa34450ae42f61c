"""Somebody asks a runner to stop."""

from __future__ import annotations

from collections.abc import Callable
from itertools import count

import pytest

from swarmtui.operations import Operation, State
from swarmtui.operations.journal import read_journal
from swarmtui.operations.lines import Answered, Intended
from tests.running import MESH, Bench, Between
from tests.unit.demo.asking import ask
from tests.unit.operations.running.portraits import assert_like, portrait


def cancelled(desk: Bench, wish: int, *, at_once: bool = True) -> Operation:
    """Run until it has been asked a number of times whether to stop."""
    asked = count(1)
    desk.cancelled = lambda: next(asked) >= wish
    operation = desk.run(desk.begin(desk.plan(at_once=at_once)))
    desk.cancelled = lambda: False
    return operation


@pytest.mark.parametrize("direction", ["forward", "back"])
@pytest.mark.parametrize("wish", [2, 3, 5, 7, 9, 11, 13])
def test_it_stops_anywhere_and_both_ways_are_open(desk: Bench, wish: int, direction: str) -> None:
    before = portrait(desk.swarm)
    operation = cancelled(desk, wish)
    assert operation.state is State.STOPPED
    assert operation.stopped is not None
    assert operation.stopped.title == "Stopped as you asked"
    assert operation.stopped.explanation.startswith(("The ingress is ", "There is no ingress "))
    assert "Resume it, roll it back, or dismiss it." in operation.stopped.hint
    writes = [
        line for line in read_journal(operation.path) if isinstance(line, Intended | Answered)
    ]
    assert isinstance(writes[-1], Answered)
    assert desk.run(operation.path, direction).is_over
    assert_like(desk.swarm, before, MESH if direction == "forward" else None)


def test_before_the_first_write_nothing_is_left(desk: Bench) -> None:
    before = portrait(desk.swarm)
    operation = cancelled(desk, 1)
    assert operation.state is State.DISMISSED
    assert operation.ended is not None
    assert operation.ended.words == "Nothing was changed."
    assert desk.written == []
    assert portrait(desk.swarm) == before


def test_what_is_left_is_told_as_it_is_by_then(desk: Bench) -> None:
    operation = cancelled(desk, 2, at_once=False)
    assert operation.stopped is not None
    assert operation.stopped.explanation == (
        "The ingress is ingress with 10.20.0.0/26. Closed are the ports of auto."
    )
    (held,) = ask(desk.swarm, "/configs")
    assert held["Spec"]["Labels"]["swarmtui.operation"] == operation.id


def test_it_stops_while_the_engine_is_away_too(desk: Bench) -> None:
    def act(number: int, send: Callable[[], bytes]) -> bytes:
        if number == 4:
            desk.engine.stop()
            desk.cancelled = lambda: True
        return send()

    desk.wrap = lambda writer: Between(writer, act)
    operation = desk.run(desk.begin())
    assert operation.state is State.STOPPED
    assert operation.stopped is not None
    assert operation.stopped.title == "Stopped as you asked"
    assert operation.stopped.explanation.startswith("When last seen: The ingress is ingress")
    desk.engine.start()
    desk.cancelled, desk.wrap = (lambda: False), (lambda writer: writer)
    assert desk.run(operation.path).state is State.DONE
