"""Networks that nobody needs any more, and those that a node cannot give up."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from swarmtui.findings import Severity, Watch, examine
from swarmtui.model import Problem, Snapshot, moment
from tests.builders import NODES, busy_snapshot, network, service, task, unallocated
from tests.unit.findings.looking import busy, commands, evidence, found, one, repair

SPARE = network("spare", "10.9.0.0/24", gateway="10.9.0.1")


def told(snapshot: Snapshot, code: str) -> bool:
    findings = Watch().observe(examine(snapshot), snapshot.taken_at)
    return code in {each.code for each in findings}


def test_used_networks_are_not_unused() -> None:
    assert found(busy_snapshot(), "network-unused") == []


def test_a_network_that_nobody_uses() -> None:
    finding = one(busy(SPARE), "network-unused")
    assert finding.severity is Severity.INFO
    assert evidence(finding) == {
        "services that name spare": "none",
        "tasks and containers with an address on it": "none",
        "created": SPARE.created,
    }
    assert commands(finding) == f"docker network rm {SPARE.id}"
    assert repair(finding) == ("remove", "spare")


@pytest.mark.parametrize(("minutes", "is_told"), [(59, False), (61, True)])
def test_it_is_told_an_hour_after_it_was_made(minutes: int, is_told: bool) -> None:
    made = moment(SPARE.created)
    assert made is not None
    snapshot = replace(busy(SPARE), taken_at=made + timedelta(minutes=minutes))
    assert told(snapshot, "network-unused") is is_told


@pytest.mark.parametrize(
    "snapshot",
    [
        busy(SPARE, services=(service("idle", [SPARE], replicas=0),)),
        busy(SPARE, tasks=(task(None, 1, NODES[0], {"spare": "10.9.0.5"}),)),
        busy(SPARE, tasks=(task(None, 1, NODES[0], {}, state="new", targets=[SPARE]),)),
        busy(replace(SPARE, ingress=True)),
        busy(unallocated("spare")),
        replace(busy(SPARE), problems=(Problem("services", "abc", "not understood"),)),
    ],
    ids=["service", "container", "waiting", "ingress", "unallocated", "not understood"],
)
def test_what_is_used_or_may_be(snapshot: Snapshot) -> None:
    assert found(snapshot, "network-unused") == []


def test_a_task_that_ended_uses_nothing() -> None:
    ended = task(None, 1, NODES[0], {"spare": "10.9.0.5"}, state="complete")
    assert len(found(busy(SPARE, tasks=(ended,)), "network-unused")) == 1


def test_a_removed_network_that_the_node_still_carries() -> None:
    left = replace(busy_snapshot(), leftovers=(replace(SPARE, local_copy=True),))
    finding = one(left, "network-left-behind")
    assert finding.severity is Severity.WARNING
    assert evidence(finding) == {
        "networks that node1 carries": "spare",
        "its id, which the managers do not know": SPARE.id,
    }
    assert commands(finding) == "systemctl restart docker"
    assert finding.rule.lasts_seconds == 60
    assert found(busy_snapshot(), "network-left-behind") == []


def test_beside_a_removed_ingress_tasks_do_not_start() -> None:
    left = replace(busy_snapshot(), leftovers=(replace(SPARE, ingress=True),))
    assert one(left, "network-left-behind").severity is Severity.CRITICAL
