"""The process of a runner: deaf to the end of the session that started it."""

from __future__ import annotations

import os
import signal
import time
from datetime import UTC, datetime
from pathlib import Path
from types import FrameType

from swarmtui.engine import Endpoint, Reader
from swarmtui.operations.journal import Journal
from swarmtui.operations.operation import Operation
from swarmtui.operations.running.runner import Runner, World


def run_journal(
    path: Path, endpoint: Endpoint, *, timeout_seconds: float, direction: str, take_over: str
) -> Operation:
    """Run the operation of a journal in this process, and return how it stands afterwards.

    SIGTERM asks it to stop at the next safe point; SIGHUP and SIGINT are for others.

    Raises:
        JournalUnusable: Another process has the journal, or it cannot be written.
        EngineError: The engine cannot be reached at all.
    """
    # The SDK is imported here and not with this room, which others import for its names.
    from swarmtui.engine.writer import Writer  # noqa: PLC0415

    wishes: list[int] = []

    def wish(number: int, _: FrameType | None) -> None:
        wishes.append(number)

    signal.signal(signal.SIGTERM, wish)
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with Journal(path) as journal:
        writer = Writer(endpoint, timeout_seconds=timeout_seconds)
        try:
            reader = Reader(
                writer.fetch,
                writer.api_version,
                now=lambda: datetime.now(UTC),
                monotonic=time.monotonic,
            )
            world = World(
                reads=reader,
                writes=writer,
                now=lambda: datetime.now(UTC),
                monotonic=time.monotonic,
                sleep=time.sleep,
                cancelled=lambda: bool(wishes),
                process=os.getpid(),
            )
            return Runner(journal, world, direction=direction, take_over=take_over).run()
        finally:
            writer.close()
