"""`:path`: a page that follows the swarm, and the form where names are missing or wrong."""

from __future__ import annotations

from textual.widgets import Input

from swarmtui.screens.path import PathForm, PathScreen
from swarmtui.widgets import Prompt
from tests.builders import NODES, WEB, busy_snapshot, worker_snapshot
from tests.replacing import replace
from tests.ui.explorers import Running, explorer


async def go(running: Running, line: str) -> None:
    await running.press("colon")
    await running.write(line)
    await running.press("enter")


async def test_two_names_lead_to_the_path_which_follows_the_swarm() -> None:
    async with explorer(busy_snapshot()) as running:
        await go(running, "path rr web")
        assert running.shows(PathScreen)
        assert "Path from rr to web" in running.screen_text
        assert "rr, service (dnsrr), 2 tasks on node2, node3" in running.screen_text
        busy = busy_snapshot()
        stopped = tuple(
            replace(each, state="preparing") if each.service_id == WEB.id else each
            for each in busy.tasks
        )
        await running.hear(replace(busy, tasks=stopped))
        assert "No task of web answers on app" in running.screen_text
        await running.hear(replace(busy, services=()))
        assert "There is no service, task or container rr." in running.screen_text
        await running.press("escape")
        assert not running.shows(PathScreen)


async def test_the_other_way_is_another_path() -> None:
    async with explorer(busy_snapshot()) as running:
        await go(running, "path rr web")
        await running.press("r")
        assert "Path from web to rr" in running.screen_text
        await running.press("escape")
        await go(running, "path outside:8080 web")
        assert "web publishes tcp 8080" in running.screen_text
        await running.press("r")
        assert "Only the way in" in running.screen_text
        assert "Path from outside:8080 to web" in running.screen_text


async def test_without_names_a_form_asks_for_them() -> None:
    async with explorer(busy_snapshot()) as running:
        await go(running, "path")
        assert running.shows(PathForm)
        assert "pay_db rr web" in running.screen_text
        await running.write("we")
        assert "Did you mean web" in running.screen_text
        await running.write("b")
        await running.press("tab")
        await running.write("rr")
        await running.press("enter")
        assert running.shows(PathScreen)
        assert "Path from web to rr" in running.screen_text
        await running.press("escape")
        assert running.shows(PathForm)


async def test_a_wrong_name_is_asked_for_again() -> None:
    async with explorer(busy_snapshot()) as running:
        await go(running, "path web nope")
        assert running.shows(PathForm)
        assert "There is no service, task or container nope." in running.screen_text
        await running.press("enter")
        assert running.shows(PathForm)
        await running.press("ctrl+u")
        await running.write("web.1")
        await running.press("enter")
        assert "Path from web to web.1" in running.screen_text


async def test_names_are_completed_after_the_word() -> None:
    async with explorer(busy_snapshot()) as running:
        await running.press("colon")
        prompt = running.app.screen.query_one("#goto", Prompt)
        for typed, whole in (
            ("pa", "path"),
            (" pa", "path pay_db"),
            (" w", "path pay_db web"),
        ):
            await running.write(typed)
            await running.press("tab")
            assert prompt.query_one(Input).value == whole
        await running.press("enter")
        assert "Path from pay_db to web" in running.screen_text


async def test_hostile_names_stay_text() -> None:
    busy = busy_snapshot()
    evil = replace(NODES[0], hostname="[red]n\x1b[2J")
    async with explorer(replace(busy, nodes=(evil, *NODES[1:]))) as running:
        await go(running, "path web rr")
        assert "[red]n␛[2J" in running.screen_text


async def test_a_worker_says_who_could_tell() -> None:
    async with explorer(worker_snapshot()) as running:
        await go(running, "path web rr")
        assert "Only a manager knows" in running.screen_text
