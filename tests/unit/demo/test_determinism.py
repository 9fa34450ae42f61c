"""The same seed and the same time give the same bytes, however the time is cut."""

from __future__ import annotations

from datetime import UTC, datetime

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from swarmtui.demo import Swarm, demo_swarm
from tests.unit.demo.asking import EVERY_RUNTIME, ask, ask_bytes

_PATHS = ("/info", "/nodes", "/networks", "/services?", "/networks/edge", "/containers/json")


def everything(swarm: Swarm) -> list[bytes]:
    found = [ask_bytes(swarm, path.rstrip("?"), "manager-1", all="1") for path in _PATHS]
    return [*found, ask_bytes(swarm, "/tasks", "manager-1", filters=EVERY_RUNTIME)]


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    seed=st.integers(1, 4),
    steps=st.lists(st.sampled_from((0.25, 1.0, 7.5, 64.0)), min_size=1, max_size=20),
)
def test_two_swarms_stepped_alike_are_alike(seed: int, steps: list[float]) -> None:
    one, other = demo_swarm(seed), demo_swarm(seed)
    for seconds in steps:
        one.step(seconds)
    other.step(sum(steps))
    assert everything(one) == everything(other)


def test_reading_changes_nothing() -> None:
    one, other = demo_swarm(), demo_swarm()
    for _ in range(5):
        everything(one)
        one.step(20)
        other.step(20)
    assert everything(one) == everything(other)


def test_another_seed_is_another_swarm() -> None:
    assert everything(demo_swarm(1)) != everything(demo_swarm(2))


def test_history_can_be_moved_as_a_whole() -> None:
    swarm = demo_swarm(now=datetime(2027, 1, 1, 12, tzinfo=UTC))
    assert swarm.now == datetime(2027, 1, 1, 12, tzinfo=UTC)
    (edge,) = [row for row in ask(swarm, "/networks", "manager-1") if row["Name"] == "edge"]
    assert edge["Created"].startswith("2026-12-29T")
