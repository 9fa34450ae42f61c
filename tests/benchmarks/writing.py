"""What is written to the terminal: for a changed line, a scrolled one, another screen."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

from tests.benchmarks.engines import Asked, engine_for
from tests.benchmarks.rows import Row, Target, row
from tests.benchmarks.watching import (
    LONG_SECONDS,
    Watched,
    Wrote,
    explorer,
    focus_endpoints,
    look_at_busy,
)

TAKES = 5
QUIET_SECONDS = 2.5
SCROLLED_LINES = 40


def measure_bytes(asked: Asked) -> Iterator[Row]:
    """Measure bytes written at 120x40, beside the text of the cells that differ after."""
    with engine_for(asked) as source, explorer(source.url) as seen:
        seen.wait_for("ingress", 120)
        seen.settle(6.0)
        if source.serving:
            touch = source.serving.touch
            changed = [_wrote(seen, touch) for _ in range(TAKES)]
            yield row(
                "bytes for a changed network line",
                asked.size,
                "bytes",
                [each.written for each in changed],
                target=Target(600),
                note="one figure of the line has changed",
            )
        if asked.engine == "served":
            yield _row("bytes for scrolling one line", asked, _scrolled(seen, source.busy))
        away: list[Wrote] = []
        back: list[Wrote] = []
        for _ in range(TAKES):
            for key, kept in (("f", away), ("\x1b", back)):
                kept.append(_wrote(seen, partial(seen.press, key)))
        yield _row("bytes for switching to findings", asked, away)
        yield _row("bytes for switching back", asked, back)


def _scrolled(seen: Watched, busy: str) -> list[Wrote]:
    look_at_busy(seen, busy)
    seen.settle(QUIET_SECONDS)
    focus_endpoints(seen)
    for _ in range(SCROLLED_LINES):
        seen.press("j")
        seen.listen(0.05)
    seen.settle(QUIET_SECONDS)
    return [_wrote(seen, partial(seen.press, "j")) for _ in range(TAKES)]


def _wrote(seen: Watched, act: Callable[[], object]) -> Wrote:
    """Do something, wait for its first byte however long that takes, and for its last one."""
    before = seen.written
    with seen.writing() as wrote:
        act()
        seen.wait_for(lambda text: seen.written > before, LONG_SECONDS)
        seen.settle(QUIET_SECONDS)
    return wrote[0]


def _row(measure: str, asked: Asked, found: list[Wrote]) -> Row:
    return row(
        measure,
        asked.size,
        "bytes",
        [each.written for each in found],
        floors=[each.differing for each in found],
        floor_is="text that differs",
    )
