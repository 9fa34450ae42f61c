"""Encrypted networks, and what is known to be wrong with them."""

from __future__ import annotations

from dataclasses import replace

import pytest

from swarmtui.findings import Severity, SubjectKind
from swarmtui.model import Cluster, Snapshot
from tests.builders import INGRESS, NODES, busy_snapshot, network, node, task
from tests.unit.findings.looking import busy, commands, evidence, found, one, repair, without

CODES = (
    "encryption-accepts-clear-packets",
    "encryption-silent-on-other-port",
    "encryption-mixed-engines",
    "encryption-unsettled",
    "encryption-by-false-option",
    "encryption-windows",
    "ingress-not-encrypted",
)


def engines(*versions: str, port: int = 4789) -> Snapshot:
    """Return a swarm with an encrypted network and nodes of some versions."""
    nodes = tuple(
        replace(node(number), engine_version=version) for number, version in enumerate(versions, 1)
    )
    return replace(busy_snapshot(), nodes=nodes, cluster=Cluster("c", data_path_port=port))


@pytest.mark.parametrize("code", CODES)
def test_where_nothing_is_encrypted_nothing_is_said(code: str) -> None:
    worst = replace(node(4), engine_version="20.10.9", os="windows")
    snapshot = replace(engines("29.1.0", port=7789), nodes=(*NODES, worst))
    assert found(without(snapshot, "pay_secure"), code) == []


@pytest.mark.parametrize("code", CODES[:4])
def test_nothing_is_known_of_a_new_engine(code: str) -> None:
    assert found(engines("29.8.0", "29.8.0", port=7789), code) == []


def test_clear_packets_are_accepted() -> None:
    finding = one(engines("20.10.23", "29.8.0"), "encryption-accepts-clear-packets")
    assert finding.severity is Severity.WARNING
    assert finding.subject.kind is SubjectKind.SWARM
    assert evidence(finding) == {
        "engines that have it": "node1 20.10.23",
        "other engines": "29.8.0",
        "data path port": "4789",
        "encrypted networks": "pay_secure",
    }
    assert found(engines("20.10.24"), "encryption-accepts-clear-packets") == []


def test_another_data_path_port() -> None:
    finding = one(engines("24.0.2", port=7789), "encryption-silent-on-other-port")
    assert finding.severity is Severity.CRITICAL
    assert evidence(finding)["data path port"] == "7789"
    assert found(engines("24.0.2"), "encryption-silent-on-other-port") == []
    assert found(engines("24.0.3", port=7789), "encryption-silent-on-other-port") == []


def test_engines_with_other_keys() -> None:
    finding = one(engines("29.2.0", "29.2.1"), "encryption-mixed-engines")
    assert finding.severity is Severity.CRITICAL
    assert evidence(finding)["engines that have it"] == "node1 29.2.0"
    assert found(engines("29.2.0", "29.2.0"), "encryption-mixed-engines") == []
    assert found(engines("29.2.1", "28.5.2"), "encryption-mixed-engines") == []


@pytest.mark.parametrize(("version", "reports"), [("29.1.5", 2), ("29.2.0", 1), ("29.7.3", 0)])
def test_what_is_not_settled(version: str, reports: int) -> None:
    findings = found(engines(version), "encryption-unsettled")
    assert len(findings) == bool(reports)
    for each in findings:
        assert each.severity is Severity.INFO
        assert each.title.count(f"Engine {version}") == reports


@pytest.mark.parametrize(
    ("value", "expected"),
    [("false", 1), ("False", 1), ("0", 1), ("off", 1), ("", 0), ("true", 0), ("1", 0)],
)
def test_an_option_that_says_no(value: str, expected: int) -> None:
    odd = network("odd", "10.9.0.0/24", options={"encrypted": value})
    findings = found(busy(odd), "encryption-by-false-option")
    assert len(findings) == expected
    for each in findings:
        assert each.severity is Severity.WARNING
        assert evidence(each) == {"option encrypted of odd": value}
        assert repair(each) == ("encryption", "odd")
        assert "docker network create --driver overlay --subnet" in commands(each)
        assert "encrypted" not in commands(each)


def test_windows_beside_encrypted_networks() -> None:
    windows = replace(node(4), os="windows")
    snapshot = replace(busy_snapshot(), nodes=(*NODES, windows))
    finding = one(snapshot, "encryption-windows")
    assert finding.severity is Severity.WARNING
    assert evidence(finding) == {
        "nodes that run Windows": "node4",
        "encrypted networks": "pay_secure",
        "of these with tasks on such nodes": "none",
    }
    there = task(None, 1, windows, {"pay_secure": "10.20.0.140"})
    finding = one(replace(snapshot, tasks=(*snapshot.tasks, there)), "encryption-windows")
    assert finding.severity is Severity.CRITICAL
    assert evidence(finding)["of these with tasks on such nodes"] == "pay_secure"
    assert found(busy_snapshot(), "encryption-windows") == []


def test_a_plain_ingress_beside_encrypted_networks() -> None:
    finding = one(busy_snapshot(), "ingress-not-encrypted")
    assert finding.severity is Severity.INFO
    assert finding.subject.id == INGRESS.id
    assert evidence(finding) == {
        "option encrypted of ingress": "none",
        "encrypted networks": "pay_secure",
    }
    assert repair(finding) == ("replace-ingress", "ingress")
    assert "--ingress --subnet 10.20.0.192/26 --opt encrypted ingress" in commands(finding)


def test_an_encrypted_ingress() -> None:
    secret = replace(INGRESS, options={**INGRESS.options, "encrypted": ""})
    snapshot = without(busy_snapshot(), "ingress")
    snapshot = replace(snapshot, networks=(*snapshot.networks, secret))
    assert found(snapshot, "ingress-not-encrypted") == []
