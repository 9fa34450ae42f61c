"""Removing networks: who is in the way, who may expect them, and what cannot be brought back."""

from __future__ import annotations

from dataclasses import replace

import pytest

from swarmtui.model import Network, Snapshot
from swarmtui.operations import (
    Plan,
    Refusal,
    plan_operation,
    plan_rollback,
    plan_undo,
    removal_of,
)
from swarmtui.operations import unused_networks as unused
from swarmtui.operations.writes import CreateNetwork, RemoveNetwork, Reshape
from tests.builders import APP, SECURE, WEB, busy_snapshot, network, service, task, unallocated

IDLE = network("idle", "10.20.1.0/26", gateway="10.20.1.1", vxlan=4200, attachable=True)


def with_networks(*networks: Network) -> Snapshot:
    busy = busy_snapshot()
    return replace(busy, networks=(*busy.networks, *networks))


def planned(snapshot: Snapshot, *names: str, detach: bool = False, by_hand: bool = False) -> Plan:
    found = plan_operation(snapshot, removal_of(snapshot, names, detach=detach, by_hand=by_hand))
    assert isinstance(found, Plan), found
    return found


def refused(snapshot: Snapshot, *names: str, detach: bool = False) -> Refusal:
    found = plan_operation(snapshot, removal_of(snapshot, names, detach=detach))
    assert isinstance(found, Refusal)
    return found


def test_every_user_is_told() -> None:
    refusal = refused(busy_snapshot(), "app")
    assert refusal.title == "Cannot remove the network"
    assert refusal.reasons[0] == "rr, web are on app"
    assert refusal.reasons[-3:] == (
        "service rr: 2 tasks on app",
        "service web: 3 tasks on app",
        "container box1node2ccc on node2: 10.20.0.76 on app",
    )


def test_services_without_tasks_and_tasks_that_linger_are_users() -> None:
    idle = service("quiet", [APP], replicas=0)
    left = replace(WEB, networks=())
    snapshot = replace(busy_snapshot(), services=(idle, replace(left, virtual_ips=())))
    reasons = refused(snapshot, "app").reasons
    assert "service quiet: 0 tasks on app" in reasons
    assert "service web, which has left: 3 tasks still on app" in reasons


def test_detached_first_only_containers_are_in_the_way() -> None:
    refusal = refused(busy_snapshot(), "app", detach=True)
    assert not any(reason.startswith("service") for reason in refusal.reasons)
    assert refusal.reasons[-1].startswith("container box1node2")
    plan = planned(busy_snapshot(), "app", detach=True, by_hand=True)
    titles = [step.title for step in plan.steps]
    assert titles == [
        "Take rr off app",
        "Take web off app",
        "Disconnect containers from app by hand",
        "Wait until nobody is on app",
        "Remove the network app",
        "Verify",
    ]
    assert [type(write) for write in plan.writes] == [Reshape, Reshape, RemoveNetwork]


def test_who_loses_contact_is_told() -> None:
    risks = planned(busy_snapshot(), "app", detach=True, by_hand=True).risks
    assert "These share no network any more, and cannot reach each other: rr and web." in risks
    assert "On no network any more, so that no service can reach them: rr, web." in risks


def test_those_who_share_another_network_lose_nobody() -> None:
    shared = network("shared", "10.20.1.0/26", vxlan=4200)
    one, other = (service(name, [APP, shared], replicas=0) for name in ("one", "other"))
    base = with_networks(shared)
    snapshot = replace(base, services=(one, other), tasks=())
    risks = " ".join(planned(snapshot, "app", detach=True).risks)
    assert "share no network" not in risks
    assert "On no network" not in risks


@pytest.mark.parametrize(
    ("made", "words"),
    [
        (IDLE, "Compose files may expect these as external networks"),
        (IDLE, "Stopped containers that were on them cannot be started any more: idle."),
        (
            network("p_idle", "10.20.1.0/26", labels=SECURE.labels),
            "The next docker stack deploy of a stack makes its networks again: p_idle.",
        ),
        (unallocated(), "undoing this cannot bring them back: overlap."),
    ],
)
def test_who_may_expect_it_is_told(made: Network, words: str) -> None:
    assert words in " ".join(planned(with_networks(made), made.name).risks)


def test_the_ingress_is_replaced_instead() -> None:
    (reason,) = refused(busy_snapshot(), "ingress").reasons
    assert reason.startswith("ingress is the ingress network: replace it with i")


def test_one_that_never_worked_is_removed_and_does_not_come_back() -> None:
    plan = planned(with_networks(unallocated()), "overlap")
    assert [type(write) for write in plan.writes] == [RemoveNetwork]
    assert plan.steps[1].undo == ()
    undone = plan_undo(busy_snapshot(), plan)
    assert isinstance(undone, Refusal)
    assert undone.needless


def test_services_are_detached_from_one_that_never_worked_for_good() -> None:
    never = unallocated()
    stuck = service("stuck", [APP, never], replicas=1)
    base = with_networks(never)
    snapshot = replace(
        base, services=(*base.services, stuck), tasks=(task(stuck, 1, None, {}, state="new"),)
    )
    assert "service stuck: 0 tasks on overlap" in refused(snapshot, "overlap").reasons
    intent = removal_of(snapshot, ("overlap",), detach=True)
    for arrangement in (intent.before, intent.after):
        assert [shape.networks for shape in arrangement.services] == [("app",)]


def test_nobody_uses_what_is_pruned() -> None:
    snapshot = with_networks(IDLE, unallocated())
    assert unused(snapshot) == ("idle", "overlap")
    plan = planned(snapshot, *unused(snapshot))
    assert (plan.title, plan.subject) == ("Remove the networks", "2 networks")
    undone = plan_undo(busy_snapshot(), plan)
    assert isinstance(undone, Plan)
    (created,) = undone.writes
    assert isinstance(created, CreateNetwork)
    assert created.definition.name == "idle"


@pytest.mark.parametrize("state", ["running", "new"])
def test_a_network_with_a_task_is_used(state: str) -> None:
    base = with_networks(IDLE)
    addresses = {"idle": "10.20.1.3"} if state == "running" else {}
    one = task(None, 9, base.nodes[0], addresses, state=state, targets=(IDLE,))
    assert unused(replace(base, tasks=(one,))) == ()


def test_on_the_way_back_a_service_stays_on_one_that_never_worked() -> None:
    never = unallocated()
    stuck = service("stuck", [APP, never], replicas=0)
    snapshot = replace(with_networks(never), services=(stuck,), tasks=())
    plan = planned(snapshot, "overlap", "app", detach=True)
    assert [type(write) for write in plan.writes] == [Reshape, RemoveNetwork, RemoveNetwork]
    back = plan_rollback(snapshot, plan)
    assert isinstance(back, Plan)
    assert back.writes == ()
    left = replace(snapshot, services=(replace(stuck, networks=()),))
    back = plan_rollback(left, plan)
    assert isinstance(back, Plan)
    (write,) = back.writes
    assert isinstance(write, Reshape)
    # Back on it the service would wait for ever.
    assert [wire.network for wire in write.wires] == ["app"]
