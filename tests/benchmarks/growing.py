"""Whether memory grows: very many refreshes of a swarm that changes every time."""

from __future__ import annotations

import asyncio
import sys
import time
from collections.abc import Iterator

from swarmtui.app import SwarmtuiApp
from swarmtui.engine import Endpoint, session_opener
from swarmtui.model import NetworkId, Snapshot
from swarmtui.settings import Settings
from tests.benchmarks.engines import Asked
from tests.benchmarks.refresh import shared_id
from tests.benchmarks.rows import Row, Target
from tests.benchmarks.serving import Serving
from tests.benchmarks.ways import TIMEOUT_SECONDS, memory

POINTS = 40
WARM_SHARE = 0.25


def measure_growth(asked: Asked) -> Iterator[Row]:
    """Read, examine and paint again and again, and watch the memory of the process."""
    with Serving(asked.size) as serving:
        curve = asyncio.run(_refresh(serving, asked.refreshes))
    warm = [each for each in curve if each[0] >= asked.refreshes * WARM_SHARE]
    first, last = (sum(each[1] for each in part) / len(part) for part in _halves(warm))
    yield Row(
        "memory, second half beside the first",
        asked.size,
        last,
        "MB",
        low=min(each[1] for each in warm),
        high=max(each[1] for each in warm),
        floor=first,
        floor_is="first half after warm-up",
        ratio=last / first,
        target=Target(1.05, "ratio"),
        note=f"{asked.refreshes} refreshes; MB "
        + ", ".join(f"{resident:.0f} at {count}" for count, resident in curve),
    )


async def _refresh(serving: Serving, refreshes: int) -> list[tuple[int, float]]:
    focus = NetworkId(shared_id(serving.url))
    session = session_opener(Endpoint(serving.url), timeout_seconds=TIMEOUT_SECONDS)()
    app = SwarmtuiApp(None, Settings())
    curve: list[tuple[int, float]] = []
    snapshot: Snapshot | None = None
    began = time.monotonic()

    def turn(before: Snapshot | None) -> Snapshot:
        found = session.reader.read(before, focus=focus)
        app.publish(found)
        return found

    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.press("down")
        for number in range(refreshes + 1):
            serving.next()
            snapshot = await asyncio.to_thread(turn, snapshot)
            await pilot.pause()
            if number % max(refreshes // POINTS, 1) == 0:
                curve.append((number, memory("VmRSS")))
                words = (
                    f"{number} refreshes, {curve[-1][1]:.0f} MB, {time.monotonic() - began:.0f} s"
                )
                print(words, file=sys.stderr, flush=True)  # noqa: T201
    session.close()
    return curve


def _halves(
    curve: list[tuple[int, float]],
) -> tuple[list[tuple[int, float]], list[tuple[int, float]]]:
    middle = len(curve) // 2
    return curve[:middle], curve[middle:]
