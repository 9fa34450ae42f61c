"""The addresses of networks as pictures, at the smallest common size and at a roomy one."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from textual.pilot import Pilot

from swarmtui.app import SwarmtuiApp
from swarmtui.model import Snapshot
from swarmtui.settings import Settings
from tests.builders import busy_snapshot, failing_snapshot, worker_snapshot
from tests.ui.explorers import hear
from tests.ui.nets import pair_snapshot, wide_snapshot

_WIDE = ("slash", *"wide", "enter", "a")
_SCENES: dict[str, tuple[Snapshot, tuple[str, ...]]] = {
    "addresses": (busy_snapshot(), ("down", "a", "right", "right", "right")),
    "room": (busy_snapshot(), ("down", "a", "3")),
    "blocks": (wide_snapshot(), (*_WIDE, *["right"] * 4)),
    "block": (wide_snapshot(), (*_WIDE, *["right"] * 4, "enter", *["right"] * 5)),
    "subnets": (pair_snapshot(), ("slash", *"pair", "enter", "a", "down", "down", "right")),
    "exhausted": (failing_snapshot(), ("slash", *"tiny", "enter", "a", "2", "end")),
    "worker": (worker_snapshot(), ("down", "a")),
}


@pytest.mark.parametrize("size", [(80, 24), (160, 45)], ids=["80x24", "160x45"])
@pytest.mark.parametrize("scene", _SCENES)
def test_picture(scene: str, size: tuple[int, int], snap_compare: Callable[..., bool]) -> None:
    snapshot, keys = _SCENES[scene]

    async def show(pilot: Pilot[None]) -> None:
        hear(pilot, snapshot)
        await pilot.pause()
        for key in keys:
            await pilot.press(key)
        await pilot.pause()

    app = SwarmtuiApp(None, Settings(read_only=True), source="unix:///var/run/docker.sock")
    assert snap_compare(app, terminal_size=size, run_before=show)
