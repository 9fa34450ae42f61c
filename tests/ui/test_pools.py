"""An address pool on screen: its map, the networks in it, and what comes next."""

from __future__ import annotations

from dataclasses import replace

from textual.widgets import Static

from swarmtui.model import Cluster, Snapshot
from swarmtui.screens import ExplorerScreen
from swarmtui.screens.pool import PoolScreen
from swarmtui.screens.table import TableScreen
from swarmtui.widgets import CellMap
from tests.builders import (
    APP,
    INGRESS,
    NODES,
    SECURE,
    busy_snapshot,
    lost_engine,
    network,
    node,
    worker_snapshot,
)
from tests.ui.explorers import Running, explorer

OPEN = ("colon", *"pools", "enter", "enter")
OUTSIDE = network("far", "172.30.0.0/24")


def mixed_snapshot(prefix: int = 26) -> Snapshot:
    """A pool with networks from it, one whose subnet was chosen, and a block shared by two."""
    busy = busy_snapshot()
    chosen = network("wide", "10.20.2.0/24", vxlan=4200)
    pair = (network("one", "10.20.1.0/28"), network("two", "10.20.1.16/28"))
    return replace(
        busy,
        cluster=Cluster("cluster", ("10.20.0.0/16",), prefix),
        networks=(*busy.networks, chosen, *pair, OUTSIDE),
    )


def cell_map(running: Running) -> CellMap:
    return running.app.screen.query_one(CellMap)


def line(running: Running, name: str) -> str:
    return str(running.app.screen.query_one(f"#{name}", Static).content)


async def test_enter_on_a_pool_opens_its_map() -> None:
    async with explorer(mixed_snapshot()) as running:
        await running.press(*OPEN)
        assert running.shows(PoolScreen)
        first = cell_map(running).render_line(0).text
        assert first.split()[:10] == ["▌", "10.20.0.0", "▪", "▪", "▪", "·", "■", "·", "·", "·"]
        assert first.split()[10:15] == ["◆", "◆", "◆", "◆", "·"]
        assert line(running, "block") == "10.20.0.0/26  ingress from the pool, it seems"
        names = [row[0] for row in running.cells("blocks")]
        assert names == ["ingress", "app", "pay_secure", "one", "two", "wide"]
        title = "10.20.0.0/16 as /26: 8 of 1,024 blocks taken, 1,016 free"
        assert title in running.screen_text
        await running.press("escape")
        assert running.shows(TableScreen)


async def test_the_pools_of_the_explorer_open_too() -> None:
    async with explorer(mixed_snapshot()) as running:
        await running.press("4", "enter")
        assert running.shows(PoolScreen)
        await running.press("escape")
        assert running.shows(ExplorerScreen)


async def test_the_map_and_the_table_follow_each_other() -> None:
    async with explorer(mixed_snapshot()) as running:
        await running.press(*OPEN)
        await running.press("right", "right")
        assert running.pane("blocks").selected_key == f"{SECURE.id}:10.20.0.128/26"
        await running.press("right")
        assert line(running, "block") == "10.20.0.192/26  free"
        assert running.pane("blocks").selected_key == f"{SECURE.id}:10.20.0.128/26"
        await running.press("right")
        assert line(running, "block") == (
            "10.20.1.0/26  one 10.20.1.0/28 subnet was chosen; two 10.20.1.16/28 subnet was chosen"
        )
        await running.press("tab", "end")
        assert cell_map(running).cursor == 8
        assert line(running, "block") == "10.20.2.0/26  wide 10.20.2.0/24 subnet was chosen"
        assert running.pane("blocks").has_focus


