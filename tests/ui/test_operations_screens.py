"""Operations on screen: followed live, offered when they stopped, and what is offered to repair."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from swarmtui.model import Cluster, Standing
from swarmtui.operations import SpreadIngress, State, plan_repair, read_operation
from swarmtui.operations.lines import Entered, Noted, Reached, Run
from swarmtui.screens import ExplorerScreen, OperationScreen
from swarmtui.screens.operations import OperationsScreen
from swarmtui.screens.review import ReviewScreen
from swarmtui.settings import Settings
from tests.builders import APP, INGRESS, NODES, NOW, busy_snapshot, engine, inspection
from tests.ui.desks import (
    PaperDesk,
    begun,
    end,
    lines_until,
    mesh_plan,
    moment,
    paper_desk,
    running,
    stop_line,
    write,
)
from tests.ui.explorers import Running, explorer


@pytest.fixture
def desk(tmp_path: Path) -> PaperDesk:
    return paper_desk(tmp_path / "operations")


async def confirm(shown: Running, word: str) -> None:
    await shown.press("tab")
    await shown.write(word)
    await shown.press("enter")


def stopped(desk: PaperDesk) -> Path:
    path = begun(desk)
    write(path, *lines_until(3, words="the swarm still lists it"), stop_line())
    return path


async def test_a_running_one_is_followed(desk: PaperDesk) -> None:
    path = begun(desk)
    async with explorer(busy_snapshot(), desk=desk) as shown:
        await shown.press("escape")
        with running(path, *lines_until(1, words="3 tasks still on the ingress: web")) as journal:
            await shown.look_at_journals()
            notice = "▶ Replace the ingress network, step 1 of 7: 3 tasks still on the ingress: web"
            assert notice in shown.screen_text
            await shown.press("o")
            assert shown.shows(OperationsScreen)
            assert shown.cells("operations")[0][:3] == (
                "running",
                "Replace the ingress network",
                "1/7",
            )
            await shown.press("enter")
            assert "▶  1 Unpublish the ports of web  65 s" in shown.screen_text
            assert "It goes on by itself" in shown.screen_text
            journal.append(Reached(1, moment(25)))
            journal.append(Entered(2, moment(25)))
            journal.append(Noted(2, "peers 2 of 3", moment(26)))
            await shown.look_at_journals()
            text = shown.screen_text
            assert "✓  1 Unpublish the ports of web  15 s" in text
            assert "▶  2 Wait until no task is on ingress  50 s" in text
            assert "peers 2 of 3" in text
            await shown.press("escape", "escape")
            assert shown.shows(ExplorerScreen)
        assert desk.asked == []


async def test_its_end_is_told_wherever_one_is(desk: PaperDesk) -> None:
    path = begun(desk)
    async with explorer(busy_snapshot(), desk=desk) as shown:
        await shown.press("escape")
        with running(path, *lines_until(7)):
            await shown.look_at_journals()
        end(path)
        await shown.look_at_journals()
        assert "Replace the ingress network: done." in shown.screen_text
        await shown.press("o", "d")
        assert "done in 90 s." in shown.screen_text


async def test_one_that_stopped_is_offered_at_the_start(desk: PaperDesk) -> None:
    stopped(desk)
    async with explorer(busy_snapshot(), desk=desk) as shown:
        assert shown.shows(OperationScreen)
        text = shown.screen_text
        assert "✗  3 Remove the network ingress" in text
        assert "Waited 60 seconds in vain: the swarm still lists it." in text
        assert "There is no ingress network now." in text
        assert "r Resume" in text
        assert "b Roll back" in text
        await shown.press("escape")
        assert shown.shows(ExplorerScreen)
        assert "stopped part-way, step 3 of 7" in shown.screen_text
        await shown.hear(busy_snapshot())
        assert shown.shows(ExplorerScreen)


async def test_what_a_killed_runner_left_is_told(desk: PaperDesk) -> None:
    path = begun(desk)
    write(path, *lines_until(4))
    busy = busy_snapshot()
    bare = replace(
        busy,
        networks=tuple(each for each in busy.networks if each is not INGRESS),
        services=tuple(replace(each, ports=(), asked_ports=()) for each in busy.services),
    )
    async with explorer(bare, desk=desk) as shown:
        assert "Its process ended." in shown.screen_text
        assert "There is no ingress network now. Closed are the ports of web." in shown.screen_text


async def test_one_of_another_swarm_is_not_offered(desk: PaperDesk) -> None:
    stopped(desk)
    other = replace(busy_snapshot(), cluster=Cluster("another"))
    async with explorer(other, desk=desk) as shown:
        assert shown.shows(ExplorerScreen)
        assert "stopped part-way" not in shown.screen_text
        await shown.press("o")
        assert shown.cells("operations") == []


@pytest.mark.parametrize(
    ("key", "direction", "word", "told"),
    [("r", "forward", "Type ingress to resume", "mesh"), ("b", "back", "to roll back", "web")],
)
async def test_both_ways_are_reviewed_before_they_are_gone(
    key: str, direction: str, word: str, told: str, desk: PaperDesk
) -> None:
    path = stopped(desk)
    busy = busy_snapshot()
    # As it is after the third step: no ingress, and nothing published.
    bare = replace(
        busy,
        networks=tuple(each for each in busy.networks if each is not INGRESS),
        services=tuple(replace(each, ports=(), asked_ports=()) for each in busy.services),
        tasks=(),
    )
    async with explorer(bare, desk=desk) as shown:
        await shown.press(key)
        assert shown.shows(ReviewScreen)
        text = shown.screen_text
        assert word in text
        assert told in text
        assert "Touch node1, node2, node3" in text
        await confirm(shown, "ingress")
        assert shown.shows(OperationScreen)
    assert [(each.path, each.direction) for each in desk.asked] == [(path, direction)]


async def test_dismissing_says_what_stays(desk: PaperDesk) -> None:
    path = stopped(desk)
    async with explorer(busy_snapshot(), desk=desk) as shown:
        await shown.press("ctrl+d")
        assert "The ingress is ingress with 10.20.0.0/26." in shown.screen_text
        await shown.press("enter")
        assert desk.asked == []
        await shown.press("ctrl+d")
        await confirm(shown, "dismiss")
        assert [(each.path, each.direction) for each in desk.asked] == [(path, "dismiss")]


async def test_a_running_one_is_stopped_only_when_that_is_confirmed(desk: PaperDesk) -> None:
    path = begun(desk)
    with running(path, *lines_until(2)):
        async with explorer(busy_snapshot(), desk=desk) as shown:
            await shown.press("o", "enter")
            assert "r Resume" not in shown.screen_text
            await shown.press("ctrl+k")
            assert "What is closed by then stays closed" in shown.screen_text
            await shown.press("enter")
            assert desk.stopped == []
            await shown.press("ctrl+k")
            await confirm(shown, "stop")
            assert desk.stopped == [path.stem]
            assert "Asked it to stop" in shown.screen_text


async def test_rolling_back_is_called_so(desk: PaperDesk) -> None:
    path = stopped(desk)
    with running(path, Run("back", 4712, mesh_plan(), moment(70)), Entered(1, moment(71))):
        async with explorer(busy_snapshot(), desk=desk) as shown:
            assert "▶ Rolling back: Replace the ingress network, step 1 of 7" in shown.screen_text
            await shown.press("o", "enter")
            assert "rolling back" in shown.screen_text


async def test_read_only_shows_and_offers_nothing(tmp_path: Path) -> None:
    path = stopped(paper_desk(tmp_path))
    before = path.read_bytes()
    desk = paper_desk(tmp_path, read_only=True)
    async with explorer(busy_snapshot(), settings=Settings(read_only=True), desk=desk) as shown:
        await shown.press("escape", "o", "enter")
        assert shown.shows(OperationScreen)
        assert "r Resume" not in shown.screen_text
        await shown.press("r", "b", "ctrl+d", "ctrl+k")
        assert shown.shows(OperationScreen)
    assert desk.asked == []
    assert path.read_bytes() == before


async def test_a_damaged_journal_is_told_once(desk: PaperDesk) -> None:
    desk.folder.mkdir()
    (desk.folder / "20260101-000000-bad.jsonl").write_text("{}\n")
    async with explorer(busy_snapshot(), desk=desk) as shown:
        await shown.until(lambda: "Move it out" in shown.screen_text)
        shown.app.clear_notifications()
        await shown.look_at_journals()
        assert "Move it out" not in shown.screen_text
        await shown.press("o")
        assert shown.cells("operations") == []


async def test_a_runner_that_cannot_be_started_is_told(
    desk: PaperDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = stopped(desk)

    def refuse(*_: object, **__: object) -> None:
        raise OSError(12, "Cannot allocate memory")

    monkeypatch.setattr("swarmtui.operations.desk.launch", refuse)
    monkeypatch.setattr(PaperDesk, "run", PaperDesk.__mro__[1].run)  # type: ignore[attr-defined]
    async with explorer(busy_snapshot(), desk=desk) as shown:
        await shown.press("r")
        await confirm(shown, "ingress")
        assert "The runner cannot be started" in shown.screen_text
        assert "allocate" in shown.screen_text
    assert read_operation(path).state is State.STOPPED


async def test_a_repair_is_offered_once_it_has_been_needed_for_long(desk: PaperDesk) -> None:
    busy = busy_snapshot()
    lacking = {**busy.inspections, INGRESS.id: inspection(INGRESS, NODES[:2])}
    need = "node3 without the ingress network: published ports do not answer there"
    async with explorer(busy, desk=desk) as shown:
        for seconds, shows in ((0, False), (4, False), (9, False), (10, True)):
            at = NOW + timedelta(seconds=seconds)
            await shown.hear(replace(busy, inspections=lacking, taken_at=at, tasks_at=at))
            assert (need in shown.screen_text) == shows
        assert "x Repair" in shown.screen_text
        await shown.press("x")
        assert shown.shows(ReviewScreen)
        assert "docker node update --availability active node3" in shown.screen_text
        await confirm(shown, "ingress")
        (asked,) = desk.asked
        assert read_operation(asked.path).head.plan.intent == SpreadIngress()
        await shown.press("escape")
        end(asked.path)
        await shown.look_at_journals()
        for seconds in (30, 36):
            at = NOW + timedelta(seconds=seconds)
            await shown.hear(replace(busy, taken_at=at, tasks_at=at))
        assert need not in shown.screen_text
        assert "x Repair" not in shown.screen_text
        await shown.press("x")
        assert shown.shows(ExplorerScreen)


async def test_a_missing_ingress_is_offered_to_be_created(desk: PaperDesk) -> None:
    busy = busy_snapshot()
    async with explorer(desk=desk) as shown:
        for seconds in (0, 11):
            at = NOW + timedelta(seconds=seconds)
            await shown.hear(replace(busy, networks=(APP,), services=(), taken_at=at))
        assert "There is no ingress network" in shown.screen_text
        await shown.press("x")
        assert "Create the missing ingress network" in shown.screen_text


async def test_nothing_is_offered_while_somebody_is_at_it(desk: PaperDesk) -> None:
    busy = replace(busy_snapshot(), networks=(APP,), services=())
    path = begun(desk)
    with running(path, *lines_until(4)):
        async with explorer(busy, desk=desk) as shown:
            await shown.hear(replace(busy, taken_at=NOW + timedelta(seconds=60)))
            assert "There is no ingress network" not in shown.screen_text
            assert "step 4 of 7" in shown.screen_text


async def test_without_a_leader_no_repair_is_offered(desk: PaperDesk) -> None:
    silent = replace(busy_snapshot(), networks=(APP,), engine=engine(Standing.NO_LEADER))
    async with explorer(desk=desk) as shown:
        for seconds in (0, 11):
            await shown.hear(replace(silent, taken_at=NOW + timedelta(seconds=seconds)))
        assert "There is no ingress network" not in shown.screen_text
        assert plan_repair(silent).title == "The swarm cannot be read well enough"


_KEYS = [*"rbsxiodyuc/:?jkgG", "ctrl+d", "ctrl+k", "ctrl+f", "tab", "enter", "space", "pagedown"]
_NAMES = {"/": "slash", ":": "colon", "?": "question_mark"}


@pytest.mark.parametrize(("opening", "size"), [("i", (40, 12)), ("o", (160, 45))])
async def test_every_key_does_no_harm(opening: str, size: tuple[int, int], desk: PaperDesk) -> None:
    stopped(desk)
    async with explorer(busy_snapshot(), size=size, desk=desk) as shown:
        for key in _KEYS:
            while len(shown.app.screen_stack) > 2:
                await shown.press("escape")
            await shown.pilot.press(opening, _NAMES.get(key, key), "enter", "escape")
        assert shown.app.is_running
    assert desk.asked == []
