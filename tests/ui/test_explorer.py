from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from textual.events import Key
from textual.strip import Strip
from textual.widgets import Input

from swarmtui.app import SwarmtuiApp
from swarmtui.model import Document, Network, Problem, Snapshot
from swarmtui.screens import ExplorerScreen
from swarmtui.screens.pane import Pane
from swarmtui.screens.reading import ReadingScreen
from swarmtui.screens.table import TableScreen
from swarmtui.settings import Settings
from tests.builders import (
    APP,
    INGRESS,
    NODES,
    NOW,
    SECURE,
    WEB,
    busy_snapshot,
    empty_snapshot,
    failing_snapshot,
    lost_engine,
    network,
    service,
    task,
    worker_snapshot,
)
from tests.ui.explorers import Running, explorer


def _with_networks(snapshot: Snapshot, *networks: Network) -> Snapshot:
    return replace(snapshot, networks=(*snapshot.networks, *networks))


async def test_it_paints_before_it_reads() -> None:
    async with explorer() as running:
        assert "Connecting to unix:///var/run/docker.sock" in running.screen_text
        assert running.feed.running
    assert not running.feed.running


async def test_four_panes_show_the_network_under_the_cursor() -> None:
    async with explorer(busy_snapshot()) as running:
        assert running.names("networks") == [
            "ingress",
            "app",
            "pay_secure",
            "docker_gwbridge",
            "bridge",
            "host",
        ]
        await running.press("down")
        addresses = [cells[0] for cells in running.cells("endpoints")]
        assert addresses[:3] == ["10.20.0.66", "10.20.0.67", "10.20.0.68"]
        assert "10.20.0.76" in addresses
        assert running.names("peers") == ["node1", "node2", "node3"]
        assert running.cells("pools")[0][2] == "3 of 1,024 blocks"
        assert "Endpoints on app" in running.screen_text
        assert "Peers of app 3 of 3" in running.screen_text


async def test_the_network_that_the_cursor_rests_on_is_inspected() -> None:
    async with explorer(busy_snapshot()) as running:
        await running.press("down", "down")
        await running.until(lambda: running.feed.looked_at[-1:] == [SECURE.id])


async def test_the_cursor_stays_on_its_network_when_others_come_and_go() -> None:
    busy = busy_snapshot()
    async with explorer(busy) as running:
        await running.press("down", "down")
        assert running.pane("networks").selected_key == SECURE.id
        above = network("aaa", "10.20.3.0/26", vxlan=4110)
        await running.hear(_with_networks(busy, above))
        assert running.pane("networks").selected_key == SECURE.id
        await running.hear(busy)
        assert running.pane("networks").selected_key == SECURE.id
        gone = replace(busy, networks=tuple(n for n in busy.networks if n is not SECURE))
        await running.hear(gone)
        assert running.pane("networks").selected_key not in (None, SECURE.id)


async def test_rows_of_another_network_begin_at_the_top() -> None:
    async with explorer(busy_snapshot()) as running:
        await running.press("2", "end", "1", "down")
        assert running.pane("endpoints").selected_key == f"vip:{WEB.id}"


async def test_enter_drills_down_and_escape_comes_back() -> None:
    async with explorer(busy_snapshot()) as running:
        await running.press("down", "enter")
        assert running.shows(TableScreen)
        assert "endpoints of app" in running.screen_text
        await running.press("enter")
        assert "tasks of web" in running.screen_text
        assert [cells[0] for cells in running.cells("tasks")] == ["web.1", "web.2", "web.3"]
        await running.press("enter")
        assert running.shows(ReadingScreen)
        await running.press("escape", "escape", "escape")
        assert running.shows(ExplorerScreen)
        assert running.pane("networks").selected_key == APP.id


async def test_history_goes_back_forward_and_to_the_last_place() -> None:
    async with explorer(busy_snapshot()) as running:
        for place in ("nodes", "ports"):
            await running.press("colon")
            await running.write(place)
            await running.press("enter")
        assert running.app.history.here.kind == "ports"
        await running.press("left_square_bracket", "left_square_bracket")
        assert running.app.history.here.kind == "explorer"
        await running.press("right_square_bracket")
        assert running.app.history.here.kind == "nodes"
        await running.press("minus")
        assert running.app.history.here.kind == "explorer"
        await running.press("minus")
        assert running.app.history.here.kind == "nodes"


@pytest.mark.parametrize(
    ("word", "kind", "expected"),
    [
        ("svc", "services", "web"),
        ("services", "services", "3/3"),
        ("nodes", "nodes", "manager, leader"),
        ("tasks", "tasks", "pay_db.1"),
        ("ports", "ports", "every node"),
        ("pools", "pools", "10.20.0.0/16"),
        ("problems", "problems", ""),
    ],
)
async def test_places_are_reached_by_name(word: str, kind: str, expected: str) -> None:
    async with explorer(busy_snapshot()) as running:
        await running.press("colon")
        await running.write(word)
        await running.press("enter")
        assert running.app.history.here.kind == kind
        assert expected in running.screen_text


