"""Networks as they were made."""

from __future__ import annotations

from dataclasses import replace

import pytest

from swarmtui.findings import Severity
from swarmtui.model import NetworkId, Snapshot, VirtualIp, moment
from swarmtui.model.network import MTU_OPTION
from tests.builders import (
    APP,
    INGRESS,
    an_id,
    busy_snapshot,
    local_network,
    network,
    service,
    unallocated,
)
from tests.unit.findings.looking import (
    at_worker,
    busy,
    commands,
    evidence,
    found,
    one,
    repair,
    with_gateway,
)

CODES = (
    "network-unallocated",
    "network-name-ambiguous",
    "network-mtu-differs",
    "network-gateway-not-first",
    "network-too-large",
)


@pytest.mark.parametrize("code", CODES)
def test_nothing_is_wrong_with_sound_networks(code: str) -> None:
    assert found(busy_snapshot(), code) == []


def test_a_network_that_was_never_allocated() -> None:
    bad = unallocated()
    finding = one(busy(bad, services=(service("stuck", [bad]),)), "network-unallocated")
    assert finding.severity is Severity.CRITICAL
    assert finding.subject.id == bad.id
    assert evidence(finding) == {
        "driver of overlap": "none",
        "subnet of overlap": "none",
        "services that name it": "stuck",
    }
    assert finding.trouble.since == moment(bad.created)
    assert finding.rule.lasts_seconds == 10
    assert commands(finding).splitlines() == [
        f"journalctl -u docker | grep {bad.id}",
        "docker service update --network-rm overlap stuck",
        f"docker network rm {bad.id}",
        "docker network create --driver overlay --subnet 10.20.0.192/26 overlap",
    ]
    assert "10.20.0.64/26 (app)" in finding.trouble.remedy[0].words
    assert repair(finding) == ("remove", "overlap")


def test_a_network_without_vxlan_ids_is_not_allocated_either() -> None:
    half = replace(network("half", "10.9.0.0/24", gateway="10.9.0.1"), options={})
    assert evidence(one(busy(half), "network-unallocated"))["subnet of half"] == "10.9.0.0/24"


def test_hostile_names_stay_words_of_one_command() -> None:
    bad = unallocated("x; reboot")
    lines = commands(one(busy(bad, services=(service("$(id)", [bad]),)), "network-unallocated"))
    assert "docker service update --network-rm 'x; reboot' '$(id)'" in lines


def test_a_local_network_of_the_same_name() -> None:
    local = local_network("app", subnet="172.30.0.0/16")
    local = replace(local, id=NetworkId(an_id("localapp")))
    for snapshot in (busy(local), at_worker(busy(local))):
        finding = one(snapshot, "network-name-ambiguous")
        assert finding.subject.id == APP.id
        assert evidence(finding) == {
            "a swarm network app": APP.id,
            "a local network app": local.id,
        }
        assert commands(finding) == f"docker network inspect {APP.id}\ndocker network rm {local.id}"


def test_two_local_networks_of_one_name_are_no_matter_of_the_swarm() -> None:
    local = local_network("mine")
    assert found(busy(local, replace(local, id=NetworkId("other"))), "network-name-ambiguous") == []


def small(mtu: int, name: str = "small", **more: str) -> Snapshot:
    options = {MTU_OPTION: str(mtu), **more}
    return busy(network(name, "10.9.0.0/24", gateway="10.9.0.1", options=options))


def test_a_network_with_another_mtu() -> None:
    finding = one(small(1400), "network-mtu-differs")
    assert finding.severity is Severity.WARNING
    assert evidence(finding) == {"MTU of small": "1400", "MTU of most overlays": "1500"}
    create = "docker network create --driver overlay --subnet 10.20.0.192/26 small-2"
    assert create in commands(finding)
    assert repair(finding) == ("migrate", "small")


def test_the_default_stated_is_no_other_mtu() -> None:
    assert found(small(1500), "network-mtu-differs") == []


def test_an_mtu_that_is_no_number_is_the_default() -> None:
    odd = network("odd", "10.9.0.0/24", options={MTU_OPTION: "big"})
    assert found(busy(odd), "network-mtu-differs") == []


def test_of_as_many_of_each_those_with_the_smaller_mtu_are_told() -> None:
    snapshot = replace(small(1400), networks=(INGRESS, small(1400).networks[-1]))
    assert one(snapshot, "network-mtu-differs").subject.name == "small"


def test_the_ingress_with_another_mtu() -> None:
    odd = replace(INGRESS, options={**INGRESS.options, MTU_OPTION: "1200"})
    snapshot = replace(busy_snapshot(), networks=(APP, busy_snapshot().networks[4], odd))
    assert repair(one(snapshot, "network-mtu-differs")) == ("replace-ingress", "ingress")


def test_a_gateway_that_is_not_the_first() -> None:
    odd = with_gateway(network("odd", "10.9.0.0/24"), "10.9.0.254")
    finding = one(busy(odd), "network-gateway-not-first")
    assert finding.severity is Severity.INFO
    assert evidence(finding) == {"gateway of 10.9.0.0/24": "10.9.0.254"}
    assert "10.9.0.1" in finding.trouble.remedy[0].words


@pytest.mark.parametrize("gateway", ["10.9.0.1", ""])
def test_a_gateway_that_is_the_first_or_none(gateway: str) -> None:
    sound = with_gateway(network("sound", "10.9.0.0/24"), gateway)
    assert found(busy(sound), "network-gateway-not-first") == []


@pytest.mark.parametrize(("cidr", "expected"), [("10.8.0.0/24", 0), ("10.8.0.0/23", 1)])
def test_a_network_larger_than_a_24(cidr: str, expected: int) -> None:
    assert len(found(busy(network("wide", cidr)), "network-too-large")) == expected


@pytest.mark.parametrize(("count", "severity"), [(250, Severity.INFO), (251, Severity.WARNING)])
def test_virtual_addresses_on_a_large_network(count: int, severity: Severity) -> None:
    wide = network("wide", "10.8.0.0/20", gateway="10.8.0.1")
    vips = {f"s{number}": f"10.8.{number // 200}.{number % 200 + 2}" for number in range(count)}
    services = tuple(
        replace(service(name, [wide]), virtual_ips=(VirtualIp(wide.id, address),))
        for name, address in vips.items()
    )
    finding = one(busy(wide, services=services), "network-too-large")
    assert finding.severity is severity
    assert evidence(finding)["subnet of wide"] == "10.8.0.0/20"
