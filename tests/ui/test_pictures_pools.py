"""The map of a pool and the planner as pictures, at the smallest common size and a roomy one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from textual.pilot import Pilot

from swarmtui.app import SwarmtuiApp
from swarmtui.model import Snapshot
from swarmtui.settings import Settings
from tests.builders import NODES, empty_snapshot
from tests.ui.explorers import hear
from tests.ui.test_plan import EMPTIED
from tests.ui.test_pools import mixed_snapshot

SIZES = pytest.mark.parametrize("size", [(80, 24), (160, 45)], ids=["80x24", "160x45"])
POOL = ("colon", *"pools", "enter", "enter")
PLAN = ("colon", *"plan", "enter")


def older_snapshot() -> Snapshot:
    """A swarm whose managers promise no block, with a pool of few blocks."""
    nodes = tuple(replace(each, engine_version="20.10.24") for each in NODES)
    mixed = mixed_snapshot()
    assert mixed.cluster is not None
    return replace(mixed, nodes=nodes, cluster=replace(mixed.cluster, pools=("10.20.0.0/21",)))


SCENES: dict[str, tuple[Snapshot, tuple[str, ...]]] = {
    "pool": (mixed_snapshot(), (*POOL, *["right"] * 4)),
    "pool_not_promised": (older_snapshot(), (*POOL, "down", "tab", "end")),
    "pool_outside": (mixed_snapshot(), ("colon", *"pools", "enter", "end", "enter")),
    "plan": (empty_snapshot(), PLAN),
    "plan_faults": (
        mixed_snapshot(),
        (*PLAN, *EMPTIED, *"192.168.0.0/16 10.20.0.0/12", "down", *EMPTIED, *"9", "down", "down"),
    ),
    "plan_command": (empty_snapshot(), (*PLAN, *["down"] * 7, *EMPTIED, *"7789", "enter")),
}


@SIZES
@pytest.mark.parametrize("scene", SCENES)
def test_picture(scene: str, size: tuple[int, int], snap_compare: Callable[..., bool]) -> None:
    snapshot, keys = SCENES[scene]

    async def show(pilot: Pilot[None]) -> None:
        hear(pilot, snapshot)
        await pilot.pause()
        await pilot.press(*keys)
        await pilot.pause()

    assert snap_compare(SwarmtuiApp(None, Settings()), terminal_size=size, run_before=show)
