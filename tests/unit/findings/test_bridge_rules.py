"""The gateway bridge of the node that is read: its ports and its range."""

from __future__ import annotations

from dataclasses import replace

import pytest

from swarmtui.findings import Severity, SubjectKind
from swarmtui.model import Inspection, LocalEndpoint, Snapshot
from tests.builders import GATEWAY, NODES, NOW, busy_snapshot, network, node, worker_snapshot
from tests.unit.findings.looking import (
    Change,
    at_worker,
    busy,
    commands,
    evidence,
    failing,
    found,
    one,
    outside,
)


def crowded(number: int, snapshot: Snapshot | None = None) -> Snapshot:
    """Return a node with so many endpoints on its bridge."""
    ends = tuple(LocalEndpoint(f"c{each}", f"gateway_{each}", "", "") for each in range(number))
    snapshot = snapshot or busy_snapshot()
    view = Inspection(GATEWAY.id, NOW, None, ends)
    return replace(snapshot, inspections={**snapshot.inspections, GATEWAY.id: view})


def test_nothing_is_wrong_with_a_sound_bridge() -> None:
    for code in ("bridge-nearly-full", "bridge-overlaps"):
        assert found(busy_snapshot(), code) == []
        assert found(outside(busy_snapshot()), code) == []


@pytest.mark.parametrize(
    ("number", "severity"),
    [(900, Severity.WARNING), (999, Severity.WARNING), (1000, Severity.CRITICAL)],
)
def test_ports_run_out(number: int, severity: Severity) -> None:
    finding = one(crowded(number), "bridge-nearly-full")
    assert finding.severity is severity
    assert (finding.subject.kind, finding.subject.id) == (SubjectKind.NODE, NODES[0].id)
    assert evidence(finding)["ports that a bridge has"] == "1023"
    assert f"docker node update --availability pause {NODES[0].id}" in commands(finding)


def test_evidence_does_not_change_with_every_container() -> None:
    told = [one(crowded(number), "bridge-nearly-full") for number in (925, 949, 950)]
    assert told[0].fingerprint == told[1].fingerprint != told[2].fingerprint
    words = evidence(told[0])["endpoints on docker_gwbridge of node1"]
    assert words == "at least 925"


def test_there_are_ports_enough() -> None:
    assert found(crowded(899), "bridge-nearly-full") == []


def test_a_worker_tells_of_its_own_bridge() -> None:
    finding = one(crowded(950, worker_snapshot()), "bridge-nearly-full")
    assert finding.subject.name == "node3"


def test_a_node_lies_in_its_range() -> None:
    moved = replace(node(3), address="172.18.0.77")
    finding = one(replace(busy_snapshot(), nodes=(*NODES[:2], moved)), "bridge-overlaps")
    assert finding.severity is Severity.CRITICAL
    assert (finding.subject.kind, finding.subject.name) == (SubjectKind.NODE, "node1")
    assert evidence(finding) == {
        "subnet of docker_gwbridge on node1": "172.18.0.0/16",
        "the address of node3": "172.18.0.77",
    }
    assert "swarmtui bridge rebuild" in commands(finding)


@pytest.mark.parametrize("change", [lambda it: it, at_worker, outside])
def test_a_range_of_the_person_overlaps_it_wherever_the_node_stands(change: Change) -> None:
    finding = one(change(busy_snapshot()), "bridge-overlaps", "172.16.0.0/12")
    assert evidence(finding)["the LAN range"] == "172.16.0.0/12"
    assert found(change(busy_snapshot()), "bridge-overlaps", "172.19.0.0/16") == []


def test_of_networks_of_the_swarm_another_rule_tells() -> None:
    wrong = network("wrong", "172.18.5.0/24", gateway="172.18.5.1", vxlan=4300)
    assert found(busy(wrong), "bridge-overlaps") == []
    assert found(busy(wrong), "networks-overlap") != []


def test_networks_that_could_not_be_read_are_not_in_the_way() -> None:
    unread = failing("networks")(busy_snapshot())
    assert found(unread, "bridge-overlaps", "172.16.0.0/12") == []
