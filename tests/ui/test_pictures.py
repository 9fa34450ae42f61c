"""Each screen as a picture, at the smallest common size and at a roomy one."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from textual.pilot import Pilot

from swarmtui.app import SwarmtuiApp
from swarmtui.messages import message_of
from swarmtui.model import Reading
from swarmtui.settings import Settings
from tests.builders import (
    busy_snapshot,
    empty_snapshot,
    failing_snapshot,
    lost_engine,
    worker_snapshot,
)

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
}


@pytest.mark.parametrize("size", [(80, 24), (160, 45)], ids=["80x24", "160x45"])
@pytest.mark.parametrize("scene", _SCENES)
def test_picture(scene: str, size: tuple[int, int], snap_compare: Callable[..., bool]) -> None:
    readings, keys = _SCENES[scene]

    async def show(pilot: Pilot[None]) -> None:
        for reading in readings:
            pilot.app.post_message(message_of(reading))
            await pilot.pause()
        await pilot.press(*keys)
        await pilot.pause()

    app = SwarmtuiApp(None, Settings(read_only=True), source="unix:///var/run/docker.sock")
    assert snap_compare(app, terminal_size=size, run_before=show)
