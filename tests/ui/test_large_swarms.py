"""Of a large swarm rows are made in the background, and only where something has changed."""

from __future__ import annotations

import asyncio
import gc
from datetime import timedelta

import pytest

from swarmtui.model import Snapshot
from swarmtui.screens import pane
from swarmtui.screens.addresses import AddressesScreen
from swarmtui.screens.pane import is_large
from tests.builders import NODES, NOW, busy_snapshot, network, service, task
from tests.replacing import replace
from tests.ui.explorers import Running, explorer

WIDE = network("wide", "10.60.0.0/16", gateway="10.60.0.1", vxlan=4200)
CROWD = service("crowd", [WIDE], {"wide": "10.60.0.2"}, replicas=1200)


def large() -> Snapshot:
    busy = busy_snapshot()
    tasks = tuple(
        task(CROWD, slot, NODES[slot % 3], {"wide": f"10.60.{slot >> 8}.{slot & 255}"})
        for slot in range(3, 1203)
    )
    tasks = tuple(replace(each, id=f"crowd{n}") for n, each in enumerate(tasks))
    return replace(
        busy,
        networks=(*busy.networks, WIDE),
        services=(*busy.services, CROWD),
        tasks=(*busy.tasks, *tasks),
    )


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Write down the kind of all rows that are made."""
    kinds: list[str] = []
    make = pane._made

    def counted(kind: str, *others: object) -> object:
        kinds.append(kind)
        return make(kind, *others)  # type: ignore[arg-type]

    monkeypatch.setattr(pane, "_made", counted)
    return kinds


async def settled(running: Running) -> None:
    """Wait until all rows that are being made are shown."""
    async with asyncio.timeout(60):
        await running.pilot.pause()
        while any(each.live.is_waiting for each in running.app.screen.query(pane.Pane)):
            await running.pilot.pause(0.02)


async def test_rows_follow_the_cursor_the_filter_and_changes(made: list[str]) -> None:
    snapshot = large()
    assert is_large(snapshot)
    assert not is_large(busy_snapshot())
    async with explorer(snapshot) as running:
        await settled(running)
        assert running.names("networks")[0] == "ingress"
        running.pane("networks").select(WIDE.id)
        await settled(running)
        endpoints = running.pane("endpoints")
        assert endpoints.row_count == 1204
        assert "Endpoints on wide 1204" in running.screen_text
        assert running.cells("endpoints")[1][0] == "10.60.0.3"

        made.clear()
        later = replace(snapshot, taken_at=NOW + timedelta(seconds=2))
        await running.hear(later, replace(later))
        await settled(running)
        assert made == []

        first = next(each for each in snapshot.tasks if each.id == "crowd0")
        tasks = tuple(
            replace(each, state="starting") if each is first else each for each in later.tasks
        )
        before = endpoints.visible_rows()
        await running.hear(replace(later, tasks=tasks))
        await settled(running)
        assert set(made) == {"networks", "pools", "endpoints", "peers"}
        now = endpoints.visible_rows()
        assert [str(row.cells[4]) for row in now[:3]] == ["–", "starting", "running"]
        assert [n for n, row in enumerate(now) if row is not before[n]] == [1]

        made.clear()
        await running.press("2", "slash")
        await running.write("crowd.77")
        await running.until(lambda: endpoints.shown_count == 11)
        assert made == []


async def test_the_addresses_of_a_large_network_are_accounted_for_in_the_background() -> None:
    async with explorer(large()) as running:
        await settled(running)
        running.pane("networks").select(WIDE.id)
        await running.press("a")
        await running.until(lambda: running.shows(AddressesScreen))
        await running.until(lambda: running.pane("addresses").row_count == 1207)
        assert "Addresses of wide" in running.screen_text


async def test_what_is_kept_is_left_out_of_garbage_collection_until_the_end() -> None:
    before, thresholds = gc.get_freeze_count(), gc.get_threshold()
    async with explorer(large()) as running:
        await settled(running)
        assert gc.get_freeze_count() > before
    assert gc.get_freeze_count() <= before
    assert gc.get_threshold() == thresholds
