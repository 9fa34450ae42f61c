from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import pairwise
from typing import Any, TypeVar

import pytest

from swarmtui.engine.poller import Poller
from swarmtui.engine.reader import Reader
from swarmtui.errors import EngineError, EngineNotFound
from swarmtui.model import Document, Lost, NetworkId, Reading, Snapshot, Standing
from tests.captured import Captured
from tests.unit.engine.test_reader import network_named, reader_of

ReadingT = TypeVar("ReadingT", Snapshot, Lost, Document)
LONG = 3600.0
SOON = 0.02


class Stream:
    """Events that a test sets off."""

    def __init__(self) -> None:
        self._events: queue.Queue[bool] = queue.Queue()

    def wait(self) -> bool:
        return self._events.get()

    def close(self) -> None:
        self._events.put(False)

    def release(self) -> None:
        self.released = True

    def fire(self) -> None:
        self._events.put(True)


class FakeEngine:
    """An engine of captured answers that can be away."""

    def __init__(self) -> None:
        self.captured = Captured("20.10.24", "node1")
        self.error: EngineError | None = None
        self.stream = Stream()
        self.opened = 0
        self.closed = 0

    def open(self) -> FakeEngine:
        self.opened += 1
        self.stream = Stream()
        self._raise_if_away()
        return self

    @property
    def reader(self) -> Reader:
        self._raise_if_away()
        return self._reader()

    def _reader(self) -> Reader:
        if not hasattr(self, "_kept"):
            self._kept = reader_of(self.captured)
        return self._kept

    def _raise_if_away(self) -> None:
        if self.error is not None:
            raise self.error

    def open_events(self) -> Stream:
        return self.stream

    def close(self) -> None:
        self.closed += 1


class Readings:
    """What a poller publishes, one after another."""

    def __init__(self) -> None:
        self._queue: queue.Queue[Reading] = queue.Queue()
        self.publish: Callable[[Reading], None] = self._queue.put

    def next(self, kind: type[ReadingT]) -> ReadingT:
        """Return the next reading of a kind, passing over the others."""
        while True:
            reading = self._queue.get(timeout=10)
            if isinstance(reading, kind):
                return reading


@contextmanager
def polling(engine: FakeEngine, interval: float = LONG) -> Iterator[tuple[Poller, Readings]]:
    readings = Readings()
    poller = Poller(engine.open, interval_seconds=interval)
    poller.start(readings.publish)
    try:
        yield poller, readings
    finally:
        poller.stop()
        assert not [each for each in threading.enumerate() if each.name in ("poller", "events")]


def test_it_reads_at_once_and_then_again() -> None:
    with polling(FakeEngine(), SOON) as (_, readings):
        first = readings.next(Snapshot)
        second = readings.next(Snapshot)
    assert second.tasks is first.tasks


def test_an_event_wakes_it() -> None:
    engine = FakeEngine()
    with polling(engine) as (_, readings):
        readings.next(Snapshot)
        engine.captured.requested.clear()
        engine.stream.fire()
        readings.next(Snapshot)
    assert "/networks" in engine.captured.requested


def test_refresh_reads_everything_now() -> None:
    engine = FakeEngine()
    with polling(engine) as (poller, readings):
        readings.next(Snapshot)
        engine.captured.requested.clear()
        poller.refresh()
        readings.next(Snapshot)
    assert "/tasks" in engine.captured.requested


def test_looking_at_a_network_inspects_only_it() -> None:
    engine = FakeEngine()
    with polling(engine) as (poller, readings):
        bridge = network_named(readings.next(Snapshot), "docker_gwbridge")
        engine.captured.requested.clear()
        poller.look_at(bridge.id)
        looked = readings.next(Snapshot)
    assert engine.captured.requested == [f"/networks/{bridge.id}"]
    assert looked.inspections[bridge.id].endpoints


def test_looking_before_the_first_reading_is_remembered() -> None:
    engine = FakeEngine()
    bridge = network_named(reader_of(engine.captured).read(), "docker_gwbridge")
    readings = Readings()
    poller = Poller(engine.open, interval_seconds=LONG)
    poller.look_at(bridge.id)
    poller.start(readings.publish)
    assert bridge.id in readings.next(Snapshot).inspections
    poller.stop()


