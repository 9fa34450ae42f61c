"""Whatever is wrong with the ingress, and what is planned for it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from swarmtui.findings import Told, examine
from swarmtui.model import Network, NetworkId, Snapshot, Standing, Subnet
from swarmtui.operations import (
    BuildIngress,
    Definition,
    Plan,
    Range,
    SpreadIngress,
    definition_of,
    plan_operation,
    plan_repair,
    plan_resume,
    plan_rollback,
)
from swarmtui.operations.conditions import IngressAllocated, IngressEverywhere, IngressIs
from swarmtui.operations.definition import fits
from swarmtui.operations.sights import look
from swarmtui.operations.writes import (
    CreateNetwork,
    Publish,
    RemoveNetwork,
    TouchNode,
    Unpublish,
)
from tests.builders import (
    APP,
    INGRESS,
    NODES,
    WEB,
    busy_snapshot,
    engine,
    inspection,
    unallocated,
)
from tests.replacing import replace
from tests.unit.operations.drawn import Drawn, patient, swarms
from tests.unit.operations.planning import planned, refused, with_networks
from tests.unit.operations.world import World, carried_out, ingress_of, stopped_after

BARE = replace(unallocated("ingress"), ingress=True, labels={"team": "a"})
SMALL = Definition("mesh", (Range("10.77.0.0/24"),), ingress=True)
SECOND = replace(INGRESS, id=NetworkId("second"), subnets=(Subnet("10.9.0.0/24", "10.9.0.1"),))


def repair_of(snapshot: Snapshot) -> Plan:
    return planned(plan_repair(snapshot))


def kinds(plan: Plan) -> list[type]:
    return [type(each) for each in plan.writes]


def closed(snapshot: Snapshot) -> Snapshot:
    """Return a swarm in which nobody publishes."""
    return replace(snapshot, services=(), tasks=())


def seen_by(snapshot: Snapshot, count: int) -> Snapshot:
    view = inspection(INGRESS, NODES[:count])
    return replace(snapshot, inspections={INGRESS.id: view})


def test_nothing_is_wrong() -> None:
    refusal = refused(plan_repair(busy_snapshot()))
    assert refusal.needless
    assert refusal.reasons == ("ingress is allocated, and every Ready node carries it.",)


def test_a_missing_ingress_is_created() -> None:
    plan = repair_of(closed(with_networks(APP)))
    assert plan.title == "Create the missing ingress network"
    assert plan.subject == "ingress"
    assert kinds(plan) == [CreateNetwork] + 3 * [TouchNode]
    assert plan.writes[0] == CreateNetwork(
        Definition("ingress", (Range("10.20.0.0/26"),), ingress=True)
    )
    assert IngressIs(()) in plan.preconditions


def test_a_missing_ingress_comes_with_the_ports_that_wait_for_it() -> None:
    """An engine below 17.06 can lose an ingress whose services still ask for it (D.6)."""
    plan = repair_of(with_networks(APP))
    assert kinds(plan) == [CreateNetwork] + 3 * [TouchNode]
    assert [step.title for step in plan.steps[-2:]] == ["Wait for the ports of web", "Verify"]


def test_an_ingress_without_addresses_is_replaced_at_once() -> None:
    stuck = replace(WEB, update_state="paused", virtual_ips=())
    plan = repair_of(replace(with_networks(BARE), services=(stuck,), tasks=()))
    assert plan.title == "Replace the ingress network that has no addresses"
    assert isinstance(plan.intent, BuildIngress)
    assert plan.intent.at_once
    assert kinds(plan) == [Unpublish, RemoveNetwork, CreateNetwork, *3 * [TouchNode], Publish]
    assert plan.before.ingress is None
    (create,) = [each for each in plan.writes if isinstance(each, CreateNetwork)]
    wanted = Definition("ingress", (Range("10.20.0.0/26"),), labels={"team": "a"}, ingress=True)
    assert create.definition == wanted
    (removal,) = [
        step for step in plan.steps if any(isinstance(each, RemoveNetwork) for each in step.writes)
    ]
    assert removal.undo == ()


def test_a_repair_keeps_clear_of_the_local_network() -> None:
    snapshot = closed(with_networks(APP))
    plan = planned(plan_repair(snapshot, lan_ranges=("10.20.0.0/24",)))
    assert plan.writes[0] == CreateNetwork(
        Definition("ingress", (Range("10.20.1.0/26"),), ingress=True)
    )


@pytest.mark.parametrize(
    ("snapshot", "told"),
    [
        (busy_snapshot(), ""),
        (closed(with_networks(APP)), "There is no ingress network"),
        (with_networks(BARE), "ingress has no addresses"),
        (seen_by(busy_snapshot(), 2), "node3 without the ingress network"),
        (replace(busy_snapshot(), inspections={}), ""),
        (with_networks(INGRESS, SECOND), ""),
        (replace(with_networks(APP), engine=engine(Standing.NO_LEADER)), ""),
    ],
    ids=["well", "missing", "unallocated", "not everywhere", "unknown", "two", "no leader"],
)
def test_a_need_is_told_where_a_repair_is_planned(snapshot: Snapshot, told: str) -> None:
    need = Told(examine(snapshot)).ingress_need
    assert need.startswith(told) if told.startswith("There") else told in need
    assert bool(need) == bool(told)
    if need:
        assert repair_of(snapshot).steps


def test_two_ingresses_are_for_a_person_to_judge() -> None:
    refusal = refused(plan_repair(with_networks(INGRESS, SECOND)))
    assert refusal.title == "There is more than one ingress network"
    assert INGRESS.id[:12] in refusal.reasons[0]
    assert "second" in refusal.reasons[0]


def test_of_two_ingresses_the_wanted_one_is_kept() -> None:
    snapshot = with_networks(INGRESS, SECOND)
    plan = planned(plan_operation(snapshot, BuildIngress(definition_of(SECOND))))
    removed = [each.network_id for each in plan.writes if isinstance(each, RemoveNetwork)]
    assert removed == [INGRESS.id]
    assert CreateNetwork not in kinds(plan)
    assert set(plan.before.ingress_ids) == {INGRESS.id, SECOND.id}


def test_of_two_ingresses_neither_is_wanted() -> None:
    wanted = Definition("mesh", ingress=True)
    plan = planned(plan_operation(with_networks(INGRESS, SECOND), BuildIngress(wanted)))
    order = [each for each in kinds(plan) if each is not TouchNode]
    assert order == [Unpublish, RemoveNetwork, RemoveNetwork, CreateNetwork, Publish]


def test_nodes_that_miss_the_ingress_are_touched() -> None:
    plan = repair_of(seen_by(busy_snapshot(), 1))
    assert plan.intent == SpreadIngress()
    assert [each.hostname for each in plan.writes if isinstance(each, TouchNode)] == [
        "node2",
        "node3",
    ]
    assert len(plan.writes) == 2
    assert IngressIs((INGRESS.id,)) in plan.preconditions
    assert IngressAllocated("ingress") in plan.preconditions
    world = carried_out(World(seen_by(busy_snapshot(), 1)), plan)
    assert refused(plan_repair(world.snapshot)).needless


def test_every_node_is_touched_where_nobody_can_tell() -> None:
    plan = repair_of(replace(busy_snapshot(), inspections={}))
    assert kinds(plan) == 3 * [TouchNode]


def test_a_node_that_is_down_cannot_be_repaired() -> None:
    down = replace(NODES[2], state="down")
    snapshot = replace(seen_by(busy_snapshot(), 2), nodes=(*NODES[:2], down))
    assert refused(plan_repair(snapshot)).needless


def test_spreading_goes_on_and_has_nothing_to_take_back() -> None:
    snapshot = seen_by(busy_snapshot(), 1)
    plan = repair_of(snapshot)
    resumed = planned(plan_resume(seen_by(snapshot, 2), plan))
    assert len(resumed.writes) == 1
    # Nothing is left but to see that all is well.
    assert planned(plan_resume(busy_snapshot(), plan)).writes == ()
    assert refused(plan_rollback(snapshot, plan)).needless


@pytest.mark.parametrize("networks", [(APP,), (APP, BARE)])
def test_what_does_not_work_cannot_be_spread(networks: tuple[Network, ...]) -> None:
    refusal = refused(plan_operation(with_networks(*networks), SpreadIngress()))
    assert refusal.title == "There is no working ingress network"


def test_nothing_is_repaired_without_a_leader() -> None:
    away = replace(with_networks(APP), engine=engine(Standing.NO_LEADER))
    for found in (plan_repair(away), plan_operation(away, SpreadIngress())):
        assert refused(found).title == "The swarm cannot be read well enough"


def test_a_worker_names_a_manager() -> None:
    worker = replace(busy_snapshot(), engine=engine(Standing.WORKER, 3))
    for refusal in (plan_repair(worker), plan_operation(worker, BuildIngress(SMALL))):
        assert refused(refusal).hint == "Ask a manager: swarmtui --host ssh://192.168.77.1"


def test_what_never_worked_is_not_gone_back_to() -> None:
    plan = repair_of(with_networks(BARE))
    refusal = refused(plan_rollback(with_networks(BARE), plan))
    assert refusal.title == "What was there before never worked"
    assert "Resume" in refusal.hint


def test_a_created_ingress_is_removed_again_unless_somebody_uses_it() -> None:
    plan = repair_of(closed(with_networks(APP)))
    there = closed(with_networks(APP, INGRESS))
    back = planned(plan_rollback(there, plan))
    assert kinds(back) == [RemoveNetwork]
    assert ingress_of(carried_out(World(there), back).snapshot) is None
    refusal = refused(plan_rollback(with_networks(APP, INGRESS), plan))
    assert refusal.title == "Cannot go back to no ingress network"
    assert refusal.reasons[0].startswith("web publish ports")


@patient
@given(swarms(), st.integers(0, 12), st.sampled_from(["missing", "unallocated"]))
def test_a_repair_arrives_from_wherever_it_stopped(drawn: Drawn, cut: int, wrong: str) -> None:
    snapshot = drawn.world.snapshot
    services = tuple(replace(each, virtual_ips=()) for each in snapshot.services)
    # What publishes on no working ingress runs on none.
    tasks = tuple(
        replace(task, attachments=(), targets=()) for task in snapshot.tasks if task.slot != 9
    )
    networks = (APP, BARE) if wrong == "unallocated" else (APP,)
    broken = replace(snapshot, networks=networks, services=services, tasks=tasks, inspections={})
    plan = repair_of(broken)
    world = stopped_after(World(broken), plan, cut)
    resumed = planned(plan_resume(world.snapshot, plan))
    world = carried_out(world, resumed)
    ingress = ingress_of(world.snapshot)
    assert ingress is not None
    assert isinstance(plan.intent, BuildIngress)
    assert fits(ingress, plan.intent.definition)
    assert look(IngressEverywhere(), world.snapshot).met
    for before, now in zip(services, world.snapshot.services, strict=True):
        assert sorted(now.ports, key=repr) == sorted(before.ports, key=repr)
        assert bool(now.virtual_ips) == before.publishes_on_ingress
