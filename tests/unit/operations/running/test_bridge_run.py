"""Running the plan for a gateway bridge on an engine that has left its swarm."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from swarmtui.operations import BridgeDraft, State
from swarmtui.operations.journal import read_journal
from swarmtui.operations.lines import Answered, Entered, Image, Intended, Locked, Reached
from tests.running import Bench, bench, empty_swarm, words
from tests.unit.demo.asking import ask

WISH = BridgeDraft("10.11.0.0/16", "10.11.0.2", "1400", icc=True, masquerade=False).intent(())


@pytest.fixture
def alone() -> Iterator[Bench]:
    swarm = empty_swarm()
    swarm.leave("node1")
    with bench(swarm) as made:
        yield made


def bridge(made: Bench) -> dict[str, object]:
    """What the engine says of its bridge; empty where there is none."""
    found = [each for each in ask(made.swarm, "/networks") if each["Name"] == "docker_gwbridge"]
    if not found:
        return {}
    (one,) = found
    return {"config": one["IPAM"]["Config"], "options": one["Options"]}


OLD = {
    "config": [{"Subnet": "172.18.0.0/16", "Gateway": "172.18.0.1"}],
    "options": {
        "com.docker.network.bridge.enable_icc": "false",
        "com.docker.network.bridge.enable_ip_masquerade": "true",
        "com.docker.network.bridge.name": "docker_gwbridge",
    },
}
NEW = {
    "config": [{"Subnet": "10.11.0.0/16", "Gateway": "10.11.0.2"}],
    "options": {
        "com.docker.network.bridge.name": "docker_gwbridge",
        "com.docker.network.bridge.enable_icc": "true",
        "com.docker.network.bridge.enable_ip_masquerade": "false",
        "com.docker.network.driver.mtu": "1400",
    },
}


def test_it_is_rebuilt_and_no_swarm_is_asked_for_anything(alone: Bench) -> None:
    assert bridge(alone) == OLD
    path = alone.begin(alone.plan(WISH))
    alone.engine.asked.clear()
    operation = alone.run(path)
    assert operation.state is State.DONE, operation.stopped
    assert bridge(alone) == NEW
    methods = [method for method, _ in alone.written]
    assert methods == ["DELETE", "POST"]
    assert not any("/configs" in path for _, path in alone.engine.asked)
    lines = read_journal(path)
    assert not any(isinstance(line, Locked) for line in lines)
    kept = [line for line in lines if isinstance(line, Image)]
    assert [line.kind for line in kept] == ["network"]
    assert b"172.18.0.0/16" in bytes(kept[0].document)
    # It stays when the node joins again.
    alone.swarm.activate("node1")
    assert bridge(alone) == NEW


@pytest.mark.parametrize("direction", ["forward", "back"])
@pytest.mark.parametrize(
    ("kind", "step"),
    [
        *((kind, step) for kind in (Entered, Intended, Answered, Reached) for step in (1, 2)),
        (Entered, 3),
        (Reached, 3),
    ],
)
def test_killed_anywhere_it_goes_on_or_back(
    alone: Bench, step: int, kind: type[Entered], direction: str
) -> None:
    path = alone.begin(alone.plan(WISH))
    alone.run_until(path, lambda line: isinstance(line, kind) and line.step == step)
    operation = alone.run(path, direction)
    assert operation.state is (State.DONE if direction == "forward" else State.ROLLED_BACK)
    assert bridge(alone) == (NEW if direction == "forward" else OLD)


def test_where_was_none_going_back_leaves_none(alone: Bench) -> None:
    alone.swarm.node("node1").gateway_bridge.present = False
    path = alone.begin(alone.plan(WISH))
    alone.run_until(path, lambda line: isinstance(line, Reached) and line.step == 1)
    assert bridge(alone) == NEW
    assert alone.run(path, "back").state is State.ROLLED_BACK
    assert bridge(alone) == {}


def test_somebody_who_comes_onto_it_meanwhile_stops_it(alone: Bench) -> None:
    path = alone.begin(alone.plan(WISH))
    alone.swarm.node("node1").gateway_bridge.join("c" * 64)
    operation = alone.run(path)
    assert operation.state is State.DISMISSED
    assert "still on docker_gwbridge" in words(operation)
    assert bridge(alone) == OLD


def test_a_node_that_has_joined_meanwhile_is_left_alone(alone: Bench) -> None:
    path = alone.begin(alone.plan(WISH))
    alone.swarm.activate("node1")
    began = alone.seconds()
    operation = alone.run(path)
    assert operation.state is State.DISMISSED
    assert "this engine is in a swarm (manager)" in words(operation)
    assert alone.seconds() - began < 1
    assert alone.written == []


def test_the_journal_of_another_engine_is_not_run(alone: Bench) -> None:
    path = alone.begin(alone.plan(WISH))
    other = empty_swarm(seed=2)
    other.leave("node1")
    with bench(other) as elsewhere:
        operation = elsewhere.run(path)
    assert words(operation).startswith("This journal is of another swarm")
    assert bridge(elsewhere) == OLD


def test_leaving_it_as_it_is_needs_no_lock(alone: Bench) -> None:
    path = alone.begin(alone.plan(WISH))
    alone.run_until(path, lambda line: isinstance(line, Entered) and line.step == 2)
    operation = alone.dismiss(path)
    assert operation.state is State.DISMISSED
    assert operation.ended is not None
    assert operation.ended.words == ""


def test_out_of_a_swarm_who_is_on_the_bridge_is_seen_in_every_reading(alone: Bench) -> None:
    with alone.writer() as writer:
        reader = alone.reader(writer)
        snapshot = reader.read()
        assert snapshot.gateway_bridge is not None
        identity = snapshot.gateway_bridge.id
        assert snapshot.inspections[identity].endpoints == ()
        alone.swarm.node("node1").gateway_bridge.join("c" * 64)
        again = reader.read(snapshot)
    assert len(again.inspections[identity].endpoints) == 1
