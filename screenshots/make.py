"""Makes the pictures of the README from the demo: `python screenshots/make.py`."""

from __future__ import annotations

import asyncio
import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, nullcontext, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from swarmtui.app import SwarmtuiApp
from swarmtui.demo import DemoEngine, demo_swarm
from swarmtui.engine import Endpoint, Poller, Reader, read_once, session_opener
from swarmtui.engine.writer import Writer
from swarmtui.operations import BuildIngress, Definition, Desk, Plan, Range, plan_operation
from swarmtui.operations.journal import Journal
from swarmtui.operations.operation import operation_of
from swarmtui.operations.running.runner import Runner
from swarmtui.operations.running.world import World
from swarmtui.settings import Settings

if TYPE_CHECKING:
    from swarmtui.demo import Swarm

FOLDER = Path(__file__).parent
Keys = tuple[str, ...]
SCREENS: dict[str, tuple[tuple[int, int], Keys]] = {
    "explorer": ((140, 36), ("down", "down", "down", "down", "down")),
    "narrow": ((80, 24), ("down", "down", "down", "2")),
    "services": ((140, 24), ("colon", *"services", "enter")),
    "nodes": ((140, 14), ("colon", *"nodes", "enter")),
    "tasks": ((140, 30), ("colon", *"tasks", "enter")),
    "ports": ((140, 30), ("colon", *"ports", "enter")),
    "firewall": ((120, 40), ("colon", *"ports", "enter", "tab", "d")),
    "findings": ((140, 18), ("f",)),
    "finding": ((110, 40), ("f", "d")),
    "addresses": ((140, 34), (*["down"] * 5, "a")),
    "pool": ((120, 30), ("colon", *"pools", "enter", "enter")),
    "plan": ((110, 26), ("colon", *"plan", "enter")),
    "path": ((110, 40), ("colon", *"path", "space", *"gateway", "space", *"grafana", "enter")),
    "describe": ((120, 40), ("down", "down", "down", "d")),
    "json": ((120, 30), ("down", "y")),
    "used-by": ((120, 30), ("down", "down", "down", "down", "down", "u")),
    "help": ((120, 40), ("question_mark",)),
    "bridge": ((110, 34), ("b",)),
    "bridge-runbook": ((110, 34), ("b", "e", "end", "ctrl+u", *"172.30.0.0/16", "enter")),
    "migrate-form": ((110, 24), (*["down"] * 7, "m", "down", "down", "down", *"1400")),
    "migrate-review": ((110, 44), (*["down"] * 10, "e", "ctrl+n")),
    "create-form": ((110, 26), ("n", *"branch", "down", *"10.20.0.64/26", "down", *"10.11.0.2")),
    "network-services": ((140, 16), (*["down"] * 10, "v")),
    "reach-form": ((110, 22), (*["down"] * 10, "v", "p", "right")),
    "split-form": ((110, 30), (*["down"] * 10, "s", "space", "down", "space", "space")),
    "ingress-form": ((110, 22), ("i", "end", "ctrl+u", *"10.64.0.0/16", "down", *"10.11.0.2")),
    "ingress-review": ((110, 34), ("i", "end", "ctrl+u", *"10.11.0.0/16", "down", "enter")),
}
OPERATIONS: dict[str, tuple[int, Keys]] = {
    # The step that it has come to, and how it is shown.
    "operation-running": (5, ("o", "enter")),
    "operation-stopped": (4, ()),
}
WANTED = Definition("my-ingress", (Range("10.11.0.0/16", "10.11.0.2"),), ingress=True)


class Here(BaseException):
    """The runner has come to the moment of the picture."""


async def picture(
    url: str, name: str, size: tuple[int, int], keys: Keys, desk: Desk | None = None
) -> None:
    """Run the explorer, press some keys, and save what is on screen."""
    poller = Poller(
        session_opener(Endpoint(url), timeout_seconds=5),
        interval_seconds=0.5,
        now=lambda: datetime(2026, 3, 5, 9, 30, tzinfo=UTC),
    )
    forms = ("ingress", "migrate", "create", "reach", "split")
    settings = Settings(read_only=desk is None and not name.startswith(forms))
    app = SwarmtuiApp(poller, settings, source=url, desk=desk)
    async with app.run_test(size=size) as pilot:
        while app.snapshot is None:
            await pilot.pause(0.05)
        await pilot.press(*keys)
        await pilot.pause(1.5)
        (FOLDER / f"{name}.svg").write_text(app.export_screenshot(title="swarmtui"))


@contextmanager
def demo(swarm: Swarm) -> Iterator[DemoEngine]:
    """Serve the demo, whose time stands still."""
    with (
        tempfile.TemporaryDirectory() as folder,
        DemoEngine(swarm, Path(folder) / "docker.sock", live=False) as engine,
    ):
        yield engine


def run_until(engine: DemoEngine, desk: Desk, step: int, now: Callable[[], datetime]) -> Path:
    """Replace the ingress of the demo, in its own time, up to a wait in some step."""
    endpoint = Endpoint(engine.url)
    plan = plan_operation(
        read_once(endpoint, timeout_seconds=5), BuildIngress(WANTED, at_once=True)
    )
    assert isinstance(plan, Plan)
    path = desk.begin(plan)

    def sleep(seconds: float) -> None:
        engine.step(seconds)
        if operation_of(path, journal.lines, in_use=True).step >= step:
            raise Here

    writer = Writer(endpoint, timeout_seconds=5)
    reader = Reader(writer.fetch, writer.api_version, now=now, monotonic=lambda: 0.0)
    with Journal(path) as journal:
        world = World(reader, writer, now, lambda: 0.0, sleep, lambda: False)
        with closing(writer), suppress(Here):
            Runner(journal, world).run()
    return path


def main() -> None:
    """Make every picture, each of the same moment of the same swarm."""
    # In our own colours, whatever the terminal in which they are made can show.
    os.environ.update(TERM="xterm-256color", COLORTERM="truecolor")
    with demo(demo_swarm()) as engine:
        for name, (size, keys) in SCREENS.items():
            asyncio.run(picture(engine.url, name, size, keys))
    for name, (step, keys) in OPERATIONS.items():
        swarm = demo_swarm()
        with demo(swarm) as engine, tempfile.TemporaryDirectory() as folder:
            desk = Desk(
                folder=Path(folder) / "operations",
                flags=(),
                engine=engine.url,
                who="ann",
                host="manager-1",
                now=lambda swarm=swarm: swarm.now,
                mark=lambda: "c0de",
            )
            path = run_until(engine, desk, step, desk.now)
            with Journal(path) if name.endswith("running") else nullcontext():
                asyncio.run(picture(engine.url, name, (110, 26), keys, desk))


if __name__ == "__main__":
    main()