async def test_an_unknown_place_is_answered_with_the_known_ones() -> None:
    async with explorer(busy_snapshot()) as running:
        await running.press("colon")
        await running.write("pods")
        await running.press("enter")
        assert running.shows(ExplorerScreen)
        assert "There is no 'pods'" in running.screen_text


async def test_describe_tells_where_numbers_come_from() -> None:
    async with explorer(busy_snapshot()) as running:
        await running.press("down", "d")
        text = running.screen_text
        assert "13/64" in text
        assert "reported by the swarm leader" in text
        assert "1450 bytes" in text


async def test_a_sheet_follows_the_snapshots_and_survives_the_object() -> None:
    busy = busy_snapshot()
    async with explorer(busy) as running:
        await running.press("down", "d")
        changed = replace(APP, internal=True)
        await running.hear(
            replace(busy, networks=tuple(changed if n is APP else n for n in busy.networks))
        )
        assert "Internal         yes" in running.screen_text
        await running.hear(replace(busy, networks=(INGRESS,)))
        assert "Gone: the swarm no longer has it." in running.screen_text


async def test_json_is_asked_for_and_shown_as_the_engine_gives_it() -> None:
    async with explorer(busy_snapshot()) as running:
        await running.press("down", "y")
        assert running.feed.documents == [("network", APP.id)]
        await running.hear(Document("network", APP.id, '{\n  "Unknown": [1]\n}'))
        assert '"Unknown": [1]' in running.screen_text


async def test_a_document_that_cannot_be_read_says_why() -> None:
    async with explorer(busy_snapshot()) as running:
        await running.press("y")
        await running.hear(Document("network", INGRESS.id, "", lost_engine().error))
        assert "There is no engine" in running.screen_text


async def test_users_of_a_network() -> None:
    async with explorer(busy_snapshot()) as running:
        await running.press("down", "u")
        text = running.screen_text
        assert "web.2" in text
        assert "DNSRR" in text
        assert "10.20.0.76" in text


async def test_filter_narrows_while_typing_and_escape_clears() -> None:
    async with explorer(busy_snapshot()) as running:
        await running.press("slash")
        await running.write("subnet:10.20")
        assert running.names("networks") == ["ingress", "app", "pay_secure"]
        await running.write(" !pay")
        assert running.pane("networks").shown_count == 2
        await running.press("enter")
        assert "2 of 6  /subnet:10.20 !pay" in running.screen_text
        await running.press("escape")
        assert running.pane("networks").shown_count == 6


async def test_a_filter_that_fits_nothing_says_how_to_get_out() -> None:
    async with explorer(busy_snapshot()) as running:
        await running.press("slash")
        await running.write("zzz")
        assert "No row has zzz. Esc clears the filter." in running.screen_text


async def test_shift_and_a_letter_sorts_and_turns_round() -> None:
    async with explorer(busy_snapshot()) as running:
        await running.press("N")
        names = running.names("networks")
        assert names == sorted(names)
        await running.press("N")
        assert running.names("networks") == names[::-1]


async def test_all_columns_and_back() -> None:
    async with explorer(busy_snapshot()) as running:
        assert "VXLAN" not in running.screen_text
        await running.press("ctrl+w")
        await running.press(*["right"] * 6)
        assert "VXLAN" in running.screen_text
        await running.press("ctrl+w")
        assert "VXLAN" not in running.screen_text


async def test_copy_takes_the_id_or_the_address(monkeypatch: pytest.MonkeyPatch) -> None:
    async with explorer(busy_snapshot()) as running:
        await running.press("down", "c")
        assert running.app.clipboard == APP.id
        await running.press("2", "c")
        assert running.app.clipboard == "10.20.0.66"
        assert "Copied address 10.20.0.66" in running.screen_text


@pytest.mark.parametrize("ending", ["csv", "json"])
async def test_saving_never_overwrites(tmp_path: Path, ending: str) -> None:
    file = tmp_path / f"n.{ending}"
    async with explorer(busy_snapshot()) as running:
        for expected in ("Saved 6 rows", "is there already"):
            await running.press("ctrl+s")
            running.app.screen.query_one("#save Input", Input).value = str(file)
            await running.press("enter")
            assert expected in running.screen_text
    assert "pay_secure" in file.read_text()


async def test_saving_where_nothing_can_be_written_says_so() -> None:
    async with explorer(busy_snapshot()) as running:
        await running.press("ctrl+s")
        running.app.screen.query_one("#save Input", Input).value = "/nowhere/at/all.csv"
        await running.press("enter")
        assert "Cannot write /nowhere/at/all.csv" in running.screen_text


