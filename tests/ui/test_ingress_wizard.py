"""The ingress wizard by its keys: form, review, export, confirmation."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from textual.widgets import Button, Input

from swarmtui.model import Activity, Snapshot
from swarmtui.operations import BuildIngress, Range, read_operation
from swarmtui.screens import ExplorerScreen, OperationScreen
from swarmtui.screens.ingress import IngressScreen
from swarmtui.screens.review import ReviewScreen
from swarmtui.settings import Settings
from swarmtui.widgets import Choice, Field
from tests.builders import (
    APP,
    INGRESS,
    NODES,
    NOW,
    WEB,
    busy_snapshot,
    network,
    node,
    service,
    worker_snapshot,
)
from tests.ui.desks import PaperDesk, begun, paper_desk
from tests.ui.explorers import Running, explorer


@pytest.fixture
def desk(tmp_path: Path) -> PaperDesk:
    return paper_desk(tmp_path / "operations")


def field(running: Running, name: str) -> Field:
    return running.app.screen.query_one(f"#{name}", Field)


async def fill(running: Running, name: str, text: str) -> None:
    """Put a text into a field, in the place of what is there; typing it takes long."""
    field(running, name).take_keys()
    field(running, name).put(text)
    await running.pilot.pause()


async def open_form(running: Running, **texts: str) -> None:
    await running.press("i")
    assert running.shows(IngressScreen)
    for name, text in texts.items():
        await fill(running, name, text)


async def confirm(running: Running, word: str) -> None:
    await running.press("tab")
    await running.write(word)
    await running.press("enter")


async def test_the_form_begins_with_the_ingress_that_there_is() -> None:
    async with explorer(busy_snapshot()) as running:
        await open_form(running)
        assert [field(running, name).text for name in ("name", "subnet", "gateway", "mtu")] == [
            "ingress",
            "10.20.0.0/26",
            "",
            "",
        ]
        text = running.screen_text
        assert "ingress 10.20.0.0/26, gateway 10.20.0.1, MTU 1500" in text
        assert "13 addresses while tasks are replaced; 10.20.0.0/26 holds 64" in text
        assert "the ports of 1 service for a while: web" in text
        assert "1450 inside containers" in text


WRONG = (
    ("name", "", "An ingress needs a name."),
    ("name", "app", "There is a swarm network app already."),
    ("name", "no good", "Letters, digits"),
    ("subnet", "10.11.0.0", "Write it with its prefix length"),
    ("subnet", "10.11.0.1/16", "It has host bits set: write 10.11.0.0/16"),
    ("subnet", "10.20.0.64/27", "It overlaps network app (10.20.0.64/26)."),
    ("subnet", "172.17.0.0/24", "It overlaps this node's bridge network bridge"),
    ("subnet", "192.168.77.0/24", "It overlaps the address of node1 (192.168.77.1)."),
    ("subnet", "10.99.0.0/24", "It overlaps the LAN range (10.99.0.0/16)."),
    ("subnet", "10.11.0.0/29", "It holds 8 addresses"),
    ("gateway", "10.11.0.2", "It is not in 10.20.0.0/26."),
    ("gateway", "10.20.0.63", "It is the broadcast address"),
    ("mtu", "fast", "A number of bytes"),
    ("mtu", "300", "Containers would get 250"),
    ("labels", "a='b", "Write them as key=value"),
)


async def test_what_would_not_work_is_told_while_typing(desk: PaperDesk) -> None:
    settings = Settings(lan_ranges=("10.99.0.0/16",))
    async with explorer(busy_snapshot(), settings=settings, desk=desk) as running:
        for name, typed, told in WRONG:
            await open_form(running, **{name: typed})
            assert f"✗ {told}" in running.screen_text
            assert running.app.screen.query_one("#review", Button).disabled
            field(running, "name").take_keys()
            await running.press("enter")
            assert running.shows(IngressScreen)
            focused = running.app.screen.focused
            assert isinstance(focused, Input)
            assert field(running, name) in focused.ancestors
            await running.press("ctrl+n")
            assert running.shows(IngressScreen)
            await running.press("escape")


async def test_a_free_subnet_is_proposed() -> None:
    async with explorer(busy_snapshot()) as running:
        await open_form(running, subnet="10.20.0.64/26", gateway="10.20.0.70")
        assert "free: 10.20.0.192/26" in running.screen_text
        await running.press("ctrl+f")
        assert field(running, "subnet").text == "10.20.0.192/26"
        assert field(running, "gateway").text == ""
        assert "10.20.0.193 if left empty" in running.screen_text
        assert not running.app.screen.query_one("#review", Button).disabled


async def test_encryption_shows_its_price_and_defects() -> None:
    old = tuple(replace(each, engine_version="20.10.7") for each in NODES)
    async with explorer(replace(busy_snapshot(), nodes=old)) as running:
        await open_form(running, mtu="1400")
        assert "1350 inside containers" in running.screen_text
        running.app.screen.query_one("#encrypted", Choice).focus()
        await running.press("space")
        text = running.screen_text
        assert "[x] Encrypt data between nodes" in text
        assert "1324 inside containers" in text
        assert "! Engine 20.10.7 accepts packets in the clear" in text
        # A warning keeps nobody from going on.
        assert not running.app.screen.query_one("#review", Button).disabled


async def test_the_form_follows_the_swarm() -> None:
    busy = busy_snapshot()
    async with explorer(busy) as running:
        await open_form(running, subnet="10.11.0.0/24")
        assert "✗" not in running.screen_text
        there = network("there", "10.11.0.128/25", vxlan=4200)
        await running.hear(replace(busy, networks=(*busy.networks, there)))
        assert "✗ It overlaps network there" in running.screen_text


async def test_keys_typed_without_a_pause_reach_the_next_field() -> None:
    async with explorer(busy_snapshot()) as running:
        await running.press("i")
        await running.pilot.press(
            "end", "ctrl+u", *"10.11.0.0/16", "tab", *"10.11.0.2", "down", *"1200", "up"
        )
        await running.pilot.pause()
        assert [field(running, name).text for name in ("subnet", "gateway", "mtu")] == [
            "10.11.0.0/16",
            "10.11.0.2",
            "1200",
        ]


async def review(running: Running, subnet: str = "10.11.0.0/16") -> None:
    await open_form(running, subnet=subnet)
    await running.press("enter")
    assert running.shows(ReviewScreen)


async def test_the_review_tells_everything(desk: PaperDesk) -> None:
    job = service("batch", mode="replicated-job", ports=(replace(WEB.ports[0], published=7),))
    busy = replace(busy_snapshot(), nodes=(*NODES[:2], node(3, state="down")))
    async with explorer(replace(busy, services=(WEB, job)), size=(160, 60), desk=desk) as running:
        await review(running)
        text = running.screen_text
        assert "web  8080/tcp closed for up to" in text
        assert "batch is a job: it runs again, twice." in text
        assert "node3 cannot be reached" in text
        assert "2 managers tolerate no more failures than 1 would" in text
        assert "docker service update --publish-rm 80/tcp web" in text
        assert "docker network create --driver overlay --ingress --subnet 10.11.0.0/16" in text
        assert "until every Ready node is a peer of the ingress" in text
        assert "Type ingress to start" in text


async def test_cancel_has_the_keys(desk: PaperDesk) -> None:
    async with explorer(busy_snapshot(), desk=desk) as running:
        await review(running)
        focused = running.app.screen.focused
        assert isinstance(focused, Button)
        assert focused.id == "decline"
        await running.press("enter")
        assert running.shows(IngressScreen)
        assert field(running, "subnet").text == "10.11.0.0/16"
        await running.press("escape")
        assert running.shows(ExplorerScreen)
    assert desk.asked == []
    assert not desk.folder.exists()


@pytest.mark.parametrize("word", ["", "yes", "ingres", "INGRESS"])
async def test_another_word_starts_nothing(word: str, desk: PaperDesk) -> None:
    async with explorer(busy_snapshot(), desk=desk) as running:
        await review(running)
        await confirm(running, word)
        assert running.shows(ReviewScreen)
        assert running.app.screen.query_one("#act", Button).disabled
    assert desk.asked == []
    assert not desk.folder.exists()


async def test_the_right_word_starts_what_was_reviewed(desk: PaperDesk) -> None:
    async with explorer(busy_snapshot(), desk=desk) as running:
        await open_form(running, subnet="10.11.0.0/16", gateway="10.11.0.2", mtu="1200")
        running.app.screen.query_one("#at-once", Choice).focus()
        await running.press("space", "ctrl+n")
        await confirm(running, "ingress")
        assert running.shows(OperationScreen)
        assert "Replace the ingress network: ingress" in running.screen_text
        await running.press("escape")
        assert running.shows(ExplorerScreen)
    (asked,) = desk.asked
    assert (asked.direction, asked.take_over) == ("forward", "")
    plan = read_operation(asked.path).head.plan
    assert isinstance(plan.intent, BuildIngress)
    assert plan.intent.at_once
    assert plan.intent.definition.ranges == (Range("10.11.0.0/16", "10.11.0.2"),)
    assert plan.intent.definition.mtu == "1200"


async def test_what_was_typed_counts_only_for_what_was_read(desk: PaperDesk) -> None:
    busy = busy_snapshot()
    async with explorer(busy, desk=desk) as running:
        await review(running)
        await running.press("tab")
        await running.write("ingress")
        await running.hear(replace(busy, taken_at=NOW))
        assert running.app.screen.query_one("Confirmation Input", Input).value == "ingress"
        late = service("late", ports=(replace(WEB.ports[0], published=9090),))
        await running.hear(replace(busy, services=(*busy.services, late)))
        assert running.app.screen.query_one("Confirmation Input", Input).value == ""
        await running.press("enter")
        assert "the plan with it: read it again" in running.screen_text
        assert "Unpublish the ports of late" in running.screen_text
    assert desk.asked == []


async def test_a_needless_change_cannot_be_confirmed(desk: PaperDesk) -> None:
    async with explorer(busy_snapshot(), desk=desk) as running:
        await review(running, "10.20.0.0/26")
        assert "The ingress is like this already" in running.screen_text
        await confirm(running, "ingress")
        assert running.shows(ReviewScreen)
        assert "s Save as script" not in running.screen_text
    assert desk.asked == []


async def export(running: Running, path: Path) -> None:
    await running.press("s")
    running.app.screen.query_one("#script Input", Input).value = str(path)
    await running.press("enter")


@pytest.mark.parametrize("read_only", [True, False])
async def test_the_plan_is_saved_as_a_script(read_only: bool, tmp_path: Path) -> None:
    desk = paper_desk(tmp_path / "operations", read_only=read_only)
    script = tmp_path / "replace.sh"
    settings = Settings(read_only=read_only)
    async with explorer(busy_snapshot(), settings=settings, desk=desk) as running:
        await review(running)
        assert ("Read-only: s saves the plan" in running.screen_text) == read_only
        assert ("Type ingress to start" in running.screen_text) != read_only
        await export(running, script)
        assert "Saved the plan to" in running.screen_text
        await export(running, script)
        assert "is there already" in running.screen_text
        await export(running, Path("/nowhere/at/all.sh"))
        assert "Cannot write /nowhere/at/all.sh" in running.screen_text
    assert script.stat().st_mode & 0o777 == 0o700
    assert "2026-11-24T12:01:15+00:00" in script.read_text()
    assert not desk.folder.exists()


async def test_read_only_ends_at_export(tmp_path: Path) -> None:
    desk = paper_desk(tmp_path / "operations", read_only=True)
    async with explorer(busy_snapshot(), settings=Settings(read_only=True), desk=desk) as running:
        await review(running)
        for key in ("tab", *"ingress", "enter", "ctrl+n", "space", "x", "r", "b", "ctrl+k"):
            await running.press(key)
            if running.app.screen.query("Prompt > Input:focus"):
                await running.press("escape")
    assert desk.asked == []
    assert not desk.folder.exists()


LOCK = Activity(
    "lock1",
    operation="20261124-115900-beef",
    title="Replace the ingress network",
    who="bob",
    host="node2",
    step=4,
    steps=9,
    since="2026-11-24T11:59:00Z",
    seen="2026-11-24T11:59:40Z",
)


async def test_who_is_at_it_is_on_screen_and_can_be_taken_over(desk: PaperDesk) -> None:
    busy = replace(busy_snapshot(), activity=LOCK)
    async with explorer(busy, desk=desk) as running:
        told = "bob@node2 is replacing the ingress network, step 4 of 9"
        assert told in running.screen_text
        await review(running)
        text = running.screen_text
        assert told in text
        assert "last heard of 2026-11-24T11:59:40Z" in text
        await confirm(running, "ingress")
        assert desk.asked == []
        await running.press("end", "ctrl+u")
        await running.write("take over ingress")
        await running.press("enter")
    assert [each.take_over for each in desk.asked] == ["lock1"]


async def test_nothing_new_is_started_before_the_old_is_over(desk: PaperDesk) -> None:
    begun(desk)
    async with explorer(busy_snapshot(), desk=desk) as running:
        await running.press("escape")
        await review(running)
        assert "Replace the ingress network is not over" in running.screen_text
        await confirm(running, "ingress")
        assert running.shows(ReviewScreen)
    assert desk.asked == []


async def test_an_ingress_that_is_missing_is_created(desk: PaperDesk) -> None:
    busy = busy_snapshot()
    bare = replace(
        busy, networks=tuple(each for each in busy.networks if each is not INGRESS), services=()
    )
    async with explorer(bare, desk=desk) as running:
        await open_form(running)
        assert "there is no ingress network" in running.screen_text
        assert field(running, "subnet").text == "10.20.0.0/26"
        await running.press("enter")
        await confirm(running, "ingress")
    (asked,) = desk.asked
    assert read_operation(asked.path).title == "Create the missing ingress network"


async def test_only_a_manager_can_replace_it() -> None:
    async with explorer(worker_snapshot()) as running:
        await running.press("i")
        assert running.shows(ExplorerScreen)


async def test_hostile_names_are_shown_as_they_are(desk: PaperDesk) -> None:
    evil = replace(WEB, name="[/red]\x1b[31m[@click=app.quit]web[/]")
    bad = replace(APP, name="[bold]x[/red]")
    busy = busy_snapshot()
    snapshot = replace(busy, services=(evil,), networks=(bad, INGRESS))
    async with explorer(snapshot, desk=desk) as running:
        await open_form(running, subnet="10.20.0.64/26")
        assert "[bold]x[/red]" in running.screen_text
        await fill(running, "subnet", "10.11.0.0/16")
        await running.press("enter")
        assert "[@click=app.quit]web[/]" in running.screen_text
        assert "\x1b" not in running.screen_text
        await confirm(running, "ingress")
        assert running.shows(OperationScreen)


@pytest.mark.parametrize("size", [(20, 10), (10, 4), (200, 60)])
async def test_any_size_survives(size: tuple[int, int], desk: PaperDesk) -> None:
    snapshot: Snapshot = busy_snapshot()
    async with explorer(snapshot, size=size, desk=desk) as running:
        await review(running)
        await running.press("down", "pagedown", "G", "g", "s", "escape")
        await confirm(running, "ingress")
        assert running.shows(OperationScreen)
        assert running.app.is_running
