"""How many times a reading waits for the engine: each wave of requests costs one round trip."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime

import pytest

from swarmtui.engine.reader import Reader
from swarmtui.engine.wave import Ask, Outcome, Wave
from swarmtui.errors import EngineGarbled, EngineTimedOut, SwarmtuiError
from swarmtui.model import Standing
from tests.captured import ENGINES, Captured
from tests.unit.engine.test_reader import NO_LEADER, network_named

NOW = datetime(2026, 11, 24, tzinfo=UTC)


class Line:
    """Sends waves to a captured engine, and writes down what was in each."""

    def __init__(self, captured: Captured) -> None:
        self.captured = captured
        self.waves: list[list[str]] = []
        self.unread = 0

    def fetch(self, path: str, params: Mapping[str, str]) -> bytes:
        self.waves.append([path])
        return self.captured(path, params)

    def fetch_all(self, asks: Sequence[Ask]) -> Iterator[Outcome]:
        self.waves.append([path for path, _ in asks])
        self.unread += len(asks)
        for path, params in asks:
            self.unread -= 1
            try:
                yield self.captured(path, params)
            except SwarmtuiError as error:
                yield error

    def reader(self) -> Reader:
        return Reader(
            self.fetch,
            self.captured.api,
            now=lambda: NOW,
            monotonic=lambda: 0.0,
            fetch_all=self.fetch_all,
        )

    def taken(self) -> list[list[str]]:
        """Return the waves since the last time."""
        waves, self.waves = self.waves, []
        return waves


@pytest.fixture(params=ENGINES)
def line(request: pytest.FixtureRequest) -> Line:
    return Line(Captured(request.param, "node1"))


def test_the_first_reading_takes_two_waves_and_every_other_one(line: Line) -> None:
    reader = line.reader()
    snapshot = reader.read()
    first, second = line.taken()
    assert first == ["/info", "/networks"]
    assert second[:4] == ["/nodes", "/services", "/tasks", "/configs"]
    ingress = network_named(snapshot, "ingress")
    assert f"/networks/{ingress.id}" in second
    focus = network_named(snapshot, "docker_gwbridge")
    for with_tasks in (True, False):
        snapshot = reader.read(snapshot, focus=focus.id, with_tasks=with_tasks)
        (wave,) = line.taken()
        assert wave[0] == "/info"
        assert ("/tasks" in wave) is with_tasks
        assert {f"/networks/{ingress.id}", f"/networks/{focus.id}"} <= set(wave)
    assert snapshot.problems == ()
    assert line.unread == 0


def test_what_waves_read_is_what_single_requests_read(line: Line) -> None:
    alone = Reader(line.captured, line.captured.api, now=lambda: NOW, monotonic=lambda: 0.0)
    expected = alone.read(alone.read(every_network=True), every_network=True)
    reader = line.reader()
    found = reader.read(reader.read(every_network=True), every_network=True)
    assert found.inspections == expected.inspections
    for part in ("engine", "cluster", "nodes", "networks", "services", "tasks", "problems"):
        assert getattr(found, part) == getattr(expected, part), part


def test_looking_at_a_network_is_one_wave(line: Line) -> None:
    reader = line.reader()
    snapshot = reader.read()
    line.taken()
    reader.look(snapshot, network_named(snapshot, "app").id)
    assert len(line.taken()) == 1


def test_a_new_ingress_is_inspected_at_once(line: Line) -> None:
    reader = line.reader()
    snapshot = reader.read()
    line.taken()
    (row,) = (each for each in line.captured.body("/networks") if each.get("Ingress"))
    line.captured.answer("/networks/another", {**row, "Id": "another"})
    row["Id"] = "another"
    snapshot = reader.read(snapshot)
    _, second = line.taken()
    assert second[0] == "/networks/another"
    assert "another" in snapshot.inspections
    assert line.unread == 0


def test_a_worker_is_never_asked_what_only_managers_know() -> None:
    line = Line(Captured("29.9-dev", "node3"))
    reader = line.reader()
    snapshot = reader.read()
    assert snapshot.engine.standing is Standing.WORKER
    assert len(line.taken()) == 2
    snapshot = reader.read(snapshot)
    (wave,) = line.taken()
    assert {"/nodes", "/services", "/tasks", "/configs"}.isdisjoint(wave)
    assert snapshot.inspections


def test_a_node_that_was_promoted_is_read_whole_in_the_same_reading(line: Line) -> None:
    reader = line.reader()
    info = line.captured.body("/info")
    line.captured.answer("/info", {**info, "Swarm": {"LocalNodeState": "inactive"}})
    before = reader.read()
    assert before.engine.standing is Standing.NO_SWARM
    line.captured.answer("/info", info)
    line.taken()
    snapshot = reader.read(before)
    assert len(line.taken()) <= 2
    assert snapshot.nodes
    assert snapshot.tasks


def test_without_a_leader_no_wave_is_added(line: Line) -> None:
    reader = line.reader()
    first = reader.read(every_network=True)
    local = [each for each in line.captured.body("/networks") if each["Scope"] == "local"]
    line.captured.answer("/networks", local)
    for path in ("/nodes", "/services", "/tasks"):
        line.captured.answer(path, {"message": NO_LEADER}, 500)
    line.taken()
    second = reader.read(first)
    assert second.engine.standing is Standing.NO_LEADER
    assert {each.id for each in second.networks} == {each.id for each in first.networks}
    assert len(line.taken()) == 1


def test_an_engine_that_does_not_tell_what_it_is_ends_the_reading_there(line: Line) -> None:
    reader = line.reader()
    snapshot = reader.read()
    line.captured.answer("/info", b"<html>")
    with pytest.raises(EngineGarbled):
        reader.read(snapshot)
    assert line.unread > 0
    line.captured.answer("/info", Captured("29.9-dev", "node1").body("/info"))
    assert reader.read().problems == ()


def test_nobody_waits_for_dropped_answers_of_an_engine_that_is_late(line: Line) -> None:
    wave = Wave(line.fetch, line.fetch_all)
    line.captured.fail("/nodes", EngineTimedOut("late"))
    for path, unread in (("/info", 0), ("/nodes", 2)):
        line.unread = 0
        with wave:
            wave.ask([(path, {}), ("/networks", {}), ("/services", {})])
            try:
                wave(path, {})
            except EngineTimedOut:
                assert path == "/nodes"
        assert line.unread == unread


def test_an_answer_is_handed_out_once_and_the_next_is_fetched_anew(line: Line) -> None:
    wave = Wave(line.fetch, line.fetch_all)
    with wave:
        wave.ask([("/info", {}), ("/nodes", {})])
        wave.ask([("/info", {})])
        assert wave("/nodes", {}) == line.captured("/nodes", {})
        assert wave("/info", {}) == wave("/info", {})
    assert line.waves == [["/info", "/nodes"], ["/info"]]