async def test_refresh_is_passed_on() -> None:
    async with explorer(busy_snapshot()) as running:
        await running.press("ctrl+r")
        assert running.feed.refreshes == 1


async def test_help_is_about_the_table_with_the_keys() -> None:
    async with explorer(busy_snapshot()) as running:
        await running.press("2", "question_mark")
        text = running.screen_text
        assert "Keys on endpoints" in text
        assert "Ctrl-w" in text


@pytest.mark.parametrize("size", [(160, 45), (80, 24), (20, 10)])
async def test_read_only_is_always_on_screen(size: tuple[int, int]) -> None:
    settings = Settings(read_only=True)
    async with explorer(busy_snapshot(), size=size, settings=settings) as running:
        for key in ("d", "escape", "question_mark", "escape", "slash"):
            text = running.screen_text
            assert "read-only" in text or "RO" in text
            await running.press(key)


async def test_a_lost_engine_leaves_everything_on_screen_and_says_so() -> None:
    async with explorer(busy_snapshot(), lost_engine()) as running:
        text = running.screen_text
        assert "pay_secure" in text
        assert "what is shown is from before" in text
        assert "lost since 12:00:00" in text
        await running.hear(busy_snapshot())
        assert "The engine answers again" in running.screen_text
        assert "lost" not in running.screen_text


async def test_a_page_does_not_hide_that_the_engine_is_lost() -> None:
    async with explorer(busy_snapshot()) as running:
        await running.press("d")
        await running.hear(lost_engine())
        assert "lost since 12:00:00" in running.screen_text


async def test_an_engine_that_never_answered() -> None:
    async with explorer(lost_engine()) as running:
        text = running.screen_text
        assert "There is no engine at unix:///var/run/docker.sock" in text
        assert "sudo systemctl start docker" in text
        assert "from before" not in text


async def test_a_worker_names_its_managers() -> None:
    async with explorer(worker_snapshot()) as running:
        text = running.screen_text
        assert "This node is a worker" in text
        assert "192.168.77.1, 192.168.77.2" in text
        await running.press("down")
        assert "10.20.0.69" in [cells[0] for cells in running.cells("endpoints")]


async def test_outside_a_swarm() -> None:
    async with explorer(empty_snapshot()) as running:
        assert "This engine is in no swarm" in running.screen_text


async def test_trouble_is_marked_without_colour() -> None:
    async with explorer(failing_snapshot()) as running:
        rows = {cells[0]: cells for cells in running.cells("networks")}
        assert rows["! overlap"][1] == "not allocated"
        assert rows["! tiny"][2] == "10 wanted of 8"
        assert "1 problem" in running.screen_text


async def test_hostile_names_are_shown_as_they_are() -> None:
    hostile = network(
        "[/red]x", "10.20.4.0/26", vxlan=4111, labels={"a": "\x1b[31mred\x1b]0;t\x07"}
    )
    evil = service("[bold]web[/]", [hostile], {"[/red]x": "10.20.4.2"})
    held = task(evil, 1, NODES[0], {"[/red]x": "10.20.4.3"}, error="[@click=app.quit]x[/]")
    busy = busy_snapshot()
    snapshot = replace(
        _with_networks(busy, hostile),
        services=(*busy.services, evil),
        tasks=(*busy.tasks, held),
    )
    async with explorer(snapshot) as running:
        await running.press("slash")
        await running.write("red")
        await running.press("enter")
        text = running.screen_text
        assert "[/red]x" in text
        assert "[bold]web[/]" in text
        for key in ("d", "u", "y"):
            await running.press(key)
            assert "\x1b" not in running.screen_text.replace("\N{SYMBOL FOR ESCAPE}", "")
            await running.press("escape")
        await running.press("c", "enter", "enter")
        assert "[@click=app.quit]x[/]" in running.screen_text


async def _everywhere(running: Running) -> None:
    keys = [*"1234dyucjgGNSUAHKO-[?", "tab", "shift+tab", "enter", "escape"]
    keys += ["pagedown", "pageup", "home", "end", "left", "right", "ctrl+w", "ctrl+r", "ctrl+t"]
    names = {"?": "question_mark", "-": "minus", "[": "left_square_bracket"}
    for key in keys:
        await running.pilot.press(names.get(key, key))
        while running.shows(ReadingScreen):
            await running.press("escape")


_PLACES = ["networks", "services", "nodes", "tasks", "ports", "problems"]
_SIZES = [(160, 45), (40, 12)]


@pytest.mark.parametrize(("place", "size"), zip(_PLACES, _SIZES * 3, strict=True))
async def test_every_key_everywhere_does_no_harm(place: str, size: tuple[int, int]) -> None:
    async with explorer(failing_snapshot(), size=size) as running:
        await running.press("colon")
        await running.write(place)
        await running.press("enter")
        await _everywhere(running)
        assert running.app.is_running


