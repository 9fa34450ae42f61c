"""How soon a key is on screen, and how long the loop stalls, while the swarm is read."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.benchmarks.engines import Asked, Source, engine_for
from tests.benchmarks.rows import Row, Target, percentile, row
from tests.benchmarks.watching import (
    LONG_SECONDS,
    Watched,
    explorer,
    focus_endpoints,
    look_at_busy,
)

KEYS = 200
KEYS_SECONDS = 120.0
"""After so long there are keys enough, if not as many."""

KEY_PAUSE_SECONDS = 0.05
REFRESHES = 6
REFRESH = "\x12"  # ctrl+r reads everything at once, also what is read seldom


def measure_keys(asked: Asked) -> Iterator[Row]:
    """Measure from a key to its paint in the longest table, while refreshes go on."""
    takes: list[float] = []
    floors: list[float] = []
    trivial = Watched("100", program="tests.benchmarks.trivial")
    with engine_for(asked, "--changing", "2") as source, explorer(source.url) as seen, trivial:
        look_at_busy(seen, source.busy)
        trivial.settle()
        focus_endpoints(seen)
        end = time.monotonic() + KEYS_SECONDS
        for number in range(KEYS):
            if time.monotonic() > end:
                break
            if number % 20 == 0:
                seen.press(REFRESH)
            takes.append(seen.paint_seconds(_ARROWS[number % 2]) * 1e3)
            floors.append(trivial.paint_seconds(_ARROWS[number % 2]) * 1e3)
            seen.listen(KEY_PAUSE_SECONDS)
        rows = _endpoints(seen)
    aims = asked.size in ("large", "huge")
    for name, share, limit in (("p50", 0.5, 30.0), ("p99", 0.99, 80.0)):
        yield Row(
            f"key to paint, refreshes running, {name}",
            asked.size,
            percentile(takes, share),
            "ms",
            floor=percentile(floors, share),
            floor_is="trivial app",
            ratio=percentile(takes, share) / percentile(floors, share),
            target=Target(limit) if aims else None,
            note=f"{len(takes)} keys, {rows} on screen",
        )


def measure_stalls(asked: Asked) -> Iterator[Row]:
    """Measure the longest stall of the loop in each of some changed refreshes."""
    walls: list[float] = []
    own: list[float] = []
    floors: list[float] = []
    with TemporaryDirectory(prefix="bench-") as folder, engine_for(asked) as source:
        ticks, idle = Path(folder) / "ours.json", Path(folder) / "idle.json"
        windows = []
        with Watched(str(idle), program="tests.benchmarks.ticking") as alone:
            with explorer(source.url, ticks=ticks) as seen:
                look_at_busy(seen, source.busy)
                seen.settle(3.0)
                for _ in range(REFRESHES):
                    if source.serving:
                        source.serving.prepare()
                        source.serving.next()
                        source.serving.asked()
                    began = time.monotonic()
                    seen.press(REFRESH)
                    _wait_until_read(seen, source)
                    seen.settle(4.0, 60)
                    windows.append((began, time.monotonic()))
            alone.press("\n")
            alone.wait_for_end()
        ours, nothing = (json.loads(each.read_text()) for each in (ticks, idle))
        for window in windows:
            walls.append(_longest(ours, window, 1))
            own.append(_longest(ours, window, 2))
            floors.append(_longest(nothing, window, 1))
    limit = {"large": 25.0, "huge": 40.0}.get(asked.size)
    yield row(
        "longest stall of the loop in a refresh",
        asked.size,
        "ms",
        walls,
        floors=floors,
        floor_is="a loop that does nothing",
        target=Target(limit) if limit else None,
        note=f"{REFRESHES} refreshes",
    )
    yield row(
        "of it the process's own time",
        asked.size,
        "ms",
        own,
        target=Target(limit) if limit else None,
        note="processor time of all its threads within the longest stall",
    )


_ARROWS = ("\x1b[B", "\x1b[A")


def _wait_until_read(seen: Watched, source: Source) -> None:
    """Wait until the tasks were asked for; where nobody tells, for long enough."""
    end = time.monotonic() + (LONG_SECONDS if source.serving else 2.0)
    while time.monotonic() < end:
        seen.listen(0.2)
        if source.serving and any("/tasks" in each for each in source.serving.asked()):
            return


def _longest(
    stalls: list[tuple[float, float, float]], window: tuple[float, float], place: int
) -> float:
    found = [each[place] for each in stalls if window[0] <= each[0] <= window[1]]
    return max(found, default=0.0) * 1e3


def _endpoints(seen: Watched) -> str:
    title = seen.text.partition("Endpoints on ")[2]
    return " endpoints on ".join(reversed(title.split()[:2]))
