"""Every fault of the way to an engine, on every path: what is read then, and right after it."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TypeVar

import pytest

from swarmtui.demo import DemoEngine
from swarmtui.engine import Session, resolve_endpoint, transport
from swarmtui.errors import EngineError, EngineTimedOut
from swarmtui.model import Snapshot
from tests.faults import FAULTS, HARMLESS
from tests.faulty import EVERYTHING, INSPECTION, PATHS, FaultyProxy
from tests.running import small_swarm
from tests.swarm.waiting import wait_until
from tests.unit.demo.asking import send

ResultT = TypeVar("ResultT")

PATIENCE = 0.1
LATE = " seconds."
"""How the words end for an answer that is late."""
PARTS = {
    "/nodes": "nodes",
    "/networks": "networks",
    "/services": "services",
    "/tasks": "tasks",
    "/configs": "operations",
    INSPECTION: "inspect",
}
"""The part of a snapshot that each path tells."""


@pytest.fixture(scope="module")
def proxy() -> Iterator[FaultyProxy]:
    swarm = small_swarm()
    lock = {"swarmtui.operation": "20261124", "swarmtui.title": "replacing"}
    send(
        swarm,
        "POST",
        "/configs/create",
        {"Name": "swarmtui-operation", "Labels": lock, "Data": "eA=="},
    )
    with TemporaryDirectory(prefix="faults-") as folder:
        path = Path(folder) / "e.sock"
        with DemoEngine(swarm, path, live=False), FaultyProxy(path) as between:
            yield between


@pytest.fixture(scope="module")
def before(proxy: FaultyProxy) -> Snapshot:
    """Return the swarm as it is all the time."""
    with session_with(proxy, 60) as session:
        snapshot = session.reader.read(every_network=True)
    assert snapshot.problems == ()
    assert snapshot.activity is not None
    return snapshot


@pytest.fixture(autouse=True)
def short(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(transport, "LIST_LIMIT_BYTES", 4 << 20)
    monkeypatch.setattr(transport, "BODY_LIMIT_BYTES", 1 << 20)


@contextmanager
def session_with(proxy: FaultyProxy, seconds: float) -> Iterator[Session]:
    session = Session(resolve_endpoint(proxy.url, None, os.environ), timeout_seconds=seconds)
    try:
        yield session
    finally:
        session.close()


def _connect(proxy: FaultyProxy) -> None:
    with session_with(proxy, PATIENCE):
        pass


@contextmanager
def hasty_session(proxy: FaultyProxy) -> Iterator[Session]:
    with ExitStack() as stack:
        yield wait_until(lambda: _unless_late(lambda: _entered(stack, proxy)), "connection")


def _entered(stack: ExitStack, proxy: FaultyProxy) -> Session:
    return stack.enter_context(session_with(proxy, PATIENCE))


def _unless_late(look: Callable[[], ResultT]) -> ResultT | None:
    """Return nothing where the engine was too slow, as it is now and then on a busy machine."""
    try:
        return look()
    except EngineTimedOut:
        return None


def differences(before: Snapshot, now: Snapshot) -> list[str]:
    """Return what is shown differently, though the swarm has not changed."""
    parts = ("engine", "cluster", "nodes", "networks", "services", "tasks", "activity")
    found = [each for each in parts if getattr(before, each) != getattr(now, each)]
    return found + ["inspections"] * (before.inspections.keys() != now.inspections.keys())


def await_whole(session: Session, before: Snapshot) -> None:
    """Read on, on the connections that have seen the fault, until all is well."""

    def whole() -> bool:
        snapshot = _unless_late(lambda: session.reader.read(before))
        assert snapshot is None or differences(before, snapshot) == []
        assert snapshot is None or all(each.text.endswith(LATE) for each in snapshot.problems)
        return snapshot is not None and not snapshot.problems

    wait_until(whole, "whole snapshot", 60)


@pytest.mark.parametrize("path", PARTS)
@pytest.mark.parametrize("fault", FAULTS)
def test_a_part_that_fails_is_named_and_shown_from_before(
    proxy: FaultyProxy, before: Snapshot, fault: str, path: str
) -> None:
    with hasty_session(proxy) as session:
        with proxy.failing(FAULTS[fault], path):
            during = wait_until(
                lambda: _unless_late(lambda: session.reader.read(before)), "partial snapshot"
            )
        assert differences(before, during) == []
        named = [each for each in during.problems if each.part == PARTS[path]]
        assert named
        assert all(each.text and len(each.text) < 1000 for each in named)
        assert all(each.stale_since for each in named)
        await_whole(session, before)


@pytest.mark.parametrize("path", ["/info", "/version", EVERYTHING])
@pytest.mark.parametrize("fault", FAULTS)
def test_an_engine_that_fails_is_lost_with_reason(
    proxy: FaultyProxy, before: Snapshot, fault: str, path: str
) -> None:
    with hasty_session(proxy) as session:
        ask = _connect if path == "/version" else lambda _: session.reader.read(before)
        with proxy.failing(FAULTS[fault], path), pytest.raises(EngineError) as caught:
            ask(proxy)
        error = caught.value
        assert error.title
        assert error.explanation
        assert len(str(error)) < 1000
        await_whole(session, before)


@pytest.mark.parametrize("path", PATHS[1:-1])
@pytest.mark.parametrize("fault", HARMLESS)
def test_what_is_no_harm_is_no_problem(
    proxy: FaultyProxy, before: Snapshot, fault: str, path: str
) -> None:
    with session_with(proxy, 60) as session, proxy.failing(HARMLESS[fault], path):
        for _ in range(3):
            snapshot = session.reader.read(before)
            assert differences(before, snapshot) == []
            # Among requests sent together, an answer too many is refused as that to the next.
            assert snapshot.problems == () or fault == "answered twice"
