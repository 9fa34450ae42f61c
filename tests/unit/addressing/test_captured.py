"""The ledger of what real engines answered (a rich swarm, partly broken)."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime

import pytest

from swarmtui.addressing import Ledger, ledger
from swarmtui.engine.reader import Reader
from swarmtui.model import Snapshot
from tests.captured import ENGINES, Captured

NOW = datetime(2026, 11, 24, tzinfo=UTC)


def read(engine: str, node: str = "node1") -> Snapshot:
    captured = Captured(engine, node)
    reader = Reader(captured, captured.api, now=lambda: NOW, monotonic=lambda: 0.0)
    return reader.read(every_network=True)


def ledgers(engine: str, node: str = "node1") -> dict[str, Ledger]:
    snapshot = read(engine, node)
    return {
        network.name: ledger(snapshot, network)
        for network in snapshot.networks
        if network.is_swarm and network.is_allocated
    }


def kinds(found: Ledger) -> Counter[str]:
    return Counter(str(each.kind) for each in found.holders)


def test_what_is_computed_is_what_the_leader_reports_wherever_there_is_room() -> None:
    found = ledgers("29.9-dev")
    totals = {name: (each.use.computed, each.use.reported) for name, each in found.items()}
    exhausted = {"tiny": (10, 8)}
    assert totals.keys() == {"ingress", "app", "pay_secure", "custom", "wide", "quiet", "tiny"}
    assert {name: pair for name, pair in totals.items() if pair[0] != pair[1]} == exhausted
    for name, each in found.items():
        free = sum(run.size for subnet in each.subnets for run in subnet.free_runs)
        assert each.use.free == max(free - len(each.unseen), 0), name


@pytest.mark.parametrize("engine", ENGINES)
def test_every_holder_is_listed(engine: str) -> None:
    for name, found in ledgers(engine).items():
        assert len(found.holders) == found.use.computed, name
        assert found.elsewhere == ()
        held = [each.value for each in found.holders if each.value is not None]
        assert len(set(held)) == len(held), name


@pytest.mark.parametrize("engine", ENGINES)
def test_who_holds_what(engine: str) -> None:
    found = ledgers(engine)
    reserved = Counter(network=1, broadcast=1, gateway=1)
    assert kinds(found["app"]) == reserved + Counter(vip=2, task=9, container=2) + Counter(
        {"node-lb": 3}
    )
    assert kinds(found["quiet"]) == reserved
    assert kinds(found["ingress"])["node-lb"] == 3
    # The ingress of older engines tells of all of them, newer ones show the read node's only.
    assert len(found["ingress"].unseen) == (0 if engine == "20.10.24" else 2)
    (custom,) = found["custom"].subnets
    assert custom.kind(custom.span.first + 99) == "gateway"
    assert custom.kind(custom.span.first + 1) != "gateway"


@pytest.mark.parametrize("engine", ENGINES)
def test_a_worker_tells_what_it_sees(engine: str) -> None:
    found = ledgers(engine, "node3")
    assert found["app"].use.computed is None
    (app,) = found["app"].subnets
    assert app.free_runs == ()
    assert {"container", "node-lb", "task", "vip"} <= kinds(found["app"]).keys()
    assert kinds(found["app"]) <= kinds(ledgers(engine)["app"])
