"""Paths and the ports between nodes as pictures, at the smallest common size and a roomy one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import pytest
from textual.pilot import Pilot

from swarmtui.app import SwarmtuiApp
from swarmtui.messages import message_of
from swarmtui.model import Door, Outcome, Snapshot, Trial
from swarmtui.settings import Settings
from tests.builders import INGRESS, NODES, NOW, busy_snapshot, inspection
from tests.ui.explorers import settle
from tests.unit.findings.paths import well


def patchy() -> Snapshot:
    """The swarm with a node that misses the ingress."""
    snapshot = well()
    seen = inspection(INGRESS, NODES[:2])
    return replace(snapshot, inspections={**snapshot.inspections, INGRESS.id: seen})


def go(line: str) -> tuple[str, ...]:
    keys = {" ": "space", ":": "colon", ".": "full_stop", "_": "underscore"}
    return ("colon", *(keys.get(letter, letter) for letter in line), "enter")


_PORTS = go("ports")
_SCENES: dict[str, tuple[Snapshot, tuple[str, ...]]] = {
    "well": (well(), go("path rr web")),
    "well_end": (well(), (*go("path rr web"), "G")),
    "broken": (well(), go("path web pay_db")),
    "entry": (patchy(), go("path outside:8080 web")),
    "form": (well(), go("path")),
    "form_unclear": (well(), go("path web wbe")),
    "ports_tested": (well(), (*_PORTS, "t")),
    "openings": (busy_snapshot(), (*_PORTS, "tab", "d")),
    "openings_end": (busy_snapshot(), (*_PORTS, "tab", "d", "G")),
}


def telling(doors: Sequence[Door], tell: Callable[[Trial], object]) -> None:
    """Tell one of each outcome, and leave one to be tried for ever."""
    outcomes = (Outcome.REACHABLE, Outcome.REFUSED, Outcome.NO_ANSWER, Outcome.REACHABLE)
    for door, outcome in zip(doors, outcomes, strict=False):
        tell(Trial(door, outcome, NOW))


@pytest.mark.parametrize("size", [(80, 24), (160, 45)], ids=["80x24", "160x45"])
@pytest.mark.parametrize("scene", _SCENES)
def test_picture(scene: str, size: tuple[int, int], snap_compare: Callable[..., bool]) -> None:
    snapshot, keys = _SCENES[scene]

    async def show(pilot: Pilot[None]) -> None:
        # Without what is wrong: these pictures are of paths, and rules come and change.
        pilot.app.post_message(message_of(snapshot))
        await pilot.pause()
        await pilot.press(*keys)
        await settle(pilot)

    app = SwarmtuiApp(None, Settings(), source="unix:///var/run/docker.sock", tester=telling)
    assert snap_compare(app, terminal_size=size, run_before=show)


@pytest.mark.parametrize("size", [(80, 24), (160, 45)], ids=["80x24", "160x45"])
def test_picture_of_the_question(size: tuple[int, int], snap_compare: Callable[..., bool]) -> None:
    async def show(pilot: Pilot[None]) -> None:
        pilot.app.post_message(message_of(well()))
        await pilot.pause()
        await pilot.press(*_PORTS, "t")
        await pilot.pause()

    app = SwarmtuiApp(None, Settings(read_only=True), tester=telling)
    assert snap_compare(app, terminal_size=size, run_before=show)
