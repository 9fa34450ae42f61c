"""The engine restarts, the swarm loses its leader, a wait comes to nothing."""

from __future__ import annotations

from collections.abc import Callable
from itertools import count
from typing import Any

import pytest

from swarmtui.errors import EngineForbidden
from swarmtui.operations import State
from swarmtui.operations.journal import read_journal
from swarmtui.operations.lines import Noted
from tests.running import MESH, PUBLISHERS, Bench, Between, words
from tests.unit.demo.asking import tasks_named
from tests.unit.operations.running.portraits import assert_like, portrait

WRITES = 24
AWAY_LOOKS = 4

Act = Callable[[Bench], None]


def stop(desk: Bench) -> None:
    desk.engine.stop()


def start(desk: Bench) -> None:
    desk.engine.start()


def lose_leader(desk: Bench) -> None:
    with desk.engine.changing() as swarm:
        swarm.lose_quorum()


def regain_leader(desk: Bench) -> None:
    with desk.engine.changing() as swarm:
        swarm.regain_quorum()


WEATHERS = {"engine": (stop, start), "leader": (lose_leader, regain_leader)}


def away_at_write(desk: Bench, number: int, weather: str) -> None:
    """Let the bad weather begin just before a write, for some looks."""
    begin, end = WEATHERS[weather]
    left = 0

    def act(write: int, send: Callable[[], bytes]) -> bytes:
        nonlocal left
        if write == number:
            begin(desk)
            left = AWAY_LOOKS
        return send()

    def look() -> None:
        nonlocal left
        left -= 1
        if left == 0:
            end(desk)

    desk.wrap = lambda writer: Between(writer, act)
    desk.before_sleep = look


def away_at_look(desk: Bench, number: int, looks: int, weather: str) -> None:
    """Let the bad weather begin in the middle of a wait, for some looks."""
    begin, end = WEATHERS[weather]
    looked = count(1)

    def look() -> None:
        current = next(looked)
        if current == number:
            begin(desk)
        elif current == number + looks:
            end(desk)

    desk.before_sleep = look


@pytest.mark.parametrize("weather", WEATHERS)
@pytest.mark.parametrize("number", [*range(1, WRITES, 2), WRITES])
def test_it_waits_before_any_write_and_goes_on(desk: Bench, weather: str, number: int) -> None:
    desk.pace = 30
    before = portrait(desk.swarm)
    away_at_write(desk, number, weather)
    path = desk.begin()
    operation = desk.run(path)
    assert (operation.state, operation.stopped) == (State.DONE, None)
    assert_like(desk.swarm, before, MESH)
    notes = [line.words for line in read_journal(path) if isinstance(line, Noted)]
    assert sum("The engine is away: " in each for each in notes) == 1


@pytest.mark.parametrize("weather", WEATHERS)
@pytest.mark.parametrize("number", [1, 3, 5])
def test_time_without_the_engine_is_no_part_of_a_deadline(
    desk: Bench, weather: str, number: int
) -> None:
    before = portrait(desk.swarm)
    away_at_look(desk, number, 100, weather)
    began = desk.seconds()
    operation = desk.run(desk.begin())
    assert (operation.state, operation.stopped) == (State.DONE, None)
    deadlines = {step.deadline_seconds for step in operation.plan.steps}
    assert desk.seconds() - began > 300 > max(deadlines)
    assert_like(desk.swarm, before, MESH)


@pytest.mark.parametrize("weather", WEATHERS)
def test_in_showing_life_it_is_no_part_of_a_deadline_either(desk: Bench, weather: str) -> None:
    """The heartbeat of a long wait falls into the time without the engine."""
    slow = {"UpdateConfig": {"Parallelism": 1}, "Mode": {"Replicated": {"Replicas": 12}}}
    desk.update("web", lambda spec: spec.update(slow))
    desk.engine.step(60)
    begin, end = WEATHERS[weather]
    looks = 0

    def act(write: int, send: Callable[[], bytes]) -> bytes:
        nonlocal looks
        # The third write to the lock: it was taken, its first step entered, and now it lives.
        if write == 3 + len(PUBLISHERS):
            assert desk.engine.asked[-1] == ("GET", f"/configs/{next(iter(configs))}")
            begin(desk)
            looks = 1
        return send()

    def look() -> None:
        nonlocal looks
        if looks:
            looks += 1
            if looks == 250:
                end(desk)

    configs = desk.swarm.world.configs
    desk.wrap = lambda writer: Between(writer, act)
    desk.before_sleep = look
    operation = desk.run(desk.begin())
    assert (operation.state, operation.stopped) == (State.DONE, None)
    assert looks > 250
    assert operation.plan.steps[0].deadline_seconds < 3 * 250


