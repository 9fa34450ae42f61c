"""Plans from where another one stopped, one way or the other."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from swarmtui.model import Snapshot, Standing
from swarmtui.operations import (
    Plan,
    Refusal,
    plan_resume,
    plan_rollback,
)
from swarmtui.operations.conditions import NetworkGone, ServicesPublished
from swarmtui.operations.plan import Publisher
from swarmtui.operations.writes import CreateNetwork, Port, Publish, Unpublish
from tests.builders import APP, INGRESS, WEB, busy_snapshot, engine
from tests.unit.operations.planning import (
    API,
    plan_of,
    planned,
    refused,
    with_networks,
    with_services,
    writes_of,
)


def test_ports_of_before_go_back_on_a_rollback() -> None:
    plan = plan_of()
    closed = replace(WEB, asked_ports=(), ports=(), virtual_ips=WEB.virtual_ips[:1])
    stopped = replace(busy_snapshot(), networks=(APP,), services=(closed,), tasks=())
    back = planned(plan_rollback(stopped, plan))
    assert writes_of(back) == [
        ["CreateNetwork ingress"],
        ["TouchNode node1", "TouchNode node2", "TouchNode node3"],
        ["Publish web"],
        [],
    ]
    (publish,) = [each for each in back.writes if isinstance(each, Publish)]
    assert publish.ports == (Port("tcp", 80, 8080, "ingress"),)
    assert back.before == plan.before


def test_nothing_is_left_to_write_where_nothing_was_changed() -> None:
    back = planned(plan_rollback(busy_snapshot(), plan_of()))
    assert writes_of(back) == [[], []]
    assert [step.title for step in back.steps] == ["Wait for the ports of web", "Verify"]


def test_newcomers_are_closed_and_opened_too() -> None:
    plan = plan_of()
    grown = with_services(WEB, API)
    resumed = planned(plan_resume(grown, plan))
    assert [step for step in writes_of(resumed) if "publish" in "".join(step).lower()] == [
        ["Unpublish api"],
        ["Unpublish web"],
        ["Publish api"],
        ["Publish web"],
    ]
    assert [each.name for each in resumed.before.publishers] == ["api", "web"]
    assert resumed.before.ingress == plan.before.ingress


def test_newer_ports_replace_those_of_before() -> None:
    plan = plan_of()
    moved = replace(WEB.ports[0], published=8888)
    changed = with_services(replace(WEB, ports=(moved,), asked_ports=(moved,)))
    resumed = planned(plan_resume(replace(changed, tasks=()), plan))
    assert resumed.before.publishers == (
        Publisher(WEB.id, "web", (Port("tcp", 80, 8888, "ingress"),), 3),
    )


def test_services_that_were_removed_are_left_out() -> None:
    plan = plan_of(with_services(WEB, API))
    for turned in (
        plan_resume(with_services(API), plan),
        plan_rollback(replace(with_services(API), networks=(APP,)), plan),
    ):
        assert isinstance(turned, Plan)
        written = {each.name for each in turned.writes if isinstance(each, Publish | Unpublish)}
        assert written <= {"api"}
        published = [
            each
            for step in turned.steps
            for each in step.until
            if isinstance(each, ServicesPublished)
        ]
        assert published
        assert {one.name for each in published for one in each.services} == {"api"}


@pytest.mark.parametrize("turn", [plan_resume, plan_rollback])
def test_no_way_is_planned_without_a_leader(
    turn: Callable[[Snapshot, Plan], Plan | Refusal],
) -> None:
    away = replace(busy_snapshot(), engine=engine(Standing.NO_LEADER))
    refusal = refused(turn(away, plan_of()))
    assert refusal.title == "The swarm cannot be changed now"
    assert "no-leader" in refusal.reasons[0]


def test_what_this_node_still_carries_is_waited_for_first() -> None:
    plan = plan_of()
    bare = replace(
        with_networks(APP),
        services=(replace(WEB, ports=(), asked_ports=()),),
        tasks=(),
        leftovers=(INGRESS, APP),
    )
    for planned_again in (plan_resume(bare, plan), plan_rollback(bare, plan)):
        wait, create, *_ = planned(planned_again).steps
        assert (wait.writes, wait.until) == ((), (NetworkGone(INGRESS.id),))
        assert [type(each) for each in create.writes] == [CreateNetwork]
