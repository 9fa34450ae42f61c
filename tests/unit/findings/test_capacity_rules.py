"""How full networks are, and who waits for addresses."""

from __future__ import annotations

import pytest

from swarmtui.findings import Severity, SubjectKind
from swarmtui.model import (
    Network,
    Problem,
    ReportedUse,
    Service,
    Snapshot,
    Task,
    TaskId,
    UpdatePolicy,
)
from tests.builders import (
    INGRESS,
    NODES,
    NOW,
    WEB,
    busy_snapshot,
    failing_snapshot,
    inspection,
    network,
    node,
    service,
    task,
    unallocated,
)
from tests.replacing import replace
from tests.unit.findings.looking import busy, commands, evidence, found, one, repair

CODES = (
    "network-exhausted",
    "network-nearly-full",
    "network-update-does-not-fit",
    "tasks-without-attachments",
    "addresses-leaked",
)
FULL = "node is missing network attachments, ip addresses may be exhausted"
TINY = network("tiny", "10.50.0.0/28", gateway="10.50.0.1", vxlan=4100)
EAGER = UpdatePolicy(parallelism=2, order="start-first")


def crowd(running: int, waiting: int = 0, **changes: object) -> tuple[Service, list[Task]]:
    """Return a service on the /28 and its tasks on three nodes, so many with an address."""
    made = service("crowd", [TINY], {"tiny": "10.50.0.2"}, replicas=running + waiting)
    made = replace(made, **changes)
    tasks = [
        task(made, slot, NODES[slot % 3], {"tiny": f"10.50.0.{slot + 2}"})
        for slot in range(1, running + 1)
    ]
    slots = range(running + 1, running + waiting + 1)
    return made, tasks + [task(made, slot, None, {}, state="new", targets=[TINY]) for slot in slots]


def crowded(running: int, waiting: int = 0, tiny: Network = TINY, **changes: object) -> Snapshot:
    """Return a swarm with a /28 that holds 3 + 1 + running + 3 addresses."""
    made, tasks = crowd(running, waiting, **changes)
    return busy(tiny, services=(made,), tasks=tuple(tasks))


@pytest.mark.parametrize("code", CODES)
def test_a_swarm_with_room(code: str) -> None:
    assert found(busy_snapshot(), code) == []


def test_a_full_network_with_tasks_that_wait() -> None:
    finding = one(crowded(9, 4), "network-exhausted")
    assert finding.severity is Severity.CRITICAL
    assert finding.subject.id == TINY.id
    assert finding.title == (
        "tiny is full: 4 tasks wait for an address, 20 addresses are wanted of 16"
    )
    assert evidence(finding) == {
        "addresses of tiny": "16",
        "addresses that are wanted on it": "20",
        "services with tasks in new": "crowd",
        "services without an address": "none",
    }
    assert str(finding.trouble.since) == "2026-11-24 00:31:05.100000+00:00"
    assert repair(finding) == ("migrate", "tiny")
    assert commands(finding).splitlines() == [
        "docker service scale crowd=N",
        "docker network create --driver overlay --subnet 10.20.0.192/26 tiny-2",
        "docker service update --network-add tiny-2 --network-rm tiny crowd",
        f"docker network rm {TINY.id}",
    ]
    for other in ("network-nearly-full", "network-update-does-not-fit"):
        assert found(crowded(9, 4), other) == []


@pytest.mark.parametrize(("running", "expected"), [(7, 0), (8, 1)])
def test_tasks_that_wait_for_something_else(running: int, expected: int) -> None:
    """Two addresses are left, or one, for the two that wait."""
    assert len(found(crowded(running, 2), "network-exhausted")) == expected


def test_a_new_node_needs_an_address_besides() -> None:
    snapshot = crowded(8, 1)
    assert found(snapshot, "network-exhausted") == []
    more = (*NODES, node(4))
    assert len(found(replace(snapshot, nodes=more), "network-exhausted")) == 1


