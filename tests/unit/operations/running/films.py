"""Runs that are photographed around each line of their journal, to be gone on with from there."""

from __future__ import annotations

import pickle
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Generic, TypeVar

import pytest

from swarmtui.demo import Swarm
from swarmtui.operations import Plan, State
from swarmtui.operations.journal import Journal, read_journal
from swarmtui.operations.lines import Line
from tests.running import Bench, bench

PortraitT = TypeVar("PortraitT")

PACE = 40.0
"""Nothing here is about waiting."""


@dataclass(frozen=True)
class Photograph:
    """A swarm and the journal's content, at one moment of a run.

    Attributes:
        swarm: Pickled, which takes a fraction of the time of copying.
        line: How many lines the journal has.
        moment: Of the swarm: how often it has changed, and its time.
        half: The line of which only a part had been written.
    """

    swarm: bytes
    content: bytes
    line: int
    moment: tuple[int, int]
    half: bytes = b""


@dataclass(frozen=True)
class Film(Generic[PortraitT]):
    """All photographs of one run, and the swarm before it."""

    photographs: tuple[Photograph, ...]
    before: PortraitT
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


def shoot(
    swarm: Callable[[], Swarm],
    plan: Callable[[Bench], Plan],
    portray: Callable[[Swarm], PortraitT],
    check: Callable[[Swarm, PortraitT], None],
) -> Film[PortraitT]:
    """Photograph one run before and after each line, and once where nothing happened between.

    Args:
        swarm: Makes the swarm.
        plan: Makes the plan.
        portray: Tells what the swarm looks like.
        check: Checks the swarm afterwards against how it looked before.
    """
    found: list[Photograph] = []
    seen: set[tuple[int, tuple[int, int]]] = set()

    def take(content: bytes, line: int) -> Photograph:
        world = served.swarm.world
        moment = world.index, world.elapsed
        return Photograph(pickle.dumps(served.swarm), content, line, moment)

    def keep(taken: Photograph) -> None:
        key = taken.line, taken.moment
        if key not in seen:
            seen.add(key)
            found.append(taken)

    def watch(journal: Journal, line: Line, append: Callable[[], None]) -> None:
        taken = take(journal.path.read_bytes(), len(journal.lines))
        append()
        written = journal.path.read_bytes()[len(taken.content) :]
        keep(replace(taken, half=written[:-20] if len(found) % 2 else written[:1]))
        keep(take(taken.content + written, len(journal.lines)))

    with bench(swarm(), pace=PACE) as served, appending(watch):
        before = portray(served.swarm)
        path = served.begin(plan(served))
        operation = served.run(path)
        assert operation.state is State.DONE, operation.stopped
        check(served.swarm, before)
        lines = len(read_journal(path))
    assert {each.line for each in found} == set(range(1, lines + 1))
    # The last one is of an operation that is over.
    return Film(tuple(found[:-1]), before, path.name)


@contextmanager
def revived(taken: Photograph, name: str) -> Iterator[tuple[Bench, Path]]:
    """Serve the swarm of a photograph, with the journal as the killed runner left it."""
    with bench(pickle.loads(taken.swarm), pace=PACE) as served:
        served.folder.mkdir()
        path = served.folder / name
        path.write_bytes(taken.content + taken.half)
        try:
            yield served, path
        except AssertionError as error:
            error.add_note(f"killed after line {taken.line}, with {taken.half!r} of the next one")
            raise
