"""The process of a runner, its signals and clocks played."""

from __future__ import annotations

import signal
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest

from swarmtui.engine import Endpoint
from swarmtui.operations import State, read_operation
from swarmtui.operations.journal import Journal, JournalUnusable, read_journal
from swarmtui.operations.lines import Ended, Entered, Line
from swarmtui.operations.running import process, run_journal
from tests.running import MESH, Bench
from tests.unit.operations.running.portraits import assert_like, portrait

Handlers = dict[int, Any]


@pytest.fixture
def handlers(desk: Bench, monkeypatch: pytest.MonkeyPatch) -> Handlers:
    found: Handlers = {}
    clocks = SimpleNamespace(sleep=desk.sleep, monotonic=desk.seconds)
    monkeypatch.setattr(process, "time", clocks)
    monkeypatch.setattr(signal, "signal", found.__setitem__)
    return found


def go(desk: Bench, path: Any, direction: str = "forward") -> None:
    endpoint = Endpoint(desk.engine.url)
    run_journal(path, endpoint, timeout_seconds=5, direction=direction, take_over="")


def test_it_runs_a_journal_to_its_end(desk: Bench, handlers: Handlers) -> None:
    before = portrait(desk.swarm)
    path = desk.begin()
    go(desk, path)
    assert read_operation(path).state is State.DONE
    assert_like(desk.swarm, before, MESH)


def test_it_outlives_its_terminal(desk: Bench, handlers: Handlers) -> None:
    go(desk, desk.begin())
    assert handlers[signal.SIGHUP] is signal.SIG_IGN
    assert handlers[signal.SIGINT] is signal.SIG_IGN


def test_asked_to_stop_it_stops_at_a_safe_point(desk: Bench, handlers: Handlers) -> None:
    path = desk.begin()
    desk.before_sleep = lambda: handlers[signal.SIGTERM](signal.SIGTERM, None)
    go(desk, path)
    operation = read_operation(path)
    assert operation.state is State.STOPPED
    assert operation.stopped is not None
    assert operation.stopped.title == "Stopped as you asked"
    desk.before_sleep = lambda: None
    go(desk, path, "back")
    assert read_operation(path).state is State.ROLLED_BACK


def test_without_an_engine_nothing_is_begun(desk: Bench, handlers: Handlers) -> None:
    path = desk.begin()
    desk.engine.stop()
    go(desk, path)
    operation = read_operation(path)
    assert (operation.state, operation.changed) == (State.DISMISSED, False)
    assert operation.stopped is not None
    assert operation.stopped.title.startswith("There is no engine at ")


def test_without_an_engine_what_was_begun_stays_open(desk: Bench, handlers: Handlers) -> None:
    path = desk.begin()
    desk.before_sleep = lambda: handlers[signal.SIGTERM](signal.SIGTERM, None)
    go(desk, path)
    desk.engine.stop()
    go(desk, path)
    assert read_operation(path).state is State.STOPPED


def breaking(error: BaseException) -> Callable[[Journal, Line], None]:
    """Return an appending that fails once a step was entered."""
    append = Journal.append

    def act(journal: Journal, line: Line) -> None:
        append(journal, line)
        if isinstance(line, Entered) and line.step == 2:
            raise error

    return act


def test_a_mistake_in_the_runner_is_told_in_the_journal(
    desk: Bench, handlers: Handlers, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = desk.begin()
    with monkeypatch.context() as patch:
        patch.setattr(Journal, "append", breaking(LookupError("no such thing")))
        with pytest.raises(LookupError):
            go(desk, path)
    operation = read_operation(path)
    assert operation.state is State.STOPPED
    assert operation.stopped is not None
    assert operation.stopped.explanation == "LookupError: no such thing."
    go(desk, path)
    assert read_operation(path).state is State.DONE


def test_a_journal_that_cannot_be_written_ends_it_at_once(
    desk: Bench, handlers: Handlers, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = desk.begin()
    with monkeypatch.context() as patch:
        patch.setattr(Journal, "append", breaking(JournalUnusable("The disk is full")))
        with pytest.raises(JournalUnusable):
            go(desk, path)
    assert isinstance(read_journal(path)[-1], Entered)
    written = len(desk.written)
    assert not any(method == "DELETE" for method, _ in desk.written)
    go(desk, path)
    assert read_operation(path).state is State.DONE
    assert len(desk.written) > written


def test_what_is_over_is_not_run_again(desk: Bench, handlers: Handlers) -> None:
    path = desk.begin()
    go(desk, path)
    content = path.read_bytes()
    with pytest.raises(JournalUnusable, match="This operation is over"):
        go(desk, path, "back")
    assert path.read_bytes() == content
    assert isinstance(read_journal(path)[-1], Ended)


def test_two_processes_never_have_one_journal(
    desk: Bench, handlers: Handlers, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("swarmtui.operations.journal._LOCK_PATIENCE_SECONDS", 0.0)
    path = desk.begin()
    refused: list[str] = []

    def second() -> None:
        desk.before_sleep = lambda: None
        with pytest.raises(JournalUnusable) as error:
            go(desk, path)
        refused.append(error.value.title)

    desk.before_sleep = second
    go(desk, path)
    assert refused == ["This operation is running already"]
    assert read_operation(path).state is State.DONE
