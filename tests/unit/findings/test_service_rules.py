"""Services and the networks that their specifications name."""

from __future__ import annotations

import pytest

from swarmtui.findings import Severity, SubjectKind
from swarmtui.model import (
    NetworkId,
    NetworkTarget,
    PublishedPort,
    Service,
    Snapshot,
    VirtualIp,
    moment,
)
from tests.builders import (
    APP,
    DB,
    NODES,
    ROUND,
    WEB,
    busy_snapshot,
    network,
    service,
    task,
    unallocated,
)
from tests.replacing import replace
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
    repair,
)

GONE = network("gone", "10.20.1.0/26")
ORPHAN = replace(service("orphan", [GONE]), networks=(NetworkTarget(GONE.id),))
WAITING = task(ORPHAN, 1, None, {}, state="new", targets=[GONE])


def orphaned(of: Service = ORPHAN) -> Snapshot:
    """Return a swarm in which a service waits for a network that is not there."""
    return busy(services=(of,), tasks=(WAITING,))


@pytest.mark.parametrize(
    "code",
    [
        "service-network-missing",
        "service-without-vip",
        "service-legacy-networks",
        "service-dnsrr-with-ingress-port",
    ],
)
def test_nothing_is_wrong_with_sound_services(code: str) -> None:
    assert found(busy_snapshot(), code) == []


def test_a_network_is_gone_and_tasks_wait_for_it() -> None:
    finding = one(orphaned(), "service-network-missing")
    assert finding.severity is Severity.CRITICAL
    assert (finding.subject.kind, finding.subject.name) == (SubjectKind.SERVICE, "orphan")
    assert evidence(finding) == {
        "networks of orphan that are gone": GONE.id,
        "networks of the swarm with such an id": "none",
        "states of its tasks that are not on it": "new",
    }
    assert f"swarmtui service detach orphan {GONE.id}" in commands(finding)
    assert finding.trouble.repair is not None
    assert finding.trouble.repair.service == "orphan"
    assert repair(finding) == ("detach", GONE.id)
    assert finding.trouble.since == moment(WAITING.since)


def test_a_network_is_gone_and_tasks_run_without_it() -> None:
    both = replace(
        ORPHAN, networks=(*ORPHAN.networks, NetworkTarget(APP.id)), endpoint_mode="dnsrr"
    )
    runs = task(both, 1, NODES[0], {"app": "10.20.0.90"}, targets=[GONE, APP])
    finding = one(busy(services=(both,), tasks=(runs,)), "service-network-missing")
    assert evidence(finding)["states of its tasks that are not on it"] == "running"
    assert "run without it" in finding.title


def test_who_is_left_on_it_does_not_show_that_it_exists() -> None:
    left = replace(task(ORPHAN, 2, NODES[2], {"gone": "10.20.1.9"}), desired_state="shutdown")
    assert found(busy(services=(ORPHAN,), tasks=(WAITING, left)), "service-network-missing") != []


def test_a_network_of_a_node_is_in_no_list_and_not_gone() -> None:
    host = NetworkId("efc1ou40ghts5bibfvcxixji4")
    on_host = replace(ORPHAN, networks=(NetworkTarget(host),), virtual_ips=(VirtualIp(host, ""),))
    waits = replace(WAITING, targets=(host,))
    assert found(busy(services=(on_host,), tasks=(waits,)), "service-network-missing") == []
    runs = task(ORPHAN, 1, NODES[0], {"gone": ""})
    assert found(busy(services=(ORPHAN,), tasks=(WAITING, runs)), "service-network-missing") == []


def test_without_tasks_that_wait_nothing_shows_that_it_is_gone() -> None:
    assert found(busy(services=(ORPHAN,)), "service-network-missing") == []
    stopped = replace(WAITING, desired_state="shutdown")
    assert found(busy(services=(ORPHAN,), tasks=(stopped,)), "service-network-missing") == []


