"""Hands for the migration wizard: it is opened, filled in, and confirmed."""

from __future__ import annotations

from collections.abc import Iterable

from swarmtui.model import (
    Attachment,
    Network,
    NetworkId,
    NetworkTarget,
    Service,
    Snapshot,
    VirtualIp,
)
from swarmtui.operations import Plan, Rearrange, migration_draft, plan_operation, read_operation
from swarmtui.widgets import Choice, Field, OneOf
from tests.builders import DB, SECURE, an_id, busy_snapshot
from tests.replacing import replace
from tests.ui.desks import PaperDesk
from tests.ui.explorers import Running

TALL = (110, 150)


def calm_snapshot() -> Snapshot:
    """The busy swarm without containers outside services."""
    busy = busy_snapshot()
    return replace(busy, tasks=tuple(each for each in busy.tasks if each.service_id))


def with_networks(*networks: Network) -> Snapshot:
    busy = calm_snapshot()
    return replace(busy, networks=(*busy.networks, *networks))


def with_services(*services: Service) -> Snapshot:
    return replace(calm_snapshot(), services=services)


def field(running: Running, name: str) -> Field:
    return running.app.screen.query_one(f"#{name}", Field)


def way(running: Running) -> OneOf:
    return running.app.screen.query_one("#way", OneOf)


async def fill(running: Running, **texts: str) -> None:
    for name, text in texts.items():
        field(running, name.replace("_", "-")).take_keys()
        field(running, name.replace("_", "-")).put(text)
        await running.pilot.pause()


async def turn(running: Running, choice: str) -> None:
    running.app.screen.query_one(f"#{choice}", Choice).focus()
    await running.press("space")


async def open_form(running: Running, key: str, name: str = "app") -> None:
    """Press a key on a network."""
    pane = running.pane("networks")
    names = [str(row.cells[0]) for row in pane.visible_rows()]
    place = next(number for number, each in enumerate(names) if name in each)
    await running.press("1", "home", *["down"] * place, key)


async def confirm(running: Running, word: str) -> None:
    await running.press("tab")
    await running.write(word)
    await running.press("enter")


def begun(desk: PaperDesk) -> Rearrange:
    (asked,) = desk.asked
    intent = read_operation(asked.path).head.plan.intent
    assert isinstance(intent, Rearrange)
    return intent


def is_in_order(text: str, words: Iterable[str]) -> bool:
    """Tell whether words are in a text one after another."""
    place = 0
    for each in words:
        place = text.find(each, place)
        if place < 0:
            return False
        place += len(each)
    return True


def decryption(snapshot: Snapshot) -> Plan:
    """Return the plan of pay_secure without encryption, in place."""
    draft = migration_draft(snapshot, "pay_secure")
    assert draft is not None
    planned = plan_operation(snapshot, replace(draft, encrypted=False).intent(snapshot))
    assert isinstance(planned, Plan)
    return planned


def decrypted(snapshot: Snapshot) -> Snapshot:
    """Return a swarm after that: the network has another id, and its service an address there."""
    options = {key: value for key, value in SECURE.options.items() if key != "encrypted"}
    made = replace(SECURE, id=NetworkId(an_id("again")), options=options)
    moved = replace(
        DB,
        networks=(NetworkTarget(made.id),),
        virtual_ips=(VirtualIp(made.id, "10.20.0.130"),),
    )
    tasks = (
        replace(each, attachments=(Attachment(made.id, each.attachments[0].addresses),))
        if each.service_id == DB.id
        else each
        for each in snapshot.tasks
    )
    return replace(
        snapshot,
        networks=tuple(made if each is SECURE else each for each in snapshot.networks),
        services=tuple(moved if each is DB else each for each in snapshot.services),
        tasks=tuple(tasks),
    )
