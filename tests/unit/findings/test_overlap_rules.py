"""Ranges that are in the way of each other."""

from __future__ import annotations

from dataclasses import replace

import pytest

from swarmtui.findings import Severity
from tests.builders import APP, busy_snapshot, local_network, network, service, worker_snapshot
from tests.unit.findings.looking import (
    at_worker,
    busy,
    commands,
    evidence,
    found,
    one,
    outside,
    repair,
)

CODES = ("subnet-overlaps-node", "subnet-overlaps-lan", "networks-overlap")
AROUND = network("around", "192.168.77.0/24", gateway="192.168.77.254")


@pytest.mark.parametrize("code", CODES)
def test_ranges_that_keep_clear_of_each_other(code: str) -> None:
    assert found(busy_snapshot(), code, "10.99.0.0/16") == []
    assert found(worker_snapshot(), code, "10.99.0.0/16") == []


def test_a_network_that_holds_addresses_of_nodes() -> None:
    finding = one(busy(AROUND, services=(service("s", [AROUND]),)), "subnet-overlaps-node")
    assert finding.severity is Severity.CRITICAL
    assert finding.subject.id == AROUND.id
    assert evidence(finding) == {
        "subnet of around": "192.168.77.0/24",
        "the address of node1": "192.168.77.1",
        "the address of node2": "192.168.77.2",
        "the address of node3": "192.168.77.3",
    }
    assert repair(finding) == ("migrate", "around")
    assert "docker service update --network-add around-2 --network-rm around s" in commands(finding)


@pytest.mark.parametrize(("cidr", "expected"), [("192.168.77.0/30", 1), ("192.168.77.4/30", 0)])
def test_addresses_beside_those_of_nodes(cidr: str, expected: int) -> None:
    assert len(found(busy(network("near", cidr)), "subnet-overlaps-node")) == expected


def test_a_worker_knows_its_own_address_and_those_of_managers() -> None:
    finding = one(at_worker(busy(AROUND)), "subnet-overlaps-node")
    assert evidence(finding)["the address of node3"] == "192.168.77.3"
    assert {each.source for each in finding.trouble.evidence[1:]} == {"GET /info"}


def test_a_network_in_the_persons_lan() -> None:
    finding = one(busy_snapshot(), "subnet-overlaps-lan", "10.20.0.64/27", "10.20.0.96/27")
    assert finding.severity is Severity.CRITICAL
    assert finding.subject.id == APP.id
    assert evidence(finding)["subnet of app"] == "10.20.0.64/26"
    assert finding.title == (
        "app (10.20.0.64/26) overlaps your local network 10.20.0.64/27, 10.20.0.96/27"
    )
    assert found(outside(busy_snapshot()), "subnet-overlaps-lan", "10.0.0.0/8") == []


def test_a_lan_range_that_is_none() -> None:
    assert found(busy_snapshot(), "subnet-overlaps-lan", "home") == []


def test_two_networks_of_the_swarm() -> None:
    inner = network("inner", "10.20.0.64/28", vxlan=4300)
    finding = one(busy(inner), "networks-overlap")
    assert finding.severity is Severity.CRITICAL
    assert finding.subject.id == inner.id
    assert evidence(finding) == {"subnet of inner": "10.20.0.64/28", "network app": "10.20.0.64/26"}


def test_a_bridge_of_the_node_that_is_read() -> None:
    bridge = local_network("compose_default", subnet="10.20.0.0/16")
    for snapshot in (busy(bridge), at_worker(busy(bridge))):
        findings = found(snapshot, "networks-overlap")
        assert [each.subject.name for each in findings] == ["app", "ingress", "pay_secure"]
        assert {each.severity for each in findings} == {Severity.WARNING}
        words = "this node's bridge network compose_default"
        assert evidence(findings[0])[words] == "10.20.0.0/16"


def test_the_gateway_bridge_is_on_the_way_of_every_container() -> None:
    wide = network("wide", "172.18.0.0/15", vxlan=4300)
    finding = one(busy(wide), "networks-overlap")
    assert finding.severity is Severity.CRITICAL
    assert evidence(finding)["this node's bridge network docker_gwbridge"] == "172.18.0.0/16"


def test_local_networks_among_themselves_are_no_matter_of_the_swarm() -> None:
    twin = replace(local_network("twin", subnet="172.18.0.0/16"))
    assert found(busy(twin), "networks-overlap") == []


def test_two_subnets_of_one_network() -> None:
    two = network("two", "10.9.0.0/24")
    two = replace(two, subnets=(*two.subnets, *network("x", "10.9.0.0/25").subnets))
    assert found(busy(two), "networks-overlap") == []