@pytest.mark.parametrize("change", [at_worker, leaderless, *map(failing, ("networks", "tasks"))])
def test_what_cannot_be_read_is_not_gone(change: Change) -> None:
    assert found(change(orphaned()), "service-network-missing") == []


def test_a_network_that_was_not_understood_is_not_gone() -> None:
    assert found(failing("networks", "odd")(orphaned()), "service-network-missing") == []


def without_vip(of: Service = DB) -> Snapshot:
    bare = replace(of, virtual_ips=())
    busy = busy_snapshot()
    return replace(busy, services=tuple(bare if e is of else e for e in busy.services))


def test_a_service_has_no_virtual_address() -> None:
    finding = one(without_vip(), "service-without-vip")
    assert finding.severity is Severity.CRITICAL
    assert evidence(finding) == {
        "endpoint mode of pay_db": "vip",
        "networks of pay_db without a virtual address": "pay_secure",
        "of these without a free address": "none",
    }
    assert "docker service update --detach pay_db" in commands(finding)
    assert repair(finding) is None


def test_a_service_has_no_virtual_address_on_a_full_network() -> None:
    tiny = network("tiny", "10.50.0.0/30", gateway="10.50.0.1", vxlan=4100)
    finding = one(busy(tiny, services=(service("late", [tiny]),), tasks=()), "service-without-vip")
    assert evidence(finding)["of these without a free address"] == "none"
    early = service("early", [tiny], {"tiny": "10.50.0.2"})
    finding = one(busy(tiny, services=(early, service("late", [tiny]))), "service-without-vip")
    assert evidence(finding)["of these without a free address"] == "tiny"
    assert repair(finding) == ("migrate", "tiny")


@pytest.mark.parametrize(
    "snapshot",
    [
        busy(services=(service("calm", [unallocated()]),)),
        busy(services=(replace(service("quiet", [APP]), endpoint_mode="dnsrr"),)),
        busy(services=(ORPHAN,)),
        busy(services=(service("lonely"),)),
        without_vip(ROUND),
    ],
    ids=["no subnet", "dnsrr", "no network", "no networks", "dnsrr before"],
)
def test_no_virtual_address_is_wanted(snapshot: Snapshot) -> None:
    assert found(snapshot, "service-without-vip") == []


def test_a_virtual_address_on_one_of_two_networks() -> None:
    other = network("other", "10.20.2.0/26", vxlan=4200)
    both = replace(WEB, networks=(NetworkTarget(APP.id), NetworkTarget("other")))
    snapshot = replace(busy(other), services=(both,))
    words = evidence(one(snapshot, "service-without-vip"))
    assert words["networks of web without a virtual address"] == "other"


def test_networks_in_the_old_place() -> None:
    old = replace(WEB, legacy_networks=True)
    finding = one(replace(busy_snapshot(), services=(old, DB)), "service-legacy-networks")
    assert (finding.severity, finding.subject.name) == (Severity.INFO, "web")
    assert evidence(finding) == {
        "Spec.Networks": APP.id,
        "Spec.TaskTemplate.Networks": "none",
    }


def test_an_ingress_port_without_a_virtual_address() -> None:
    ports = (PublishedPort("tcp", 80, 8080, "ingress"), PublishedPort("tcp", 90, 0, "host"))
    odd = service("odd", [APP], endpoint_mode="dnsrr", ports=ports)
    finding = one(busy(services=(odd,)), "service-dnsrr-with-ingress-port")
    assert finding.severity is Severity.WARNING
    assert evidence(finding)["ports published in ingress mode"] == "8080:80/tcp"
    assert finding.trouble.repair is not None
    assert (finding.trouble.repair.kind, finding.trouble.repair.service) == ("mode", "odd")
    host = service("odd", [APP], endpoint_mode="dnsrr", ports=ports[1:])
    assert found(busy(services=(host,)), "service-dnsrr-with-ingress-port") == []