def test_a_service_without_a_virtual_address() -> None:
    late = service("late", [TINY], replicas=0)
    snapshot = crowded(9)
    snapshot = replace(snapshot, services=(*snapshot.services, late))
    finding = one(snapshot, "network-exhausted")
    assert "late got no virtual address" in finding.title
    assert evidence(finding)["services without an address"] == "late"
    asks_none = (*snapshot.services[:-1], replace(late, endpoint_mode="dnsrr"))
    assert found(replace(snapshot, services=asks_none), "network-exhausted") == []


def test_who_waits_for_a_network_without_addresses_is_not_counted() -> None:
    bad = unallocated()
    stuck = service("stuck", [TINY, bad], replicas=1)
    waiting = task(stuck, 1, None, {}, state="new", targets=[TINY, bad])
    snapshot = crowded(9)
    snapshot = replace(
        snapshot,
        networks=(*snapshot.networks, bad),
        services=(*snapshot.services, stuck),
        tasks=(*snapshot.tasks, waiting),
    )
    assert found(snapshot, "network-exhausted") == []


def test_the_ingress_is_full() -> None:
    small = replace(INGRESS, subnets=(replace(INGRESS.subnets[0], cidr="10.20.0.0/28"),))
    busy_one = busy_snapshot()
    networks = tuple(small if each.ingress else each for each in busy_one.networks)
    tasks = tuple(
        task(WEB, slot, NODES[slot % 3], {"ingress": f"10.20.0.{slot + 5}"})
        for slot in range(1, 10)
    )
    waiting = task(WEB, 10, None, {}, state="new", targets=[])
    view = inspection(INGRESS, NODES)
    snapshot = replace(
        busy_one, networks=networks, tasks=(*tasks, waiting), inspections={INGRESS.id: view}
    )
    finding = one(snapshot, "network-exhausted")
    assert finding.subject.name == "ingress"
    assert repair(finding) == ("replace-ingress", "ingress")
    assert commands(finding).count("--ingress --subnet") == 1


@pytest.mark.parametrize(
    ("running", "severity"),
    [
        (4, None),
        (5, Severity.WARNING),
        (7, Severity.WARNING),
        (8, Severity.CRITICAL),
    ],
    ids=["5 left", "4 left", "88 %", "94 %"],
)
def test_how_full_a_network_is(running: int, severity: Severity | None) -> None:
    snapshot = crowded(running)
    assert [each.severity for each in found(snapshot, "network-nearly-full")] == (
        [severity] if severity else []
    )


def test_three_quarters_of_a_large_network() -> None:
    wide = network("tiny", "10.50.0.0/25", gateway="10.50.0.1", vxlan=4100)
    assert found(crowded(88, tiny=wide), "network-nearly-full") == []
    finding = one(crowded(89, tiny=wide), "network-nearly-full")
    assert finding.title == "tiny has 32 addresses left of 128"
    assert evidence(finding) == {"addresses of tiny": "128", "taken at least": "75 %"}
    assert finding.severity is Severity.WARNING


def test_an_update_of_all_tasks_makes_three_quarters_critical() -> None:
    everyone = UpdatePolicy(parallelism=0)
    finding = one(crowded(6, update_policy=everyone), "network-nearly-full")
    assert finding.severity is Severity.CRITICAL


def test_evidence_stays_while_a_few_addresses_come_and_go() -> None:
    wide = network("tiny", "10.50.0.0/25", gateway="10.50.0.1", vxlan=4100)
    values = {
        str(evidence(one(crowded(running, tiny=wide), "network-nearly-full")))
        for running in (89, 92, 95)
    }
    assert len(values) == 1


def test_an_empty_network_is_not_nearly_full_however_small() -> None:
    smallest = network("tiny", "10.50.0.0/30", gateway="10.50.0.1", vxlan=4100)
    assert found(busy(smallest), "network-nearly-full") == []


