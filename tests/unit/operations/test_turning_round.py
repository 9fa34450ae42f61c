"""From wherever an operation stops, both ways lead where they promise."""

from __future__ import annotations

from collections.abc import Callable

from hypothesis import given, settings
from hypothesis import strategies as st

from swarmtui.model import PublishedPort, Snapshot
from swarmtui.operations import (
    BuildIngress,
    Definition,
    Plan,
    Refusal,
    definition_of,
    plan_operation,
    plan_resume,
    plan_rollback,
)
from swarmtui.operations.conditions import IngressEverywhere
from swarmtui.operations.definition import fits
from swarmtui.operations.sights import look
from swarmtui.operations.writes import Publish, Unpublish, Write
from tests.builders import INGRESS
from tests.unit.operations.drawn import (
    Drawn,
    intents,
    patient,
    swarms,
    with_newcomer,
    without_service,
)
from tests.unit.operations.planning import planned
from tests.unit.operations.world import (
    World,
    carried_out,
    ingress_of,
    settled,
    stopped_after,
    written,
)

Ports = dict[str, tuple[PublishedPort, ...]]

FIRST = definition_of(INGRESS)
TURNS: dict[str, Callable[[Snapshot, Plan], Plan | Refusal]] = {
    "on": plan_resume,
    "back": plan_rollback,
}
CUTS = st.integers(0, 16)
WAYS = st.sampled_from(sorted(TURNS))


def turned(world: World, plan: Plan, way: str) -> Plan:
    return planned(TURNS[way](world.snapshot, plan))


def assert_publishes(world: World, ports: Ports) -> None:
    """Check which ports are open, to where, and that nothing is on any other ingress."""
    snapshot = world.snapshot
    ingress = ingress_of(snapshot)
    assert ingress is not None
    assert {each.name for each in snapshot.services} == set(ports)
    for service in snapshot.services:
        wanted = ports[service.name]
        assert sorted(service.ports, key=repr) == sorted(wanted, key=repr)
        for asked, true in zip(service.asked_ports, wanted, strict=True):
            assert asked.published in (0, true.published)
        holders = {ingress.id} if service.publishes_on_ingress else set()
        assert {each.network_id for each in service.virtual_ips} == holders
        for task in snapshot.tasks:
            if task.service_id == service.id and task.desired_state == "running":
                assert {each.network_id for each in task.attachments} == holders


def assert_arrived(world: World, ports: Ports, wanted: Definition) -> None:
    ingress = ingress_of(world.snapshot)
    assert ingress is not None
    assert fits(ingress, wanted)
    assert look(IngressEverywhere(), world.snapshot).met
    assert_publishes(world, ports)


@patient
@given(swarms(), intents())
def test_an_undisturbed_run_arrives(drawn: Drawn, intent: BuildIngress) -> None:
    plan = planned(plan_operation(drawn.world.snapshot, intent))
    assert_arrived(carried_out(drawn.world, plan), drawn.ports, intent.definition)


@settings(patient, max_examples=300)
@given(swarms(), intents(), CUTS, st.lists(st.tuples(WAYS, CUTS), max_size=3), WAYS)
def test_every_way_from_every_place_arrives(
    drawn: Drawn, intent: BuildIngress, cut: int, turns: list[tuple[str, int]], last: str
) -> None:
    plan = planned(plan_operation(drawn.world.snapshot, intent))
    world = stopped_after(drawn.world, plan, cut)
    for way, writes in turns:
        plan = turned(world, plan, way)
        world = stopped_after(world, plan, writes)
    world = carried_out(world, turned(world, plan, last))
    assert_arrived(world, drawn.ports, intent.definition if last == "on" else FIRST)


@patient
@given(swarms(), intents(), CUTS, WAYS)
def test_arriving_twice_changes_nothing(
    drawn: Drawn, intent: BuildIngress, cut: int, way: str
) -> None:
    plan = planned(plan_operation(drawn.world.snapshot, intent))
    world = stopped_after(drawn.world, plan, cut)
    plan = turned(world, plan, way)
    world = carried_out(world, plan)
    assert turned(world, plan, way).writes == ()


@patient
@given(swarms(), intents(), CUTS, WAYS, st.booleans(), st.booleans())
def test_others_may_come_and_go_meanwhile(
    drawn: Drawn, intent: BuildIngress, cut: int, way: str, comes: bool, goes: bool
) -> None:
    plan = planned(plan_operation(drawn.world.snapshot, intent))
    world = stopped_after(drawn.world, plan, cut)
    ports = dict(drawn.ports)
    if comes:
        world = with_newcomer(world)
        ports |= {
            each.name: each.ports for each in world.snapshot.services if each.name == "newcomer"
        }
    if goes:
        world = without_service(world, "s0")
        ports.pop("s0", None)
    world = carried_out(world, turned(world, plan, way))
    assert_arrived(world, ports, intent.definition if way == "on" else FIRST)


def undone(world: World, plan: Plan, writes: int) -> World:
    """Take back so many writes of a plan by the steps' own means, the last step first."""
    done: list[tuple[Write, ...]] = []
    for step in plan.steps:
        taken = step.writes[:writes]
        writes -= len(taken)
        services = {each.service_id for each in taken if isinstance(each, Publish | Unpublish)}
        done.append(
            tuple(
                each
                for each in step.undo
                if taken
                and (not isinstance(each, Publish | Unpublish) or each.service_id in services)
            )
        )
    for undo in reversed(done):
        for write in undo:
            world = written(world, write)
        world = settled(world)
    return world


@settings(patient, max_examples=200)
@given(swarms(), intents(), CUTS)
def test_steps_can_be_taken_back_one_by_one(drawn: Drawn, intent: BuildIngress, cut: int) -> None:
    plan = planned(plan_operation(drawn.world.snapshot, intent))
    # Whoever takes steps back by hand has seen what came of them.
    world = undone(settled(stopped_after(drawn.world, plan, cut)), plan, cut)
    ingress = ingress_of(world.snapshot)
    assert ingress is not None
    assert definition_of(ingress) == FIRST
    assert_publishes(world, drawn.ports)
