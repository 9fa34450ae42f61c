"""What the explorer costs while nothing changes: the terminal, this machine, and the engine."""

from __future__ import annotations

from collections.abc import Iterator

from tests.benchmarks.engines import Asked, engine_for
from tests.benchmarks.rows import Row, Target
from tests.benchmarks.watching import Watched, explorer

WARM_SECONDS = 30.0
"""By then every network has been inspected and what has to last has lasted."""


def measure_idle(asked: Asked) -> Iterator[Row]:
    """Watch an idle explorer for some time."""
    with (
        engine_for(asked) as source,
        Watched("10", program="tests.benchmarks.trivial") as trivial,
        explorer(source.url) as seen,
    ):
        seen.wait_for(f" {source.busy} ", 120)
        trivial.settle()
        seen.listen(WARM_SECONDS)
        seen.settle(3.0, 60)
        told = source.serving.counts() if source.serving else None
        ours, floor = seen.cpu_seconds, trivial.cpu_seconds
        written = seen.listen(asked.seconds)
        ours, floor = seen.cpu_seconds - ours, trivial.cpu_seconds - floor
        after = source.serving.counts() if source.serving else None
        resident, small = seen.resident_mb, trivial.resident_mb
    per_minute = 60 / asked.seconds
    share, floor = 100 * ours / asked.seconds, 100 * floor / asked.seconds
    limit = {"small": 1.5, "large": 5.0}.get(asked.size)
    yield Row(
        "idle, terminal",
        asked.size,
        written * per_minute,
        "bytes/min",
        target=None if asked.engine == "demo" else Target(0),
    )
    yield Row(
        "idle, processor",
        asked.size,
        share,
        "% of a core",
        floor=floor,
        floor_is="trivial app",
        target=Target(limit) if limit else None,
    )
    yield Row(
        "resident memory",
        asked.size,
        resident,
        "MB",
        floor=small,
        floor_is="trivial app",
        ratio=resident / small,
        target=Target(220) if asked.size == "large" else None,
    )
    if told and after:
        paths = {
            path: count - told["requests"].get(path, 0)
            for path, count in after["requests"].items()
            if count > told["requests"].get(path, 0)
        }
        note = ", ".join(f"{path} {count * per_minute:.0f}" for path, count in paths.items())
        sent = sum(after["bytes"].values()) - sum(told["bytes"].values())
        yield Row(
            "idle, asked of the engine",
            asked.size,
            sum(paths.values()) * per_minute,
            "requests/min",
            note=note,
        )
        yield Row("idle, read from the engine", asked.size, sent * per_minute / 1e6, "MB/min")