def test_only_the_range_that_is_handed_out_counts() -> None:
    ranged = network("tiny", "10.50.0.0/24", gateway="10.50.0.1", ip_range="10.50.0.0/28")
    finding = one(crowded(9, tiny=ranged), "network-nearly-full")
    # Network and gateway are in the range, and the broadcast address is not.
    assert "1 address left of 17" in finding.title


@pytest.mark.parametrize(
    ("running", "severity"), [(7, None), (8, Severity.INFO), (9, Severity.WARNING)]
)
def test_whether_an_update_that_starts_first_fits(running: int, severity: Severity | None) -> None:
    """Two tasks at a time, and two, one or no addresses left."""
    snapshot = crowded(running, update_policy=EAGER)
    findings = found(snapshot, "network-update-does-not-fit")
    assert [each.severity for each in findings] == ([severity] if severity else [])
    for each in findings:
        assert evidence(each)["tasks of crowd that are started first"] == "2"
        assert "docker service update --update-order stop-first crowd" in commands(each)


def test_an_update_that_stops_first_or_is_under_way() -> None:
    patient = crowded(9, update_policy=UpdatePolicy(parallelism=2))
    assert found(patient, "network-update-does-not-fit") == []
    under_way = crowded(9, update_policy=EAGER, update_state="updating")
    assert found(under_way, "network-update-does-not-fit") == []


def test_tasks_whose_nodes_got_no_address() -> None:
    finding = one(failing_snapshot(), "tasks-without-attachments")
    assert finding.severity is Severity.CRITICAL
    assert finding.subject.kind is SubjectKind.SERVICE
    assert finding.subject.name == "crowd"
    assert evidence(finding) == {
        "error of tasks of crowd": FULL,
        "networks of crowd": "tiny",
    }
    assert repair(finding) == ("migrate", "tiny")


def test_a_rejected_task_that_another_has_replaced() -> None:
    made, tasks = crowd(2)
    old = replace(tasks[0], id=TaskId("old"), state="rejected", error=FULL)
    snapshot = busy(TINY, services=(made,), tasks=(*tasks, old))
    assert found(snapshot, "tasks-without-attachments") == []
    alone = busy(TINY, services=(made,), tasks=(tasks[1], old))
    assert len(found(alone, "tasks-without-attachments")) == 1


def test_tasks_that_failed_for_another_reason() -> None:
    made, tasks = crowd(1)
    odd = replace(tasks[0], state="failed", error="task: non-zero exit (1)")
    assert found(busy(TINY, services=(made,), tasks=(odd,)), "tasks-without-attachments") == []


def reported(in_use: int) -> Snapshot:
    """Return a swarm whose leader counts so many addresses, where 8 are accounted for."""
    snapshot = crowded(2)
    counted = ReportedUse("10.50.0.0/28", in_use, 16 - in_use)
    view = inspection(TINY, NODES, reported=(counted,), taken_at=NOW)
    return replace(snapshot, inspections={**snapshot.inspections, TINY.id: view})


@pytest.mark.parametrize(("in_use", "expected"), [(5, 0), (8, 0), (10, 0), (11, 1)])
def test_addresses_that_nobody_holds(in_use: int, expected: int) -> None:
    """Three reserved, one virtual, two of tasks and two of their nodes are accounted for."""
    findings = found(reported(in_use), "addresses-leaked")
    assert len(findings) == expected
    for each in findings:
        assert each.title == "3 addresses of tiny are taken and nobody holds them"
        assert evidence(each) == {"taken, less those of services, tasks and nodes": "3"}
        assert "node1" in each.trouble.remedy[0].words


def test_what_was_not_understood_may_hold_them() -> None:
    odd = replace(reported(11), problems=(Problem("tasks", "abc", "not understood"),))
    assert found(odd, "addresses-leaked") == []
    assert found(crowded(2), "addresses-leaked") == []
