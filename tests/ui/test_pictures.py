"""Each screen as a picture, at the smallest common size and at a roomy one."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import replace
from pathlib import Path

import pytest
from textual.pilot import Pilot

from swarmtui.app import SwarmtuiApp
from swarmtui.model import Inspection, LocalEndpoint, Reading, Snapshot
from swarmtui.operations.lines import Ended, Line, Reached
from swarmtui.settings import Settings
from tests.builders import (
    APP,
    GATEWAY,
    INGRESS,
    LOCALS,
    NODES,
    NOW,
    alone_snapshot,
    busy_snapshot,
    empty_snapshot,
    failing_snapshot,
    lost_engine,
    network,
    unallocated,
    worker_snapshot,
)
from tests.ui.desks import (
    PaperDesk,
    begun,
    end,
    finished,
    lines_until,
    moment,
    paper_desk,
    running,
    stop_line,
    write,
)
from tests.ui.explorers import hear
from tests.ui.migrations import calm_snapshot, decrypted, decryption


def bridged_snapshot() -> Snapshot:
    """The busy swarm with everybody who is on the gateway bridge of the node that is read."""
    busy = busy_snapshot()
    keys = ["ingress-sbox", *(each.container_id for each in busy.tasks[:1])]
    endpoints = tuple(
        LocalEndpoint(key, f"gateway_{key[:12]}", f"172.18.0.{number}", f"02:42:ac:12:00:0{number}")
        for number, key in enumerate(keys, 2)
    )
    found = Inspection(GATEWAY.id, NOW, None, endpoints)
    networks = (APP, GATEWAY, *LOCALS[1:], INGRESS)
    return replace(busy, networks=networks, inspections={**busy.inspections, GATEWAY.id: found})


def lonely_snapshot() -> Snapshot:
    """The same with one manager only."""
    return replace(bridged_snapshot(), nodes=(NODES[0], NODES[2]))


BRIDGE_FORM = ("b", "e", "end", "ctrl+u", *"172.17.0.0/16", "down", *"10.11.0.2")
BRIDGE_REVIEW = ("b", "e", "end", "ctrl+u", *"10.11.0.0/16", "down", *"10.11.0.2", "enter")
FORM = ("i", "end", "ctrl+u", *"10.20.0.64/26", "down", *"10.11.0.2")
REVIEW = ("i", "end", "ctrl+u", *"10.11.0.0/16", "down", *"10.11.0.2", "enter")
SERVICES = ("colon", *"services", "enter")
CREATE_FAULTS = ("n", *"app", "down", *"10.20.0.64/26", "down", *"10.1.1.1", "down", "down", *"9")
MIGRATE_FAULTS = ("down", "m", "tab", "end", "ctrl+u", *"10.20.0.128/28", "tab", "tab", *"9")
_OPERATIONS: dict[str, tuple[Line, ...]] = {
    "progress": (*lines_until(5, words="peers 2 of 3: node3 missing"),),
    "finished": (*lines_until(7), Reached(7, moment(74)), Ended("done", "", moment(74))),
    "stopped": (*lines_until(3, words="the swarm still lists it"), stop_line()),
    "rolled_back": (
        *lines_until(3),
        stop_line(),
        *lines_until(2, direction="back"),
        Ended("rolled-back", "", moment(74)),
    ),
}
_SCENES: dict[str, tuple[tuple[Reading, ...], tuple[str, ...]]] = {
    "healthy": ((busy_snapshot(),), ("down",)),
    "failing": ((failing_snapshot(),), ("end", "home", "down", "down", "down", "down")),
    "empty": ((empty_snapshot(),), ()),
    "disconnected": ((busy_snapshot(), lost_engine()), ()),
    "never_connected": ((lost_engine(),), ()),
    "worker": ((worker_snapshot(),), ("down",)),
    "help": ((busy_snapshot(),), ("question_mark",)),
    "describe": ((busy_snapshot(),), ("down", "d")),
    "services": ((failing_snapshot(),), ("colon", *"services", "enter")),
    "tasks": ((failing_snapshot(),), ("colon", *"tasks", "enter")),
    "nodes": ((failing_snapshot(),), ("colon", *"nodes", "enter")),
    "ports": ((busy_snapshot(),), ("colon", *"ports", "enter")),
    "services_of_a_network": ((busy_snapshot(),), ("down", "v")),
    "attach_a_service": ((busy_snapshot(),), ("down", "v", "plus", *"pay_db", "tab", *"web")),
    "attach_to_a_network": ((busy_snapshot(),), (*SERVICES, "plus", *"app")),
    "detach": ((busy_snapshot(),), (*SERVICES, "minus")),
    "reach": ((busy_snapshot(),), (*SERVICES, "down", "down", "p", "right")),
    "form": ((busy_snapshot(),), FORM),
    "review_read_only": ((busy_snapshot(),), REVIEW),
    "bridge": ((busy_snapshot(), bridged_snapshot()), ("b",)),
    "bridge_alone": ((alone_snapshot("box"),), ("b",)),
    "bridge_form": ((alone_snapshot(),), BRIDGE_FORM),
    "bridge_review_read_only": ((alone_snapshot(),), BRIDGE_REVIEW),
    "bridge_runbook": ((bridged_snapshot(),), BRIDGE_REVIEW),
    "bridge_runbook_end": ((bridged_snapshot(),), (*BRIDGE_REVIEW, "end")),
    "bridge_only_manager": ((lonely_snapshot(),), BRIDGE_REVIEW),
    "create": ((busy_snapshot(),), ("n", *"shop", "down", *"10.76.0.0/22")),
    "create_faults": ((busy_snapshot(),), CREATE_FAULTS),
    "create_review": ((busy_snapshot(),), ("n", *"shop", "enter")),
    "migrate": ((busy_snapshot(),), ("down", "e")),
    "migrate_beside": ((busy_snapshot(),), ("down", "e", "left")),
    "migrate_faults": ((busy_snapshot(),), MIGRATE_FAULTS),
    "migrate_refused": ((busy_snapshot(),), ("down", "e", "ctrl+n")),
    "split": ((busy_snapshot(),), ("down", "s", "space")),
    "split_review": ((busy_snapshot(),), ("down", "s", "space", "ctrl+n")),
    "removal_refused": ((busy_snapshot(),), ("down", "ctrl+d")),
    "removal_review": ((busy_snapshot(),), ("down", "ctrl+d", "t", "w")),
}


@pytest.mark.parametrize("size", [(80, 24), (160, 45)], ids=["80x24", "160x45"])
@pytest.mark.parametrize("scene", _SCENES)
def test_picture(scene: str, size: tuple[int, int], snap_compare: Callable[..., bool]) -> None:
    readings, keys = _SCENES[scene]

    async def show(pilot: Pilot[None]) -> None:
        for reading in readings:
            hear(pilot, reading)
            await pilot.pause()
        await pilot.press(*keys)
        await pilot.pause()

    app = SwarmtuiApp(None, Settings(read_only=True), source="unix:///var/run/docker.sock")
    assert snap_compare(app, terminal_size=size, run_before=show)


def _desk(folder: Path) -> PaperDesk:
    return paper_desk(folder / "operations")


async def _show(pilot: Pilot[None], *keys: str) -> None:
    hear(pilot, busy_snapshot())
    await pilot.pause()
    await pilot.press(*keys)
    await pilot.pause()


@pytest.mark.parametrize("size", [(80, 24), (160, 45)], ids=["80x24", "160x45"])
def test_picture_of_a_review(
    size: tuple[int, int], tmp_path: Path, snap_compare: Callable[..., bool]
) -> None:
    app = SwarmtuiApp(None, Settings(), desk=_desk(tmp_path))
    assert snap_compare(app, terminal_size=size, run_before=lambda pilot: _show(pilot, *REVIEW))


@pytest.mark.parametrize("size", [(80, 24), (160, 45)], ids=["80x24", "160x45"])
def test_picture_of_a_review_of_a_bridge(
    size: tuple[int, int], tmp_path: Path, snap_compare: Callable[..., bool]
) -> None:
    async def show(pilot: Pilot[None]) -> None:
        hear(pilot, alone_snapshot())
        await pilot.pause()
        await pilot.press(*BRIDGE_REVIEW)
        await pilot.pause()

    app = SwarmtuiApp(None, Settings(), desk=_desk(tmp_path))
    assert snap_compare(app, terminal_size=size, run_before=show)


@pytest.mark.parametrize("size", [(80, 24), (160, 45)], ids=["80x24", "160x45"])
@pytest.mark.parametrize("scene", _OPERATIONS)
def test_picture_of_an_operation(
    scene: str, size: tuple[int, int], tmp_path: Path, snap_compare: Callable[..., bool]
) -> None:
    desk = _desk(tmp_path)
    path = begun(desk)
    write(path, *_OPERATIONS[scene])
    app = SwarmtuiApp(None, Settings(), desk=desk)
    # One that stopped is shown by itself.
    keys = () if scene == "stopped" else ("o", "enter")
    with running(path) if scene == "progress" else nullcontext():
        assert snap_compare(app, terminal_size=size, run_before=lambda pilot: _show(pilot, *keys))


_MIGRATIONS: dict[str, tuple[str, ...]] = {
    "result": ("o", "enter"),
    "result_end": ("o", "enter", "G"),
    "undo": ("o", "enter", "u"),
}


@pytest.mark.parametrize("size", [(80, 24), (160, 45)], ids=["80x24", "160x45"])
@pytest.mark.parametrize("scene", _MIGRATIONS)
def test_picture_of_a_finished_migration(
    scene: str, size: tuple[int, int], tmp_path: Path, snap_compare: Callable[..., bool]
) -> None:
    desk = _desk(tmp_path)
    finished(desk, decryption(busy_snapshot()))

    async def show(pilot: Pilot[None]) -> None:
        hear(pilot, decrypted(busy_snapshot()))
        await pilot.pause()
        await pilot.press(*_MIGRATIONS[scene])
        await pilot.pause()

    app = SwarmtuiApp(None, Settings(), desk=desk)
    assert snap_compare(app, terminal_size=size, run_before=show)


@pytest.mark.parametrize("size", [(80, 24), (160, 45)], ids=["80x24", "160x45"])
@pytest.mark.parametrize("place", ["top", "end"])
def test_picture_of_a_review_of_a_migration(
    place: str, size: tuple[int, int], tmp_path: Path, snap_compare: Callable[..., bool]
) -> None:
    stack = {"com.docker.stack.namespace": "shop"}
    busy = calm_snapshot()
    snapshot = replace(busy, networks=(replace(APP, labels=stack), *busy.networks[1:]))

    async def show(pilot: Pilot[None]) -> None:
        hear(pilot, snapshot)
        await pilot.pause()
        await pilot.press("down", "e", "ctrl+n", *(["G"] if place == "end" else []))
        await pilot.pause()

    app = SwarmtuiApp(None, Settings(), desk=_desk(tmp_path))
    assert snap_compare(app, terminal_size=size, run_before=show)


@pytest.mark.parametrize("size", [(80, 24), (160, 45)], ids=["80x24", "160x45"])
def test_picture_of_all_operations(
    size: tuple[int, int], tmp_path: Path, snap_compare: Callable[..., bool]
) -> None:
    desk = _desk(tmp_path)
    for number, lines in enumerate(_OPERATIONS.values()):
        desk.mark = f"{number:04}".__str__
        path = begun(desk)
        write(path, *lines)
        if not isinstance(lines[-1], Ended):
            end(path, "dismissed")
    app = SwarmtuiApp(None, Settings(), desk=desk)
    assert snap_compare(app, terminal_size=size, run_before=lambda pilot: _show(pilot, "o"))


@pytest.mark.parametrize("size", [(80, 24), (160, 45)], ids=["80x24", "160x45"])
def test_picture_of_a_prune(
    size: tuple[int, int], tmp_path: Path, snap_compare: Callable[..., bool]
) -> None:
    busy = busy_snapshot()
    idle = network("idle", "10.20.1.0/26", gateway="10.20.1.1", vxlan=4200)

    async def show(pilot: Pilot[None]) -> None:
        snapshot = replace(busy, networks=(*busy.networks, idle, unallocated()))
        hear(pilot, snapshot)
        await pilot.pause()
        await pilot.app.run_action("screen.run('PruneNetworks')")
        await pilot.pause()

    app = SwarmtuiApp(None, Settings(), desk=_desk(tmp_path))
    assert snap_compare(app, terminal_size=size, run_before=show)
