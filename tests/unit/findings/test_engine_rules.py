"""Engines that differ, and managers that are too few, even, away, locked or without a leader."""

from __future__ import annotations

from dataclasses import replace

import pytest

from swarmtui.findings import Severity, SubjectKind
from swarmtui.model import Node, Problem, Snapshot, Standing
from tests.builders import NODES, NOW, busy_snapshot, engine, node
from tests.unit.findings.looking import (
    Change,
    at_worker,
    commands,
    evidence,
    failing,
    found,
    leaderless,
    one,
)


def swarm(*nodes: Node) -> Snapshot:
    return replace(busy_snapshot(), nodes=nodes)


def managers(number: int, workers: int = 0) -> Snapshot:
    """Return a swarm of so many managers and workers."""
    nodes = [node(each, role="manager", leader=each == 1) for each in range(1, number + 1)]
    return swarm(*nodes, *(node(number + each) for each in range(1, workers + 1)))


def running(*versions: str) -> Snapshot:
    nodes = (replace(node(n), engine_version=v) for n, v in enumerate(versions, 1))
    return swarm(*nodes)


def away(state: str = "down", reachability: str = "unreachable") -> Node:
    """Return node2 as a manager that is away."""
    return replace(node(2, role="manager", state=state), reachability=reachability)


def test_a_healthy_swarm_of_two_managers_has_only_their_number_against_it() -> None:
    codes = (
        "engines-mixed",
        "manager-single",
        "manager-unreachable",
        "swarm-without-leader",
        "swarm-locked",
        "engine-too-old-for-ingress",
    )
    assert [found(busy_snapshot(), code) for code in codes] == [[]] * len(codes)
    assert one(busy_snapshot(), "managers-even").severity is Severity.WARNING


def test_engines_differ() -> None:
    finding = one(running("29.1.0", "28.5.2", "29.1.0"), "engines-mixed")
    assert (finding.severity, finding.subject.kind) == (Severity.WARNING, SubjectKind.SWARM)
    assert evidence(finding) == {"engine 28.5.2": "node2", "engine 29.1.0": "node1, node3"}
    assert "29.1.0" in finding.trouble.remedy[0].words


@pytest.mark.parametrize(
    "versions",
    [
        ("29.1.0", "29.1.0"),
        ("20.10.24", "20.10.24+dfsg1"),
        ("29.1.0", ""),
        ("29.1.0",),
    ],
)
def test_engines_are_alike(versions: tuple[str, ...]) -> None:
    assert found(running(*versions), "engines-mixed") == []


def test_a_version_that_is_no_number_is_another_one() -> None:
    finding = one(running("dev", "29.1.0"), "engines-mixed")
    assert list(evidence(finding)) == ["engine dev", "engine 29.1.0"]


@pytest.mark.parametrize(("number", "is_told"), [(1, False), (2, True), (3, False), (4, True)])
def test_an_even_number_of_managers(number: int, is_told: bool) -> None:
    assert bool(found(managers(number), "managers-even")) is is_told


def test_two_managers_bear_no_loss_and_four_bear_one() -> None:
    two, four = (one(managers(number, 1), "managers-even") for number in (2, 4))
    assert "none may be away" in two.title
    assert "1 may be away, no more than with 3" in four.title
    assert evidence(two) == {"managers": "node1, node2"}
    assert commands(two) == f"docker node promote {node(3).id}"
    assert commands(four).splitlines()[1] == f"docker node demote {node(2).id}"
    assert commands(one(managers(2), "managers-even")) == "docker swarm join-token manager"


def test_a_single_manager() -> None:
    finding = one(managers(1, 2), "manager-single")
    assert (finding.severity, evidence(finding)["managers"]) == (Severity.WARNING, "node1")
    assert commands(finding) == f"docker node promote {node(2).id} {node(3).id}"
    alone = one(managers(1), "manager-single")
    assert alone.severity is Severity.INFO
    assert commands(alone) == "docker swarm join-token manager"
    assert found(managers(3), "manager-single") == []


def test_a_manager_is_away() -> None:
    finding = one(swarm(NODES[0], away(), node(3, role="manager")), "manager-unreachable")
    assert (finding.severity, finding.subject.name) == (Severity.WARNING, "node2")
    assert "no other one may be lost" in finding.title
    assert evidence(finding) == {
        "reachability of node2": "unreachable",
        "state of node2": "down",
        "managers that are reachable": "node1, node3",
    }
    five = swarm(NODES[0], away(), *(node(each, role="manager") for each in (3, 4, 5)))
    assert "1 more may be lost" in one(five, "manager-unreachable").title


@pytest.mark.parametrize("reachability", ["reachable", "unknown", ""])
def test_a_manager_that_is_there_or_just_comes(reachability: str) -> None:
    assert found(swarm(NODES[0], away("ready", reachability)), "manager-unreachable") == []


def test_there_is_no_leader() -> None:
    words = "rpc error: code = Unknown desc = The swarm does not have a leader."
    lost = replace(
        leaderless(busy_snapshot()), engine=replace(engine(Standing.NO_LEADER), error=words)
    )
    finding = one(lost, "swarm-without-leader")
    assert (finding.severity, finding.subject.kind) == (Severity.CRITICAL, SubjectKind.SWARM)
    assert evidence(finding) == {
        "what node1 says of the swarm": "The swarm does not have a leader.",
        "managers that it knows": "node1 192.168.77.1:2377, node2 192.168.77.2:2377",
    }
    assert "--force-new-cluster --advertise-addr 192.168.77.1" in commands(finding)
    for code in ("managers-even", "engines-mixed", "manager-unreachable"):
        assert found(lost, code) == []


def test_that_there_is_no_leader_may_show_in_a_list_only() -> None:
    problem = Problem("nodes", "", "The swarm does not have a leader.", NOW)
    lost = replace(leaderless(busy_snapshot()), problems=(problem,))
    words = evidence(one(lost, "swarm-without-leader"))["what node1 says of the swarm"]
    assert words == "The swarm does not have a leader."


def test_a_manager_is_locked() -> None:
    words = "Swarm is encrypted and needs to be unlocked before it can be used."
    locked = replace(engine(Standing.LOCKED), error=words, managers=())
    finding = one(Snapshot(NOW, locked), "swarm-locked")
    assert (finding.severity, finding.subject.name) == (Severity.CRITICAL, "node1")
    assert evidence(finding) == {"what node1 says of the swarm": words}
    assert commands(finding).endswith("docker swarm unlock")


@pytest.mark.parametrize(
    ("version", "is_told"), [("17.04.0-ce", True), ("17.05.0", False), ("", False)]
)
def test_engines_too_old_for_another_ingress(version: str, is_told: bool) -> None:
    snapshot = running("29.1.0", version)
    assert bool(found(snapshot, "engine-too-old-for-ingress")) is is_told
    if is_told:
        told = one(snapshot, "engine-too-old-for-ingress")
        assert evidence(told) == {"engine of node2": version}


@pytest.mark.parametrize("change", [at_worker, leaderless, failing("nodes")])
def test_managers_that_are_only_half_known_are_not_counted(change: Change) -> None:
    for snapshot, code in ((managers(2), "managers-even"), (managers(1), "manager-single")):
        assert found(change(snapshot), code) == []
