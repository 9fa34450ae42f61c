"""What is written to the terminal: for a changed line, a scrolled one, another screen."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from tests.benchmarks.engines import Asked, engine_for
from tests.benchmarks.rows import Row, Target, row
from tests.benchmarks.watching import Watched, Wrote, explorer

TAKES = 5
SCROLLED_LINES = 60


def measure_bytes(asked: Asked) -> Iterator[Row]:
    """Measure bytes written at 120x40, beside the text of the cells that differ after."""
    with engine_for(asked) as source, explorer(source.url) as seen:
        seen.wait_for("ingress", 120)
        seen.settle(6.0)
        if source.serving:
            changed = []
            for _ in range(TAKES):
                with seen.writing() as wrote:
                    source.serving.touch()
                    seen.wait_for(_has_written(seen), 60)
                    seen.settle(3.0)
                changed += wrote
            yield row(
                "bytes for a changed network line",
                asked.size,
                "bytes",
                [each.written for each in changed],
                target=Target(600),
                note="one figure of the line has changed",
            )
        if asked.engine == "served" and asked.size != "small":
            yield _row("bytes for scrolling one line", asked, _scrolled(seen))
        away: list[Wrote] = []
        back: list[Wrote] = []
        for _ in range(TAKES):
            for key, kept in (("f", away), ("\x1b", back)):
                with seen.writing() as wrote:
                    seen.press(key)
                    seen.settle(1.0)
                kept.extend(wrote)
        yield _row("bytes for switching to findings", asked, away)
        yield _row("bytes for switching back", asked, back)


def _scrolled(seen: Watched) -> list[Wrote]:
    for _ in range(SCROLLED_LINES):
        seen.press("j")
        seen.listen(0.02)
    seen.settle(3.0)
    seen.press("\t")  # the networks beside it drive what is in here, which is not to be counted
    seen.settle()
    for _ in range(SCROLLED_LINES):
        seen.press("j")
        seen.listen(0.02)
    seen.settle(3.0)
    found = []
    for _ in range(TAKES):
        with seen.writing() as wrote:
            seen.press("j")
            seen.settle(1.0)
        found += wrote
    return found


def _has_written(seen: Watched) -> Callable[[str], bool]:
    before = seen.written
    return lambda text: seen.written > before


def _row(measure: str, asked: Asked, found: list[Wrote]) -> Row:
    return row(
        measure,
        asked.size,
        "bytes",
        [each.written for each in found],
        floors=[each.differing for each in found],
        floor_is="text that differs",
    )
