"""Ports that more than one service wants, and ports that are taken on every node."""

from __future__ import annotations

from dataclasses import replace

import pytest

from swarmtui.findings import Finding, Severity
from swarmtui.model import PublishedPort, Service, Snapshot, VirtualIp, moment
from tests.builders import INGRESS, NODES, WEB, busy_snapshot, node, service, task
from tests.unit.findings.looking import busy, commands, evidence, found, one

BUSY = "no suitable node (host-mode port already in use on 3 nodes)"


def port(published: int, mode: str = "ingress", protocol: str = "tcp") -> PublishedPort:
    return PublishedPort(protocol, 80, published, mode)


def publishing(name: str, *ports: PublishedPort, created: str = "2026-11-24T01:00:00Z") -> Service:
    """Return a service that has an address on the ingress where it wants one."""
    vips = {"ingress": "10.20.0.9"} if any(each.mode == "ingress" for each in ports) else {}
    return replace(service(name, vips=vips, ports=ports), created=created)


def mode_of(finding: Finding) -> tuple[str, str]:
    """Return by which operation it is repaired, and of which service."""
    assert finding.trouble.repair is not None
    return finding.trouble.repair.kind.value, finding.trouble.repair.service


def test_nobody_is_in_the_way_of_anybody() -> None:
    assert found(busy_snapshot(), "port-conflict") == []
    assert found(busy_snapshot(), "port-host-busy") == []


def test_the_later_one_of_two_is_told_of() -> None:
    later = publishing("later", port(8080))
    finding = one(busy(services=(later,)), "port-conflict")
    assert (finding.severity, finding.subject.name) == (Severity.WARNING, "later")
    assert evidence(finding) == {
        "ports of later": "8080/tcp in ingress mode",
        "ports of web": "8080/tcp in ingress mode",
    }
    assert commands(finding) == "docker service update --publish-rm 80/tcp later"
    assert mode_of(finding) == ("mode", "later")


def test_who_does_not_get_the_port_is_told_of_whoever_came_first() -> None:
    first = publishing("first", port(8080), created="2026-11-20T00:00:00Z")
    waits = replace(first, virtual_ips=())
    finding = one(busy(services=(waits,)), "port-conflict")
    assert (finding.severity, finding.subject.name) == (Severity.CRITICAL, "first")
    assert "its tasks wait" in finding.title
    other_port = replace(first, ports=(port(8081),))
    finding = one(busy(services=(other_port,)), "port-conflict")
    assert (finding.severity, finding.subject.name) == (Severity.CRITICAL, "first")


@pytest.mark.parametrize(
    ("mine", "theirs", "is_told"),
    [
        (port(9000), port(9000), True),
        (port(9000, "host"), port(9000), True),
        (port(9000), port(9000, "host"), True),
        (port(9000, "host"), port(9000, "host"), False),
        (port(9000, protocol="udp"), port(9000), False),
        (port(9000), port(9001), False),
        (port(0), port(0), False),
    ],
)
def test_what_is_in_the_way_of_what(
    mine: PublishedPort, theirs: PublishedPort, is_told: bool
) -> None:
    snapshot = busy(services=(publishing("one", mine), publishing("two", theirs)))
    assert bool(found(snapshot, "port-conflict")) is is_told


def test_a_number_that_was_assigned_counts() -> None:
    host = publishing("host", port(30000, "host"), created="2026-11-20T00:00:00Z")
    any_number = replace(publishing("any", port(30000)), asked_ports=(port(0),))
    finding = one(busy(services=(host, any_number)), "port-conflict")
    assert (finding.severity, finding.subject.name) == (Severity.WARNING, "any")


def test_one_service_may_have_a_port_by_two_protocols() -> None:
    dns = publishing("dns", port(53), port(53, protocol="udp"))
    assert found(busy(services=(dns,)), "port-conflict") == []


def test_two_ports_are_one_finding() -> None:
    both = publishing("both", port(8080), port(8443))
    third = publishing("third", port(8443), created="2026-11-20T00:00:00Z")
    finding = one(busy(services=(both, third)), "port-conflict")
    assert finding.subject.name == "both"
    assert "8080/tcp, 8443/tcp" in finding.title
    assert set(evidence(finding)) == {"ports of both", "ports of web", "ports of third"}


def crowded(*, state: str = "pending", error: str = BUSY, mode: str = "replicated") -> Snapshot:
    """Return a swarm of three nodes with a fourth task that wants a port of its own."""
    ports = (port(9100, "host"),)
    agent = replace(publishing("agent", *ports), mode=mode)
    running = [task(agent, number, NODES[number - 1], {}) for number in (1, 2, 3)]
    return busy(
        services=(agent,), tasks=(*running, task(agent, 4, None, {}, state=state, error=error))
    )


def test_a_task_waits_for_a_port_that_every_node_has_given_away() -> None:
    finding = one(crowded(), "port-host-busy")
    assert (finding.severity, finding.subject.name) == (Severity.WARNING, "agent")
    assert evidence(finding) == {
        "error of these tasks": BUSY,
        "host-mode ports of agent": "9100/tcp in host mode",
        "other services with such a port": "none",
        "nodes that take tasks": "3",
    }
    assert "docker service scale agent=3" in commands(finding)
    assert finding.trouble.since == moment("2026-11-24T00:31:05.1Z")
    assert mode_of(finding) == ("mode", "agent")


def test_the_other_service_with_the_port_is_named() -> None:
    snapshot = crowded()
    rival = publishing("rival", port(9100, "host"))
    finding = one(replace(snapshot, services=(*snapshot.services, rival)), "port-host-busy")
    assert evidence(finding)["other services with such a port"] == "rival"


@pytest.mark.parametrize(
    "snapshot",
    [
        crowded(state="running", error=""),
        crowded(state="shutdown"),
        crowded(error="no suitable node (insufficient resources on 3 nodes)"),
    ],
    ids=["runs", "ended", "another reason"],
)
def test_nobody_waits_for_a_port(snapshot: Snapshot) -> None:
    assert found(snapshot, "port-host-busy") == []


def test_a_global_service_is_not_told_to_scale() -> None:
    assert "scale" not in commands(one(crowded(mode="global"), "port-host-busy"))


def test_nodes_that_take_no_tasks_do_not_count() -> None:
    drained = replace(node(2, role="manager"), availability="drain")
    snapshot = replace(crowded(), nodes=(NODES[0], drained, NODES[2]))
    assert evidence(one(snapshot, "port-host-busy"))["nodes that take tasks"] == "2"


def test_a_service_that_lacks_its_port_for_another_reason_is_in_nobodys_way() -> None:
    alone = replace(WEB, virtual_ips=(VirtualIp(INGRESS.id, ""),))
    snapshot = replace(busy_snapshot(), services=(alone,))
    assert found(snapshot, "port-conflict") == []
