"""Services on networks, and how they are reached, by the keys: tables, forms, reviews."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from textual.widgets import Button

from swarmtui.model import NetworkTarget, Snapshot
from swarmtui.operations import Rearrange, read_operation
from swarmtui.operations.writes import Port, Wire
from swarmtui.screens import ExplorerScreen, OperationScreen
from swarmtui.screens.attach import AttachScreen, DetachScreen
from swarmtui.screens.place import Place
from swarmtui.screens.reach import ReachScreen
from swarmtui.screens.review import ReviewScreen
from swarmtui.screens.table import TableScreen
from swarmtui.settings import Settings
from swarmtui.widgets import Field, OneOf
from tests.builders import APP, DB, INGRESS, SECURE, WEB, busy_snapshot, worker_snapshot
from tests.ui.desks import PaperDesk, paper_desk
from tests.ui.explorers import Running, explorer


@pytest.fixture
def desk(tmp_path: Path) -> PaperDesk:
    return paper_desk(tmp_path / "operations")


@asynccontextmanager
async def at_services(
    snapshot: Snapshot | None = None, of: str = "", **options: object
) -> AsyncIterator[Running]:
    """Run an explorer that shows all services, or those of a network."""
    subject = f"network:{of}" if of else ""
    async with explorer(snapshot or busy_snapshot(), **options) as running:  # type: ignore[arg-type]
        running.app.visit(Place("services", subject, ("services",)))
        await running.pilot.pause()
        await running.pilot.pause()
        yield running


async def choose(running: Running, identity: str) -> None:
    running.pane("services").select(identity)
    await running.pilot.pause()


async def fill(running: Running, name: str, text: str) -> None:
    field = running.app.screen.query_one(f"#{name}", Field)
    field.take_keys()
    field.put(text)
    await running.pilot.pause()


def text_of(running: Running, name: str) -> str:
    return running.app.screen.query_one(f"#{name}", Field).text


def can_review(running: Running) -> bool:
    return not running.app.screen.query_one("#review", Button).disabled


async def confirm(running: Running, word: str) -> None:
    await running.press("tab")
    await running.write(word)
    await running.press("enter")


def confirmed(desk: PaperDesk) -> Rearrange:
    """Return the one change that was confirmed."""
    (asked,) = desk.asked
    intent = read_operation(asked.path).head.plan.intent
    assert isinstance(intent, Rearrange)
    return intent


async def test_a_network_leads_to_its_services() -> None:
    wired = replace(WEB, networks=(NetworkTarget(APP.id, ("www", "shop")),))
    busy = replace(busy_snapshot(), services=(wired, *busy_snapshot().services[1:]))
    async with explorer(busy, size=(160, 24)) as running:
        running.pane("networks").select(APP.id)
        await running.press("v")
        await running.pilot.pause()
        assert running.shows(TableScreen)
        assert "networks › services on app" in running.screen_text
        assert [row[:5] for row in running.cells("services")] == [
            ("rr", "2/2", "dnsrr", "–", "–"),
            ("web", "3/3", "vip", "10.20.0.66", "www shop"),
        ]
        assert "v Services" not in running.screen_text
        await running.press("minus", "escape", "escape")
        assert running.shows(ExplorerScreen)


async def test_minus_is_the_last_place_where_nothing_can_be_detached() -> None:
    async with at_services() as running:
        bare = replace(WEB, networks=(), virtual_ips=())
        await running.hear(replace(busy_snapshot(), services=(bare,)))
        assert "- Detach" not in running.screen_text
        await running.press("minus")
        await running.pilot.pause()
        assert running.shows(ExplorerScreen)
        await running.press("minus")
        await running.pilot.pause()
        assert running.shows(TableScreen)
        await running.hear(busy_snapshot())
        assert "- Detach" in running.screen_text
        await running.press("minus")
        assert running.shows(DetachScreen)


async def test_help_tells_both_meanings_of_minus() -> None:
    async with at_services(size=(160, 100)) as running:
        await running.press("question_mark")
        text = running.screen_text
        assert "detach it from that network" in text
        assert "Go to the place before this one, and back again; not where - detaches." in text


async def test_a_service_comes_onto_the_network_whose_services_these_are(desk: PaperDesk) -> None:
    async with at_services(of=APP.id, desk=desk) as running:
        await running.press("plus")
        assert running.shows(AttachScreen)
        assert "Attach a service to app" in running.screen_text
        assert "✗ Name a service." in running.screen_text
        await running.write("pay")
        assert "✗ There is no service pay." in running.screen_text
        assert "pay_db" in running.screen_text
        assert not can_review(running)
        await running.write("_db")
        assert "pay_secure" in running.screen_text
        assert "51 of 64 addresses of app are free" in running.screen_text
        assert "2 tasks, once each" in running.screen_text
        await running.press("tab")
        await running.write("db web")
        assert "! web is web on app already: it means both then." in running.screen_text
        await running.press("enter")
        assert running.shows(ReviewScreen)
        text = running.screen_text
        assert "docker service update --network-add name=app,alias=db,alias=web pay_db" in text
        assert "web is web on app already" in text
        await confirm(running, "pay_db")
        assert running.shows(OperationScreen)
    (shape,) = confirmed(desk).after.services
    assert shape.wires == (Wire("pay_secure"), Wire("app", ("db", "web")))


async def test_a_service_comes_onto_a_network_that_is_named(desk: PaperDesk) -> None:
    async with at_services(desk=desk) as running:
        await choose(running, DB.id)
        await running.press("plus")
        assert "Attach pay_db to a network" in running.screen_text
        for typed, told in (
            ("", "Name a network."),
            ("nope", "There is no swarm network nope."),
            ("ingress", "ingress is the ingress: services come onto it by publishing ports."),
            ("pay_secure", "pay_db would be on the same network twice."),
        ):
            await fill(running, "network", typed)
            assert f"✗ {told}" in running.screen_text
            assert not can_review(running)
        await fill(running, "network", "app")
        await running.press("enter")
        assert running.shows(ReviewScreen)
        await confirm(running, "pay_db")
    assert confirmed(desk).title == "Attach pay_db to app"


async def test_a_network_without_room_is_none_to_come_onto() -> None:
    tiny = replace(SECURE, subnets=(replace(SECURE.subnets[0], cidr="10.20.0.128/29"),))
    busy = busy_snapshot()
    async with at_services(replace(busy, networks=(APP, tiny, INGRESS))) as running:
        await choose(running, WEB.id)
        await running.press("plus")
        await fill(running, "network", "pay_secure")
        assert "0 of 8 addresses of pay_secure are free" in running.screen_text
        assert "✗ pay_secure has 0 free addresses, and web needs 4" in running.screen_text
        assert not can_review(running)


async def test_a_service_leaves_the_network_whose_services_these_are(desk: PaperDesk) -> None:
    async with at_services(of=APP.id, desk=desk) as running:
        await choose(running, WEB.id)
        await running.press("minus")
        assert running.shows(ReviewScreen)
        text = running.screen_text
        assert "docker service update --network-rm app web" in text
        assert "! web is on no network then, and meets no other service by name." in text
        await confirm(running, "web")
    intent = confirmed(desk)
    assert [shape.wires for shape in intent.before.services] == [(Wire("app"),)]
    assert [shape.wires for shape in intent.after.services] == [()]


async def test_a_service_leaves_a_network_that_is_named() -> None:
    both = replace(DB, networks=(NetworkTarget(SECURE.id), NetworkTarget("app")))
    busy = busy_snapshot()
    async with at_services(replace(busy, services=(WEB, both))) as running:
        await choose(running, WEB.id)
        await running.press("minus")
        assert running.shows(DetachScreen)
        assert text_of(running, "network") == "app"
        assert can_review(running)
        await running.press("escape")
        await choose(running, DB.id)
        await running.press("minus")
        assert text_of(running, "network") == ""
        assert "pay_secure app" in running.screen_text
        await running.write("ingress")
        assert "✗ pay_db is not on ingress." in running.screen_text
        await fill(running, "network", "app")
        await running.press("enter")
        assert running.shows(ReviewScreen)
        assert "Detach pay_db from app" in running.screen_text


WRONG = (
    ("80x", "80x is no port. Write it as [mode:][published:]target[/protocol]"),
    ("0:0", "0/tcp is no port: they go from 1 to 65535."),
    ("70000:80", "70000:80/tcp is no port"),
    ("81:80 81:82", "81/tcp would be published twice."),
    ("81:80 host:81:80", "81/tcp would be published twice."),
    ("8080:80/tcp", "Nothing is changed yet."),
)


async def test_ports_that_would_not_work_are_told_while_typing() -> None:
    async with at_services() as running:
        await choose(running, WEB.id)
        await running.press("p")
        assert running.shows(ReachScreen)
        assert "How web is reached" in running.screen_text
        assert "keep 10.20.0.66 on app, 10.20.0.5 on ingress" in running.screen_text
        for typed, told in WRONG:
            await fill(running, "ports", typed)
            assert f"✗ {told}" in running.screen_text
            assert not can_review(running)
        await fill(running, "ports", "")
        assert "lose 10.20.0.5 on ingress" in running.screen_text
        assert can_review(running)


async def test_ports_of_other_services_are_taken(desk: PaperDesk) -> None:
    async with at_services(desk=desk) as running:
        await choose(running, DB.id)
        await running.press("p")
        assert "8080/tcp web" in running.screen_text
        await fill(running, "ports", "host:8080:5432")
        assert "✗ web publishes 8080/tcp through the ingress already." in running.screen_text
        await fill(running, "ports", "5432 host:99:99/udp")
        await running.press("enter")
        await confirm(running, "pay_db")
    (shape,) = confirmed(desk).after.services
    assert shape.ports == (Port("tcp", 5432, 0, "ingress"), Port("udp", 99, 99, "host"))


@pytest.mark.parametrize(("key", "ports"), [("ctrl+o", "host:8080:80/tcp"), ("ctrl+x", "")])
async def test_without_virtual_addresses_nothing_goes_through_the_ingress(
    key: str, ports: str, desk: PaperDesk
) -> None:
    async with at_services(desk=desk) as running:
        await choose(running, WEB.id)
        await running.press("p", key)
        assert text_of(running, "ports") == "8080:80/tcp"
        await running.press("right")
        text = running.screen_text
        assert "✗ With endpoint mode dnsrr nothing can be published through the ingress" in text
        assert "lose 10.20.0.66 on app, 10.20.0.5 on ingress" in text
        assert "^o To host mode" in text
        assert not can_review(running)
        await running.press("tab", key)
        assert text_of(running, "ports") == ports
        assert can_review(running)
        assert "^o To host mode" not in running.screen_text
        await running.press("enter")
        assert "web loses its virtual addresses" in running.screen_text
        await confirm(running, "web")
    assert [shape.mode for shape in confirmed(desk).after.services] == ["dnsrr"]


async def test_a_port_leads_to_the_same_form() -> None:
    async with explorer(busy_snapshot()) as running:
        await running.press("colon", *"ports", "enter")
        await running.pilot.pause()
        await running.press("p")
        assert running.shows(ReachScreen)
        assert running.app.screen.query_one("#mode", OneOf).value == "vip"


async def test_read_only_ends_at_export(tmp_path: Path) -> None:
    desk = paper_desk(tmp_path / "operations", read_only=True)
    settings = Settings(read_only=True)
    async with at_services(of=APP.id, settings=settings, desk=desk) as running:
        await running.press("minus")
        assert "Read-only: s saves the plan" in running.screen_text
        for key in ("tab", *"rr", "enter"):
            await running.press(key)
    assert desk.asked == []


async def test_a_service_that_vanishes_can_only_be_left_alone() -> None:
    async with at_services() as running:
        await choose(running, WEB.id)
        await running.press("p")
        await running.hear(replace(busy_snapshot(), services=(DB,)))
        assert "✗ There is no service web any more." in running.screen_text
        assert not can_review(running)
        await running.press("ctrl+n")
        assert running.shows(ReachScreen)


async def test_only_a_manager_can_change_services() -> None:
    async with explorer(worker_snapshot()) as running:
        for key in ("v", "plus", "p"):
            await running.press(key)
            assert running.shows(ExplorerScreen)


async def test_hostile_names_are_shown_as_they_are() -> None:
    evil = replace(WEB, name="[/red]\x1b[31m[@click=app.quit]web[/]")
    async with at_services(replace(busy_snapshot(), services=(evil,))) as running:
        for key in ("plus", "minus", "p"):
            await running.press(key)
            assert "[@click=app.quit]web[/]" in running.screen_text
            assert "\x1b" not in running.screen_text
            await running.press("escape")