async def test_the_cursor_stays_on_its_block_when_the_terminal_shrinks() -> None:
    async with explorer(mixed_snapshot()) as running:
        await running.press(*OPEN, "down", "right")
        assert line(running, "block") == "10.20.16.64/26  free"
        await running.pilot.resize_terminal(80, 24)
        await running.pilot.pause()
        assert line(running, "block") == "10.20.16.0/26 to 10.20.16.192/26  4 blocks, 4 free"
        assert "1 cell = 4 blocks" in running.screen_text
        await running.press("home")
        assert line(running, "block") == (
            "10.20.0.0/26 to 10.20.0.192/26  4 blocks, 1 free; "
            "ingress 10.20.0.0/26 from the pool, it seems; "
            "app 10.20.0.64/26 from the pool, it seems; "
            "pay_secure 10.20.0.128/26 from the pool, it seems"
        )
        await running.press("down", "right")
        await running.pilot.resize_terminal(160, 45)
        await running.pilot.pause()
        assert line(running, "block") == "10.20.33.0/26  free"


async def test_enter_on_a_block_opens_its_network() -> None:
    async with explorer(mixed_snapshot()) as running:
        await running.press(*OPEN, "right", "enter")
        assert running.shows(TableScreen)
        assert f"pools › pool 10.20.0.0/16 › endpoints of {APP.name}" in running.screen_text
        await running.press("escape", "end", "enter")
        assert running.shows(PoolScreen)
        await running.press("tab", "home", "enter")
        assert f"endpoints of {INGRESS.name}" in running.screen_text


async def test_commands_act_on_the_network_in_the_table() -> None:
    async with explorer(mixed_snapshot()) as running:
        await running.press(*OPEN, "right", "c")
        assert running.app.clipboard == "10.20.0.64/26"
        await running.press("d")
        assert "10.20.0.64/26" in running.screen_text
        assert "Networks: describe" in running.screen_text


async def test_what_comes_next_is_promised_or_not() -> None:
    async with explorer(mixed_snapshot()) as running:
        await running.press(*OPEN)
        promised = "10.20.0.192/26 is what the next network gets: the lowest free block."
        assert promised in line(running, "next-block")
        old = replace(node(2, role="manager"), engine_version="26.1.4")
        await running.hear(replace(mixed_snapshot(), nodes=(NODES[0], old, NODES[2])))
        words = line(running, "next-block")
        assert "cannot be promised: node2 may lead, on an engine below 27 (26.1.4)" in words
        assert words.endswith("The lowest free block is 10.20.0.192/26.")
        whole = network("whole", "10.20.0.0/16")
        await running.hear(replace(busy_snapshot(), networks=(whole,)))
        assert "No block is free" in line(running, "next-block")
        assert set(cell_map(running).render_line(0).text.split()[2:]) == {"◆"}


async def test_networks_outside_the_pools_have_no_map() -> None:
    async with explorer(mixed_snapshot()) as running:
        await running.press("colon", *"pools", "enter", "end", "enter")
        assert running.shows(PoolScreen)
        assert not running.app.screen.query(CellMap)
        assert running.cells("blocks") == [
            ("far", "172.30.0.0/24", "–", "subnet was chosen", "3/256     █░░░")
        ]
        assert "Networks outside the pools 1" in running.screen_text


async def test_a_pool_that_is_not_told_any_more() -> None:
    async with explorer(mixed_snapshot()) as running:
        await running.press(*OPEN)
        await running.hear(worker_snapshot())
        assert running.cells("blocks") == []
        await running.press("down", "right", "enter", "end")
        assert line(running, "block") == ""
        await running.hear(mixed_snapshot())
        assert cell_map(running).cursor == 0


async def test_a_lost_engine_leaves_the_map() -> None:
    async with explorer(mixed_snapshot(), lost_engine()) as running:
        await running.press(*OPEN)
        assert len(running.cells("blocks")) == 6


async def test_millions_of_blocks() -> None:
    async with explorer(mixed_snapshot(), size=(80, 24)) as running:
        huge = replace(mixed_snapshot(), cluster=Cluster("cluster", ("10.0.0.0/8",), 29))
        await running.hear(huge)
        await running.press(*OPEN)
        assert "of 2,097,152 blocks taken" in running.screen_text
        assert "1 cell = 8,192 blocks" in running.screen_text
