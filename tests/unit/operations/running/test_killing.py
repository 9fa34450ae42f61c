"""A runner that is killed at any line of its journal; another one goes on, or goes back.

Whether the runner is killed or goes on, swarm and journal are the same up to that line. So one run
is photographed around each of its lines, and every photograph is brought to both ends.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from copy import deepcopy
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

from swarmtui.demo import Swarm
from swarmtui.operations import Operation, State
from swarmtui.operations.journal import Journal, read_journal
from swarmtui.operations.lines import Intended, Line
from tests.running import MESH, Bench, Killed, bench, small_swarm
from tests.unit.operations.running.portraits import Portrait, assert_like, portrait

PARTS = 6
PACE = 40.0
"""Nothing here is about waiting."""
ENDS = {"forward": (State.DONE, MESH), "back": (State.ROLLED_BACK, None)}
OTHER = {"forward": "back", "back": "forward"}


@dataclass(frozen=True)
class Photograph:
    """A swarm and the journal's content, at one moment of a run.

    Attributes:
        line: How many lines the journal has.
        half: The line of which only a part had been written.
    """

    swarm: Swarm
    content: bytes
    line: int
    half: bytes = b""


@dataclass(frozen=True)
class Film:
    """All photographs of one run, and the swarm before it."""

    photographs: tuple[Photograph, ...]
    before: Portrait
    name: str


@contextmanager
def appending(act: Callable[[Journal, Line, Callable[[], None]], None]) -> Iterator[None]:
    """Have something done in the place of every appending, which it is given to do itself."""
    with pytest.MonkeyPatch.context() as patch:
        append = Journal.append
        patch.setattr(
            Journal,
            "append",
            lambda journal, line: act(journal, line, lambda: append(journal, line)),
        )
        yield


@pytest.fixture(autouse=True)
def _in_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    # What a power failure leaves of a file is not what is tried here.
    monkeypatch.setattr(os, "fsync", lambda _: None)


@cache
def film(*, at_once: bool) -> Film:
    """Photograph one run before and after each line, and once where nothing happened between."""
    found: list[Photograph] = []
    seen: set[tuple[int, int, int]] = set()

    def photograph(journal: Journal, half: bytes = b"") -> None:
        world = served.swarm.world
        key = len(journal.lines), world.index, world.elapsed
        if key not in seen:
            seen.add(key)
            content = journal.path.read_bytes()
            found.append(Photograph(deepcopy(served.swarm), content, len(journal.lines), half))

    def watch(journal: Journal, line: Line, append: Callable[[], None]) -> None:
        before = journal.path.stat().st_size
        copy = deepcopy(served.swarm)
        lines = len(journal.lines)
        append()
        written = journal.path.read_bytes()
        world = copy.world
        half = written[before:-20] if len(found) % 2 else written[before : before + 1]
        if (lines, world.index, world.elapsed) not in seen:
            seen.add((lines, world.index, world.elapsed))
            found.append(Photograph(copy, written[:before], lines, half))
        photograph(journal)

    with bench(pace=PACE) as served, appending(watch):
        before = portrait(served.swarm)
        path = served.begin(served.plan(at_once=at_once))
        assert served.run(path).state is State.DONE
        assert_like(served.swarm, before, MESH)
        lines = len(read_journal(path))
    assert {each.line for each in found} == set(range(1, lines + 1))
    # The last one is of an operation that is over.
    return Film(tuple(found[:-1]), before, path.name)


@contextmanager
def revived(taken: Photograph, name: str) -> Iterator[tuple[Bench, Path]]:
    """Serve the swarm of a photograph, with the journal as the killed runner left it."""
    with bench(deepcopy(taken.swarm), pace=PACE) as served:
        served.folder.mkdir()
        path = served.folder / name
        path.write_bytes(taken.content + taken.half)
        try:
            yield served, path
        except AssertionError as error:
            error.add_note(f"killed after line {taken.line}, with {taken.half!r} of the next one")
            raise


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
        left = len(read_journal(path)), served.swarm.world.index, served.swarm.world.elapsed
    taken = [
        (each.line, each.swarm.world.index, each.swarm.world.elapsed)
        for each in film(at_once=True).photographs
    ]
    assert left in taken


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
        sides = [each.swarm.world.index for each in taken.photographs if each.line == number]
        assert len(sides) == len(set(sides)) == 2
    assert sum(bool(each.half) for each in taken.photographs) > 15
