"""The swarm's default address pools: how full they are, and what is in their way."""

from __future__ import annotations

from dataclasses import replace

import pytest

from swarmtui.findings import Severity, SubjectKind
from swarmtui.model import Cluster, Network, Snapshot
from tests.builders import busy_snapshot, network, unallocated
from tests.unit.findings.looking import busy, commands, evidence, found, one

CODES = (
    "pool-nearly-full",
    "pool-exhausted",
    "subnet-blocks-pool",
    "pool-overlaps-node-addresses",
)


def pooled(count: int, *pools: str, more: tuple[Network, ...] = ()) -> Snapshot:
    """Return a swarm with so many networks of a /26 each, the first pool's lowest blocks."""
    networks = tuple(
        network(f"n{number}", f"10.1.{number // 4}.{number % 4 * 64}/26", vxlan=5000 + number)
        for number in range(count)
    )
    return replace(busy_snapshot(), networks=(*networks, *more), cluster=Cluster("c", pools, 26))


@pytest.mark.parametrize("code", CODES)
def test_nothing_is_wrong_with_a_pool_that_is_nearly_empty(code: str) -> None:
    assert found(busy_snapshot(), code) == []


@pytest.mark.parametrize(("count", "expected"), [(12, 0), (13, 1), (15, 1), (16, 0)])
def test_a_pool_of_which_more_than_four_fifths_are_taken(count: int, expected: int) -> None:
    findings = found(pooled(count, "10.1.0.0/22"), "pool-nearly-full")
    assert len(findings) == expected
    for each in findings:
        assert each.severity is Severity.WARNING
        assert each.subject.kind is SubjectKind.POOL
        assert each.subject.id == "10.1.0.0/22"
        assert evidence(each) == {
            "blocks of 10.1.0.0/22": "16 of a /26 each",
            "blocks taken": str(count),
        }


def test_a_full_pool_beside_an_empty_one_is_as_it_should_be() -> None:
    snapshot = pooled(16, "10.1.0.0/22", "10.2.0.0/22")
    assert found(snapshot, "pool-nearly-full") == []
    assert found(snapshot, "pool-exhausted") == []


def test_pools_that_are_full_together() -> None:
    snapshot = pooled(29, "10.1.0.0/22", "10.1.4.0/22")
    subjects = [each.subject.name for each in found(snapshot, "pool-nearly-full")]
    assert subjects == ["10.1.0.0/22", "10.1.4.0/22"]


def test_no_block_is_left() -> None:
    finding = one(pooled(16, "10.1.0.0/22"), "pool-exhausted")
    assert finding.severity is Severity.WARNING
    assert evidence(finding)["blocks left in all pools"] == "0"
    assert "docker network create --driver overlay --subnet 10.0.0.0/26 NAME" in commands(finding)
    assert found(pooled(15, "10.1.0.0/22"), "pool-exhausted") == []


def test_no_block_is_left_and_a_network_needs_one() -> None:
    finding = one(pooled(16, "10.1.0.0/22", more=(unallocated(),)), "pool-exhausted")
    assert finding.severity is Severity.CRITICAL
    assert evidence(finding)["networks without a subnet"] == "overlap"


def test_an_engine_that_tells_no_pools() -> None:
    snapshot = replace(pooled(16, "10.1.0.0/22"), cluster=None)
    assert all(found(snapshot, code) == [] for code in CODES)


@pytest.mark.parametrize(
    ("cidr", "blocks"),
    [("10.20.8.0/24", "4 blocks"), ("10.20.8.16/28", "1 block"), ("10.16.0.0/12", "1,024 blocks")],
)
def test_a_chosen_subnet_in_the_pool(cidr: str, blocks: str) -> None:
    snapshot = replace(busy_snapshot(), networks=(network("mine", cidr),))
    finding = one(snapshot, "subnet-blocks-pool")
    assert finding.severity is Severity.INFO
    assert finding.title == f"mine takes {blocks} of the address pool 10.20.0.0/16"
    assert evidence(finding) == {
        "subnet of mine": cidr,
        "address pool": "10.20.0.0/16, in /26",
    }


@pytest.mark.parametrize("cidr", ["10.20.8.0/26", "10.21.0.0/24"])
def test_a_subnet_that_is_a_block_or_elsewhere(cidr: str) -> None:
    assert found(busy(network("mine", cidr)), "subnet-blocks-pool") == []


@pytest.mark.parametrize(
    ("pool", "expected"), [("192.168.77.0/24", 1), ("192.168.77.4/30", 0), ("192.168.78.0/24", 0)]
)
def test_nodes_with_an_address_in_the_pool(pool: str, expected: int) -> None:
    snapshot = replace(busy_snapshot(), cluster=Cluster("c", (pool,), 26))
    findings = found(snapshot, "pool-overlaps-node-addresses")
    assert len(findings) == expected
    for each in findings:
        assert each.severity is Severity.WARNING
        assert each.subject.name == pool
        assert evidence(each) == {
            "address pool": pool,
            "nodes with an address in it": "node1 192.168.77.1, node2 192.168.77.2, "
            "node3 192.168.77.3",
        }
