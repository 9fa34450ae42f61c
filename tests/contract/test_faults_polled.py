"""The live loop while the way to the engine fails: what it publishes, and that it comes back."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from queue import SimpleQueue
from tempfile import TemporaryDirectory

import pytest

from swarmtui.demo import DemoEngine
from swarmtui.engine import Endpoint, Poller, session_opener
from swarmtui.model import Lost, Reading, Snapshot
from tests.faults import FAULTS
from tests.faulty import EVERYTHING, FaultyProxy
from tests.running import small_swarm

SOON = 0.05
LONG_SECONDS = 30


@pytest.fixture(scope="module")
def proxy() -> Iterator[FaultyProxy]:
    with TemporaryDirectory(prefix="faults-") as folder:
        path = Path(folder) / "e.sock"
        with DemoEngine(small_swarm(), path, live=False), FaultyProxy(path) as between:
            yield between
    # With the proxy those streams end that never opened.
    for each in threading.enumerate():
        if each.name == "events":
            each.join(LONG_SECONDS)
            assert not each.is_alive()


@contextmanager
def polling(proxy: FaultyProxy, timeout_seconds: float) -> Iterator[SimpleQueue[Reading]]:
    readings: SimpleQueue[Reading] = SimpleQueue()
    poller = Poller(
        session_opener(Endpoint(proxy.url), timeout_seconds=timeout_seconds),
        interval_seconds=SOON,
        longest_retry_seconds=SOON,
    )
    poller.start(readings.put)
    try:
        yield readings
    finally:
        poller.stop()


def following(readings: SimpleQueue[Reading], kind: type[Reading]) -> Reading:
    """Return the next reading of a kind."""
    while not isinstance(reading := readings.get(timeout=LONG_SECONDS), kind):
        pass
    return reading


@pytest.mark.parametrize("fault", FAULTS)
def test_events_that_fail_cost_no_reading(proxy: FaultyProxy, fault: str) -> None:
    # Were they waited for, no reading would come in time.
    with proxy.failing(FAULTS[fault], "/events"), polling(proxy, 4 * LONG_SECONDS) as readings:
        for _ in range(3):
            reading = readings.get(timeout=LONG_SECONDS)
            assert isinstance(reading, Snapshot), reading
            assert reading.problems == ()


@pytest.mark.parametrize(
    "fault",
    ["cut before the answer", "reset in the body", "dead", "500", "null", "garbage for JSON"],
)
def test_a_lost_engine_is_found_again(proxy: FaultyProxy, fault: str) -> None:
    with polling(proxy, 1) as readings:
        before = following(readings, Snapshot)
        assert isinstance(before, Snapshot)
        with proxy.failing(FAULTS[fault], EVERYTHING):
            lost = following(readings, Lost)
            again = following(readings, Lost)
        assert isinstance(lost, Lost)
        assert isinstance(again, Lost)
        assert lost.error.explanation
        assert (again.since, again.attempt) == (lost.since, 2)
        assert again.retry_seconds == SOON
        back = following(readings, Snapshot)
        assert isinstance(back, Snapshot)
        assert (back.networks, back.tasks) == (before.networks, before.tasks)
