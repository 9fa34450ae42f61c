"""What is said of a service that is to be on other networks, or reached in another way."""

from __future__ import annotations

from dataclasses import replace

import pytest

from swarmtui.model import NetworkTarget, PublishedPort, Service, Snapshot, UpdatePolicy
from swarmtui.operations import (
    Fault,
    Plan,
    Rearrange,
    Refusal,
    attaching,
    detaching,
    plan_operation,
    ports_of,
    publishing,
    service_faults,
)
from swarmtui.operations.changes import reaching
from tests.builders import APP, DB, INGRESS, NODES, ROUND, SECURE, WEB, busy_snapshot, unallocated
from tests.unit.operations.planning import planned, with_networks, with_services

FULL = replace(SECURE, subnets=(replace(SECURE.subnets[0], cidr="10.20.0.128/29"),))


def attached(
    snapshot: Snapshot, network: str, *aliases: str, service: Service = WEB
) -> list[tuple[str, bool]]:
    return told(service_faults(snapshot, attaching(snapshot, service, network, aliases)))


def reached(snapshot: Snapshot, service: Service, mode: str, ports: str) -> list[tuple[str, bool]]:
    asked = ports_of(ports.split())
    assert not isinstance(asked, str)
    return told(service_faults(snapshot, reaching(snapshot, service, mode=mode, ports=asked)))


def told(faults: tuple[Fault, ...]) -> list[tuple[str, bool]]:
    return [(f"{each.field}: {each.words}", each.fatal) for each in faults]


def test_networks_that_services_cannot_come_onto() -> None:
    snapshot = with_networks(APP, SECURE, INGRESS, unallocated("late"))
    assert attached(snapshot, "pay_secure") == []
    for name, words in (
        ("nope", "network: There is no swarm network nope."),
        ("ingress", "network: ingress is the ingress: services come onto it by publishing ports."),
        ("late", "network: late has no addresses: the tasks of web would wait for ever."),
        ("app", "network: web would be on the same network twice."),
    ):
        assert attached(snapshot, name) == [(words, True)]


def test_an_exhausted_network_takes_nobody() -> None:
    snapshot = with_networks(APP, FULL, INGRESS)
    words = (
        "network: pay_secure has 0 free addresses, and web needs 4 and one for each node that has "
        "none there yet."
    )
    assert attached(snapshot, "pay_secure") == [(words, True)]
    assert isinstance(plan_operation(snapshot, attaching(snapshot, WEB, "pay_secure")), Refusal)


def test_a_service_gets_virtual_addresses_only_where_there_is_room() -> None:
    member = replace(ROUND, networks=(NetworkTarget(FULL.id),))
    snapshot = replace(with_networks(APP, FULL, INGRESS), services=(DB, member))
    assert reached(snapshot, member, "vip", "") == [
        (
            "network: pay_secure has 0 free addresses, and rr needs one for its virtual address.",
            True,
        )
    ]
    assert reached(busy_snapshot(), ROUND, "vip", "") == []


def test_the_first_port_needs_room_on_the_ingress() -> None:
    small = replace(INGRESS, subnets=(replace(INGRESS.subnets[0], cidr="10.20.0.0/29"),))
    busy = replace(with_networks(APP, SECURE, small), inspections={})
    assert reached(busy, DB, "vip", "5432") == [
        ("ports: ingress has 0 free addresses, and pay_db needs 3 to publish through it.", True)
    ]
    # One that publishes already has its addresses.
    assert reached(busy, WEB, "vip", "8080:80 8081:81") == []


def test_names_that_mean_two_services_are_told() -> None:
    busy = busy_snapshot()
    member = replace(DB, networks=(NetworkTarget("pay_secure", ("db",)),))
    snapshot = replace(busy, services=(WEB, member))
    assert attached(snapshot, "pay_secure", "shop", "db", "pay_db", "a,b") == [
        ("aliases: db is pay_db on pay_secure already: it means both then.", False),
        ("aliases: pay_db is pay_db on pay_secure already: it means both then.", False),
        ("aliases: a,b is no host name: few programs would find web by it.", False),
    ]


