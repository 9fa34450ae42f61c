"""The engine of the benchmarks is honest: what it serves is a swarm, as real engines tell one."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest

from swarmtui.addressing import endpoints, ledger
from swarmtui.engine import Reader
from swarmtui.engine.connection import Endpoint
from swarmtui.engine.transport import ReadOnlyClient
from swarmtui.model import Network, Snapshot
from tests.benchmarks.answers import Teller
from tests.benchmarks.server import SwarmServer
from tests.benchmarks.swarms import SHARED, SIZES, GeneratedSwarm
from tests.captured import Captured

SMALL = SIZES["small"]


@pytest.fixture
def server() -> Iterator[tuple[SwarmServer, Path]]:
    with TemporaryDirectory(prefix="bench-") as folder:
        path = Path(folder) / "engine.sock"
        server = SwarmServer(Teller(GeneratedSwarm(SMALL)), path)
        yield server, path
        server.close()


def read(path: Path) -> Iterator[Snapshot]:
    """Yield one snapshot after another, each read knowing the one before."""
    client = ReadOnlyClient(Endpoint(f"unix://{path}"), timeout_seconds=20)
    reader = Reader(
        client.fetch, client.api_version, now=lambda: datetime.now(UTC), monotonic=time.monotonic
    )
    snapshot = None
    try:
        while True:
            snapshot = reader.read(snapshot, every_network=True)
            yield snapshot
    finally:
        client.close()


def shared(snapshot: Snapshot) -> Network:
    return next(each for each in snapshot.networks if each.name == SHARED)


def test_what_is_served_is_read_as_that_swarm(server: tuple[SwarmServer, Path]) -> None:
    snapshot = next(read(server[1]))
    assert snapshot.problems == ()
    swarm_networks = [each for each in snapshot.networks if each.is_swarm]
    found = (snapshot.nodes, swarm_networks, snapshot.services, snapshot.tasks)
    assert [len(each) for each in found] == [
        SMALL.nodes,
        SMALL.networks,
        SMALL.services,
        SMALL.tasks,
    ]


def test_the_leader_counts_what_the_tasks_hold(server: tuple[SwarmServer, Path]) -> None:
    readings = read(server[1])
    for _ in range(3):
        snapshot = next(readings)
        for network in snapshot.networks:
            if network.is_swarm:
                (subnet,) = ledger(snapshot, network).subnets
                (reported,) = snapshot.inspections[network.id].reported
                assert subnet.use.used == reported.in_use
                addresses = [each.address for each in endpoints(snapshot, network) if each.address]
                assert len(addresses) == len(set(addresses))
        server[0].next()


def test_a_generation_changes_a_share_of_the_tasks(server: tuple[SwarmServer, Path]) -> None:
    readings = read(server[1])
    before = next(readings)
    server[0].next()
    after = next(readings)
    changed = set(after.tasks) - set(before.tasks)
    assert 0 < len(changed) <= SMALL.tasks // 20
    assert len(after.tasks) == SMALL.tasks
    assert len(shared(after).subnets) == 1


def test_the_same_seed_makes_the_same_swarm() -> None:
    one, other, different = (Teller(GeneratedSwarm(SMALL, seed)) for seed in (1, 1, 2))
    assert one.advance() == other.advance()
    assert one.now().lists["/tasks"] != different.advance().lists["/tasks"]


@pytest.mark.parametrize("path", ["/nodes", "/networks", "/services", "/tasks"])
def test_objects_have_the_members_of_real_ones(path: str) -> None:
    told = json.loads(Teller(GeneratedSwarm(SMALL)).now().lists[path])
    missing = members(Captured("29.9-dev", "node1").body(path)) - members(told)
    assert missing - LEFT_OUT == set()


FREE = ("Labels", "Options")
"""Whose members people name."""

_NETWORK = ".NetworksAttachments.Network.Spec"
LEFT_OUT = {
    ".Spec.Mode.Global",
    ".Spec.NetworkAttachmentSpec",
    ".Spec.NetworkAttachmentSpec.ContainerID",
    f"{_NETWORK}.Attachable",
    f"{_NETWORK}.DriverConfiguration.Options",
}
"""There are no global services, no containers outside services, and no options of networks."""


def members(value: Any, path: str = "") -> set[str]:
    """Return the paths of all members of objects."""
    if isinstance(value, list):
        return {each for item in value for each in members(item, path)}
    if not isinstance(value, dict) or path.endswith(FREE):
        return set()
    return {
        each
        for name, member in value.items()
        for each in ({f"{path}.{name}"} | members(member, f"{path}.{name}"))
    }


def test_requests_and_bytes_are_counted(server: tuple[SwarmServer, Path]) -> None:
    next(read(server[1]))
    counts = server[0].counts()
    assert counts["requests"]["/tasks"] == 1
    assert counts["bytes"]["/tasks"] > len(Teller(GeneratedSwarm(SMALL)).now().lists["/tasks"])
    assert len([each for each in server[0].asked() if "/tasks" in each]) == 1
