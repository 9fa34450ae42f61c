"""Addresses that nodes advertise, and addresses that they keep while they are down."""

from __future__ import annotations

from dataclasses import replace

import pytest

from swarmtui.findings import Severity, SubjectKind
from swarmtui.model import Node, Snapshot
from tests.builders import (
    NODES,
    busy_snapshot,
    failing_snapshot,
    local_network,
    network,
    node,
    task,
)
from tests.unit.findings.looking import (
    Change,
    at_worker,
    busy,
    commands,
    evidence,
    failing,
    found,
    leaderless,
    one,
)


def at(address: str, control: str | None = None, number: int = 3) -> Node:
    """Return a node at an address; a manager where a control port is given."""
    if control is None:
        return replace(node(number), address=address)
    return replace(node(number, role="manager"), address=address, manager_address=control)


def swarm(*nodes: Node) -> Snapshot:
    return replace(busy_snapshot(), nodes=nodes)


@pytest.mark.parametrize(
    "code", ["node-address-unusable", "node-addresses-mixed", "node-down-holds-addresses"]
)
def test_nothing_is_wrong_with_sound_nodes(code: str) -> None:
    assert found(busy_snapshot(), code) == []


@pytest.mark.parametrize(
    "address",
    ["127.0.0.1", "127.1.2.3", "0.0.0.0", "169.254.7.7", "172.17.0.1", "::1", "fe80::1"],
)
def test_addresses_at_which_nobody_is_reached(address: str) -> None:
    finding = one(swarm(*NODES[:2], at(address)), "node-address-unusable")
    assert finding.severity is Severity.CRITICAL
    assert (finding.subject.kind, finding.subject.name) == (SubjectKind.NODE, "node3")
    assert evidence(finding) == {
        "address that node3 advertises": address,
        "nodes of the swarm": "more than 1",
    }
    assert "docker swarm join --advertise-addr" in commands(finding)


@pytest.mark.parametrize(
    "address", ["192.168.1.1", "10.0.0.5", "93.184.216.34", "fd00::1", "odd", ""]
)
def test_addresses_that_may_be_reached(address: str) -> None:
    assert found(swarm(*NODES[:2], at(address)), "node-address-unusable") == []


def test_alone_it_does_no_harm_yet() -> None:
    finding = one(swarm(at("127.0.0.1", "127.0.0.1:2377", 1)), "node-address-unusable")
    assert finding.severity is Severity.INFO
    assert "docker swarm init --advertise-addr" in commands(finding)


def test_of_a_manager_the_control_port_counts() -> None:
    leader = at("0.0.0.0", "192.168.77.1:2377", 1)
    assert found(swarm(leader, NODES[2]), "node-address-unusable") == []
    half_moved = at("192.168.77.1", "127.0.0.1:2377", 1)
    assert one(swarm(half_moved, NODES[2]), "node-address-unusable").severity is Severity.CRITICAL


def test_a_manager_beside_others_is_demoted_first() -> None:
    wrong = at("127.0.0.1", "127.0.0.1:2377", 2)
    finding = one(swarm(NODES[0], wrong, NODES[2]), "node-address-unusable")
    assert commands(finding).startswith(f"docker node demote {wrong.id}\ndocker swarm leave")


def test_a_range_of_bridges_is_the_one_that_this_node_has() -> None:
    custom = local_network("bridge2", subnet="192.168.0.0/16")
    finding = found(busy(custom), "node-address-unusable")
    assert len(finding) == 3
    assert "bridge network bridge2" in finding[0].title
    on_gateway = swarm(*NODES[:2], at("172.18.0.7"))
    assert found(on_gateway, "node-address-unusable") == []
    assert found(on_gateway, "bridge-overlaps") != []


def test_private_and_public_addresses_are_mixed() -> None:
    finding = one(swarm(*NODES[:2], at("93.184.216.34")), "node-addresses-mixed")
    assert (finding.severity, finding.subject.kind) == (Severity.WARNING, SubjectKind.SWARM)
    assert evidence(finding) == {
        "nodes with public addresses": "node3 93.184.216.34",
        "nodes with private addresses": "node1 192.168.77.1, node2 192.168.77.2",
    }
    assert "public: node3" in finding.title
    mostly_public = swarm(at("93.184.216.1", number=1), at("93.184.216.2", number=2), NODES[2])
    assert "private: node3" in one(mostly_public, "node-addresses-mixed").title


@pytest.mark.parametrize(
    "nodes",
    [
        (NODES[0], at("127.0.0.1")),
        (NODES[0], at("odd"), at("")),
        (at("93.184.216.34"), at("93.184.216.35")),
        (at("93.184.216.34"), at("127.0.0.1")),
        (NODES[0], at("100.64.0.9")),
    ],
)
def test_addresses_of_one_kind_are_not_mixed(nodes: tuple[Node, ...]) -> None:
    assert found(swarm(*nodes), "node-addresses-mixed") == []


def test_a_node_that_is_down_keeps_addresses() -> None:
    finding = one(failing_snapshot(), "node-down-holds-addresses")
    assert (finding.severity, finding.subject.name) == (Severity.INFO, "node3")
    words = evidence(finding)
    assert words["state of node3"] == "down"
    assert words["addresses of tasks and of the load-balancer on node3"] == (
        "3 of app, 2 of ingress, 2 of pay_secure"
    )
    assert words["of these nearly full"] == "none"
    assert commands(finding).strip() == f"docker node rm --force {NODES[2].id}"


def test_addresses_that_others_need_are_a_warning() -> None:
    tiny = network("tiny", "10.50.0.0/29", gateway="10.50.0.1", vxlan=4100)
    held = task(None, 5, NODES[2], {"tiny": "10.50.0.2"})
    other = task(None, 6, NODES[1], {"tiny": "10.50.0.3"})
    down = (*NODES[:2], node(3, state="down"))
    finding = one(replace(busy(tiny, tasks=(held, other)), nodes=down), "node-down-holds-addresses")
    assert finding.severity is Severity.WARNING
    assert evidence(finding)["of these nearly full"] == "tiny"


def test_a_manager_is_demoted_before_it_is_removed() -> None:
    down = (NODES[0], node(2, role="manager", state="down"), NODES[2])
    finding = one(replace(busy_snapshot(), nodes=down), "node-down-holds-addresses")
    removal = f"docker node demote {NODES[1].id}\ndocker node rm --force {NODES[1].id}"
    assert commands(finding).strip() == removal


def test_a_node_that_is_down_and_keeps_nothing() -> None:
    snapshot = failing_snapshot()
    others = tuple(each for each in snapshot.tasks if each.node_id != NODES[2].id)
    assert found(replace(snapshot, tasks=others), "node-down-holds-addresses") == []
    for state in ("unknown", "disconnected", "ready"):
        nodes = (*NODES[:2], node(3, state=state))
        assert found(replace(snapshot, nodes=nodes), "node-down-holds-addresses") == []


@pytest.mark.parametrize("change", [at_worker, leaderless, failing("nodes"), failing("tasks")])
def test_what_is_only_half_known_is_not_told(change: Change) -> None:
    snapshot = replace(failing_snapshot(), problems=())
    assert found(change(snapshot), "node-down-holds-addresses") == []
    assert found(change(swarm(*NODES[:2], at("127.0.0.1"))), "node-address-unusable") == []
