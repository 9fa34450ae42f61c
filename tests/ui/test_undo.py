"""Finished operations taken back with `u`: what is planned, refused, and not offered."""

from __future__ import annotations

from contextlib import nullcontext
from dataclasses import replace
from pathlib import Path

import pytest

from swarmtui.model import NetworkTarget, Snapshot
from swarmtui.operations import (
    Intent,
    NetworkDraft,
    Plan,
    Rearrange,
    attaching,
    detaching,
    plan_operation,
    read_operation,
)
from swarmtui.screens import ExplorerScreen, OperationScreen
from swarmtui.screens.review import ReviewScreen
from swarmtui.settings import Settings
from tests.builders import APP, DB, ROUND, SECURE, WEB, busy_snapshot, network
from tests.ui.desks import (
    PaperDesk,
    begun,
    end,
    finished,
    lines_until,
    paper_desk,
    running,
    stop_line,
    write,
)
from tests.ui.explorers import Running, explorer
from tests.ui.migrations import TALL, confirm, decrypted, decryption, is_in_order


@pytest.fixture
def desk(tmp_path: Path) -> PaperDesk:
    return paper_desk(tmp_path / "operations")


def plan_of(intent: Intent) -> Plan:
    planned = plan_operation(busy_snapshot(), intent)
    assert isinstance(planned, Plan)
    return planned


def undone(desk: PaperDesk) -> Rearrange:
    (asked,) = desk.asked
    assert asked.direction == "forward"
    intent = read_operation(asked.path).head.plan.intent
    assert isinstance(intent, Rearrange)
    return intent


async def open_undo(shown: Running) -> None:
    await shown.press("o", "enter")
    assert "u Undo" in shown.screen_text
    await shown.press("u")
    assert shown.shows(ReviewScreen)


async def test_the_page_tells_what_is_left_to_do(desk: PaperDesk) -> None:
    finished(desk, decryption(busy_snapshot()))
    async with explorer(decrypted(busy_snapshot()), desk=desk) as shown:
        assert shown.shows(ExplorerScreen)
        await shown.press("o", "enter")
        assert shown.shows(OperationScreen)
        assert is_in_order(
            shown.screen_text,
            (
                "Decrypt the network: pay_secure",
                "done  ann@node1",
                "✓ 11 Verify",
                "All 11 steps done in 90 s.",
                "AFTERWARDS",
                "compose file of the stack pay",
                "secure:",
                "- subnet: 10.20.0.128/26",
            ),
        )
        for offered in ("r Resume", "b Roll back", "Dismiss", "Stop"):
            assert offered not in shown.screen_text


async def test_a_migration_is_taken_back(desk: PaperDesk) -> None:
    path = finished(desk, decryption(busy_snapshot()))
    before = path.read_bytes()
    desk.mark = lambda: "back"
    async with explorer(decrypted(busy_snapshot()), size=TALL, desk=desk) as shown:
        await open_undo(shown)
        assert is_in_order(
            shown.screen_text,
            (
                "Undo the change: decrypt the network: pay_secure",
                "pay_db  reachable all the time, by its other tasks; 2 tasks replaced 4 times",
                "LOOK AT FIRST",
                "tcpdump -ni any esp",
                "docker service update --network-add pay_secure-moving pay_db",
                "Remove the network pay_secure",
                "encrypted --label",
                "AFTERWARDS",
                'encrypted: ""',
                "Type pay_secure to start",
            ),
        )
        await confirm(shown, "pay_secure")
        assert shown.shows(OperationScreen)
        assert "Undo the change: decrypt the network" in shown.screen_text
    (made,) = undone(desk).after.networks
    assert made.is_encrypted
    assert path.read_bytes() == before


@pytest.mark.parametrize("way", ["attach", "detach"])
async def test_a_change_of_a_service_is_taken_back(way: str, desk: PaperDesk) -> None:
    busy = busy_snapshot()
    if way == "attach":
        plan = plan_of(attaching(busy, ROUND, "pay_secure"))
        networks = (*ROUND.networks, NetworkTarget(SECURE.id))
        told = ("rr  reachable all the time", "docker service update --network-rm pay_secure rr")
    else:
        plan = plan_of(detaching(busy, ROUND, "app"))
        networks, told = (), ("rr", "docker service update --network-add app rr")
    finished(desk, plan)
    desk.mark = lambda: "back"
    after = replace(busy, services=(WEB, DB, replace(ROUND, networks=networks)))
    async with explorer(after, desk=desk) as shown:
        await open_undo(shown)
        assert is_in_order(shown.screen_text, told)
        await confirm(shown, "rr")
        assert shown.shows(OperationScreen)
    (shape,) = undone(desk).after.services
    assert shape.networks == ("app",)


