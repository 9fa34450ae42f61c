"""Findings about services, ports and managers, from the fault to its repair."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Future
from pathlib import Path

import pytest

from swarmtui.findings import Severity
from tests.swarm.calls import (
    await_allocated,
    await_running,
    changed,
    clear,
    create_network,
    create_service,
    done,
    join,
    port,
    publishing,
    service,
    unpublish,
    update,
)
from tests.swarm.decline import LONG, Stages
from tests.swarm.examining import evidence
from tests.swarm.findings import await_finding, await_nothing, everything, look
from tests.swarm.lab import Lab
from tests.swarm.publishing import Person
from tests.swarm.waiting import wait_until

pytestmark = pytest.mark.swarm

VIP = {"Mode": "vip"}


@pytest.fixture
def tidy(bare_lab: Lab) -> Iterator[Lab]:
    """Three nodes on which afterwards nothing is left."""
    yield bare_lab
    clear(bare_lab)


def roll_back(lab: Lab, name: str) -> None:
    """Give a service the specification that it had before."""
    row = lab.get(1, f"/services/{name}")
    query = f"version={row['Version']['Index']}&rollback=previous"
    done(lab, "POST", f"/services/{row['ID']}/update?{query}", row["Spec"])


def network(lab: Lab, name: str, subnet: str) -> str:
    identity = create_network(lab, name, {"Subnet": subnet})
    await_allocated(lab, identity)
    return identity


def test_nothing_is_critical_where_nothing_was_done(bare_lab: Lab) -> None:
    await_nothing(bare_lab, "ingress-not-everywhere")
    found = everything(bare_lab)
    assert [each.code for each in found if each.severity is Severity.CRITICAL] == []
    assert "managers-even" in {each.code for each in found}


def test_services_are_rolled_back_to_a_network_that_is_gone(tidy: Lab, tmp_path: Path) -> None:
    lab, services = tidy, {"web": VIP, "round": {"Mode": "dnsrr"}}
    app, gone = network(lab, "app", "10.93.0.0/24"), network(lab, "gone", "10.93.1.0/24")
    for name, endpoint in services.items():
        create_service(lab, name, "app", "gone", replicas=1, EndpointSpec=endpoint)
    for name in services:
        await_running(lab, name, 1, app, gone)
        assert update(lab, "services", name, join(app)) == (200, "")
    for name in services:
        await_running(lab, name, 1, app)
    done(lab, "DELETE", f"/networks/{gone}")
    assert look(lab, "service-network-missing") == {}
    for name in services:
        roll_back(lab, name)

    wait_until(lambda: set(look(lab, "service-network-missing")) == set(services), "both")
    await_running(lab, "round", 1, app)
    found = look(lab, "service-network-missing")

    assert {each.severity for each in found.values()} == {Severity.CRITICAL}
    assert evidence(found["web"]) == {
        "networks of web that are gone": gone,
        "networks of the swarm with such an id": "none",
        "states of its tasks that are not on it": "new",
    }
    assert evidence(found["round"])["states of its tasks that are not on it"] == "running"
    done(lab, "DELETE", "/services/round")
    remedy = found["web"].trouble.remedy[0].command.split()
    assert remedy[:1] == ["swarmtui"]
    Person(lab, 1, tmp_path / "home").succeed(*remedy[1:], "--yes")
    await_nothing(lab, "service-network-missing")
    await_running(lab, "web", 1, app)


def test_a_service_is_rolled_back_to_a_port_that_another_one_has(tidy: Lab) -> None:
    lab = tidy
    create_service(lab, "first", replicas=1, EndpointSpec=publishing(port(8090)))
    assert update(lab, "services", "first", unpublish) == (200, "")
    wait_until(lambda: "Ports" not in lab.get(1, "/services/first")["Endpoint"], "closed port")
    create_service(lab, "second", replicas=1, EndpointSpec=publishing(port(8090)))
    assert look(lab, "port-conflict") == {}
    roll_back(lab, "first")

    finding = await_finding(lab, "port-conflict", "first")

    assert finding.severity is Severity.CRITICAL
    assert evidence(finding) == {
        "ports of first": "8090/tcp in ingress mode",
        "ports of second": "8090/tcp in ingress mode",
    }
    lab.docker(1, *finding.trouble.remedy[0].command.split()[1:], "--detach")
    await_nothing(lab, "port-conflict")


def test_the_engine_chooses_a_port_that_is_taken_in_host_mode(tidy: Lab) -> None:
    lab = tidy
    host = publishing(port(30000, PublishMode="host"))
    create_service(lab, "host", replicas=1, EndpointSpec=host)
    create_service(lab, "any", replicas=1, EndpointSpec=publishing({"TargetPort": 80}))

    finding = await_finding(lab, "port-conflict", "any")

    assert finding.severity is Severity.WARNING
    assert evidence(finding)["ports of any"] == "30000/tcp in ingress mode"
    done(lab, "DELETE", "/services/host")
    await_nothing(lab, "port-conflict")


def test_more_tasks_than_nodes_want_a_port_of_their_node(tidy: Lab) -> None:
    lab = tidy
    create_service(
        lab, "agent", replicas=4, EndpointSpec=publishing(port(9190, PublishMode="host"))
    )

    finding = await_finding(lab, "port-host-busy", "agent")

    assert evidence(finding) == {
        "error of these tasks": "no suitable node (host-mode port already in use on 3 nodes)",
        "host-mode ports of agent": "9190/tcp in host mode",
        "other services with such a port": "none",
        "nodes that take tasks": "3",
    }
    assert "docker service scale agent=3" in {each.command for each in finding.trouble.remedy}
    fewer = changed(Mode={"Replicated": {"Replicas": 3}})
    assert update(lab, "services", "agent", fewer) == (200, "")
    await_nothing(lab, "port-host-busy")


def test_a_full_network_has_no_virtual_address_to_give(tidy: Lab) -> None:
    lab = tidy
    network(lab, "tiny", "10.93.2.0/30")
    create_service(lab, "early", "tiny", EndpointSpec=VIP)
    create_service(lab, "late", "tiny", EndpointSpec=VIP)

    finding = await_finding(lab, "service-without-vip", "late")

    assert evidence(finding)["networks of late without a virtual address"] == "tiny"
    assert evidence(finding)["of these without a free address"] == "tiny"
    done(lab, "DELETE", "/services/early")
    await_nothing(lab, "service-without-vip")


def test_networks_are_named_in_the_old_way(tidy: Lab) -> None:
    lab = tidy
    app = network(lab, "app", "10.93.3.0/24")
    old = service("web", EndpointSpec=VIP) | {"Networks": [{"Target": "app"}]}
    done(lab, "POST", "/services/create", old)

    finding = await_finding(lab, "service-legacy-networks", "web")

    assert evidence(finding)["Spec.Networks"] == app
    other = network(lab, "other", "10.93.4.0/24")
    lab.docker(1, "service", "update", "--detach", "--network-add", "other", "web")
    await_nothing(lab, "service-legacy-networks")
    targets = lab.get(1, "/services/web")["Spec"]["TaskTemplate"]["Networks"]
    assert {each["Target"] for each in targets} == {app, other}


def told(decline: Future[Stages], stage: str, code: str) -> dict[str, str] | None:
    """Return the evidence of what a rule found at a stage, None where it found nothing."""
    finding = decline.result(LONG)[stage].get(code)
    return evidence(finding) if finding is not None else None


def test_a_fresh_swarm_and_its_number_of_managers(decline: Future[Stages]) -> None:
    fresh = decline.result(LONG)["fresh"]
    assert {each.code for each in fresh.values() if each.severity is Severity.CRITICAL} == set()
    assert told(decline, "fresh", "managers-even") == {"managers": "node1, node2"}
    for code in ("managers-even", "manager-single", "manager-unreachable"):
        assert told(decline, "three", code) is None
    assert told(decline, "unlocked", "managers-even") == {"managers": "node1, node2"}
    assert told(decline, "single", "managers-even") is None
    single = told(decline, "single", "manager-single")
    assert single == {"managers": "node1", "nodes of the swarm": "more than 1"}


def test_a_manager_crashes_and_is_removed(decline: Future[Stages]) -> None:
    unreachable = told(decline, "unreachable", "manager-unreachable")
    assert unreachable == {
        "reachability of node3": "unreachable",
        "state of node3": "ready",
        "managers that are reachable": "node1, node2",
    }
    assert (told(decline, "down", "manager-unreachable") or {})["state of node3"] == "down"
    held = told(decline, "down", "node-down-holds-addresses")
    assert held is not None
    assert held["addresses of tasks and of the load-balancer on node3"] == "2 of app"
    assert set(decline.result()["removed"]).isdisjoint(
        ("manager-unreachable", "node-down-holds-addresses")
    )


def test_a_manager_is_locked_and_the_other_one_has_no_leader(decline: Future[Stages]) -> None:
    locked = told(decline, "locked", "swarm-locked")
    assert locked is not None
    assert locked["what node2 says of the swarm"].startswith("Swarm is encrypted and needs to be")
    assert set(decline.result()["locked"]) == {"swarm-locked"}
    leaderless = told(decline, "leaderless", "swarm-without-leader")
    assert leaderless is not None
    words = leaderless["what node1 says of the swarm"]
    assert words.startswith("The swarm does not have a leader.")
    assert set(decline.result()["leaderless"]) == {"swarm-without-leader"}
    assert told(decline, "unlocked", "swarm-without-leader") is None
