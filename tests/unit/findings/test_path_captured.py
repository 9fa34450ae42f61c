"""Paths on what real engines answered, of two versions."""

from __future__ import annotations

import pytest

from swarmtui.engine import Reader
from swarmtui.findings import path_between
from tests.builders import NOW
from tests.captured import ENGINES, Captured
from tests.unit.findings.paths import walk


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize(
    ("a", "b", "breaks"),
    [
        ("web", "api", ""),
        ("api", "pay_db", ""),
        ("web.1", "api.2", ""),
        ("rr", "edge-box", ""),
        ("probe-box", "rr", ""),
        ("outside:8080", "web", ""),
        ("outside:8053/udp", "dual", ""),
        ("web", "pay_db", "Common network"),
        ("asleep", "dual", "Tasks of asleep"),
        ("outside:9000", "asleep", "Tasks of asleep"),
        ("outside:8080", "dual", "Published port"),
    ],
)
def test_verdicts(engine: str, a: str, b: str, breaks: str) -> None:
    captured = Captured(engine, "node1")
    reader = Reader(captured, captured.api, now=lambda: NOW, monotonic=lambda: 0.0)
    path = walk(reader.read(every_network=True), a, b)
    assert (path.broken[1].title if path.broken else "") == breaks


def test_a_port_in_host_mode_whose_tasks_fail_says_why() -> None:
    captured = Captured("29.9-dev", "node1")
    reader = Reader(captured, captured.api, now=lambda: NOW, monotonic=lambda: 0.0)
    path = walk(reader.read(every_network=True), "outside:9100", "agent")
    assert path.broken is not None
    assert "failed to start userland proxy" in path.broken[1].facts[1]


@pytest.mark.parametrize("engine", ENGINES)
def test_from_a_worker_nothing_is_told(engine: str) -> None:
    captured = Captured(engine, "node3")
    reader = Reader(captured, captured.api, now=lambda: NOW, monotonic=lambda: 0.0)
    assert "Only a manager" in str(path_between(reader.read(), "web", "api"))
