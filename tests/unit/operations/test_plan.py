"""Plans for the ingress: what is refused and why, and which steps come in which order."""

from __future__ import annotations

from dataclasses import replace

import msgspec
import pytest
from hypothesis import given

from swarmtui.model import NetworkId, Problem, PublishedPort, Snapshot, Standing
from swarmtui.operations import (
    BuildIngress,
    Definition,
    Plan,
    Range,
    SpreadIngress,
    definition_of,
    plan_operation,
    plan_resume,
    plan_rollback,
)
from swarmtui.operations.conditions import (
    ClusterAnswers,
    Expected,
    IngressAllocated,
    IngressEverywhere,
    IngressIs,
    NetworkFree,
    NetworkGone,
    OnlyPublish,
    ServicesPublished,
    ServicesReleased,
    ServicesSettled,
)
from swarmtui.operations.sizing import LEAST_DEADLINE
from swarmtui.operations.writes import (
    CreateNetwork,
    Port,
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
    node,
    service,
)
from tests.unit.operations.drawn import Drawn, intents, patient, swarms
from tests.unit.operations.planning import (
    API,
    MESH,
    TCP,
    WISH,
    plan_of,
    refused,
    with_networks,
    with_services,
    writes_of,
)


def ports_of(plan: Plan, name: str) -> tuple[Port, ...]:
    (found,) = [each.ports for each in plan.before.publishers if each.name == name]
    return found


def test_the_steps_one_after_another() -> None:
    plan = plan_of(with_services(WEB, API))
    assert writes_of(plan) == [
        ["Unpublish api"],
        ["Unpublish web"],
        [],
        ["RemoveNetwork ingress"],
        ["CreateNetwork mesh"],
        ["TouchNode node1", "TouchNode node2", "TouchNode node3"],
        ["Publish api"],
        ["Publish web"],
        [],
    ]


def test_the_steps_at_once() -> None:
    plan = plan_of(with_services(WEB, API), BuildIngress(MESH, at_once=True))
    assert writes_of(plan) == [
        ["Unpublish api", "Unpublish web"],
        [],
        ["RemoveNetwork ingress"],
        ["CreateNetwork mesh"],
        ["TouchNode node1", "TouchNode node2", "TouchNode node3"],
        ["Publish api", "Publish web"],
        [],
    ]


def test_nobody_publishes() -> None:
    assert [each for step in writes_of(plan_of(with_services())) for each in step] == [
        "RemoveNetwork ingress",
        "CreateNetwork mesh",
        "TouchNode node1",
        "TouchNode node2",
        "TouchNode node3",
    ]


def test_what_each_step_requires_and_waits_for() -> None:
    plan = plan_of()
    close, wait, remove, create, touch, publish, verify = plan.steps
    here = (WEB.id,)
    expected = ServicesPublished((Expected(WEB.id, "web", 3),))
    assert close.until == (ServicesReleased(here, (INGRESS.id,)),)
    assert wait.until == (NetworkFree(INGRESS.id), ServicesSettled(here))
    assert set(remove.requires) == {
        ClusterAnswers(),
        IngressIs((INGRESS.id,)),
        OnlyPublish(()),
        NetworkFree(INGRESS.id),
        ServicesSettled(here),
    }
    assert remove.until == (NetworkGone(INGRESS.id),)
    assert create.requires == (ClusterAnswers(), IngressIs(()))
    assert create.until == (IngressAllocated("mesh"),)
    assert touch.until == (IngressEverywhere(),)
    assert publish.until == (expected,)
    assert verify.until == (IngressEverywhere(), expected)
    assert close.undo == publish.writes
    assert publish.undo == close.writes
    assert remove.undo == (CreateNetwork(definition_of(INGRESS)),)
    assert create.undo == (RemoveNetwork(NetworkId(""), "mesh"),)
    assert all(step.deadline_seconds >= LEAST_DEADLINE for step in (close, wait, publish, verify))


def test_the_last_look_is_at_the_network_by_its_name() -> None:
    assert plan_of().steps[-1].commands == ("docker network inspect --verbose mesh",)


def test_what_the_plan_is_called_and_rests_on() -> None:
    plan = plan_of()
    assert (plan.title, plan.subject) == ("Replace the ingress network", "ingress")
    assert plan.cluster_id == "cluster"
    assert IngressIs((INGRESS.id,)) in plan.preconditions
    assert OnlyPublish((WEB.id,)) in plan.preconditions
    assert ServicesSettled((WEB.id,)) in plan.preconditions
    assert plan.before.ingress == definition_of(INGRESS)


def test_slow_services_are_waited_for_longer() -> None:
    slow = replace(WEB, replicas=30)
    steps = plan_of(with_services(slow)).steps
    assert steps[0].deadline_seconds == 3 * (30 * 12 + 5)
    assert steps[0].deadline_seconds == steps[1].deadline_seconds == steps[5].deadline_seconds


def test_many_services_are_named_in_order() -> None:
    names = [f"s{number:02}" for number in range(12)]
    services = [
        service(name, ports=(replace(TCP, published=9000 + number),))
        for number, name in enumerate(names)
    ]
    plan = plan_of(with_services(*reversed(services)))
    (settled,) = [
        each for step in plan.steps for each in step.until if isinstance(each, ServicesSettled)
    ]
    assert settled.service_ids == tuple(each.id for each in services)


def test_nodes_that_cannot_hear_are_not_touched() -> None:
    down = replace(node(3), state="down")
    plan = plan_of(replace(busy_snapshot(), nodes=(*NODES[:2], down)))
    assert [each.hostname for each in plan.writes if isinstance(each, TouchNode)] == [
        "node1",
        "node2",
    ]
    assert any("node3 cannot be reached" in risk for risk in plan.risks)


