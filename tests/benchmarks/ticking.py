"""swarmtui, or a loop that does nothing else, with a ticker that sees how long the loop stalls.

`python -m tests.benchmarks.ticking FILE [ARGUMENTS OF swarmtui]`; without arguments nothing else
runs, which shows what the machine alone does to a loop.
"""

from __future__ import annotations

import asyncio
import atexit
import json
import sys
import time
from pathlib import Path

TICK_SECONDS = 0.002
KEPT_SECONDS = 0.004


class Ticker:
    """Ticks in a loop, and keeps each wait that was much longer than asked for.

    Attributes:
        stalls: When a stall ended, by the clock that all processes share; how long the tick was
            late, in wall time; and how much of it this process itself was on a processor. The last
            is what a busy machine cannot make longer.
    """

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self.stalls: list[tuple[float, float, float]] = []
        self._loop = loop
        self._last, self._cpu = time.monotonic(), time.process_time()
        loop.call_soon(self._tick)

    def _tick(self) -> None:
        now, cpu = time.monotonic(), time.process_time()
        late = now - self._last - TICK_SECONDS
        if late > KEPT_SECONDS:
            self.stalls.append((now, late, min(cpu - self._cpu, late)))
        self._last, self._cpu = now, cpu
        self._loop.call_later(TICK_SECONDS, self._tick)


class TickingPolicy(asyncio.DefaultEventLoopPolicy):
    """Gives every loop a ticker, and writes down what they saw at the end."""

    def __init__(self, file: Path) -> None:
        super().__init__()
        self._tickers: list[Ticker] = []
        atexit.register(lambda: file.write_text(json.dumps(self._tickers[0].stalls)))

    def new_event_loop(self) -> asyncio.AbstractEventLoop:
        """Return a loop that ticks."""
        loop = super().new_event_loop()
        self._tickers.append(Ticker(loop))
        return loop


def main() -> None:
    """Run what is asked for with a ticker in its loop."""
    asyncio.set_event_loop_policy(TickingPolicy(Path(sys.argv[1])))
    if len(sys.argv) > 2:
        from swarmtui.cli import main as explore  # noqa: PLC0415

        sys.exit(explore(sys.argv[2:]))
    asyncio.run(_wait())


async def _wait() -> None:
    loop = asyncio.get_running_loop()
    await loop.run_in_executor(None, sys.stdin.readline)


if __name__ == "__main__":
    main()
