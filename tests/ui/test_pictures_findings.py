"""What is wrong, as pictures, at the smallest common size and at a roomy one."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from textual.pilot import Pilot

from swarmtui.app import SwarmtuiApp
from swarmtui.model import Snapshot
from swarmtui.settings import Settings
from tests.builders import busy_snapshot, failing_snapshot, worker_snapshot
from tests.ui.explorers import hear

_SCENES: dict[str, tuple[Snapshot, tuple[str, ...]]] = {
    "findings": (failing_snapshot(), ("f",)),
    "findings_of_a_worker": (worker_snapshot(), ("f",)),
    "acknowledged": (busy_snapshot(), ("f", "k")),
    "finding": (failing_snapshot(), ("f", "d")),
}


@pytest.mark.parametrize("size", [(80, 24), (160, 45)], ids=["80x24", "160x45"])
@pytest.mark.parametrize("scene", _SCENES)
def test_picture(scene: str, size: tuple[int, int], snap_compare: Callable[..., bool]) -> None:
    snapshot, keys = _SCENES[scene]

    async def show(pilot: Pilot[None]) -> None:
        hear(pilot, snapshot)
        await pilot.pause()
        await pilot.press(*keys)
        # What was done is said for some seconds, which is no part of the picture.
        pilot.app.clear_notifications()
        await pilot.pause()

    app = SwarmtuiApp(None, Settings())
    assert snap_compare(app, terminal_size=size, run_before=show)