@pytest.mark.parametrize("size", [(20, 10), (10, 4), (5, 3), (300, 100)])
async def test_any_size_survives(size: tuple[int, int]) -> None:
    async with explorer(failing_snapshot(), size=size) as running:
        await running.press("down", "2", "3", "4", "1")
        assert running.app.is_running


async def test_changing_the_size_keeps_the_selection() -> None:
    async with explorer(busy_snapshot()) as running:
        await running.press("down", "down")
        for size in ((80, 24), (20, 10), (160, 45)):
            await running.pilot.resize_terminal(*size)
            await running.pilot.pause()
            assert running.pane("networks").selected_key == SECURE.id


async def test_narrow_screens_show_one_pane_at_a_time() -> None:
    async with explorer(busy_snapshot(), size=(80, 24)) as running:
        assert "[1 Networks]" in running.screen_text
        assert "ADDRESS" not in running.screen_text
        await running.press("2")
        assert "[2 Endpoints]" in running.screen_text
        assert "lb-ingress" in running.screen_text


def _watch_painting(pane: Pane, painted: list[str]) -> None:
    paint = pane.render_line

    def watched(y: int) -> Strip:
        painted.append(pane.kind)
        return paint(y)

    pane.render_line = watched  # type: ignore[method-assign]


async def test_nothing_is_painted_when_nothing_changes() -> None:
    busy = busy_snapshot()
    async with explorer(busy) as running:
        await running.press("down")
        await running.until(lambda: running.feed.looked_at[-1:] == [APP.id])
        painted: list[str] = []
        panes = [running.pane(kind) for kind in ("networks", "endpoints", "peers", "pools")]
        for pane in panes:
            _watch_painting(pane, painted)
        for seconds in (2, 4, 6):
            later = replace(busy_snapshot(), taken_at=NOW + timedelta(seconds=seconds))
            await running.hear(later)
        assert painted == []
        one_more = network("zzz", "10.20.9.0/26", vxlan=4120)
        await running.hear(_with_networks(busy, one_more))
        assert painted


async def test_clicking_selects_and_opens() -> None:
    async with explorer(busy_snapshot()) as running:
        await running.pilot.click("#networks", offset=(6, 4))
        await running.pilot.pause()
        assert running.pane("networks").selected_key == SECURE.id
        await running.pilot.click("#networks", offset=(6, 4))
        await running.pilot.pause()
        assert "endpoints of pay_secure" in running.screen_text


async def test_no_color_still_shows_the_cursor(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    async with explorer(busy_snapshot()) as running:
        await running.press("down")
        assert "▌ app" in running.screen_text


async def test_keys_that_arrive_together_act_in_their_order() -> None:
    async with explorer(busy_snapshot()) as running:
        # As over a slow line: all of them are there before the first was looked at.
        for key in ("slash", "x", "x", "ctrl+u", "w", "e", "x", "backspace", "b", "home", "!"):
            running.app.post_message(Key(key, key if len(key) == 1 else None))
        await running.until(lambda: running.pane("networks").filter_text == "!web")
        for key in ("w", "escape", "j", "colon", "t", "backspace", "s", "v", "c", "enter", "j"):
            running.app.post_message(Key(key, key if len(key) == 1 else None))
        await running.until(lambda: running.app.history.here.kind == "services")
        await running.press("escape")
        assert running.pane("networks").filter_text == ""


async def test_it_can_end_before_its_first_screen_is_whole(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    mount = SwarmtuiApp.on_mount

    def mount_and_end(app: SwarmtuiApp) -> None:
        mount(app)
        app.exit(return_code=143)

    monkeypatch.setattr(SwarmtuiApp, "on_mount", mount_and_end)
    app = SwarmtuiApp(None, Settings())
    await app.run_async(headless=True, size=(80, 24))
    assert app.return_code == 143


async def test_what_was_never_read_is_not_said_to_be_absent() -> None:
    unread = Problem("services", "", "No answer in 10 seconds.")
    async with explorer(replace(empty_snapshot(), problems=(unread,))) as running:
        await running.press("colon", *"services", "enter")
        assert "There are no services." not in running.screen_text
        assert "1 problem" in running.screen_text
        await running.hear(empty_snapshot())
        assert "There are no services." in running.screen_text


async def test_a_key_right_after_a_panes_number_is_for_that_pane() -> None:
    async with explorer(busy_snapshot()) as running:
        before = running.pane("networks").selected_key
        for key in ("2", "down"):
            running.app.post_message(Key(key, key if len(key) == 1 else None))
        endpoints = running.pane("endpoints")
        await running.until(lambda: endpoints.has_focus)
        await running.pilot.pause()
        assert running.pane("networks").selected_key == before
        assert endpoints.selected_key == endpoints.visible_rows()[1].key