def test_a_lost_engine_is_named_and_tried_again_until_it_is_back() -> None:
    engine = FakeEngine()
    away = EngineNotFound("Nothing answers", "Connection refused.", "Start the engine.")
    with polling(engine, SOON) as (_, readings):
        before = readings.next(Snapshot)
        engine.error = away
        lost = readings.next(Lost)
        again = readings.next(Lost)
        engine.error = None
        back = readings.next(Snapshot)
    assert lost.error is away
    assert (lost.attempt, again.attempt) == (1, 2)
    assert again.since == lost.since
    assert again.retry_seconds > lost.retry_seconds
    assert back.networks == before.networks
    assert engine.closed >= 1


def test_what_nobody_expected_is_a_loss_and_not_the_end() -> None:
    engine = FakeEngine()
    with polling(engine, SOON) as (_, readings):
        readings.next(Snapshot)
        engine.error = KeyError("surprise")  # type: ignore[assignment]
        lost = readings.next(Lost)
        engine.error = None
        readings.next(Snapshot)
    assert "surprise" in lost.error.explanation


def test_documents_are_answered_in_order() -> None:
    engine = FakeEngine()
    with polling(engine) as (poller, readings):
        app = network_named(readings.next(Snapshot), "app")
        poller.read_document("network", app.id)
        poller.read_document("service", "gone")
        document, missing = readings.next(Document), readings.next(Document)
    assert '"app"' in document.text
    assert missing.error is not None


def test_a_document_of_a_lost_engine_is_an_error() -> None:
    engine = FakeEngine()
    engine.error = EngineNotFound("Nothing answers")
    with polling(engine) as (poller, readings):
        readings.next(Lost)
        poller.read_document("network", "any")
        assert readings.next(Document).error is not None


def test_expensive_tasks_are_read_less_often() -> None:
    engine = FakeEngine()
    reader = engine._reader()
    with polling(engine, SOON) as (poller, readings):
        readings.next(Snapshot)
        # The clock of this reader moves a second at each look: the tasks seem to cost seconds.
        assert reader.tasks_cost_seconds >= 1
        engine.captured.requested.clear()
        for _ in range(3):
            readings.next(Snapshot)
        assert "/tasks" not in engine.captured.requested
        poller.refresh()
        while "/tasks" not in engine.captured.requested:
            readings.next(Snapshot)


def test_stopping_before_starting_is_harmless() -> None:
    Poller(FakeEngine().open, interval_seconds=LONG).stop()


def test_nothing_to_look_at_needs_no_reading() -> None:
    engine = FakeEngine()
    with polling(engine) as (poller, readings):
        readings.next(Snapshot)
        engine.captured.requested.clear()
        poller.look_at(None)
        poller.look_at(NetworkId("gone"))
        assert readings.next(Snapshot).problems == ()
    assert engine.captured.requested == []


def test_tasks_that_failed_say_so_until_they_are_read_again() -> None:
    engine = FakeEngine()
    tasks = engine.captured.body("/tasks")
    readings = Readings()
    # The tasks of this engine seem to cost seconds, and one of ours is five of the poller's.
    poller = Poller(engine.open, interval_seconds=SOON, monotonic=lambda: 5 * time.monotonic())
    poller.start(readings.publish)
    whole = readings.next(Snapshot)
    engine.captured.answer("/tasks", {"message": "context deadline exceeded"}, 500)
    poller.refresh()
    while not (failed := readings.next(Snapshot)).problems:
        pass
    engine.captured.requested.clear()
    kept = readings.next(Snapshot)
    assert "/tasks" not in engine.captured.requested, "not due yet"
    assert kept.problems == failed.problems
    assert kept.problems[0].stale_since == whole.tasks_at
    engine.captured.answer("/tasks", tasks)
    while (back := readings.next(Snapshot)).problems:
        assert back.tasks == whole.tasks
    poller.stop()
    assert "/tasks" in engine.captured.requested
    assert back.tasks_at is not None
    assert whole.tasks_at is not None
    assert back.tasks_at > whole.tasks_at


