"""Nodes that cannot connect tasks, told by the errors of these tasks."""

from __future__ import annotations

from datetime import timedelta

import pytest

from swarmtui.findings import RULES, Severity, SubjectKind
from swarmtui.model import Node, Snapshot, Task, TaskId, moment
from tests.builders import APP, DB, NODES, NOW, WEB, an_id, busy_snapshot, node, task
from tests.replacing import replace
from tests.unit.findings.looking import busy, commands, evidence, found, one, repair

_JOIN = 'network sandbox join failed: subnet sandbox join failed for "10.20.0.64/26": '
VXLAN = _JOIN + "error creating vxlan interface: file exists"
POOL = "Pool overlaps with other one on this address space"
FULL = (
    "starting container failed: container 8bb65f745cf949612182df5fc78be9b295f9251be2d244930b9a753e6"
    "2fea4b0: endpoint create on GW Network failed: failed to create endpoint gateway_fe2df80c7259 "
    "on network docker_gwbridge: adding interface veth6451e97 to bridge docker_gwbridge failed: "
    "exchange full"
)
LOCAL = (
    "error creating external connectivity network: could not find an available, non-overlapping "
    "IPv4 address pool among the defaults to assign to the network"
)
LEFT = "ingress sandbox already present"
OTHER = _JOIN + "error creating bridge: no such device"
ERRORS = {
    "vxlan-interface-exists": VXLAN,
    "node-pool-overlap": POOL,
    "bridge-exhausted": FULL,
    "local-pools-exhausted": LOCAL,
    "ingress-sandbox-left": LEFT,
    "sandbox-join-failed": OTHER,
}
FAILED_AT = "2026-11-24T11:59:30.5Z"
LATER = "2026-11-24T11:59:50Z"


def failed(
    error: str, on: Node = NODES[2], at: str = FAILED_AT, *, slot: int = 1, state: str = "rejected"
) -> Task:
    """Return a task of web that failed on a node half a minute ago."""
    gone = task(WEB, slot, on, {"app": "10.20.0.90", "ingress": "10.20.0.30"}, state=state)
    identity = TaskId(an_id(f"failed{slot}{at[17:19]}"))
    return replace(gone, id=identity, error=error, since=at, desired_state="shutdown")


def codes(snapshot: Snapshot) -> set[str]:
    return {code for code in ERRORS if found(snapshot, code)}


def test_the_rules_are_known_by_name() -> None:
    assert ERRORS.keys() <= {rule.code for rule in RULES}
    assert codes(busy_snapshot()) == set()


@pytest.mark.parametrize("code", ERRORS)
def test_each_error_is_told_by_one_rule(code: str) -> None:
    snapshot = busy(tasks=(failed(ERRORS[code]),))
    assert codes(snapshot) == {code}
    finding = one(snapshot, code)
    assert finding.severity is Severity.CRITICAL
    assert (finding.subject.kind, finding.subject.name) == (SubjectKind.NODE, "node3")
    assert evidence(finding)["services of these tasks"] == "web"
    assert finding.trouble.since == moment(FAILED_AT)


def test_the_network_is_the_one_that_the_error_names() -> None:
    finding = one(busy(tasks=(failed(VXLAN),)), "vxlan-interface-exists")
    assert evidence(finding) == {
        "error of tasks on node3": VXLAN,
        "services of these tasks": "web",
        "networks of these tasks": "app (10.20.0.64/26)",
    }
    assert "VXLAN id 4097" in finding.trouble.remedy[0].words
    assert "ip link delete" in commands(finding)
    assert "app" in finding.title


def test_else_it_may_be_any_network_of_the_task() -> None:
    finding = one(busy(tasks=(failed(POOL),)), "node-pool-overlap")
    words = evidence(finding)["networks of these tasks"]
    assert words == "app, ingress (10.20.0.64/26, 10.20.0.0/26)"
    assert repair(finding) == ("migrate", "app")


def test_evidence_stays_the_same_when_the_next_task_fails() -> None:
    again = FULL.replace("veth6451e97", "vethb66892f").replace("8bb65f745cf9", "54f9f1ced85c")
    first = one(busy(tasks=(failed(FULL),)), "bridge-exhausted")
    second = one(busy(tasks=(failed(FULL), failed(again, at=LATER))), "bridge-exhausted")
    assert first.fingerprint == second.fingerprint
    assert second.trouble.since == moment(FAILED_AT)
    assert evidence(first)["error of tasks on node3"].endswith(
        "adding interface … to bridge docker_gwbridge failed: exchange full"
    )


def test_one_finding_for_each_node() -> None:
    tasks = (failed(VXLAN), failed(VXLAN, slot=2), failed(VXLAN, NODES[1], slot=3))
    found_on = [each.subject.name for each in found(busy(tasks=tasks), "vxlan-interface-exists")]
    assert found_on == ["node2", "node3"]


def test_it_is_over_when_a_later_task_runs_there_on_the_same_networks() -> None:
    runs = replace(failed("", at=LATER, slot=9, state="running"), desired_state="running")
    assert codes(busy(tasks=(failed(VXLAN), runs))) == set()
    elsewhere = replace(runs, node_id=NODES[1].id)
    before = replace(runs, since="2026-11-24T11:59:00Z")
    partly = replace(runs, attachments=runs.attachments[1:])
    for each in (elsewhere, before, partly):
        assert codes(busy(tasks=(failed(VXLAN), each))) == {"vxlan-interface-exists"}


def test_it_may_be_another_service_that_runs() -> None:
    lost = replace(failed(VXLAN), attachments=failed(VXLAN).attachments[:1])
    runs = replace(task(DB, 9, NODES[2], {"app": "10.20.0.91"}), since=LATER)
    assert codes(busy(tasks=(lost, runs))) == set()


@pytest.mark.parametrize(
    ("at", "is_told"),
    [
        ("2026-11-24T11:50:00Z", True),
        ("2026-11-24T11:49:59Z", False),
        ("", False),
    ],
)
def test_what_failed_long_ago_tells_nothing_of_today(at: str, is_told: bool) -> None:
    assert bool(codes(busy(tasks=(failed(VXLAN, at=at),)))) is is_told


def test_age_is_told_from_when_the_tasks_were_read() -> None:
    snapshot = busy(tasks=(failed(VXLAN, at="2026-11-24T11:45:00Z"),))
    earlier = replace(snapshot, tasks_at=NOW - timedelta(minutes=5))
    assert (codes(snapshot), codes(earlier)) == (set(), {"vxlan-interface-exists"})


def test_a_network_that_is_gone_and_a_node_that_is_down_tell_nothing() -> None:
    snapshot = busy(tasks=(failed(VXLAN),))
    networks = tuple(each for each in snapshot.networks if each is not APP)
    assert codes(replace(snapshot, networks=networks)) == set()
    down = (*NODES[:2], node(3, state="down"))
    assert codes(replace(snapshot, nodes=down)) == set()
    assert codes(replace(snapshot, nodes=NODES[:2])) == set()


def test_other_errors_are_no_matter_of_networks() -> None:
    assert codes(busy(tasks=(failed("task: non-zero exit (1)"),))) == set()
