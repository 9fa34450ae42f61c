"""The addresses of a network by their keys: map, list and room."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from textual.strip import Strip

from swarmtui.model import LocalEndpoint, Snapshot
from swarmtui.screens import ExplorerScreen
from swarmtui.screens.addresses import AddressesScreen
from swarmtui.screens.reading import ReadingScreen
from swarmtui.screens.table import TableScreen
from swarmtui.widgets import CellMap, Sheet
from tests.builders import (
    APP,
    NODES,
    NOW,
    ROUND,
    busy_snapshot,
    empty_snapshot,
    failing_snapshot,
    inspection,
    lost_engine,
    task,
    worker_snapshot,
)
from tests.ui.explorers import Running, explorer
from tests.ui.nets import EVIL_NAME, evil_snapshot, pair_snapshot, wide_snapshot

TO_APP = ("down", "a")


def the_map(running: Running) -> CellMap:
    return running.app.screen.query_one(CellMap)


def here(running: Running) -> str:
    """Return what the line under the map says."""
    return str(the_map(running).border_subtitle).replace("\\[", "[")


def lines(running: Running) -> list[str]:
    """Return the lines of the map as a person without colours sees them."""
    found = the_map(running)
    return [found.render_line(y).text.rstrip() for y in range(found.content_size.height)]


def row(running: Running) -> tuple[str, ...]:
    """Return the row of the list that has the cursor."""
    pane = running.pane("addresses")
    index = next(i for i, each in enumerate(pane.visible_rows()) if each.key == pane.selected_key)
    return running.cells("addresses")[index]


async def to_network(running: Running, name: str) -> None:
    pane = running.pane("networks")
    index = running.names("networks").index(name)
    assert pane.select(pane.visible_rows()[index].key)
    await running.pilot.pause()
    await running.press("a")


@pytest.mark.parametrize(
    "way",
    [
        ("down", "a"),
        ("down", "colon", *"addresses", "enter"),
        ("down", "2", "a"),
        ("down", "enter", "a"),
        ("down", "v", "a"),
        ("colon", *"pools", "enter", "enter", "right", "a"),
    ],
    ids=["key", "name", "endpoints", "its endpoints", "its services", "its block"],
)
async def test_the_way_there_and_back(way: tuple[str, ...]) -> None:
    async with explorer(busy_snapshot()) as running:
        await running.press(*way)
        assert running.shows(AddressesScreen)
        assert "Addresses of app" in running.screen_text
        assert running.app.history.here.trail[-1] == "addresses of app"
        await running.press("escape")
        assert not running.shows(AddressesScreen)


async def test_it_is_a_command_of_networks_only() -> None:
    async with explorer(busy_snapshot()) as running:
        titles = [each.title for each in running.app.get_system_commands(running.app.screen)]
        assert "Addresses" in titles
        await running.press("end", "a")
        assert running.shows(ExplorerScreen)
        await running.press("colon", *"addresses", "enter")
        assert running.shows(ExplorerScreen)
        assert "Put the cursor on a network of the swarm first." in running.screen_text
        await running.press("colon", *"services", "enter", "a")
        assert running.shows(TableScreen)


async def test_the_map_shows_what_is_taken_by_what_without_colour(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    async with explorer(busy_snapshot()) as running:
        await running.press(*TO_APP)
        assert lines(running) == [
            "  10.20.0.64/26  13/64",
            "▌ .64  n G V T T T T T L · · · C" + " ·" * 19,
            "  .96 " + " ·" * 31 + " b",
        ]
        await running.press("down")
        assert [line[0] for line in lines(running)] == [" ", " ", "▌"]


async def test_the_line_tells_who_holds_the_address_under_the_cursor() -> None:
    async with explorer(busy_snapshot()) as running:
        await running.press(*TO_APP)
        seen = []
        for _ in range(13):
            seen.append(here(running))
            await running.press("right")
        assert seen[:4] == [
            "10.20.0.64  network address",
            "10.20.0.65  gateway",
            "10.20.0.66  web · VIP",
            "10.20.0.67  web.1 · task · node1 · running",
        ]
        assert seen[8] == "10.20.0.72  lb-app · node LB · node1"
        assert seen[9] == "10.20.0.73  free, or held by one of 2 node LBs not shown"
        assert seen[12] == "10.20.0.76  box1node2ccc · container · node2 · running"
        await running.press("end")
        assert here(running) == "10.20.0.127  broadcast address"


async def test_keys_move_over_the_map() -> None:
    async with explorer(busy_snapshot()) as running:
        await running.press(*TO_APP)
        for keys, address in (
            ("l l", 66),
            ("h", 65),
            ("down", 97),
            ("j", 97),
            ("up", 65),
            ("k", 65),
            ("G", 127),
            ("right", 127),
            ("g", 64),
            ("left", 64),
            ("pagedown", 96),
            ("pageup", 64),
        ):
            await running.press(*keys.split())
            assert f"10.20.0.{address} " in here(running), keys


async def test_list_and_map_follow_each_other() -> None:
    async with explorer(busy_snapshot()) as running:
        await running.press(*TO_APP, "right", "right", "right")
        assert row(running)[:2] == ("10.20.0.67", "web.1")
        await running.press("2", "down", "down")
        assert row(running)[0] == "10.20.0.69"
        assert here(running).startswith("10.20.0.69  web.3")
        await running.press("end")
        assert row(running)[0] == "not shown"
        assert here(running).startswith("10.20.0.69  web.3")
        await running.press("1", "right")
        assert row(running)[0] == "10.20.0.70"


async def test_everyone_is_listed_those_without_an_address_too() -> None:
    async with explorer(busy_snapshot(), size=(200, 50)) as running:
        await running.press(*TO_APP)
        cells = running.cells("addresses")
        assert len(cells) == 13
        assert cells[0] == ("10.20.0.64", "network address", "reserved", "–", "–")
        assert ("10.20.0.70", "rr.1", "DNSRR", "node2", "running") in cells
        hidden = ("not shown", "lb-app", "node LB", "node3", "address not shown by this engine")
        assert cells[-1] == hidden
        assert "2 node LBs: address not shown by this engine" in running.screen_text
        await running.press("2", "slash", *"kind:reserved", "enter")
        assert [each[1] for each in running.cells("addresses")] == [
            "network address",
            "gateway",
            "broadcast address",
        ]


async def test_what_still_fits() -> None:
    async with explorer(busy_snapshot()) as running:
        await running.press(*TO_APP)
        text = running.screen_text
        assert "13/64  reported by the swarm leader" in text
        assert "50 tasks and its virtual address" in text
        assert "updating web (3 tasks) takes 1 to 3 more" in text
        assert "10.20.0.77 – 10.20.0.126  50" in text


async def test_both_totals_are_shown_when_they_differ() -> None:
    busy = busy_snapshot()
    app = busy.inspections[APP.id]
    leaking = replace(app, reported=(replace(app.reported[0], in_use=17, available=47),))
    async with explorer(
        replace(busy, inspections={**busy.inspections, APP.id: leaking})
    ) as running:
        await running.press(*TO_APP)
        assert "17/64  reported by the swarm leader" in running.screen_text
        assert "13  from tasks and services" in running.screen_text


async def test_an_exhausted_network() -> None:
    async with explorer(failing_snapshot()) as running:
        await to_network(running, "tiny")
        assert lines(running) == ["  10.50.0.0/29  10 wanted of 8", "▌ .0 n G V T T T T b"]
        text = running.screen_text
        assert "4 tasks" in text
        assert "0 addresses left for them" in text
        assert "does not fit" in text


async def test_it_follows_the_swarm_and_the_cursor_stays_on_its_address() -> None:
    async with explorer(busy_snapshot()) as running:
        await running.press(*TO_APP, "down", "right", "right")
        assert here(running).startswith("10.20.0.98  free")
        busy = busy_snapshot()
        new = task(ROUND, 3, NODES[0], {"app": "10.20.0.98"}, state="preparing")
        await running.hear(replace(busy, tasks=(*busy.tasks, new)))
        assert here(running) == "10.20.0.98  rr.3 · task · node1 · preparing"
        assert lines(running)[2].startswith("▌ .96  · · T ·")
        await running.hear(busy)
        assert here(running).startswith("10.20.0.98  free")


async def test_it_has_the_network_inspected_and_says_when_it_is_gone() -> None:
    async with explorer(busy_snapshot()) as running:
        await running.press(*TO_APP)
        assert running.feed.looked_at[-1] == APP.id
        busy = busy_snapshot()
        await running.hear(replace(busy, networks=busy.networks[1:]))
        assert "The swarm no longer has this network." in running.screen_text
        await running.press("right", "enter", "2", "3", "d", "c", "1")
        await running.hear(busy, lost_engine())
        assert here(running).startswith("10.20.0.64")
        await running.press("escape")
        assert running.shows(ExplorerScreen)


async def test_nothing_is_painted_when_nothing_changes() -> None:
    async with explorer(busy_snapshot()) as running:
        await running.press(*TO_APP)
        painted: list[int] = []
        paint = the_map(running).render_line

        def watched(y: int) -> Strip:
            painted.append(y)
            return paint(y)

        the_map(running).render_line = watched  # type: ignore[method-assign]
        await running.hear(replace(busy_snapshot(), taken_at=NOW + timedelta(seconds=2)))
        assert painted == []
        busy = busy_snapshot()
        await running.hear(replace(busy, tasks=busy.tasks[:-1]))
        assert painted == [1]


async def test_a_task_on_a_down_node_has_its_own_glyph() -> None:
    async with explorer(pair_snapshot()) as running:
        await to_network(running, "pair")
        await running.press("down", "down", "right", "right", "right", "right")
        assert here(running) == "10.61.0.68  two.2 · task · node3 · node down"
        assert "D on a node that is down" in running.screen_text


async def test_several_subnets_stand_below_each_other() -> None:
    async with explorer(pair_snapshot()) as running:
        await to_network(running, "pair")
        shown = lines(running)
        assert shown[0] == "  10.61.0.0/24  22/256  hands out 10.61.0.64/26"
        assert shown[1] == "▌ .0   n" + " -" * 31
        assert shown[3][:26] == "  .64  · V T · D · T · T ·"
        assert shown[9] == "  10.61.8.0/25  18/128"
        await running.press("down")
        line = "10.61.0.32  out of the IP range 10.61.0.64/26: nobody gets it"
        assert here(running) == line
        await running.press(*["down"] * 6)
        assert here(running).startswith("10.61.0.224 ")
        await running.press("down")
        assert here(running) == "10.61.8.0  network address"


async def test_on_a_small_terminal_the_map_scrolls_to_its_cursor() -> None:
    async with explorer(pair_snapshot(), size=(80, 24)) as running:
        await to_network(running, "pair")
        assert "10.61.8.0/25" not in running.screen_text
        await running.press("G")
        assert here(running) == "10.61.8.127  broadcast address"
        assert lines(running)[-1].endswith("- b") or lines(running)[-1].endswith("· b")
        await running.press("g")
        assert lines(running)[0].startswith("  10.61.0.0/24")


async def test_a_large_subnet_is_shown_in_blocks_that_can_be_looked_into() -> None:
    async with explorer(wide_snapshot()) as running:
        await to_network(running, "wide")
        shown = lines(running)
        assert shown[0] == "  10.60.0.0/16  357/65536  a cell is 256, Enter looks inside"
        assert shown[1].startswith("▌ .0.0   ▓ · · · ▒ ·")
        assert shown[8].endswith("░")
        assert here(running) == (
            "10.60.0.0 – 10.60.0.255  1 VIP, 250 tasks, network, gateway, 3 free"
        )
        await running.press(*["right"] * 4)
        assert row(running)[0] == "10.60.4.3"
        await running.press("enter")
        assert lines(running)[0].startswith("  10.60.4.0 – 10.60.4.255 of 10.60.0.0/16")
        assert lines(running)[1].startswith("▌ .4.0   · · · T T")
        await running.press("right", "right", "right")
        assert here(running).startswith("10.60.4.3  big.251 · task")
        await running.hear(wide_snapshot())
        assert here(running).startswith("10.60.4.3  big.251 · task")
        await running.press("2", "home", "down")
        assert here(running).startswith("10.60.0.0 – 10.60.0.255")
        await running.press("1", "right", "right", "right", "right", "enter", "escape")
        assert here(running).startswith("10.60.4.0 – 10.60.4.255")
        await running.press("escape")
        assert running.shows(ExplorerScreen)


async def test_enter_leads_on_and_back_to_the_same_address() -> None:
    async with explorer(busy_snapshot()) as running:
        await running.press(*TO_APP, "right", "right", "right", "enter")
        assert "tasks of web" in running.screen_text
        await running.press("escape")
        assert running.shows(AddressesScreen)
        assert here(running).startswith("10.20.0.67  web.1")


async def test_what_can_be_done_with_a_holder() -> None:
    async with explorer(busy_snapshot()) as running:
        await running.press(*TO_APP, "right", "d")
        assert running.shows(ReadingScreen)
        assert "gateway of app" in running.screen_text
        assert "The swarm reserves it." in running.screen_text
        await running.press("escape", "right", "c")
        assert "Copied address 10.20.0.66" in running.screen_text
        await running.press("right", "d")
        assert "task on app" in running.screen_text
        await running.press("escape", "down", "d")
        assert not running.shows(ReadingScreen)
        await running.press("question_mark")
        assert "Keys on addresses" in running.screen_text


async def test_a_worker_sees_its_own() -> None:
    async with explorer(worker_snapshot()) as running:
        await to_network(running, "app")
        assert lines(running)[:2] == [
            "  10.20.0.64/26  –/64",
            "▌ .64  n G ? ? ? C ? ? ? L" + " ?" * 22,
        ]
        await running.press("right", "right")
        assert here(running) == "10.20.0.66  held by nobody that this node sees"
        assert "What is free only a manager knows." in running.screen_text
        assert "free" not in "".join(lines(running))


async def test_a_network_that_was_never_allocated() -> None:
    async with explorer(failing_snapshot()) as running:
        await to_network(running, "overlap")
        assert "This network has no addresses" in running.screen_text
        await running.press("right", "down", "enter", "G", "2", "3")
        assert running.app.is_running


async def test_a_leftover_behind_an_address_is_named_with_its_heir() -> None:
    stray = LocalEndpoint("ep-1", "old", "10.20.0.67", "m")
    lone = LocalEndpoint("ep-2", "gone", "10.20.0.90", "m")
    stale = inspection(APP, NODES, endpoints=(stray, lone))
    async with explorer(replace(busy_snapshot(), inspections={APP.id: stale})) as running:
        await running.press(*TO_APP, "right", "right", "right")
        line = "10.20.0.67  web.1 · task · node1 · running and old · stray · node1 · no sandbox"
        assert here(running) == line
        assert "!" in lines(running)[1]
        assert "2 endpoints" in running.screen_text


async def test_hostile_names_are_shown_as_they_are() -> None:
    async with explorer(evil_snapshot()) as running:
        await to_network(running, EVIL_NAME)
        await running.press("right", "right", "right")
        assert "[@click=app.quit]x[/]" in here(running)
        assert "\x1b" not in running.screen_text
        assert "\x1b" not in here(running)
        await running.press("3", "2", "d", "escape", "1", "enter")
        assert running.app.is_running


@pytest.mark.parametrize("snapshot", [pair_snapshot(), wide_snapshot(), failing_snapshot()])
@pytest.mark.parametrize("size", [(20, 10), (10, 4), (5, 3), (300, 100)])
async def test_any_size_survives(size: tuple[int, int], snapshot: Snapshot) -> None:
    async with explorer(snapshot, size=size) as running:
        for name in ("pair", "wide", "tiny"):
            if any(each.name == name for each in snapshot.networks):
                await to_network(running, name)
        await running.press("down", "right", "enter", "G", "g", "2", "down", "3", "down", "1")
        for other in ((80, 24), (20, 10), (160, 45)):
            await running.pilot.resize_terminal(*other)
            await running.pilot.pause()
        assert running.app.is_running


async def test_below_the_map_list_and_room_take_turns_on_a_small_terminal() -> None:
    async with explorer(busy_snapshot(), size=(80, 24)) as running:
        await running.press(*TO_APP)
        assert running.pane("addresses").display
        assert not running.app.screen.query_one("#room", Sheet).size.height
        assert "3 Room" in running.screen_text
        await running.press("3")
        assert running.app.screen.query_one("#room", Sheet).size.height > 5
        assert "STILL FITS" in running.screen_text
        await running.press("2")
        assert "HOLDER" in running.screen_text


async def test_clicking_moves_the_cursor() -> None:
    async with explorer(busy_snapshot()) as running:
        await running.press(*TO_APP)
        await running.pilot.click(CellMap, offset=(1 + 2 + 5 + 2 * 3, 2))
        await running.pilot.pause()
        assert here(running).startswith("10.20.0.67")
        await running.pilot.click(CellMap, offset=(1, 1))
        await running.pilot.click(CellMap, offset=(75, 2))
        assert here(running).startswith("10.20.0.67")


async def test_outside_a_swarm_there_is_nothing_to_show() -> None:
    async with explorer(empty_snapshot()) as running:
        await running.press("a", "colon", *"addresses", "enter")
        assert running.shows(ExplorerScreen)
