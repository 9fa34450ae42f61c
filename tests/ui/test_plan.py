"""The planner by its keys: the form, the command, and where it works."""

from __future__ import annotations

import pytest
from textual.widgets import Button, Static

from swarmtui.model import Snapshot
from swarmtui.screens import ExplorerScreen
from swarmtui.screens.plan import InitScreen, PlanScreen
from swarmtui.settings import Settings
from swarmtui.widgets import Field
from tests.builders import (
    alone_snapshot,
    busy_snapshot,
    empty_snapshot,
    lost_engine,
    worker_snapshot,
)
from tests.ui.explorers import Running, explorer

OPEN = ("colon", *"plan", "enter")
EMPTIED = ("end", "ctrl+u")


def fact(running: Running, name: str) -> str:
    return str(running.app.screen.query_one(f"#fact-{name}", Static).content)


def typed(running: Running, name: str) -> str:
    return running.app.screen.query_one(f"#{name}", Field).text


async def test_the_form_knows_the_swarm_that_there_is() -> None:
    async with explorer(busy_snapshot()) as running:
        await running.press(*OPEN)
        assert running.shows(PlanScreen)
        assert typed(running, "pools") == "10.128.0.0/16"
        assert (typed(running, "nodes"), typed(running, "advertise")) == ("3", "192.168.77.1")
        assert fact(running, "networks") == "255: of 256 blocks of /24 the ingress takes the first"
        assert fact(running, "tasks").startswith("240 on each network: 256 addresses less 3")
        checked = "against 3 addresses of nodes, 1 local network, 1 gateway bridge"
        assert fact(running, "checked") == checked
        assert "node1 is in a swarm already, and has to leave it first." in fact(running, "later")
        await running.press("escape")
        assert running.shows(ExplorerScreen)


async def test_it_is_checked_while_typing() -> None:
    settings = Settings(lan_ranges=("10.20.0.0/20",))
    async with explorer(busy_snapshot(), settings=settings) as running:
        await running.press(
            *OPEN, *EMPTIED, *"10.20.0.0/16 192.168.0.0/16", "down", *EMPTIED, *"30"
        )
        text = running.screen_text
        assert "✗ A number from 1 to 29; docker takes no other." in text
        assert running.app.screen.query_one("#review", Button).disabled
        await running.press("ctrl+n")
        assert running.shows(PlanScreen)
        await running.press(*EMPTIED, *"26")
        text = running.screen_text
        assert "! 10.20.0.0/16 overlaps the LAN range (10.20.0.0/20)" in text
        assert "! 192.168.0.0/16 holds the address of node1 (192.168.77.1)" in text
        assert "--default-addr-pool 192.168.0.0/16" in fact(running, "command")
        assert "2,047: of 2,048 blocks of /26" in fact(running, "networks")


async def test_the_command_is_explained_and_copied() -> None:
    async with explorer(empty_snapshot()) as running:
        await running.press(*OPEN, *["down"] * 5, *EMPTIED, *"eth0", "down", *"eth1", "enter")
        assert running.shows(InitScreen)
        text = running.screen_text
        assert "--data-path-addr eth1" in text
        assert "Traffic of containers between nodes goes over this address, apart from" in text
        await running.press("c")
        assert running.app.clipboard == (
            "docker swarm init --default-addr-pool 10.128.0.0/16 "
            "--default-addr-pool-mask-length 24 --advertise-addr eth0 --data-path-addr eth1 "
            "--data-path-port 4789"
        )
        await running.press("escape")
        assert running.shows(PlanScreen)


async def test_the_free_pool_is_taken_by_a_key() -> None:
    settings = Settings(lan_ranges=("10.128.0.0/12",))
    async with explorer(busy_snapshot(), settings=settings) as running:
        await running.press(*OPEN, *EMPTIED, *"10.128.0.0/16", "ctrl+f")
        assert typed(running, "pools") == "10.144.0.0/16"


@pytest.mark.parametrize(
    "snapshot",
    [empty_snapshot(), alone_snapshot(), worker_snapshot()],
    ids=["out", "left", "worker"],
)
async def test_it_works_whatever_the_engine_is(snapshot: Snapshot) -> None:
    async with explorer(snapshot) as running:
        await running.press(*OPEN)
        assert "1 local network" in fact(running, "checked")
        await running.press("ctrl+n")
        assert running.shows(InitScreen)


async def test_it_works_before_the_engine_answers_and_follows_when_it_does() -> None:
    async with explorer() as running:
        await running.press(*OPEN)
        assert fact(running, "checked").endswith("no engine was read")
        assert (typed(running, "nodes"), typed(running, "advertise")) == ("3", "")
        await running.press("ctrl+n")
        assert "no engine was read" in running.screen_text
        await running.press("escape")
        await running.hear(lost_engine(), busy_snapshot())
        assert fact(running, "checked").startswith("against 3 addresses of nodes")