async def test_a_service_that_ends_on_no_network_is_not_called_reachable(desk: PaperDesk) -> None:
    alone = replace(ROUND, networks=())
    busy = replace(busy_snapshot(), services=(WEB, DB, alone))
    plan = plan_operation(busy, attaching(busy, alone, "app"))
    assert isinstance(plan, Plan)
    finished(desk, plan)
    async with explorer(busy_snapshot(), desk=desk) as shown:
        await open_undo(shown)
        assert "rr  on no network afterwards; 2 tasks replaced once" in shown.screen_text


async def test_a_creation_is_taken_back(desk: PaperDesk) -> None:
    shop = network("shop", "10.77.0.0/24", gateway="10.77.0.1", vxlan=4200)
    finished(desk, plan_of(NetworkDraft("shop", "10.77.0.0/24").intent()))
    desk.mark = lambda: "back"
    busy = busy_snapshot()
    async with explorer(replace(busy, networks=(*busy.networks, shop)), desk=desk) as shown:
        await open_undo(shown)
        assert "Nothing: no port is closed, and no task replaced." in shown.screen_text
        assert f"docker network rm {shop.id}" in shown.screen_text
        await confirm(shown, "shop")
    assert undone(desk).after.networks == ()


def _changed(**changes: object) -> Snapshot:
    after = decrypted(busy_snapshot())
    moved = next(each for each in after.services if each.id == DB.id)
    services = (WEB, ROUND, replace(moved, **changes))  # type: ignore[arg-type]
    return replace(after, services=services)


_MEANWHILE = {
    "network": (busy_snapshot(), "The network pay_secure is not as it was left."),
    "gone": (replace(busy_snapshot(), networks=(APP,)), "The network pay_secure is gone."),
    "service": (
        replace(decrypted(busy_snapshot()), services=(WEB, ROUND)),
        "The service pay_db is gone.",
    ),
    "networks": (_changed(networks=(NetworkTarget(APP.id),)), "pay_db is on other networks"),
    "temporary": (
        replace(
            decrypted(busy_snapshot()),
            networks=(
                *decrypted(busy_snapshot()).networks,
                network("pay_secure-moving", "10.77.0.0/24", vxlan=4200),
            ),
        ),
        "There is a network pay_secure-moving again.",
    ),
}


@pytest.mark.parametrize("what", _MEANWHILE)
async def test_what_changed_since_is_told(what: str, desk: PaperDesk) -> None:
    snapshot, told = _MEANWHILE[what]
    finished(desk, decryption(busy_snapshot()))
    async with explorer(snapshot, desk=desk) as shown:
        await open_undo(shown)
        assert "Cannot be undone as it was" in shown.screen_text
        assert told in shown.screen_text
        assert "Plan the change that you want instead." in shown.screen_text
        await confirm(shown, "pay_secure")
        assert shown.shows(ReviewScreen)
    assert desk.asked == []


async def test_it_is_refused_once_the_swarm_changes_under_the_review(desk: PaperDesk) -> None:
    finished(desk, decryption(busy_snapshot()))
    async with explorer(decrypted(busy_snapshot()), desk=desk) as shown:
        await open_undo(shown)
        await shown.press("tab")
        await shown.write("pay_secure")
        await shown.hear(busy_snapshot())
        assert "The network pay_secure is not as it was left." in shown.screen_text
        await shown.press("enter")
        assert shown.shows(ReviewScreen)
    assert desk.asked == []


@pytest.mark.parametrize("state", ["running", "stopped", "dismissed", "rolled-back"])
async def test_only_what_is_done_can_be_undone(state: str, desk: PaperDesk) -> None:
    path = begun(desk)
    if state in ("stopped", "rolled-back"):
        write(path, *lines_until(3), stop_line())
    if state == "rolled-back":
        write(path, *lines_until(2, direction="back"))
        end(path, "rolled-back")
    if state == "dismissed":
        write(path, *lines_until(3))
        end(path, "dismissed")
    with running(path) if state == "running" else nullcontext():
        async with explorer(busy_snapshot(), desk=desk) as shown:
            if not shown.shows(OperationScreen):
                await shown.press("o", "enter")
            assert shown.shows(OperationScreen)
            assert state in shown.screen_text
            assert "u Undo" not in shown.screen_text
            await shown.press("u")
            assert shown.shows(OperationScreen)


async def test_read_only_ends_at_a_script(tmp_path: Path) -> None:
    finished(paper_desk(tmp_path), decryption(busy_snapshot()))
    desk = paper_desk(tmp_path, read_only=True)
    settings = Settings(read_only=True)
    async with explorer(decrypted(busy_snapshot()), settings=settings, desk=desk) as shown:
        await open_undo(shown)
        assert "Read-only: s saves the plan as a script." in shown.screen_text
        assert "Type pay_secure" not in shown.screen_text
    assert desk.asked == []
