"""The ingress network: there, with addresses, once, and on every node."""

from __future__ import annotations

from dataclasses import replace

import pytest

from swarmtui.findings import Severity, SubjectKind, Watch, examine
from swarmtui.model import NetworkId, Snapshot, VirtualIp, moment
from tests.builders import (
    INGRESS,
    NODES,
    WEB,
    an_id,
    busy_snapshot,
    inspection,
    network,
    node,
)
from tests.unit.findings.looking import (
    Change,
    at_worker,
    commands,
    evidence,
    failing,
    found,
    leaderless,
    one,
    outside,
    repair,
    without,
    without_addresses,
)


def bare() -> Snapshot:
    """Return a swarm without an ingress."""
    return without(busy_snapshot(), "ingress")


def carried_by(*numbers: int) -> Snapshot:
    busy = busy_snapshot()
    view = inspection(INGRESS, [NODES[number - 1] for number in numbers])
    return replace(busy, inspections={**busy.inspections, INGRESS.id: view})


@pytest.mark.parametrize(
    "code",
    ["ingress-missing", "ingress-double", "ingress-unallocated", "ingress-not-everywhere"],
)
def test_nothing_is_wrong_with_a_sound_ingress(code: str) -> None:
    assert found(busy_snapshot(), code) == []


def test_it_is_missing_and_services_publish_through_it() -> None:
    finding = one(bare(), "ingress-missing")
    assert finding.severity is Severity.CRITICAL
    assert finding.subject.kind is SubjectKind.SWARM
    assert evidence(finding) == {
        "ingress networks": "0",
        "services that publish through it": "web",
    }
    assert "docker network create --driver overlay --ingress ingress" in commands(finding)
    assert commands(finding).count("docker node update --availability active") == 3
    assert repair(finding) == ("ingress", "")


def test_it_is_missing_and_nobody_minds() -> None:
    quiet = replace(bare(), services=(replace(WEB, asked_ports=()),))
    finding = one(quiet, "ingress-missing")
    assert finding.severity is Severity.WARNING
    assert evidence(finding)["services that publish through it"] == "none"


@pytest.mark.parametrize(
    "change",
    [at_worker, leaderless, outside, *map(failing, ("nodes", "networks", "services"))],
)
def test_what_cannot_be_read_is_not_missing(change: Change) -> None:
    assert found(change(bare()), "ingress-missing") == []


def test_what_was_not_understood_is_not_missing() -> None:
    assert found(failing("networks", "abc")(bare()), "ingress-missing") == []
    old = replace(INGRESS, name="old")
    left = replace(failing("networks", "old")(bare()), leftovers=(old,))
    assert len(found(left, "ingress-missing")) == 1


def test_it_is_missing_for_a_moment() -> None:
    watch, snapshot = Watch(), bare()
    told = watch.observe(examine(snapshot), snapshot.taken_at)
    assert "ingress-missing" not in {each.code for each in told}


def test_there_are_two() -> None:
    second = network("mesh", "10.20.1.0/26", gateway="10.20.1.1", vxlan=4200, ingress=True)
    busy = busy_snapshot()
    finding = one(replace(busy, networks=(*busy.networks, second)), "ingress-double")
    assert finding.severity is Severity.CRITICAL
    assert evidence(finding) == {
        f"services with an address on ingress ({INGRESS.id})": "web",
        f"services with an address on mesh ({second.id})": "none",
    }
    assert commands(finding) == f"docker network rm {second.id}"


def test_it_was_never_allocated() -> None:
    busy = busy_snapshot()
    networks = (*without(busy, "ingress").networks, without_addresses(INGRESS))
    finding = one(replace(busy, networks=networks), "ingress-unallocated")
    assert finding.severity is Severity.CRITICAL
    assert finding.subject.id == INGRESS.id
    assert evidence(finding) == {
        "driver of ingress": "none",
        "subnet of ingress": "none",
        "services that publish through it": "web",
    }
    assert finding.trouble.since == moment(INGRESS.created)
    assert "docker network create --driver overlay --ingress --subnet 10.20.0." in commands(finding)
    assert repair(finding) == ("ingress", "ingress")
    assert found(replace(busy, networks=networks), "network-unallocated") == []


def test_a_node_misses_it() -> None:
    finding = one(carried_by(1, 2), "ingress-not-everywhere")
    assert finding.severity is Severity.CRITICAL
    assert evidence(finding) == {
        "peers of ingress": "192.168.77.1, 192.168.77.2",
        "Ready nodes not among them": "node3",
    }
    assert commands(finding) == (
        f"docker node update --availability active {an_id('node3')}\n"
        f"docker node update --label-add again=1 {an_id('node3')}\n"
        f"docker node update --label-rm again {an_id('node3')}\n"
        "nc -vz 192.168.77.3 7946"
    )
    assert repair(finding) == ("ingress", "ingress")


def test_the_node_that_is_asked_misses_it_and_cannot_tell_of_the_others() -> None:
    busy = busy_snapshot()
    unseen = inspection(INGRESS, (), peers=None)
    snapshot = replace(busy, inspections={**busy.inspections, INGRESS.id: unseen})
    finding = one(snapshot, "ingress-not-everywhere")
    assert finding.title.startswith("node1 without the ingress network")
    assert evidence(finding)["peers of ingress"] == "none"
    assert repair(finding) == ("ingress", "ingress")


def test_a_node_that_is_away_does_not_miss_it() -> None:
    away = replace(carried_by(1, 2), nodes=(*NODES[:2], node(3, state="down")))
    assert found(away, "ingress-not-everywhere") == []


def test_a_peer_by_another_address_may_be_the_node_that_seems_to_miss_it() -> None:
    elsewhere = replace(node(9), address="10.1.1.3")
    view = inspection(INGRESS, [*NODES[:2], elsewhere])
    snapshot = replace(busy_snapshot(), inspections={INGRESS.id: view})
    assert found(snapshot, "ingress-not-everywhere") == []


@pytest.mark.parametrize("change", [leaderless, at_worker, failing("networks"), failing("nodes")])
def test_who_misses_it_cannot_be_told(change: Change) -> None:
    assert found(change(carried_by(1)), "ingress-not-everywhere") == []


def test_many_nodes_are_told_shortly() -> None:
    nodes = tuple(node(number) for number in range(1, 31))
    view = inspection(INGRESS, nodes[:1])
    snapshot = replace(busy_snapshot(), nodes=nodes, inspections={INGRESS.id: view})
    words = evidence(one(snapshot, "ingress-not-everywhere"))["Ready nodes not among them"]
    assert words.endswith(" and 17 more")


def test_an_address_on_the_second_counts_too() -> None:
    busy = busy_snapshot()
    second = network("mesh", "10.20.1.0/26", gateway="10.20.1.1", vxlan=4200, ingress=True)
    both = (*WEB.virtual_ips, VirtualIp(NetworkId(an_id("mesh")), "10.20.1.5"))
    web = replace(WEB, virtual_ips=both)
    snapshot = replace(busy, networks=(*busy.networks, second), services=(web,))
    assert commands(one(snapshot, "ingress-double")) == ""
