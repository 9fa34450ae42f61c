"""What is known to be wrong with encryption, by engine version (engine-facts E.5)."""

from __future__ import annotations

from dataclasses import replace

import pytest

from swarmtui.findings import encryption_defects
from swarmtui.model import Cluster, Snapshot, version_number
from tests.builders import busy_snapshot, node


def swarm(*versions: str, port: int = 4789) -> Snapshot:
    nodes = tuple(
        replace(node(number), engine_version=version) for number, version in enumerate(versions, 1)
    )
    return replace(busy_snapshot(), nodes=nodes, cluster=Cluster("c", data_path_port=port))


def about(snapshot: Snapshot, what: str) -> list[str]:
    return [words for words in encryption_defects(snapshot) if what in words]


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("20.10.24", (20, 10, 24)),
        ("20.10.24+dfsg1", (20, 10, 24)),
        ("v29.0.0-rc.1", (29, 0, 0)),
        ("17.05", (17, 5, 0)),
        ("17.05.0-ce", (17, 5, 0)),
        ("", None),
        ("dev", None),
        ("29", None),
    ],
)
def test_leading_numbers_of_versions(text: str, number: tuple[int, int, int] | None) -> None:
    assert version_number(text) == number


@pytest.mark.parametrize("version", ["1.12.0", "18.9.1", "20.10.23", "23.0.0", "23.0.2"])
def test_clear_packets_are_accepted(version: str) -> None:
    (words,) = about(swarm(version, "29.7.2"), "CVE-2023-28840")
    assert words.startswith(f"Engine {version} accepts")
    assert "ask its vendor" in words


@pytest.mark.parametrize("version", ["20.10.24", "20.10.27", "23.0.3", "24.0.0", "dev"])
def test_clear_packets_are_not_accepted_any_more(version: str) -> None:
    assert about(swarm(version, "29.7.2"), "CVE-2023-28840") == []


@pytest.mark.parametrize("version", ["20.10.27", "23.0.6", "24.0.0", "24.0.2"])
def test_another_data_path_port_passes_nothing(version: str) -> None:
    (words,) = about(swarm(version, port=7777), "moby#45635")
    assert version in words
    assert "7777" in words
    assert about(swarm(version), "moby#45635") == []


@pytest.mark.parametrize("version", ["23.0.7", "24.0.3", "25.0.0"])
def test_another_data_path_port_is_no_matter_any_more(version: str) -> None:
    assert about(swarm(version, port=7777), "moby#45635") == []


def test_without_a_cluster_the_port_is_the_usual_one() -> None:
    assert about(replace(swarm("24.0.2"), cluster=None), "moby#45635") == []


@pytest.mark.parametrize("version", ["29.0.0", "29.2.0", "25.0.14"])
def test_other_keys_beside_others(version: str) -> None:
    (words,) = about(swarm(version, "29.2.1"), "moby#51798")
    assert words.startswith(f"Engine {version} beside others")
    assert about(swarm(version, version), "moby#51798") == []


@pytest.mark.parametrize("version", ["28.5.2", "29.2.1", "25.0.13", "25.0.15"])
def test_the_same_keys_beside_others(version: str) -> None:
    assert about(swarm(version, "29.7.2"), "moby#51798") == []


def test_windows_cannot_talk() -> None:
    snapshot = swarm("29.7.2", "29.7.2")
    windows = replace(snapshot.nodes[1], os="windows")
    (words,) = encryption_defects(replace(snapshot, nodes=(snapshot.nodes[0], windows)))
    assert "Windows nodes (node2)" in words


def test_versions_are_told_once_and_in_order() -> None:
    (words,) = encryption_defects(swarm("20.10.9", "20.10.7", "20.10.9", "20.9.1"))
    assert words.startswith("Engine 20.9.1, 20.10.7, 20.10.9 accepts")


def test_nothing_is_known_of_a_new_engine() -> None:
    assert encryption_defects(swarm("29.7.2", "29.7.2", port=7777)) == ()