def test_a_touch_keeps_the_availability() -> None:
    nodes = (NODES[0], replace(node(2), availability="drain"))
    touches = [
        each
        for each in plan_of(replace(busy_snapshot(), nodes=nodes)).writes
        if isinstance(each, TouchNode)
    ]
    assert [each.availability for each in touches] == ["active", "drain"]


def test_a_service_without_replicas_publishes_too() -> None:
    plan = plan_of(with_services(replace(WEB, replicas=0, desired=0)))
    assert writes_of(plan)[0] == ["Unpublish web"]


def test_ports_in_host_mode_stay_where_they_are() -> None:
    host = PublishedPort("tcp", 91, 9100, "host")
    odd = replace(host, published=0)
    ports = (host, TCP, odd)
    mixed = replace(WEB, asked_ports=ports, ports=(host, TCP, replace(odd, published=33000)))
    only = replace(API, asked_ports=(host,), ports=(host,))
    plan = plan_of(with_services(mixed, only))
    assert [each.name for each in plan.before.publishers] == ["web"]
    assert ports_of(plan, "web") == (
        Port("tcp", 91, 9100, "host"),
        Port("tcp", 80, 9090, "ingress"),
        Port("tcp", 91, 0, "host"),
    )
    close = plan.writes[0]
    assert isinstance(close, Unpublish)
    assert close.ports == ports_of(plan, "web")


def test_an_assigned_number_is_given_back() -> None:
    asked = (replace(TCP, published=0), PublishedPort("udp", 53, 0, "ingress"))
    given = (replace(asked[0], published=30000), replace(asked[1], published=30001))
    plan = plan_of(with_services(replace(WEB, asked_ports=asked, ports=given)))
    assert [port.published for port in ports_of(plan, "web")] == [30000, 30001]
    close, publish = plan.writes[0], plan.writes[-1]
    assert isinstance(close, Unpublish)
    assert isinstance(publish, Publish)
    assert [port.published for port in close.ports] == [0, 0]
    assert publish.ports == ports_of(plan, "web")


@pytest.mark.parametrize("backwards", [False, True])
def test_an_assigned_number_beside_one_that_was_asked_for(backwards: bool) -> None:
    """The engine lists ports whose number it assigned after the others."""
    given = (TCP, replace(TCP, published=30000))
    asked = (replace(TCP, published=0), TCP)
    numbers = [30000, 9090]
    if backwards:
        asked, numbers = asked[::-1], numbers[::-1]
    plan = plan_of(with_services(replace(WEB, asked_ports=asked, ports=given)))
    assert [port.published for port in ports_of(plan, "web")] == numbers


def test_a_number_that_was_never_assigned_stays_open() -> None:
    asked = (replace(TCP, published=0),)
    plan = plan_of(with_services(replace(WEB, asked_ports=asked, ports=asked)))
    assert ports_of(plan, "web") == (Port("tcp", 80, 0, "ingress"),)


def test_the_ingress_is_like_that_already() -> None:
    for definition in (definition_of(INGRESS), Definition("ingress", ingress=True)):
        refusal = refused(plan_operation(busy_snapshot(), BuildIngress(definition)))
        assert refusal.needless
        assert refusal.title == "The ingress is like this already"


def test_there_is_nothing_to_replace() -> None:
    refusal = refused(plan_operation(with_networks(APP), WISH))
    assert refusal.title == "There is no ingress network to replace"
    assert not refusal.needless


def reasons(snapshot: Snapshot, intent: BuildIngress = WISH) -> tuple[str, ...]:
    refusal = refused(plan_operation(snapshot, intent))
    assert refusal.title == "Cannot replace the ingress network"
    assert not refusal.needless
    return refusal.reasons


def test_what_is_refused_and_why() -> None:
    busy = busy_snapshot()
    assert reasons(replace(busy, engine=engine(Standing.NO_LEADER))) == (
        "this node is no manager with a leader (no-leader)",
    )
    assert reasons(replace(busy, problems=(Problem("tasks", "", "slow"),))) == (
        "the tasks cannot be read: slow",
    )
    taken = Definition("mesh", (Range("10.20.0.64/26"),), ingress=True)
    assert reasons(busy, BuildIngress(taken)) == (
        "subnet: It overlaps network app (10.20.0.64/26).",
    )
    assert reasons(busy, BuildIngress(MESH, lan_ranges=("10.0.0.0/8",))) == (
        "subnet: It overlaps the LAN range (10.0.0.0/8).",
    )
    assert reasons(with_services(replace(WEB, update_state="updating"))) == (
        "the engine still updates web",
    )
    assert reasons(with_services(replace(WEB, update_state="paused"))) == (
        "the update of web is paused: the engine does not say why",
    )
    ancient = replace(node(3), engine_version="17.04.0-ce")
    assert reasons(replace(busy, nodes=(*NODES[:2], ancient))) == (
        "node3 runs engine 17.04.0-ce; releasing an ingress needs 17.05.",
    )


def test_every_reason_is_told() -> None:
    taken = Definition("mesh", (Range("10.20.0.64/26"),), ingress=True)
    both = with_services(replace(WEB, update_state="updating"))
    assert len(reasons(both, BuildIngress(taken))) == 2


@patient
@given(swarms(), intents())
def test_plans_survive_being_written_down(drawn: Drawn, intent: BuildIngress) -> None:
    plan = plan_of(drawn.world.snapshot, intent)
    for each in (
        plan,
        plan_resume(drawn.world.snapshot, plan),
        plan_rollback(drawn.world.snapshot, plan),
        plan_operation(drawn.world.snapshot, SpreadIngress()),
    ):
        kind = type(each)
        assert msgspec.json.decode(msgspec.json.encode(each), type=kind) == each
