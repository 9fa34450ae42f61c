"""Migrations gone on with, taken back and undone, from whatever there is by then."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import msgspec
import pytest

from swarmtui.model import Snapshot, Standing
from swarmtui.operations import (
    Plan,
    Way,
    plan_resume,
    plan_rollback,
    plan_undo,
)
from swarmtui.operations.arrangement import shape_of
from swarmtui.operations.definition import definition_of
from swarmtui.operations.network_sights import swarm_network
from tests.builders import network, service, unallocated
from tests.unit.operations.planning import planned, refused, writes_of
from tests.unit.operations.shops import (
    MEMBERS,
    SHOP,
    SIDE,
    STORE,
    TEMPORARY,
    WEB,
    done,
    edited,
    on,
    plan_of_way,
    reshapes,
    shop,
    target,
    until,
    with_network,
    with_service,
    without_network,
)

ALL = ", ".join(MEMBERS)
IN_PLACE = plan_of_way(Way.IN_PLACE, at_once=True)
BESIDE = plan_of_way(Way.SIDE_BY_SIDE, at_once=True)
PLACES = {
    "temporary there": f"Put {ALL} on {TEMPORARY}",
    "both, old and temporary": f"Take {ALL} off {SHOP.name}",
    "temporary only": f"Remove the network {SHOP.name}",
    "old gone": f"Create the network {SHOP.name}",
    "new there": f"Put {ALL} on {SHOP.name}",
    "both, new and temporary": f"Take {ALL} off {TEMPORARY}",
    "new only": f"Remove the network {TEMPORARY}",
}
CREATE = [f"CreateNetwork {SHOP.name}"]
REMOVE = [f"RemoveNetwork {SHOP.name}"]
PASS = [f"Reshape {name}" for name in MEMBERS]
CLEAR = [f"RemoveNetwork {TEMPORARY}"]
LEFT = {
    "temporary there": CLEAR,
    "both, old and temporary": PASS + CLEAR,
    "temporary only": PASS + PASS + CLEAR,
    "old gone": CREATE + PASS + PASS + CLEAR,
    "new there": REMOVE + CREATE + PASS + PASS + CLEAR,
    "both, new and temporary": PASS + REMOVE + CREATE + PASS + PASS + CLEAR,
    "new only": PASS + PASS + REMOVE + CREATE + PASS + PASS + CLEAR,
}
"""What is written on the way back from each place."""


def flat(plan: Plan) -> list[str]:
    return [each for step in writes_of(plan) for each in step]


@pytest.mark.parametrize("place", PLACES)
def test_going_on_is_the_rest_of_the_plan(place: str) -> None:
    snapshot = until(shop(), IN_PLACE, PLACES[place])
    titles = [step.title for step in IN_PLACE.steps]
    rest = IN_PLACE.steps[titles.index(PLACES[place]) :]
    resumed = flat(planned(plan_resume(snapshot, IN_PLACE)))
    assert resumed == [each for step in writes_of(replaced(rest)) for each in step]


def replaced(steps: tuple[object, ...]) -> Plan:
    return msgspec.structs.replace(IN_PLACE, steps=steps)


@pytest.mark.parametrize("place", PLACES)
def test_the_way_back(place: str) -> None:
    snapshot = until(shop(), IN_PLACE, PLACES[place])
    back = planned(plan_rollback(snapshot, IN_PLACE))
    assert flat(back) == LEFT[place]
    end = done(snapshot, back)
    for each in shop().services:
        assert shape_of(end, end.service_by_id[each.id]) == shape_of(shop(), each)
    found = swarm_network(end, SHOP.name)
    assert found is not None
    assert definition_of(found) == definition_of(SHOP)
    assert flat(planned(plan_rollback(end, IN_PLACE))) == []


def test_a_stop_within_a_pass_goes_on_with_those_that_are_left() -> None:
    one_by_one = plan_of_way(Way.IN_PLACE)
    snapshot = until(shop(), one_by_one, f"Put store on {TEMPORARY}")
    assert flat(planned(plan_resume(snapshot, one_by_one)))[:3] == [
        "Reshape store",
        "Reshape web",
        "Reshape agent",
    ]
    assert flat(planned(plan_rollback(snapshot, one_by_one))) == [
        "Reshape agent",
        "Reshape idle",
        *CLEAR,
    ]


@pytest.mark.parametrize("turn", [plan_resume, plan_rollback])
def test_the_temporary_network_is_waited_for(turn: Callable[[Snapshot, Plan], Plan]) -> None:
    snapshot = with_network(shop(), unallocated(TEMPORARY))
    found = planned(turn(snapshot, IN_PLACE))
    if turn is plan_resume:
        assert found.steps[0].title == f"Wait for the network {TEMPORARY}"
        assert writes_of(found)[:2] == [[], PASS]
    else:
        assert flat(found) == CLEAR


def test_a_new_network_that_is_never_allocated_is_made_again() -> None:
    snapshot = with_network(
        without_network(until(shop(), IN_PLACE, PLACES["old gone"]), "x"), unallocated(SHOP.name)
    )
    assert flat(planned(plan_resume(snapshot, IN_PLACE)))[:2] == [*REMOVE, *CREATE]


@pytest.mark.parametrize("at_once", [False, True])
@pytest.mark.parametrize("onto", [SHOP.name, TEMPORARY])
@pytest.mark.parametrize("place", PLACES)
def test_newcomers_are_taken_along(place: str, onto: str, at_once: bool) -> None:
    plan = plan_of_way(Way.IN_PLACE, at_once=at_once)
    snapshot = until(shop(), IN_PLACE, PLACES[place])
    if swarm_network(snapshot, onto) is None:
        return
    late = on(service("late"), target(snapshot, "wide"), target(snapshot, onto, "l"))
    snapshot = with_service(snapshot, late)
    for turn in (plan_resume, plan_rollback):
        end = done(snapshot, planned(turn(snapshot, plan)))
        wires = shape_of(end, end.service_by_id[late.id]).wires
        assert [(wire.network, wire.aliases) for wire in wires] == [
            ("wide", ()),
            (SHOP.name, ("l",)),
        ]


@pytest.mark.parametrize("onto", [SHOP.name, SIDE])
def test_newcomers_beside(onto: str) -> None:
    snapshot = until(shop(), BESIDE, f"Take {ALL} off {SHOP.name}")
    snapshot = with_service(snapshot, on(service("late"), target(snapshot, onto)))
    for turn, name in ((plan_resume, SIDE), (plan_rollback, SHOP.name)):
        end = done(snapshot, planned(turn(snapshot, BESIDE)))
        (late,) = (each for each in end.services if each.name == "late")
        assert shape_of(end, late).networks == (name,)


@pytest.mark.parametrize("turn", [plan_resume, plan_rollback])
@pytest.mark.parametrize("name", [SHOP.name, TEMPORARY])
def test_a_network_of_somebody_else_is_never_removed(
    turn: Callable[[Snapshot, Plan], Plan], name: str
) -> None:
    theirs = network(name, "10.90.0.0/24", vxlan=6000, labels={"team": "other"})
    refusal = refused(turn(with_network(shop(), theirs), IN_PLACE))
    assert refusal.title == "Somebody else made a network of the same name meanwhile"
    assert refusal.reasons == (f"{name} is not as this change would have made it.",)


@pytest.mark.parametrize("turn", [plan_resume, plan_rollback])
def test_nothing_is_planned_without_a_leader(turn: Callable[[Snapshot, Plan], Plan]) -> None:
    blind = replace(shop(), engine=replace(shop().engine, standing=Standing.NO_LEADER))
    assert refused(turn(blind, IN_PLACE)).title == "The swarm cannot be changed now"
    refusal = refused(plan_undo(blind, IN_PLACE))
    assert refusal.title == "Cannot be undone now"


def test_services_that_were_removed_are_left_out() -> None:
    snapshot = until(shop(), IN_PLACE, PLACES["temporary only"])
    snapshot = replace(
        snapshot,
        services=tuple(each for each in snapshot.services if each.id != WEB.id),
        tasks=tuple(each for each in snapshot.tasks if each.service_id != WEB.id),
    )
    for turn in (plan_resume, plan_rollback):
        assert reshapes(planned(turn(snapshot, IN_PLACE)), "web") == []


def test_networks_that_a_service_came_onto_meanwhile_stay() -> None:
    snapshot = until(shop(), IN_PLACE, PLACES["both, old and temporary"])
    wide = target(snapshot, "wide", "s")
    snapshot = edited(snapshot, "store", lambda s: replace(s, networks=(wide, *s.networks)))
    for turn in (plan_resume, plan_rollback):
        end = done(snapshot, planned(turn(snapshot, IN_PLACE)))
        wires = shape_of(end, end.service_by_id[STORE.id]).wires
        assert {wire.network for wire in wires} == {"wide", SHOP.name, "back"}
        assert next(wire.aliases for wire in wires if wire.network == "wide") == ("s",)


def test_a_leftover_of_this_node_is_waited_for() -> None:
    snapshot = until(shop(), IN_PLACE, PLACES["old gone"])
    snapshot = replace(snapshot, leftovers=(SHOP,))
    resumed = planned(plan_resume(snapshot, IN_PLACE))
    assert resumed.steps[0].title == f"Wait until this node has given up {SHOP.name}"


def test_who_came_last_is_waited_for_before_anybody_leaves() -> None:
    snapshot = until(shop(), IN_PLACE, PLACES["both, new and temporary"])
    behind = edited(snapshot, "web", lambda each: replace(each, update_state="updating"))
    resumed = planned(plan_resume(behind, IN_PLACE))
    assert [step.title for step in resumed.steps][:2] == [
        "Wait for web",
        f"Take {ALL} off {TEMPORARY}",
    ]
