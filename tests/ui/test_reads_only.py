"""Whatever key is pressed, nothing but reads arrives at the engine."""

from __future__ import annotations

import asyncio
import json

import pytest

from swarmtui.app import SwarmtuiApp
from swarmtui.commands import CATALOGUE
from swarmtui.engine import Endpoint, Poller, session_opener
from swarmtui.screens.reading import ReadingScreen
from swarmtui.settings import Settings
from tests.captured import Captured
from tests.recording import Answer, RecordingEngine, reply


def _answers(captured: Captured) -> dict[str, Answer]:
    found: dict[str, Answer] = {}
    for path in captured.paths:
        body = captured.body(path)
        found[path] = reply(json.dumps(body).encode())
    return found


_COMMAND_KEYS = [key for command in CATALOGUE for key in command.KEY.split(",") if key]
_OTHER_KEYS = [
    *"abefhijklmnoprstvwxzABCDEFGHIJKLMNOPQRSTUVWXYZ0",
    *(f"ctrl+{letter}" for letter in "abdefghjklnouvxyz"),
    *("enter", "tab", "delete", "backspace", "insert", "f2", "f5", "space", "plus", "shift+left"),
]


@pytest.mark.parametrize(
    ("read_only", "places", "keys"),
    [
        (False, ["networks"], [*_COMMAND_KEYS, *_OTHER_KEYS]),
        (True, ["services", "tasks"], _COMMAND_KEYS),
    ],
)
async def test_every_key_only_reads(read_only: bool, places: list[str], keys: list[str]) -> None:
    with RecordingEngine(_answers(Captured("29.9-dev", "node1"))) as engine:
        opener = session_opener(Endpoint(engine.url), timeout_seconds=5)
        poller = Poller(opener, interval_seconds=0.5)
        app = SwarmtuiApp(poller, Settings(read_only=read_only))
        async with app.run_test(size=(120, 40)) as pilot:
            async with asyncio.timeout(20):
                while app.snapshot is None:
                    await pilot.pause(0.05)
            for place in places:
                await pilot.press("colon", *place, "enter")
                for key in keys:
                    await pilot.press(key)
                    while isinstance(app.screen, ReadingScreen):
                        await pilot.press("escape")
                    if len(app.screen_stack) > 2 or app.screen.query("Prompt > Input:focus"):
                        await pilot.press("escape")
            assert app.is_running
        methods = {request.method for request in engine.requests}
        paths = {request.path for request in engine.requests}
    assert methods <= {"GET", "HEAD"}
    assert "/swarm" not in paths
    assert any(path.startswith("/networks/") for path in paths)
