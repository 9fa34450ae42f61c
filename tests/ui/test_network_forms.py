"""Networks created, removed, pruned and split by keys: forms, refusals, reviews, confirmation."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from textual.widgets import Button, Input

from swarmtui.model import Network, Service, Snapshot
from swarmtui.operations import Plan, Range, Rearrange, read_operation
from swarmtui.screens import ExplorerScreen, OperationScreen
from swarmtui.screens.create import CreateScreen
from swarmtui.screens.ingress import IngressScreen
from swarmtui.screens.removal import PruneScreen, RemovalScreen
from swarmtui.screens.review import ReviewScreen
from swarmtui.screens.split import SplitScreen
from swarmtui.settings import Settings
from swarmtui.widgets import Choice, Field, Stepper
from tests.builders import (
    APP,
    ROUND,
    WEB,
    busy_snapshot,
    network,
    service,
    unallocated,
    worker_snapshot,
)
from tests.ui.desks import PaperDesk, paper_desk
from tests.ui.explorers import Running, explorer

IDLE = network("idle", "10.20.1.0/26", gateway="10.20.1.1", vxlan=4200, attachable=True)


@pytest.fixture
def desk(tmp_path: Path) -> PaperDesk:
    return paper_desk(tmp_path / "operations")


def with_networks(*networks: Network) -> Snapshot:
    busy = busy_snapshot()
    return replace(busy, networks=(*busy.networks, *networks))


def field(running: Running, name: str) -> Field:
    return running.app.screen.query_one(f"#{name}", Field)


async def fill(running: Running, **texts: str) -> None:
    for name, text in texts.items():
        field(running, name).take_keys()
        field(running, name).put(text)
        await running.pilot.pause()


async def select(running: Running, name: str) -> None:
    """Put the cursor on a network."""
    pane = running.pane("networks")
    keys = [row.key for row in pane.visible_rows()]
    wanted = next(row.key for row in pane.visible_rows() if name in str(row.cells[0]))
    await running.press("1", "home", *["down"] * keys.index(wanted))


async def confirm(running: Running, word: str) -> None:
    await running.press("tab")
    await running.write(word)
    await running.press("enter")


def begun(desk: PaperDesk) -> tuple[Plan, Rearrange]:
    (asked,) = desk.asked
    plan = read_operation(asked.path).head.plan
    assert isinstance(plan.intent, Rearrange)
    return plan, plan.intent


async def test_a_network_is_created_by_keys(desk: PaperDesk) -> None:
    async with explorer(busy_snapshot(), desk=desk) as running:
        await running.press("n")
        assert running.shows(CreateScreen)
        await running.pilot.press(
            *"shop", "down", *"10.77.0.0/24", "tab", *"10.77.0.9", "tab", *"10.77.0.128/25",
            "tab", *"1400", "tab", *"5000", "tab", *"team=a", "tab", "space", "tab", "space",
            "tab", "space",
        )  # fmt: skip
        await running.pilot.pause()
        text = running.screen_text
        assert "✗" not in text
        assert "1324 inside containers" in text
        assert "[x] Containers outside services can be attached" in text
        assert "130 addresses, 127 of them for endpoints" in text
        assert "10.77.0.0/24 is in none of the pools" in text
        await running.press("ctrl+n")
        assert running.shows(ReviewScreen)
        assert "until the network has a subnet and a VXLAN id" in running.screen_text
        await confirm(running, "shop")
        assert running.shows(OperationScreen)
    _, intent = begun(desk)
    (made,) = intent.after.networks
    assert made.ranges == (Range("10.77.0.0/24", "10.77.0.9", "10.77.0.128/25"),)
    assert (made.mtu, made.labels) == ("1400", {"team": "a"})
    assert made.is_encrypted
    assert made.attachable
    assert made.internal


async def test_what_an_empty_form_says() -> None:
    async with explorer(busy_snapshot()) as running:
        await running.press("n")
        text = running.screen_text
        assert "✗ A network needs a name." in text
        assert "pools, or 10.20.0.192/26 (Ctrl-f)" in text
        assert "the pools: 1,021 of 1,024 /26 blocks of 10.20.0.0/16 are left" in text
        assert "64 addresses, 61 of them for endpoints" in text
        assert "the swarm gives overlays no IPv6 addresses" in text
        await running.press("ctrl+f")
        assert field(running, "subnet").text == "10.20.0.192/26"
        assert "10.20.0.192/26 takes 1 block of the pool 10.20.0.0/16" in running.screen_text
        assert "10.20.0.193 if left empty" in running.screen_text


@pytest.mark.parametrize(
    ("texts", "told"),
    [
        ({"name": "app"}, "✗ There is a swarm network app already."),
        ({"subnet": "10.20.0.64/27"}, "✗ It overlaps network app (10.20.0.64/26)."),
        ({"gateway": "10.1.1.1"}, "✗ A gateway needs a subnet."),
        ({"subnet": "10.77.0.0/24", "range": "10.78.0.0/25"}, "✗ 10.78.0.0/25 is not in"),
        ({"mtu": "12"}, "✗ Containers would get"),
        ({"vxlan": "4097"}, "✗ app has 4097 already."),
        ({"labels": "a='"}, "✗ Write them as key=value"),
    ],
)
async def test_what_would_not_work_cannot_be_reviewed(texts: dict[str, str], told: str) -> None:
    async with explorer(busy_snapshot()) as running:
        await running.press("n")
        await fill(running, **{"name": "shop", **texts})
        assert told in running.screen_text
        assert running.app.screen.query_one("#review", Button).disabled
        await running.press("ctrl+n")
        assert running.shows(CreateScreen)


async def test_a_large_subnet_is_advised_against() -> None:
    async with explorer(busy_snapshot()) as running:
        await running.press("n")
        await fill(running, name="shop", subnet="10.76.0.0/22")
        assert "! It is larger than a /24" in running.screen_text
        await running.press("ctrl+n")
        assert running.shows(ReviewScreen)


async def test_a_removal_shows_every_user_and_detaches_them(desk: PaperDesk) -> None:
    async with explorer(busy_snapshot(), desk=desk) as running:
        await select(running, "app")
        await running.press("ctrl+d")
        assert running.shows(RemovalScreen)
        text = running.screen_text
        assert "service rr: 2 tasks on app" in text
        assert "service web: 3 tasks on app" in text
        assert "container box1node2ccc on node2: 10.20.0.76 on app" in text
        assert "t Detach first" in text
        assert "w Wait for me" in text
        await running.press("t")
        assert "t Detach first" not in running.screen_text
        assert "service web" not in running.screen_text
        await running.press("w")
        text = running.screen_text
        assert "w Wait for me" not in text
        assert "Disconnect containers from app by hand" in text
        assert "cannot reach each other: rr and web." in text
        await confirm(running, "app")
        assert running.shows(OperationScreen)
    plan, intent = begun(desk)
    assert plan.title == "Remove the network"
    assert intent.by_hand
    assert [shape.networks for shape in intent.after.services] == [(), ()]


async def test_a_network_that_nobody_uses_is_removed(desk: PaperDesk) -> None:
    async with explorer(with_networks(IDLE), desk=desk) as running:
        await select(running, "idle")
        await running.press("ctrl+d")
        text = running.screen_text
        assert "t Detach first" not in text
        assert "Compose files may expect these as external networks" in text
        await confirm(running, "idle")
    assert begun(desk)[0].subject == "idle"


async def test_one_that_was_never_allocated_is_removed_for_good(desk: PaperDesk) -> None:
    async with explorer(with_networks(unallocated()), desk=desk) as running:
        await select(running, "overlap")
        await running.press("ctrl+d")
        assert (
            "Never allocated, and the engine does not tell what was asked for"
            in running.screen_text
        )
        await confirm(running, "overlap")
    assert begun(desk)[1].before.networks == ()


async def test_the_ingress_leads_to_its_wizard() -> None:
    async with explorer(busy_snapshot()) as running:
        await select(running, "ingress")
        await running.press("ctrl+d")
        assert running.shows(RemovalScreen)
        assert "replace it with i in the explorer" in running.screen_text
        assert "Detach first" not in running.screen_text
        await running.press("escape", "s")
        assert running.shows(IngressScreen)


@pytest.mark.parametrize("key", ["ctrl+d", "s"])
async def test_local_networks_are_no_subject_of_it(key: str) -> None:
    async with explorer(busy_snapshot()) as running:
        await select(running, "docker_gwbridge")
        await running.press(key)
        assert running.shows(ExplorerScreen)


async def test_a_worker_changes_nothing() -> None:
    async with explorer(worker_snapshot()) as running:
        await running.press("n", "s", "ctrl+d")
        assert running.shows(ExplorerScreen)


async def prune(running: Running) -> None:
    await running.press("ctrl+p")
    await running.write("prune")
    await running.until(lambda: "Prune unused networks" in running.screen_text)
    await running.press("enter")
    await running.until(lambda: running.shows(PruneScreen))


async def test_a_prune_lists_what_it_removes(desk: PaperDesk) -> None:
    old = network("old_one", "10.20.2.0/24", vxlan=4201, labels={"com.docker.stack.namespace": "o"})
    async with explorer(with_networks(IDLE, old, unallocated()), desk=desk) as running:
        await prune(running)
        text = " ".join(running.screen_text.split())
        assert "idle 10.20.1.0/26 64 addresses 11 hours old" in text
        assert "old_one 10.20.2.0/24 256 addresses 11 hours old stack o" in text
        assert "overlap never allocated – 11 hours old" in text
        assert "external networks, and cannot be deployed without them: idle." in text
        await confirm(running, "3 networks")
        assert running.shows(OperationScreen)
    assert begun(desk)[1].names == ("idle", "old_one", "overlap")


async def test_there_may_be_nothing_to_prune() -> None:
    async with explorer(busy_snapshot()) as running:
        await prune(running)
        assert "There is nothing to prune" in running.screen_text
        assert "Type" not in running.screen_text


async def test_help_names_what_only_the_palette_has() -> None:
    async with explorer(busy_snapshot(), size=(160, 120)) as running:
        await running.press("question_mark")
        assert "Remove the overlay networks that nobody uses" in running.screen_text


OTHER = network("other", "10.20.2.0/26", gateway="10.20.2.1", vxlan=4300)
STACK = {"com.docker.stack.namespace": "shop"}


def crowd(*more: Service) -> Snapshot:
    busy = with_networks(OTHER)
    front, back = (
        service(name, [APP, OTHER], replicas=0, labels=STACK) for name in ("front", "back")
    )
    return replace(busy, services=(*busy.services, front, back, *more))


def states(running: Running) -> dict[str, str]:
    return {each.key: each.value for each in running.app.screen.query(Stepper)}


async def open_split(running: Running) -> None:
    await select(running, "app")
    await running.press("s")
    assert running.shows(SplitScreen)


async def test_services_are_chosen_with_those_that_they_need(desk: PaperDesk) -> None:
    async with explorer(crowd(), desk=desk) as running:
        await open_split(running)
        assert states(running) == dict.fromkeys(("back", "front", "rr", "web"), "stays")
        assert "✗ Choose at least one service to move." in running.screen_text
        await running.press("space")
        text = running.screen_text
        assert "[moves] back" in text
        assert "! would not reach back" in text
        assert "rr would not reach back; web would not reach back" in text
        await running.press("ctrl+g")
        assert states(running)["front"] == "moves"
        await running.press("ctrl+b")
        assert states(running) == {"back": "moves", "front": "moves", "rr": "both", "web": "both"}
        text = running.screen_text
        assert "! would" not in text
        assert "1 container outside services would reach none that move" in text
        assert "5 tasks: back, front, rr, web" in text
        await running.press("ctrl+n")
        assert running.shows(ReviewScreen)
        await confirm(running, "app")
        assert running.shows(OperationScreen)
    _, intent = begun(desk)
    (made,) = intent.after.networks
    assert (made.name, made.attachable) == ("app2", True)
    assert {shape.name: set(shape.networks) for shape in intent.after.services} == {
        "back": {"app2", "other"},
        "front": {"app2", "other"},
        "rr": {"app", "app2"},
        "web": {"app", "app2"},
    }


async def test_arrows_choose_and_move_between_services() -> None:
    async with explorer(crowd()) as running:
        await open_split(running)
        await running.press("right", "down", "left", "down", "space", "space", "space")
        assert states(running) == {"back": "moves", "front": "both", "rr": "stays", "web": "stays"}


async def test_the_services_of_a_split_follow_the_swarm() -> None:
    async with explorer(crowd()) as running:
        await open_split(running)
        await running.press("down", "down", "down", "space")
        late = service("late", [APP], replicas=1)
        now = crowd(late)
        await running.hear(replace(now, services=tuple(s for s in now.services if s is not ROUND)))
        assert states(running) == {
            "back": "stays", "front": "stays", "web": "moves", "late": "stays"
        }  # fmt: skip


async def test_many_services_scroll() -> None:
    many = [service(f"many{number:03}", [APP], replicas=0) for number in range(60)]
    async with explorer(crowd(*many), size=(80, 24)) as running:
        await open_split(running)
        await running.press(*["down"] * 50)
        focused = running.app.screen.focused
        assert isinstance(focused, Stepper)
        assert focused.key in running.screen_text
        await running.press("space")
        assert "[moves]" in running.screen_text


async def test_read_only_ends_at_the_review(tmp_path: Path) -> None:
    desk = paper_desk(tmp_path / "operations", read_only=True)
    async with explorer(crowd(), settings=Settings(read_only=True), desk=desk) as running:
        await running.press("n")
        await fill(running, name="shop")
        await running.press("ctrl+n")
        assert "Read-only: s saves the plan" in running.screen_text
        await running.press("escape", "escape")
        await open_split(running)
        await running.press("space", "ctrl+n")
        assert "Read-only: s saves the plan" in running.screen_text
        await running.press("escape", "escape", "ctrl+d", "t", "w")
        assert "Read-only: s saves the plan" in running.screen_text
        await running.press("s")
        running.app.screen.query_one("#script Input", Input).value = str(tmp_path / "x.sh")
        await running.press("enter")
    assert "docker network rm" in (tmp_path / "x.sh").read_text()
    assert desk.asked == []


async def test_hostile_names_are_shown_as_they_are() -> None:
    evil = "[/red]\x1b[31m[@click=app.quit]x"
    bad = replace(APP, name=evil)
    busy = busy_snapshot()
    snapshot = replace(busy, networks=(bad,), services=(replace(WEB, name=evil), ROUND))
    async with explorer(snapshot, size=(160, 60)) as running:
        for key in ("s", "ctrl+d"):
            await running.press(key)
            assert "[@click=app.quit]x" in running.screen_text
            assert "\x1b" not in running.screen_text
            await running.press("space", "t", "w")
            assert "\x1b" not in running.screen_text
            await running.press("escape")


@pytest.mark.parametrize("key", ["n", "s", "ctrl+d"])
@pytest.mark.parametrize("size", [(20, 10), (10, 4)])
async def test_any_size_survives(key: str, size: tuple[int, int]) -> None:
    async with explorer(busy_snapshot(), size=size) as running:
        await running.press("1", "home", key, "down", "space", "ctrl+b", "t", "w", "ctrl+n")
        assert running.app.is_running


async def test_choices_are_turned_by_keys() -> None:
    async with explorer(busy_snapshot()) as running:
        await running.press("n")
        running.app.screen.query_one("#encrypted", Choice).focus()
        await running.press("space")
        assert "1424 inside containers" in running.screen_text
