"""Makes the pictures of the README from the demo: `python screenshots/make.py`."""

from __future__ import annotations

import asyncio
import tempfile
from datetime import UTC, datetime
from pathlib import Path

from swarmtui.app import SwarmtuiApp
from swarmtui.demo import DemoEngine, demo_swarm
from swarmtui.engine import Endpoint, Poller, session_opener
from swarmtui.settings import Settings

FOLDER = Path(__file__).parent
SCREENS: dict[str, tuple[tuple[int, int], tuple[str, ...]]] = {
    "explorer": ((140, 36), ("down", "down", "down", "down", "down")),
    "narrow": ((80, 24), ("down", "down", "down", "2")),
    "services": ((140, 24), ("colon", *"services", "enter")),
    "nodes": ((140, 14), ("colon", *"nodes", "enter")),
    "tasks": ((140, 30), ("colon", *"tasks", "enter")),
    "ports": ((140, 18), ("colon", *"ports", "enter")),
    "describe": ((120, 40), ("down", "down", "down", "d")),
    "json": ((120, 30), ("down", "y")),
    "used-by": ((120, 30), ("down", "down", "down", "down", "down", "u")),
    "help": ((120, 40), ("question_mark",)),
}


async def picture(url: str, name: str, size: tuple[int, int], keys: tuple[str, ...]) -> None:
    """Run the explorer, press some keys, and save what is on screen."""
    poller = Poller(
        session_opener(Endpoint(url), timeout_seconds=5),
        interval_seconds=0.5,
        now=lambda: datetime(2026, 3, 5, 9, 30, tzinfo=UTC),
    )
    app = SwarmtuiApp(poller, Settings(read_only=True), source=url)
    async with app.run_test(size=size) as pilot:
        while app.snapshot is None:
            await pilot.pause(0.05)
        await pilot.press(*keys)
        await pilot.pause(1.5)
        (FOLDER / f"{name}.svg").write_text(app.export_screenshot(title="swarmtui"))


def main() -> None:
    """Make every picture, each of the same moment of the same swarm."""
    with tempfile.TemporaryDirectory() as folder:
        socket = Path(folder) / "docker.sock"
        with DemoEngine(demo_swarm(), socket, live=False):
            for name, (size, keys) in SCREENS.items():
                asyncio.run(picture(f"unix://{socket}", name, size, keys))


if __name__ == "__main__":
    main()