def test_tries_come_no_more_seldom_than_asked_for() -> None:
    engine = FakeEngine()
    engine.error = EngineNotFound("Nothing answers")
    readings = Readings()
    poller = Poller(engine.open, interval_seconds=SOON, longest_retry_seconds=SOON)
    poller.start(readings.publish)
    assert {readings.next(Lost).retry_seconds for _ in range(5)} == {SOON}
    poller.stop()


def test_events_that_do_not_open_hold_up_nothing() -> None:
    opening = threading.Event()
    engine = FakeEngine()

    def open_events() -> Stream:
        opening.wait()
        return engine.stream

    engine.open_events = open_events  # type: ignore[method-assign]
    readings = Readings()
    poller = Poller(engine.open, interval_seconds=SOON)
    poller.start(readings.publish)
    for _ in range(3):
        readings.next(Snapshot)
    poller.stop()
    (late,) = (each for each in threading.enumerate() if each.name == "events")
    opening.set()
    late.join(10)
    assert not late.is_alive()
    assert engine.stream.released, "nobody wants it any more"


def test_events_without_end_are_read_no_faster_than_they_wake() -> None:
    engine = FakeEngine()
    seen = 0

    class Endless(Stream):
        def wait(self) -> bool:
            nonlocal seen
            seen += 1
            return True

    endless = Endless()
    engine.open_events = lambda: endless  # type: ignore[method-assign]
    with polling(engine) as (_, readings):
        for _ in range(3):
            readings.next(Snapshot)
    # The passes that they cause are a tenth of a second apart; without a rest they are thousands.
    assert seen < 500


def test_an_engine_that_stops_has_not_left_its_swarm() -> None:
    engine = FakeEngine()
    with polling(engine) as (poller, readings):
        before = readings.next(Snapshot)
        engine.captured.body("/info")["Swarm"] = {"LocalNodeState": "inactive"}
        reader = engine._reader()
        engine.error = EngineNotFound("Nothing listens")
        # The connection that there is still answers; new ones are refused.
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(FakeEngine, "reader", property(lambda _: reader))
            poller.refresh()
            assert readings.next(Lost).error is engine.error
        engine.error = None
        poller.refresh()
        left = readings.next(Snapshot)
    assert before.engine.standing is Standing.MANAGER
    assert left.engine.standing is Standing.NO_SWARM


@pytest.mark.parametrize(("seconds", "gap"), [(0.1, 2.0), (0.4, 2.0), (1.0, 5.0), (10.0, 50.0)])
def test_slow_passes_take_a_fifth_of_the_time_at_most(seconds: float, gap: float) -> None:
    """Of an engine over a slow line, whose every pass takes so long by the poller's clock."""
    assert gaps_of(FakeEngine(), seconds)[:3] == pytest.approx([gap] * 3, abs=0.05)


def test_waiting_in_vain_is_no_reason_for_a_long_rest() -> None:
    engine = FakeEngine()
    engine.captured.answer("/services", {"message": "context deadline exceeded"}, 500)
    assert gaps_of(engine, 10.0)[:3] == pytest.approx([18.0] * 3, abs=0.05)


def gaps_of(engine: FakeEngine, seconds: float) -> list[float]:
    """Return the time between the beginnings of passes that take some seconds each."""
    time_now, starts = 0.0, list[float]()
    reader = engine._reader()
    read = reader.read

    def slow_read(*arguments: Any, **named: Any) -> Snapshot:
        nonlocal time_now
        starts.append(time_now)
        snapshot = read(*arguments, **named)
        reader.tasks_cost_seconds = 0.0
        time_now += seconds
        return snapshot

    def monotonic() -> float:
        nonlocal time_now
        time_now += 1 / 1024  # whoever waits looks at the clock again and again
        return time_now

    reader.read = slow_read  # type: ignore[method-assign]
    poller = Poller(engine.open, interval_seconds=2.0, monotonic=monotonic)
    poller._sleep = lambda: None  # type: ignore[method-assign]
    readings = Readings()
    poller.start(readings.publish)
    for _ in range(4):
        readings.next(Snapshot)
    poller.stop()
    return [later - earlier for earlier, later in pairwise(starts)]