def test_the_last_network_is_told_and_is_a_risk_of_the_plan() -> None:
    snapshot = busy_snapshot()
    intent = detaching(snapshot, WEB, "app")
    words = "web is on no network then, and meets no other service by name."
    assert told(service_faults(snapshot, intent)) == [(f"network: {words}", False)]
    assert words in planned(plan_operation(snapshot, intent)).risks


def test_virtual_addresses_and_the_ingress_go_together() -> None:
    snapshot = busy_snapshot()
    assert reached(snapshot, WEB, "dnsrr", "host:8080:80") == []
    assert reached(snapshot, WEB, "dnsrr", "") == []
    ((words, fatal),) = reached(snapshot, WEB, "dnsrr", "8080:80 host:53:53/udp")
    assert "through the ingress: 8080:80/tcp has to be published in host mode" in words
    assert fatal


def test_without_an_ingress_nothing_is_published_through_it() -> None:
    snapshot = with_networks(APP, SECURE)
    assert reached(snapshot, WEB, "vip", "8080:80 81") == [
        ("ports: There is no ingress network to publish ports through.", True)
    ]
    assert reached(snapshot, WEB, "vip", "host:8080:80") == []


@pytest.mark.parametrize(
    ("ports", "number"),
    [
        ("81:80 81:90", "81/tcp"),
        ("81:80 host:81:80", "81/tcp"),
        ("host:81:80/udp host:81:81/udp", "81/udp"),
    ],
)
def test_a_number_is_published_once(ports: str, number: str) -> None:
    found = reached(busy_snapshot(), WEB, "vip", ports)
    assert found == [(f"ports: {number} would be published twice.", True)]


def test_open_numbers_and_other_protocols_are_no_conflict() -> None:
    assert reached(busy_snapshot(), WEB, "vip", "80 80 81:80 81:80/udp") == []


@pytest.mark.parametrize("port", ["0", "65536", "65536:80"])
def test_numbers_out_of_range(port: str) -> None:
    ((words, fatal),) = reached(busy_snapshot(), WEB, "vip", port)
    assert words.endswith("is no port: they go from 1 to 65535.")
    assert fatal


@pytest.mark.parametrize("theirs", ["ingress", "host"])
@pytest.mark.parametrize("mine", ["ingress", "host"])
@pytest.mark.parametrize("told_as", ["ports", "asked_ports"])
def test_ports_of_other_services(theirs: str, mine: str, told_as: str) -> None:
    taken = (PublishedPort("tcp", 90, 9090, theirs),)
    other = replace(DB, **{told_as: taken})  # type: ignore[arg-type]
    snapshot = with_services(WEB, other)
    ((words, fatal),) = reached(snapshot, WEB, "vip", f"8080:80 {mine}:9090:1")
    how = "through the ingress" if theirs == "ingress" else "in host mode"
    assert words.startswith(f"ports: pay_db publishes 9090/tcp {how} already.")
    assert fatal == ("ingress" in (theirs, mine))
    assert reached(snapshot, WEB, "vip", f"8080:80 {mine}:9090:1/udp") == []
    intent = publishing(snapshot, WEB, [f"{mine}:9090:1"])
    assert isinstance(intent, Rearrange)
    assert isinstance(plan_operation(snapshot, intent), Refusal if fatal else Plan)


def test_a_node_has_each_port_once() -> None:
    many = replace(WEB, replicas=len(NODES) + 1)
    ((words, fatal),) = reached(with_services(many), many, "vip", "host:81:80")
    assert words == (
        "ports: Each node has one 81/tcp: of 4 tasks only 3 would run, and the others wait."
    )
    assert not fatal
    eager = replace(WEB, replicas=2, update_policy=UpdatePolicy(order="start-first"))
    ((words, fatal),) = reached(with_services(eager), eager, "vip", "host:81:80")
    assert "its updates need nodes without a task of it" in words
    assert not fatal
    assert reached(with_services(many), many, "vip", "host:80") == []


def test_a_service_that_is_gone() -> None:
    intent = detaching(busy_snapshot(), WEB, "app")
    assert told(service_faults(with_services(DB), intent)) == [
        ("service: There is no service web any more.", True)
    ]
