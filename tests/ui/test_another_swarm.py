"""The engine leaves its swarm under the explorer, and becomes one of another."""

from __future__ import annotations

from dataclasses import replace

from swarmtui.model import Cluster, NodeId, Snapshot
from swarmtui.screens import ExplorerScreen
from swarmtui.screens.reading import ReadingScreen
from swarmtui.screens.table import TableScreen
from tests.builders import alone_snapshot, busy_snapshot, worker_snapshot
from tests.ui.explorers import explorer


def another_swarm() -> Snapshot:
    """Return a swarm of one manager with nothing on it but the ingress."""
    busy = busy_snapshot()
    ingress = next(each for each in busy.networks if each.ingress)
    return replace(
        busy,
        engine=replace(busy.engine, node_id=NodeId("another")),
        cluster=Cluster("anothercluster"),
        networks=(ingress,),
        services=(),
        tasks=(),
        inspections={},
    )


async def test_the_places_of_a_swarm_are_not_those_of_another() -> None:
    async with explorer(busy_snapshot()) as running:
        await running.press("down", "slash", *"app", "enter", "enter")
        assert running.shows(TableScreen)
        await running.hear(alone_snapshot())
        assert running.shows(ExplorerScreen)
        assert "This engine is in no swarm" in running.screen_text
        assert running.pane("networks").filter_text == ""
        await running.hear(another_swarm())
        assert running.names("networks") == ["ingress"]
        assert not running.app.history.can_go_back
        assert not running.app.history.can_go_forward
        await running.press("left_square_bracket", "minus")
        assert running.shows(ExplorerScreen)


async def test_a_page_stays_until_it_is_closed() -> None:
    async with explorer(busy_snapshot()) as running:
        await running.press("down", "enter", "d")
        assert running.shows(ReadingScreen)
        await running.hear(alone_snapshot())
        assert running.shows(ReadingScreen)
        assert "Gone: the swarm no longer has it." in running.screen_text
        await running.press("escape")
        await running.hear(alone_snapshot())
        assert running.shows(ExplorerScreen)


async def test_a_worker_of_the_same_swarm_keeps_its_places() -> None:
    async with explorer(busy_snapshot()) as running:
        await running.press("down", "enter")
        await running.hear(worker_snapshot(), busy_snapshot())
        assert running.shows(TableScreen)
        assert running.app.history.can_go_back
