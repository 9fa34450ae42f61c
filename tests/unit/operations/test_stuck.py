"""Services whose update never ends: changing them again is the only way out."""

from __future__ import annotations

from dataclasses import replace

import pytest

from swarmtui.findings import stuck_services
from swarmtui.model import NetworkTarget, PublishedPort, Service, Snapshot
from swarmtui.operations import DetachDraft, Plan, Refusal, plan_operation, reach_draft
from swarmtui.operations.conditions import ServicesSettled
from tests.builders import APP, WEB, busy_snapshot, network, service, task

GONE = network("gone", "10.20.1.0/26")
ORPHAN = replace(
    service("orphan", [APP, GONE], {"app": "10.20.0.90"}), update_state="rollback_started"
)


def swarm(changed: Service, *, waiting: bool = True) -> Snapshot:
    """Return a swarm with a service of which a task waits, or runs."""
    busy = busy_snapshot()
    targets = [network(each) for each in ("app", "gone")] if changed.name == "orphan" else []
    held = {} if waiting else {"app": "10.20.0.91", "gone": "10.20.1.9"}
    state = "new" if waiting else "running"
    one = task(changed, 1, None, held, state=state, targets=targets)
    return replace(busy, services=(*busy.services, changed), tasks=(*busy.tasks, one))


def detached(snapshot: Snapshot) -> Plan | Refusal:
    return plan_operation(snapshot, DetachDraft("orphan", GONE.id).intent(snapshot))


def test_a_service_that_waits_for_a_network_that_is_gone_can_be_taken_off_it() -> None:
    snapshot = swarm(ORPHAN)
    assert stuck_services(snapshot) == {ORPHAN.id}
    plan = detached(snapshot)
    assert isinstance(plan, Plan)
    assert not any(isinstance(each, ServicesSettled) for each in plan.preconditions)


def test_an_update_that_may_end_is_waited_for() -> None:
    snapshot = swarm(ORPHAN, waiting=False)
    assert stuck_services(snapshot) == frozenset()
    assert isinstance(detached(snapshot), Refusal)


@pytest.mark.parametrize("lacks", [True, False])
def test_a_port_that_another_one_has_can_be_closed(lacks: bool) -> None:
    port = PublishedPort("tcp", 80, 8080, "ingress")
    vips = {} if lacks else {"ingress": "10.20.0.40"}
    first = replace(service("first", vips=vips, ports=(port,)), update_state="rollback_started")
    snapshot = swarm(first)
    draft = reach_draft(snapshot, "first")
    assert draft is not None
    planned = plan_operation(snapshot, draft.closed.intent(snapshot))
    assert isinstance(planned, Plan) is lacks
    assert WEB.id not in stuck_services(snapshot)


def test_a_service_on_two_networks_keeps_the_one_that_is_there() -> None:
    plan = detached(swarm(ORPHAN))
    assert isinstance(plan, Plan)
    assert ORPHAN.networks == (NetworkTarget(APP.id), NetworkTarget(GONE.id))
    written = [write for step in plan.steps for write in step.writes]
    assert "gone" not in str([getattr(each, "wires", ()) for each in written])