def test_for_ever_it_does_not_wait(desk: Bench) -> None:
    before = portrait(desk.swarm)
    away_at_look(desk, 2, 1000, "engine")
    desk.pace = 100
    operation = desk.run(desk.begin())
    assert operation.state is State.STOPPED
    assert "Closed are the ports of auto, glob, idle, mixed, web." in words(operation)
    desk.before_sleep = lambda: None
    desk.engine.start()
    assert desk.run(operation.path, "back").state is State.ROLLED_BACK
    assert_like(desk.swarm, before)


def test_an_engine_that_is_away_from_the_beginning_leaves_nothing_behind(desk: Bench) -> None:
    path = desk.begin()
    away_at_look(desk, 1, 1000, "leader")
    lose_leader(desk)
    desk.pace = 1000
    operation = desk.run(path)
    assert (operation.state, operation.changed) == (State.DISMISSED, False)
    assert "The swarm does not answer" in words(operation)
    assert desk.written == []


def test_what_does_not_pass_stops_it_at_once(desk: Bench) -> None:
    def act(write: int, send: Callable[[], bytes]) -> bytes:
        if write == 5:
            raise EngineForbidden("You may not use the engine", "permission denied")
        return send()

    desk.wrap = lambda writer: Between(writer, act)
    began = desk.seconds()
    operation = desk.run(desk.begin())
    assert operation.state is State.STOPPED
    assert words(operation).startswith("You may not use the engine: permission denied")
    assert desk.seconds() == began
    desk.wrap = lambda writer: writer
    assert desk.run(operation.path).state is State.DONE


def constrain(*constraints: str) -> Callable[[Any], None]:
    def edit(spec: Any) -> None:
        spec["TaskTemplate"]["Placement"] = (
            {"Constraints": list(constraints)} if constraints else {}
        )

    return edit


@pytest.mark.parametrize("direction", ["forward", "back"])
def test_tasks_that_never_run_end_in_words_and_both_ways_are_open(
    desk: Bench, direction: str
) -> None:
    before = portrait(desk.swarm)
    looked = count(1)

    def look() -> None:
        if next(looked) == 2:
            desk.update("web", constrain("node.labels.nowhere==1"))

    desk.before_sleep = look
    path = desk.begin()
    operation = desk.run(path)
    step = operation.plan.steps[operation.step - 1]
    assert operation.state is State.STOPPED
    assert f"Waited {step.deadline_seconds:.0f} seconds in vain: " in words(operation)
    assert "Closed are the ports of auto, glob, idle, mixed, web." in words(operation)
    waited = operation.times[operation.step - 1]
    assert (bool(waited.entered_at), waited.reached_at) == (True, "")
    desk.before_sleep = lambda: None
    desk.update("web", constrain())
    ended = desk.run(path, direction)
    assert ended.is_over
    assert_like(desk.swarm, before, MESH if direction == "forward" else None)


@pytest.mark.parametrize("direction", ["forward", "back"])
def test_a_paused_update_stops_it_at_once(desk: Bench, direction: str) -> None:
    before = portrait(desk.swarm)

    def look() -> None:
        service = next(s for s in desk.swarm.world.services.values() if s.name == "web")
        status = service.update_status
        fresh = [
            task
            for task in tasks_named(desk.swarm, "web")
            if task.state.word == "running" and "Ports" not in (task.endpoint_spec or {})
        ]
        if status is not None and status.state == "updating" and len(fresh) == 3:
            desk.before_sleep = lambda: None
            with desk.engine.changing() as swarm:
                swarm.fail_task("web.1")

    desk.pace = 3
    desk.before_sleep = look
    began = desk.seconds()
    operation = desk.run(desk.begin())
    assert operation.state is State.STOPPED
    assert "Waiting does not help: the update of web is paused: " in words(operation)
    assert desk.seconds() - began < 20
    if direction == "forward":
        again = desk.run(operation.path)
        assert again.state is State.STOPPED
        assert "the update of web is paused" in words(again)
        # As `docker service update --force` does.
        desk.update("web", lambda spec: spec["TaskTemplate"].update(ForceUpdate=1))
        before.specs["web"]["TaskTemplate"]["ForceUpdate"] = 1
    ended = desk.run(operation.path, direction)
    assert (ended.is_over, ended.stopped) == (True, None)
    desk.engine.step(30)
    assert_like(desk.swarm, before, MESH if direction == "forward" else None)
