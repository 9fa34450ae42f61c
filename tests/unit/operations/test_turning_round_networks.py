"""From wherever a change of networks stops, both ways lead where they promise, and harm nobody."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import combinations

from hypothesis import given, settings
from hypothesis import strategies as st

from swarmtui.model import Network, NetworkId, Service, Snapshot
from swarmtui.operations import Plan, Rearrange, Refusal, Way, plan_operation, plan_undo
from swarmtui.operations.arrangement import Arrangement, shape_of
from swarmtui.operations.definition import fits
from swarmtui.operations.network_sights import swarm_network
from swarmtui.operations.sights import look
from swarmtui.operations.writes import CreateNetwork, RemoveNetwork, Reshape, Wire
from tests.unit.operations.drawn import patient, without_service
from tests.unit.operations.drawn_networks import (
    APART,
    LATE,
    OVERLAYS,
    changes,
    migrations,
    shops,
    with_latecomer,
)
from tests.unit.operations.planning import planned
from tests.unit.operations.test_turning_round import CUTS, WAYS, turned
from tests.unit.operations.world import World, carried_out, settled, stopped_after, written

GENTLE = (Way.IN_PLACE, Way.SIDE_BY_SIDE)


def wires_by_name(snapshot: Snapshot) -> dict[str, tuple[Wire, ...]]:
    return {each.name: shape_of(snapshot, each).wires for each in snapshot.services}


def networks_on(snapshot: Snapshot) -> dict[str, set[str]]:
    return {
        name: {wire.network for wire in wires} for name, wires in wires_by_name(snapshot).items()
    }


def assert_arrived(before: Snapshot, world: World, intent: Rearrange, goal: Arrangement) -> None:
    """Check every network and service, whether the change was about it or not."""
    snapshot = world.snapshot
    for wanted in goal.networks:
        found = swarm_network(snapshot, wanted.name)
        assert found is not None
        assert fits(found, wanted)
    names = set(intent.names) - {each.name for each in goal.networks}
    assert not [name for name in names if swarm_network(snapshot, name)]
    kept = [each for each in before.networks if each.name not in intent.names]
    assert [each for each in snapshot.networks if each.name not in intent.names] == kept
    shapes = goal.shape_by_id
    for service in snapshot.services:
        if service.name == LATE:
            continue
        wanted_shape = shapes.get(service.id) or shape_of(before, before.service_by_id[service.id])
        now = shape_of(snapshot, service)
        assert set(now.wires) == set(wanted_shape.wires)
        assert (now.mode, set(now.ports)) == (wanted_shape.mode, set(wanted_shape.ports))
        assert_holds(
            snapshot, service, {snapshot.target_id(each.target) for each in service.networks}
        )


def assert_holds(snapshot: Snapshot, service: Service, named: set[str]) -> None:
    ingress = {n.id for n in snapshot.networks if n.ingress and service.publishes_on_ingress}
    addresses = {each.network_id for each in service.virtual_ips}
    assert addresses == (named | ingress if service.endpoint_mode == "vip" else set())
    for task in snapshot.tasks:
        if task.service_id == service.id:
            assert {each.network_id for each in task.attachments} == named | ingress


def drawn_plan(world: World, intent: Rearrange) -> Plan | None:
    """Return the plan of a change; None where there is nothing to change or no port to give."""
    found = plan_operation(world.snapshot, intent)
    if isinstance(found, Refusal):
        assert found.needless, found
        return None
    return found


@settings(patient, max_examples=250)
@given(st.data(), shops(), CUTS, st.lists(st.tuples(WAYS, CUTS), max_size=3), WAYS)
def test_every_way_from_every_place_arrives(
    data: st.DataObject, drawn: World, cut: int, turns: list[tuple[str, int]], last: str
) -> None:
    intent = data.draw(changes(drawn))
    plan = drawn_plan(drawn, intent)
    if plan is None:
        return
    world = stopped_after(drawn, plan, cut)
    for way, writes in turns:
        plan = turned(world, plan, way)
        world = stopped_after(world, plan, writes)
    world = carried_out(world, turned(world, plan, last))
    goal = intent.after if last == "on" else intent.before
    assert_arrived(drawn.snapshot, world, intent, goal)
    assert turned(world, plan, last).writes == ()


@settings(patient, max_examples=150)
@given(
    st.data(), shops(), CUTS, WAYS, st.sampled_from(["shop", "shop-moving", "new"]), st.booleans()
)
def test_others_may_come_and_go_meanwhile(
    data: st.DataObject, drawn: World, cut: int, way: str, onto: str, goes: bool
) -> None:
    intent = data.draw(migrations(drawn))
    plan = planned(plan_operation(drawn.snapshot, intent))
    world = with_latecomer(stopped_after(drawn, plan, cut), onto)
    if goes:
        world = without_service(world, "s0")
    came = networks_on(world.snapshot).get(LATE)
    world = carried_out(world, turned(world, plan, way))
    goal = intent.after if way == "on" else intent.before
    assert_arrived(drawn.snapshot, world, intent, goal)
    if came is not None:
        (target,) = goal.networks
        wanted = {target.name} if came <= set(intent.names) else came
        assert networks_on(world.snapshot)[LATE] == wanted


@settings(patient, max_examples=100)
@given(st.data(), shops())
def test_what_is_done_can_be_undone(data: st.DataObject, drawn: World) -> None:
    intent = data.draw(changes(drawn))
    plan = drawn_plan(drawn, intent)
    if plan is None:
        return
    world = carried_out(drawn, plan)
    back = planned(plan_undo(world.snapshot, plan))
    assert isinstance(back.intent, Rearrange)
    world = carried_out(world, back)
    assert_arrived(drawn.snapshot, world, back.intent, intent.before)


def together(one: Mapping[str, set[str]], other: Mapping[str, set[str]]) -> set[tuple[str, str]]:
    """Return the pairs of services of which the one shares a network with the other."""
    pairs = combinations(sorted(one.keys() & other.keys()), 2)
    return {(a, b) for a, b in pairs if one[a] & other[b] and other[a] & one[b]}


@settings(patient, max_examples=150)
@given(st.data(), shops(), CUTS, WAYS)
def test_gently_nobody_loses_contact_and_only_its_own_networks_are_written(
    data: st.DataObject, drawn: World, cut: int, way: str
) -> None:
    intent = data.draw(migrations(drawn, GENTLE))
    plan = planned(plan_operation(drawn.snapshot, intent))
    start = networks_on(drawn.snapshot)
    friends = together(start, start)
    world = assert_gentle(drawn, plan, friends, cut)
    world = assert_gentle(world, turned(world, plan, way), friends, 99)


def assert_gentle(world: World, plan: Plan, friends: set[tuple[str, str]], writes: int) -> World:
    assert isinstance(plan.intent, Rearrange)
    spared = {each.id for each in OVERLAYS if each.name not in plan.intent.names}
    for step in plan.steps:
        before = networks_on(world.snapshot)
        apart = wires_of_spared(world.snapshot, spared)
        for write in step.writes:
            if not writes:
                return world
            writes -= 1
            match write:
                case RemoveNetwork():
                    assert write.name in plan.intent.names
                    assert write.network_id not in spared
                    assert_unused(world.snapshot, swarm_network(world.snapshot, write.name))
                case CreateNetwork():
                    assert write.definition.name in plan.intent.names
                case _:
                    assert isinstance(write, Reshape)
            world = written(world, write)
        now = networks_on(world.snapshot)
        # Services of one step change in any order.
        assert friends <= together(now, now) & together(before, now)
        assert wires_of_spared(world.snapshot, spared) == apart
        world = settled(world)
        for condition in step.until:
            assert look(condition, world.snapshot).met
    return world


def wires_of_spared(snapshot: Snapshot, spared: set[NetworkId]) -> dict[str, list[object]]:
    return {
        each.name: [target for target in each.networks if target.target in spared]
        for each in snapshot.services
    }


def assert_unused(snapshot: Snapshot, network: Network | None) -> None:
    if network is not None:
        assert not snapshot.services_by_network.get(network.id)
        assert not snapshot.live_tasks_by_network.get(network.id)


@settings(patient, max_examples=100)
@given(st.data(), shops())
def test_each_way_costs_what_it_says(data: st.DataObject, drawn: World) -> None:
    intent = data.draw(migrations(drawn))
    plan = planned(plan_operation(drawn.snapshot, intent))
    members = {each.name for each in intent.before.services}
    way_costs = {(4, True), (2, True)} if intent.gentle else {(2, False)}
    assert {each.service for each in plan.interruptions} == members
    for each in plan.interruptions:
        assert (each.replacements, each.closed_seconds == 0) in way_costs
    counts = {each.replacements for each in plan.interruptions}
    assert len(counts) <= 1


@settings(patient, max_examples=50)
@given(st.data(), shops())
def test_networks_apart_are_never_named(data: st.DataObject, drawn: World) -> None:
    plan = planned(plan_operation(drawn.snapshot, data.draw(migrations(drawn))))
    for write in plan.writes:
        if isinstance(write, Reshape):
            wires = [
                [wire for wire in side if wire.network == APART.name]
                for side in (write.wires_before, write.wires)
            ]
            assert wires[0] == wires[1]
