"""The gateway bridge by its keys: page, form, review, runbook."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from textual.widgets import Button

from swarmtui.model import Inspection, LocalEndpoint, NetworkId, Snapshot
from swarmtui.operations import BuildBridge, Range, read_operation
from swarmtui.screens import ExplorerScreen, OperationScreen
from swarmtui.screens.bridge import BridgeScreen
from swarmtui.screens.bridge_form import BridgeForm
from swarmtui.screens.review import ReviewScreen
from swarmtui.screens.runbook import RunbookScreen
from swarmtui.settings import Settings
from swarmtui.widgets import Choice, Field
from tests.builders import (
    GATEWAY,
    LOCALS,
    NODES,
    NOW,
    WEB,
    alone_snapshot,
    busy_snapshot,
    empty_snapshot,
    engine,
    worker_snapshot,
)
from tests.ui.desks import PaperDesk, begun, paper_desk
from tests.ui.explorers import Running, explorer

GATEWAY_ID = GATEWAY.id


@pytest.fixture
def desk(tmp_path: Path) -> PaperDesk:
    return paper_desk(tmp_path / "operations")


async def fill(running: Running, name: str, text: str) -> None:
    field = running.app.screen.query_one(f"#{name}", Field)
    field.take_keys()
    field.put(text)
    await running.pilot.pause()


async def open_form(running: Running, **texts: str) -> None:
    await running.press("b", "e")
    assert running.shows(BridgeForm)
    for name, text in texts.items():
        await fill(running, name, text)


async def confirm(running: Running, word: str) -> None:
    await running.press("tab")
    await running.write(word)
    await running.press("enter")


@pytest.mark.parametrize("way", [("b",), ("colon", *"gwbridge", "enter")], ids=["key", "name"])
async def test_the_page_is_reached_and_left(way: tuple[str, ...]) -> None:
    async with explorer(busy_snapshot()) as running:
        await running.press(*way)
        assert running.shows(BridgeScreen)
        assert "172.18.0.0/16" in running.screen_text
        await running.press("escape")
        assert running.shows(ExplorerScreen)


async def test_the_palette_leads_to_it() -> None:
    async with explorer(busy_snapshot()) as running:
        titles = [each.title for each in running.app.get_system_commands(running.app.screen)]
        assert "Gateway bridge" in titles


async def test_it_is_inspected_as_long_as_it_is_shown() -> None:
    async with explorer(busy_snapshot()) as running:
        await running.until(lambda: bool(running.feed.looked_at))
        network = running.feed.looked_at[-1]
        assert network != GATEWAY_ID
        await running.press("b")
        assert running.feed.looked_at[-1] == GATEWAY_ID
        assert "not read yet" in running.screen_text
        container = next(each for each in busy_snapshot().tasks if each.service_id == WEB.id)
        found = Inspection(
            NetworkId(GATEWAY_ID),
            NOW,
            None,
            (LocalEndpoint(container.container_id, "gateway_12ab", "172.18.0.3", "02:42:ac"),),
        )
        busy = busy_snapshot()
        await running.hear(replace(busy, inspections={**busy.inspections, GATEWAY.id: found}))
        assert "1 of 1024" in running.screen_text
        assert "web.1" in running.screen_text
        await running.press("escape")
        assert running.feed.looked_at[-1] == network


async def test_a_node_without_one_says_so() -> None:
    async with explorer(empty_snapshot()) as running:
        await running.press("b")
        assert "This node has none." in running.screen_text
        await running.press("e")
        assert running.shows(BridgeForm)
        assert "this node has no docker_gwbridge" in running.screen_text


async def test_an_engine_out_of_a_swarm_gets_another_one(desk: PaperDesk) -> None:
    async with explorer(alone_snapshot(), desk=desk) as running:
        await open_form(running, subnet="10.11.0.0/16", gateway="10.11.0.2", mtu="1400")
        await running.press("down", "space")
        await running.press("ctrl+n")
        assert running.shows(ReviewScreen)
        text = running.screen_text
        assert "Rebuild the gateway bridge: docker_gwbridge" in text
        assert "docker network create --driver bridge --subnet 10.11.0.0/16" in text
        await confirm(running, "docker_gwbridge")
        assert running.shows(OperationScreen)
    (asked,) = desk.asked
    plan = read_operation(asked.path).head.plan
    assert isinstance(plan.intent, BuildBridge)
    assert plan.intent.definition.ranges == (Range("10.11.0.0/16", "10.11.0.2"),)
    assert plan.intent.definition.options == {
        "com.docker.network.bridge.name": "docker_gwbridge",
        "com.docker.network.bridge.enable_icc": "true",
        "com.docker.network.bridge.enable_ip_masquerade": "true",
        "com.docker.network.driver.mtu": "1400",
    }


async def test_an_operation_on_a_swarm_is_not_in_the_way(desk: PaperDesk) -> None:
    begun(desk)
    async with explorer(alone_snapshot(), desk=desk) as running:
        await open_form(running, subnet="10.11.0.0/16")
        await running.press("enter")
        await confirm(running, "docker_gwbridge")
        assert running.shows(OperationScreen)
    assert len(desk.asked) == 1


async def test_the_form_is_checked_while_typing() -> None:
    settings = Settings(lan_ranges=("10.9.0.0/16",))
    async with explorer(alone_snapshot(), settings=settings) as running:
        await open_form(running, subnet="172.17.0.0/16")
        assert "It overlaps this node's bridge network bridge" in running.screen_text
        assert running.app.screen.query_one("#review", Button).disabled
        await running.press("ctrl+n")
        assert running.shows(BridgeForm)
        await fill(running, "subnet", "10.9.1.0/24")
        assert "It overlaps the LAN range (10.9.0.0/16)." in running.screen_text
        await running.press("ctrl+f")
        assert running.app.screen.query_one("#subnet", Field).text == "172.16.0.0/16"
        await fill(running, "gateway", "172.16.0.0")
        assert "It is the network address" in running.screen_text
        await fill(running, "gateway", "")
        await fill(running, "mtu", "9")
        assert "they need 576" in running.screen_text


async def test_the_form_begins_with_the_bridge_that_there_is() -> None:
    open_bridge = replace(
        GATEWAY,
        options={
            "com.docker.network.bridge.enable_ip_masquerade": "false",
            "com.docker.network.driver.mtu": "1450",
        },
    )
    snapshot = replace(alone_snapshot(), networks=(open_bridge, *LOCALS[1:]))
    async with explorer(snapshot) as running:
        await open_form(running)
        screen = running.app.screen
        texts = [screen.query_one(f"#{name}", Field).text for name in ("subnet", "gateway", "mtu")]
        assert texts == ["172.18.0.0/16", "", "1450"]
        assert screen.query_one("#icc", Choice).value
        assert not screen.query_one("#masquerade", Choice).value


async def test_somebody_on_it_is_named_instead_of_asking(desk: PaperDesk) -> None:
    async with explorer(alone_snapshot("box"), desk=desk) as running:
        await open_form(running, subnet="10.11.0.0/16")
        await running.press("enter")
        assert "still on docker_gwbridge: box" in running.screen_text
        assert "to start" not in running.screen_text


@pytest.mark.parametrize("read_only", [False, True])
@pytest.mark.parametrize("snapshot", [busy_snapshot(), worker_snapshot()], ids=["boss", "worker"])
async def test_in_a_swarm_it_is_a_runbook_to_save(
    snapshot: Snapshot, read_only: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    if snapshot.nodes:
        snapshot = replace(snapshot, nodes=(*NODES, replace(NODES[1], hostname="node4")))
    desk = paper_desk(tmp_path / "operations", read_only=read_only)
    settings = Settings(read_only=read_only)
    async with explorer(snapshot, settings=settings, desk=desk) as running:
        await open_form(running, subnet="172.30.0.0/16")
        await running.press("enter")
        assert running.shows(RunbookScreen)
        name = snapshot.engine.name
        assert f"Another docker_gwbridge for {name}" in running.screen_text
        file = tmp_path / "book.txt"
        for _ in range(2):
            await running.press("s", "end", "ctrl+u")
            await running.write(file.name)
            await running.press("enter")
        assert "is there already" in running.screen_text
    assert "docker swarm leave" in file.read_text()
    assert desk.asked == []


async def test_the_runbook_follows_the_swarm() -> None:
    async with explorer(busy_snapshot()) as running:
        await open_form(running, subnet="172.30.0.0/16")
        await running.press("enter")
        assert "STEPS" in running.screen_text
        await running.hear(replace(busy_snapshot(), nodes=(NODES[0], NODES[2])))
        assert "node1 is the only manager" in running.screen_text
        assert "STEPS" not in running.screen_text
        await running.press("s")
        assert "save to" not in running.screen_text


async def test_hostile_names_are_shown_as_they_are() -> None:
    evil = "[/red]\x1b[31m[@click=app.quit]x[/]"
    attached = alone_snapshot(evil)
    snapshot = replace(attached, engine=replace(attached.engine, name=evil))
    async with explorer(snapshot) as running:
        await running.press("b")
        assert "[@click=app.quit]x[/]" in running.screen_text
        assert "\x1b" not in running.screen_text
    worker = replace(worker_snapshot(), engine=replace(engine(), name=evil))
    async with explorer(worker) as running:
        await running.press("b", "e", "ctrl+f", "enter")
        assert running.app.is_running


@pytest.mark.parametrize("size", [(20, 10), (10, 4), (200, 60)])
async def test_any_size_survives(size: tuple[int, int]) -> None:
    async with explorer(busy_snapshot(), size=size) as running:
        await open_form(running, subnet="172.30.0.0/16")
        await running.press("enter", "G", "g", "s", "escape", "escape", "escape", "escape")
        assert running.shows(ExplorerScreen)
