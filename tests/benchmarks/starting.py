"""How soon something is on screen."""

from __future__ import annotations

import asyncio
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory

from swarmtui.app import SwarmtuiApp
from swarmtui.settings import Settings
from tests.benchmarks.engines import Asked, engine_for
from tests.benchmarks.rows import Row, Target, row
from tests.benchmarks.trivial import TITLE
from tests.benchmarks.watching import Watched, explorer

STARTS = 9
READS = 3
VERSIONS = 15


def measure_version(asked: Asked) -> Iterator[Row]:
    """Measure the shortest run of the program beside that of Python."""
    ours, floors = [], []
    for _ in range(VERSIONS):
        floors.append(_run("-c", "pass"))
        ours.append(_run("-m", "swarmtui", "--version"))
    yield row(
        "swarmtui --version",
        "-",
        "ms",
        [each[0] for each in ours],
        floors=[each[0] for each in floors],
        floor_is="python -c pass",
        cpu=([each[1] for each in ours], [each[1] for each in floors]),
        target=Target(3.0, "ratio"),
    )


def measure_first_paint(asked: Asked) -> Iterator[Row]:
    """Measure from start to the first paint, with an engine that never answers."""
    widgets = asyncio.run(_count_widgets())
    ours: list[tuple[float, float]] = []
    floors: list[tuple[float, float]] = []
    with (
        TemporaryDirectory(prefix="bench-") as folder,
        closing(socket.socket(socket.AF_UNIX)) as mute,
    ):
        path = Path(folder) / "mute.sock"
        mute.bind(str(path))
        mute.listen(8)
        for _ in range(STARTS):
            with Watched(str(widgets), program="tests.benchmarks.trivial") as seen:
                floors.append(_painted(seen, TITLE))
            with explorer(f"unix://{path}") as seen:
                ours.append(_painted(seen, "Networks"))
    yield row(
        "first paint, before the engine answers",
        "-",
        "ms",
        [each[0] for each in ours],
        floors=[each[0] for each in floors],
        floor_is=f"trivial app of {widgets} widgets",
        cpu=([each[1] for each in ours], [each[1] for each in floors]),
        target=Target(1.25, "ratio"),
    )


def measure_useful(asked: Asked) -> Iterator[Row]:
    """Measure from start to the first screen that shows the swarm."""
    takes = []
    with engine_for(asked) as source:
        for _ in range(READS):
            with explorer(source.url) as seen:
                takes.append(_painted(seen, f" {source.busy} ")[0])
    yield row(
        "first screen of the swarm",
        asked.size,
        "ms",
        takes,
        target=Target(3000) if asked.size == "huge" else None,
    )


def _painted(seen: Watched, found: str) -> tuple[float, float]:
    seen.wait_for(found, 120)
    return (time.monotonic() - seen.started) * 1e3, seen.cpu_seconds * 1e3


def _run(*arguments: str) -> tuple[float, float]:
    before, began = os.times(), time.perf_counter()
    subprocess.run([sys.executable, *arguments], check=True, stdout=subprocess.DEVNULL)
    wall, after = time.perf_counter() - began, os.times()
    return wall * 1e3, _cpu(after) - _cpu(before)


def _cpu(times: os.times_result | Sequence[float]) -> float:
    return (times[2] + times[3]) * 1e3


async def _count_widgets() -> int:
    app = SwarmtuiApp(None, Settings())
    async with app.run_test(size=(120, 40)):
        return len(app.screen.query("*"))
