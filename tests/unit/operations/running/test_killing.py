"""A runner that is killed at any line of its journal; another one goes on, or goes back.

Whether the runner is killed or goes on, swarm and journal are the same up to that line. So one run
is photographed around each of its lines, and every photograph is brought to both ends.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from functools import cache

import pytest

from swarmtui.operations import Operation, State
from swarmtui.operations.journal import Journal, read_journal
from swarmtui.operations.lines import Intended, Line
from tests.running import MESH, Bench, Killed, bench, small_swarm
from tests.unit.operations.running.films import PACE, Film, appending, revived, shoot
from tests.unit.operations.running.portraits import Portrait, assert_like, portrait

PARTS = 6
ENDS = {"forward": (State.DONE, MESH), "back": (State.ROLLED_BACK, None)}
OTHER = {"forward": "back", "back": "forward"}


@pytest.fixture(autouse=True)
def _in_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    # What a power failure leaves of a file is not what is tried here.
    monkeypatch.setattr(os, "fsync", lambda _: None)


@cache
def film(*, at_once: bool) -> Film[Portrait]:
    """Photograph one replacement of the ingress."""
    return shoot(
        small_swarm,
        lambda served: served.plan(at_once=at_once),
        portrait,
        lambda swarm, before: assert_like(swarm, before, MESH),
    )


def assert_end(served: Bench, operation: Operation, direction: str, before: Portrait) -> None:
    state, ingress = ENDS[direction]
    assert (operation.state, operation.stopped) == (state, None)
    assert_like(served.swarm, before, ingress)


@pytest.mark.parametrize("part", range(PARTS))
@pytest.mark.parametrize("direction", ENDS)
def test_killed_at_any_line_it_comes_to_its_end(direction: str, part: int) -> None:
    taken = film(at_once=True)
    for photograph in taken.photographs[part::PARTS]:
        with revived(photograph, taken.name) as (served, path):
            assert_end(served, served.run(path, direction), direction, taken.before)


@pytest.mark.parametrize("direction", ENDS)
def test_killed_between_services_it_comes_to_its_end(direction: str) -> None:
    taken = film(at_once=False)
    for photograph in taken.photographs[2::11]:
        with revived(photograph, taken.name) as (served, path):
            assert_end(served, served.run(path, direction), direction, taken.before)


@pytest.mark.parametrize("direction", ENDS)
def test_killed_again_on_its_way_it_can_turn_round(direction: str) -> None:
    taken = film(at_once=True)
    turns = 0
    for number, photograph in enumerate(taken.photographs[4::6]):
        with revived(photograph, taken.name) as (served, path):
            left = 3 + 5 * number % 23

            def kill(_: Journal, __: Line, append: Callable[[], None]) -> None:
                nonlocal left
                left -= 1
                if left < 0:
                    raise Killed
                append()

            try:
                with appending(kill):
                    served.run(path, direction)
            except Killed:
                turns += 1
                other = OTHER[direction]
                assert_end(served, served.run(path, other), other, taken.before)
    assert turns > 5


@pytest.mark.parametrize("index", range(8, 56, 8))
@pytest.mark.parametrize("written", [False, True], ids=["before", "after"])
def test_the_photographs_are_what_a_killed_runner_leaves(index: int, written: bool) -> None:
    def kill(journal: Journal, line: Line, append: Callable[[], None]) -> None:
        if len(journal.lines) == index:
            if written:
                append()
            raise Killed
        append()

    with bench(pace=PACE) as served:
        path = served.begin(served.plan(at_once=True))
        with appending(kill), pytest.raises(Killed):
            served.run(path)
        world = served.swarm.world
        left = len(read_journal(path)), (world.index, world.elapsed)
    assert left in [(each.line, each.moment) for each in film(at_once=True).photographs]


def test_both_sides_of_every_write_are_photographed() -> None:
    taken = film(at_once=True)
    with bench(small_swarm(), pace=PACE) as served:
        served.folder.mkdir()
        path = served.folder / taken.name
        path.write_bytes(taken.photographs[-1].content)
        lines = read_journal(path)
    intents = [number for number, line in enumerate(lines, 1) if isinstance(line, Intended)]
    assert len(intents) == 15
    for number in intents:
        around = [each for each in taken.photographs if each.line == number]
        sides = [each.moment[0] for each in around]
        assert len(sides) == len(set(sides)) == 2
    assert sum(bool(each.half) for each in taken.photographs) > 15
