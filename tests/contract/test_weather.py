"""What a node in trouble answers, read from the embedded engine as from a real one.

The real engine's side of this stands in tests/swarm/test_live.py, where leaders are killed, and in
the captured answers of tests/unit/engine.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from swarmtui.demo import DemoEngine, demo_swarm
from swarmtui.engine import Session, resolve_endpoint
from swarmtui.model import Standing


@contextmanager
def reading(engine: DemoEngine) -> Iterator[Session]:
    session = Session(resolve_endpoint(engine.url, None, os.environ), timeout_seconds=5)
    try:
        yield session
    finally:
        session.close()


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[DemoEngine]:
    with DemoEngine(demo_swarm(), tmp_path / "d.sock", live=False) as served:
        yield served


def test_without_a_leader_nothing_is_deleted_and_all_comes_back(engine: DemoEngine) -> None:
    with reading(engine) as session:
        before = session.reader.read(every_network=True)
        with engine.changing() as swarm:
            swarm.lose_quorum()
        without = session.reader.read(before)
        assert without.engine.standing is Standing.NO_LEADER
        assert {each.id for each in without.networks} == {each.id for each in before.networks}
        assert (without.nodes, without.tasks) == (before.nodes, before.tasks)
        assert all(problem.text for problem in without.problems)
        with engine.changing() as swarm:
            swarm.regain_quorum()
        after = session.reader.read(without)
    assert after.engine.standing is Standing.MANAGER
    assert after.problems == ()


def test_a_locked_node_and_one_that_left(engine: DemoEngine) -> None:
    with reading(engine) as session:
        before = session.reader.read()
        name = before.engine.name
        with engine.changing() as swarm:
            swarm.lock(name)
        assert session.reader.read(before).engine.standing is Standing.LOCKED
        with engine.changing() as swarm:
            swarm.leave(name)
        left = session.reader.read(before)
    assert left.engine.standing is Standing.NO_SWARM
    assert not any(network.is_swarm for network in left.networks)


def test_events_wake_whoever_waits(engine: DemoEngine) -> None:
    with reading(engine) as session:
        stream = session.open_events()
        with engine.changing() as swarm:
            swarm.create_network({"Name": "fresh", "Driver": "overlay"})
        assert stream.wait()
        stream.close()
        while stream.wait():
            pass
        stream.release()


def test_a_removed_network_is_gone(engine: DemoEngine) -> None:
    with reading(engine) as session:
        before = session.reader.read(every_network=True)
        assert "vault" in {each.name for each in before.networks}
        with engine.changing() as swarm:
            swarm.remove_network("vault")
        engine.step(1)
        after = session.reader.read(before)
    assert "vault" not in {each.name for each in after.networks}
    assert after.inspections.keys() <= after.network_by_id.keys()


@pytest.mark.parametrize(("version", "reported"), [("20.10.24", False), ("29.7.2", True)])
def test_counts_are_reported_by_newer_engines_only(
    tmp_path: Path, version: str, reported: bool
) -> None:
    swarm = demo_swarm(engine_version=version)
    with DemoEngine(swarm, tmp_path / "d.sock", live=False) as served, reading(served) as session:
        snapshot = session.reader.read(every_network=True)
    assert snapshot.problems == ()
    assert any(each.reported for each in snapshot.inspections.values()) is reported
