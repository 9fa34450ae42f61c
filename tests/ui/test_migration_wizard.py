"""The migration wizard by its keys: what is to change, by which way, review, confirmation."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from textual.events import Key, Paste
from textual.widgets import Button, Input

from swarmtui.operations import Way
from swarmtui.screens import ExplorerScreen, OperationScreen
from swarmtui.screens.ingress import IngressScreen
from swarmtui.screens.migrate import MigrateScreen
from tests.builders import (
    APP,
    ROUND,
    WEB,
    alone_snapshot,
    busy_snapshot,
    network,
    service,
    worker_snapshot,
)
from tests.ui.desks import PaperDesk, paper_desk
from tests.ui.explorers import explorer
from tests.ui.migrations import (
    TALL,
    begun,
    calm_snapshot,
    confirm,
    field,
    fill,
    is_in_order,
    open_form,
    turn,
    way,
    with_networks,
)

IN_PLACE = "in-place      same name, contact kept; 20 replacements, 4 min 44 s"
QUICK = "quick         same name, cut off 84 s; 10 replacements, 84 s"
SIDE_BY_SIDE = "side-by-side  new name, contact kept; 10 replacements, 2 min 22 s"


@pytest.fixture
def desk(tmp_path: Path) -> PaperDesk:
    return paper_desk(tmp_path / "operations")


async def test_a_plain_network_is_to_be_encrypted_by_the_safest_way() -> None:
    async with explorer(calm_snapshot()) as running:
        await open_form(running, "e")
        assert running.shows(MigrateScreen)
        text = running.screen_text
        assert "Encrypt the network app" in text
        assert f"(•) {IN_PLACE}" in text
        assert f"( ) {QUICK}" in text
        assert f"( ) {SIDE_BY_SIDE}" in text
        assert "[x] Encrypt data between nodes" in text
        assert "1424 inside containers" in text
        assert "app 10.20.0.64/26, gateway 10.20.0.65, MTU 1500" in text
        assert "addresses while tasks are replaced; 10.20.0.64/26 holds 64" in text
        assert "2 services: rr, web" in text
        assert not field(running, "new-name").display
        assert way(running).has_focus
        assert not running.app.screen.query_one("#review", Button).disabled


async def test_an_encrypted_network_is_to_be_decrypted() -> None:
    async with explorer(calm_snapshot()) as running:
        await open_form(running, "e", "pay_secure")
        text = running.screen_text
        assert "Decrypt the network pay_secure" in text
        assert "[ ] Encrypt data between nodes" in text
        assert "1450 inside containers" in text
        assert "MTU 1500, encrypted" in text


async def test_nothing_changed_cannot_be_reviewed() -> None:
    async with explorer(calm_snapshot()) as running:
        await open_form(running, "m")
        assert "Migrate the network app" in running.screen_text
        assert "✗ Nothing is changed yet." in running.screen_text
        assert running.app.screen.query_one("#review", Button).disabled
        await running.press("ctrl+n")
        assert running.shows(MigrateScreen)
        for name, text, title in (
            ("mtu", "1400", "Change the MTU of the network app"),
            ("subnet", "10.77.0.0/24", "Migrate the network app"),
            ("mtu", "", "Change the subnet of the network app"),
        ):
            await fill(running, **{name: text})
            assert title in running.screen_text
            assert "Nothing is changed" not in running.screen_text
            assert not running.app.screen.query_one("#review", Button).disabled


async def test_ways_are_chosen_by_keys() -> None:
    async with explorer(calm_snapshot()) as running:
        await open_form(running, "e")
        for key, chosen in (
            ("right", QUICK),
            ("space", SIDE_BY_SIDE),
            ("right", IN_PLACE),
            ("left", SIDE_BY_SIDE),
            ("left", QUICK),
        ):
            await running.press(key)
            assert f"(•) {chosen}" in running.screen_text
            assert field(running, "new-name").display == (chosen == SIDE_BY_SIDE)


@pytest.mark.parametrize("size", [(160, 45), (40, 30)])
async def test_ways_are_chosen_by_mouse(size: tuple[int, int]) -> None:
    async with explorer(calm_snapshot(), size=size) as running:
        await open_form(running, "e")
        lines = way(running).size.height // 3
        for number, chosen in ((1, Way.QUICK), (2, Way.SIDE_BY_SIDE), (0, Way.IN_PLACE)):
            for line in range(lines):
                await running.pilot.click("#way", offset=(4, number * lines + line))
                assert way(running).value == chosen


async def test_side_by_side_has_another_name_and_subnet(desk: PaperDesk) -> None:
    async with explorer(calm_snapshot(), desk=desk) as running:
        await open_form(running, "e")
        await running.press("left")
        text = running.screen_text
        assert field(running, "new-name").text == "app2"
        assert "becomes 10.20.0.192/26 (Ctrl-f)" in text
        assert "10.20.0.193 if left empty" in text
        assert "10.20.0.192/26 holds 64" in text
        await fill(running, new_name="shop")
        await running.press("enter")
        assert "docker network create --driver overlay --attachable" in running.screen_text
        await confirm(running, "app")
        assert running.shows(OperationScreen)
    intent = begun(desk)
    (made,) = intent.after.networks
    assert (made.name, made.ranges[0].subnet, made.is_encrypted) == ("shop", "10.20.0.192/26", True)
    assert intent.temporary is None
    assert [shape.networks for shape in intent.after.services] == [("shop",), ("shop",)]


async def test_the_free_subnet_is_taken() -> None:
    async with explorer(calm_snapshot()) as running:
        await open_form(running, "m")
        await fill(running, gateway="10.20.0.70")
        assert "free: 10.20.0.192/26 (Ctrl-f)" in running.screen_text
        await running.press("ctrl+f")
        assert field(running, "subnet").text == "10.20.0.192/26"
        assert field(running, "gateway").text == ""
        assert "Change the subnet of the network app" in running.screen_text


WRONG = (
    ("m", {"mtu": "fast"}, "A number of bytes"),
    ("m", {"mtu": "9"}, "Containers would get -41; they need 576: 626."),
    ("e", {"mtu": "620"}, "Containers would get 544; they need 576"),
    ("m", {"subnet": "10.20.0.128/27"}, "It overlaps network pay_secure (10.20.0.128/26)."),
    ("m", {"subnet": "10.77.0.0/28"}, "It holds 16 addresses; nodes, services and tasks need 17"),
    ("m", {"subnet": "10.77.0.1/24"}, "It has host bits set: write 10.77.0.0/24"),
    ("m", {"subnet": "10.77.0.0/24", "gateway": "10.20.0.65"}, "It is not in 10.77.0.0/24."),
)


@pytest.mark.parametrize(("key", "texts", "told"), WRONG)
async def test_what_would_not_work_is_told(key: str, texts: dict[str, str], told: str) -> None:
    async with explorer(calm_snapshot()) as running:
        await open_form(running, key)
        await fill(running, **texts)
        assert f"✗ {told}" in running.screen_text
        assert "-41 inside" not in running.screen_text
        assert running.app.screen.query_one("#review", Button).disabled
        way(running).focus()
        await running.press("ctrl+n")
        assert running.shows(MigrateScreen)
        # The keys go to what is wrong.
        assert isinstance(running.app.screen.focused, Input)


@pytest.mark.parametrize(
    ("name", "told"),
    [("", "A network needs a name."), ("pay_secure", "There is a swarm network pay_secure")],
)
async def test_the_new_name_has_to_be_free(name: str, told: str) -> None:
    async with explorer(calm_snapshot()) as running:
        await open_form(running, "e")
        await running.press("left")
        await fill(running, new_name=name)
        assert f"✗ {told}" in running.screen_text
        await running.press("enter")
        assert running.shows(MigrateScreen)
        way(running).focus()
        await running.press("right")
        assert told not in running.screen_text


async def test_containers_keep_it_waiting_or_from_being_planned(desk: PaperDesk) -> None:
    async with explorer(busy_snapshot(), size=TALL, desk=desk) as running:
        await open_form(running, "e")
        told = "1 container outside services: box1node2ccc on node2"
        assert told in running.screen_text
        await running.press("ctrl+n")
        text = " ".join(running.screen_text.replace("│", "").split())
        assert "Cannot encrypt the network" in text
        assert "on node2: docker network disconnect app box1node2ccc" in text
        assert "Type app to start" not in text
        assert "Save as script" not in text
        await running.press("escape")
        assert running.shows(MigrateScreen)
        await turn(running, "by-hand")
        await running.press("ctrl+n")
        assert is_in_order(
            running.screen_text,
            (
                "Connect containers to app-moving by hand",
                "docker network connect app-moving box1node2ccc  # on node2",
                "Disconnect containers from app by hand",
                "docker network disconnect app box1node2ccc  # on node2",
                "Connect containers to app by hand",
                "docker network connect app box1node2ccc  # on node2",
            ),
        )
        await confirm(running, "app")
    assert begun(desk).by_hand


@pytest.mark.parametrize("key", ["e", "m"])
async def test_the_ingress_leads_to_its_wizard(key: str) -> None:
    async with explorer(calm_snapshot()) as running:
        await open_form(running, key, "ingress")
        assert running.shows(IngressScreen)


@pytest.mark.parametrize("key", ["e", "m"])
async def test_it_is_offered_for_networks_of_a_swarm_only(key: str) -> None:
    for snapshot, name in (
        (busy_snapshot(), "docker_gwbridge"),
        (worker_snapshot(), "app"),
        (alone_snapshot(), "bridge"),
    ):
        async with explorer(snapshot) as running:
            await open_form(running, key, name)
            assert running.shows(ExplorerScreen)
            assert "e Encrypt" not in running.screen_text


async def test_the_form_follows_the_swarm() -> None:
    busy = calm_snapshot()
    async with explorer(busy) as running:
        await open_form(running, "m")
        await fill(running, subnet="10.77.0.0/24")
        assert "✗" not in running.screen_text
        await running.hear(with_networks(network("there", "10.77.0.128/25", vxlan=4200)))
        assert "✗ It overlaps network there" in running.screen_text
        await running.hear(replace(busy, services=(*busy.services, service("late", [APP]))))
        assert "3 services: late, rr, web" in running.screen_text


async def test_a_text_is_pasted_into_a_field() -> None:
    async with explorer(calm_snapshot()) as running:
        await open_form(running, "m")
        await running.press("tab", "end", "ctrl+u")
        running.app.post_message(Paste("10.77.0.0/24\n"))
        await running.until(lambda: field(running, "subnet").text == "10.77.0.0/24")
        await running.press("tab", "tab")
        running.app.post_message(Paste("\x1b1400"))
        await running.until(lambda: "✗ A number of bytes" in running.screen_text)
        assert "\x1b" not in field(running, "mtu").text
        assert "\x1b" not in running.screen_text


async def test_it_survives_another_size() -> None:
    async with explorer(calm_snapshot()) as running:
        await open_form(running, "e")
        await running.press("left")
        await fill(running, mtu="1400")
        for size in ((20, 10), (10, 4), (80, 24)):
            await running.pilot.resize_terminal(*size)
            await running.press("tab", "tab", "space", "space", "shift+tab")
        assert "New name" in running.screen_text
        assert field(running, "mtu").text == "1400"
        assert way(running).value == Way.SIDE_BY_SIDE


async def test_keys_that_arrive_together_act_in_their_order() -> None:
    async with explorer(calm_snapshot()) as running:
        await open_form(running, "m")
        keys = ("right", "space", "tab", "end", "ctrl+u", *"10.77.0.0/24", "tab", "tab", *"140")
        # As over a slow line: all of them are there before the first was looked at.
        for key in (*keys, "backspace", *"90", *["tab"] * 3, "space", "tab", "space", "tab"):
            running.app.post_message(Key(key, key if len(key) == 1 else None))
        await running.until(lambda: "[x] Wait for me" in running.screen_text)
        assert [field(running, name).text for name in ("subnet", "gateway", "mtu")] == [
            "10.77.0.0/24",
            "",
            "1490",
        ]
        assert way(running).value == Way.SIDE_BY_SIDE
        assert "[x] All services at once" in running.screen_text


async def test_hostile_names_are_shown_as_they_are() -> None:
    evil = "[/red]\x1b[31m[@click=app.quit]x"
    busy = busy_snapshot()
    bad = replace(APP, name=evil)
    snapshot = replace(busy, networks=(bad,), services=(replace(WEB, name=evil), ROUND))
    async with explorer(snapshot, size=TALL) as running:
        await running.press("e")
        for keys in ((), ("left",), ("ctrl+n",)):
            await running.press(*keys)
            assert "[@click=app.quit]x" in running.screen_text
            assert "\x1b" not in running.screen_text
