"""Networks made, removed, pruned and split by real runners on an embedded engine, and undone."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from swarmtui.demo import network_spec
from swarmtui.operations import (
    Definition,
    NetworkDraft,
    Plan,
    Range,
    SplitDraft,
    definition_of,
    plan_undo,
    removal_of,
    swarm_network,
    unused_networks,
)
from swarmtui.operations.lines import Entered
from swarmtui.operations.operation import State
from tests.running import Bench, bench, words
from tests.unit.demo.asking import ask

SHOP = NetworkDraft(
    "shop",
    "10.77.0.0/24 10.78.0.0/24",
    "10.77.0.9",
    "10.77.0.128/25",
    mtu="1400",
    vxlan="5000 5001",
    labels="team=a",
    attachable=True,
    internal=True,
)


@pytest.fixture
def desk() -> Iterator[Bench]:
    with bench() as found:
        yield found


def names(desk: Bench) -> set[str]:
    return {each.name for each in desk.snapshot().networks if each.is_swarm}


def networks_of(desk: Bench, service: str) -> list[Any]:
    """Return the networks that a service names, by name, with all that is said of them."""
    known = {each["Id"]: each["Name"] for each in ask(desk.swarm, "/networks")}
    asked = desk.service(service)["Spec"]["TaskTemplate"].get("Networks") or []
    return [{**each, "Target": known.get(each["Target"], each["Target"])} for each in asked]


def run(desk: Bench, plan: Plan, state: State = State.DONE) -> None:
    operation = desk.run(desk.begin(plan))
    assert operation.state is state, operation.stopped


def undo(desk: Bench, plan: Plan) -> None:
    back = plan_undo(desk.snapshot(), plan)
    assert isinstance(back, Plan), back
    run(desk, back)


def test_a_network_is_created_as_it_was_said_and_undone(desk: Bench) -> None:
    plan = desk.plan(SHOP.intent())
    run(desk, plan)
    made = swarm_network(desk.snapshot(), "shop")
    assert made is not None
    assert definition_of(made).ranges == (
        Range("10.77.0.0/24", "10.77.0.9", "10.77.0.128/25"),
        Range("10.78.0.0/24", "10.78.0.1"),
    )
    assert made.vxlan_ids == (5000, 5001)
    assert (made.mtu_option, dict(made.labels)) == (1400, {"team": "a"})
    assert made.attachable
    assert made.internal
    undo(desk, plan)
    assert "shop" not in names(desk)


def test_one_from_the_pools_gets_the_lowest_block(desk: Bench) -> None:
    run(desk, desk.plan(NetworkDraft("shop").intent()))
    made = swarm_network(desk.snapshot(), "shop")
    assert made is not None
    assert [each.cidr for each in made.subnets] == ["10.20.0.128/26"]


def test_one_that_is_never_allocated_stops_and_is_removed(desk: Bench) -> None:
    plan = desk.plan(NetworkDraft("shop", "10.77.0.0/24").intent())
    path = desk.begin(plan)

    def take(method: str, path: str) -> None:
        if (method, path) == ("POST", "/networks/create"):
            desk.engine.before = lambda method, path: None
            with desk.engine.changing() as swarm:
                swarm.create_network(network_spec("theirs", subnet="10.77.0.0/16"))
                swarm.step(1)

    desk.engine.before = take
    stopped = desk.run(path)
    assert stopped.state is State.STOPPED
    assert "its subnet may overlap another one" in words(stopped)
    assert "On shop (no addresses): nobody." in words(stopped)
    assert {"shop", "theirs"} <= names(desk)
    assert desk.run(path, "back").state is State.ROLLED_BACK
    assert "shop" not in names(desk)
    assert "theirs" in names(desk)


def test_a_removal_detaches_and_its_undo_brings_everything_back(desk: Bench) -> None:
    desk.update(
        "web", lambda spec: spec["TaskTemplate"]["Networks"][0].update({"Aliases": ["www", "shop"]})
    )
    desk.sleep(10)
    before = {name: networks_of(desk, name) for name in ("web", "onapp", "plain")}
    network = swarm_network(desk.snapshot(), "app")
    assert network is not None
    plan = desk.plan(removal_of(desk.snapshot(), ("app",), detach=True))
    run(desk, plan)
    assert "app" not in names(desk)
    assert [networks_of(desk, name) for name in ("web", "onapp")] == [[], []]
    undo(desk, plan)
    again = swarm_network(desk.snapshot(), "app")
    assert again is not None
    assert again.id != network.id
    assert definition_of(again) == definition_of(network)
    assert {name: networks_of(desk, name) for name in before} == before
    assert {each.running for each in desk.snapshot().services if each.name == "web"} == {3}


def test_a_removal_waits_for_containers_that_a_person_takes_off(desk: Bench) -> None:
    with desk.engine.changing() as swarm:
        swarm.create_network(network_spec("lab", attachable=True))
        swarm.step(1)
        swarm.run_container("node2", "box", ("lab",))
        swarm.step(5)
    plan = desk.plan(removal_of(desk.snapshot(), ("lab",), by_hand=True))
    assert plan.steps[0].title == "Disconnect containers from lab by hand"
    waits = 0

    def person() -> None:
        nonlocal waits
        waits += 1
        if waits == 5:
            with desk.engine.changing() as swarm:
                swarm.stop_container("box")

    desk.before_sleep = person
    run(desk, plan)
    assert "lab" not in names(desk)


def test_what_never_worked_is_removed(desk: Bench) -> None:
    with desk.engine.changing() as swarm:
        swarm.create_network(network_spec("zombie", subnet="10.20.0.0/24"))
        swarm.step(1)
    assert not swarm_network(desk.snapshot(), "zombie").is_allocated  # type: ignore[union-attr]
    run(desk, desk.plan(removal_of(desk.snapshot(), ("zombie",))))
    assert "zombie" not in names(desk)


def test_a_prune_and_its_undo(desk: Bench) -> None:
    with desk.engine.changing() as swarm:
        for name in ("one", "two"):
            swarm.create_network(network_spec(name, stack="old", attachable=True))
        swarm.create_network(network_spec("zombie", subnet="10.20.0.0/24"))
        swarm.step(2)
    snapshot = desk.snapshot()
    made = [definition_of(each) for each in snapshot.networks if each.name in ("one", "two")]
    assert unused_networks(snapshot) == ("one", "two", "zombie")
    plan = desk.plan(removal_of(snapshot, unused_networks(snapshot)))
    run(desk, plan)
    assert names(desk) == {"ingress", "app"}
    undo(desk, plan)
    again = [definition_of(each) for each in desk.snapshot().networks]
    assert all(each in again for each in made)
    assert "zombie" not in names(desk)


def test_a_prune_that_stops_leaves_alone_on_the_way_back_what_never_worked(desk: Bench) -> None:
    with desk.engine.changing() as swarm:
        swarm.create_network(network_spec("a"))
        swarm.create_network(network_spec("zombie", subnet="10.20.0.0/24"))
        swarm.step(2)
    plan = desk.plan(removal_of(desk.snapshot(), ("a", "zombie")))
    path = desk.begin(plan)
    desk.run_until(path, lambda line: isinstance(line, Entered) and line.step == 4)
    assert names(desk) == {"ingress", "app", "zombie"}
    assert desk.run(path, "back").state is State.ROLLED_BACK
    assert names(desk) == {"ingress", "app", "a", "zombie"}


def test_a_split_and_its_undo(desk: Bench) -> None:
    before = {name: networks_of(desk, name) for name in ("web", "onapp")}
    draft = SplitDraft("app", "app2", movers=frozenset(["onapp"]), both=frozenset(["web"]))
    plan = desk.plan(draft.intent(desk.snapshot()))
    run(desk, plan)
    assert [each["Target"] for each in networks_of(desk, "onapp")] == ["app2"]
    assert [each["Target"] for each in networks_of(desk, "web")] == ["app", "app2"]
    undo(desk, plan)
    assert {name: networks_of(desk, name) for name in before} == before
    assert "app2" not in names(desk)


def test_a_split_that_stops_is_rolled_back(desk: Bench) -> None:
    before = {name: networks_of(desk, name) for name in ("web", "onapp")}
    draft = SplitDraft("app", "app2", movers=frozenset(["onapp", "web"]))
    path = desk.begin(desk.plan(draft.intent(desk.snapshot())))
    desk.cancelled = lambda: [each["Target"] for each in networks_of(desk, "onapp")] == ["app2"]
    assert desk.run(path).state is State.STOPPED
    desk.cancelled = lambda: False
    assert desk.run(path, "back").state is State.ROLLED_BACK
    assert {name: networks_of(desk, name) for name in before} == before
    assert "app2" not in names(desk)


def test_somebody_who_came_meanwhile_keeps_the_network(desk: Bench) -> None:
    plan = desk.plan(removal_of(desk.snapshot(), ("app",), detach=True))
    target = swarm_network(desk.snapshot(), "app")
    assert target is not None
    path = desk.begin(plan)
    desk.update("plain", lambda spec: spec["TaskTemplate"].update(Networks=[{"Target": target.id}]))
    operation = desk.run(path)
    assert (operation.state, operation.changed) == (State.DISMISSED, False)
    assert "plain is on app" in words(operation)
    assert definition_of(target) == Definition("app", (Range("10.20.0.64/26", "10.20.0.65"),))
    assert desk.written == []
