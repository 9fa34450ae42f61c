"""The process of a runner: deaf to the end of the session that started it."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING

from swarmtui.engine import Endpoint, Reader
from swarmtui.errors import EngineError, SwarmtuiError
from swarmtui.model import Activity
from swarmtui.operations.journal import Journal, JournalUnusable
from swarmtui.operations.lines import Ended, Stopped
from swarmtui.operations.operation import operation_of
from swarmtui.operations.running.lock import lock_of
from swarmtui.operations.running.runner import Runner
from swarmtui.operations.running.world import World

if TYPE_CHECKING:
    from swarmtui.engine.writer import Writer


def run_journal(
    path: Path, endpoint: Endpoint, *, timeout_seconds: float, direction: str, take_over: str
) -> None:
    """Run the operation of a journal in this process; the journal tells how it ended.

    SIGTERM asks it to stop at the next safe point; SIGHUP and SIGINT are for others.

    Raises:
        JournalUnusable: Another process has the journal, it is over, or it cannot be written.
    """
    wishes: list[int] = []

    def wish(number: int, _: FrameType | None) -> None:
        wishes.append(number)

    signal.signal(signal.SIGTERM, wish)
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with _open(path) as journal:
        try:
            with _connected(endpoint, timeout_seconds) as writer:
                reader = Reader(
                    writer.fetch,
                    writer.api_version,
                    fetch_all=writer.fetch_all,
                    now=_now,
                    monotonic=time.monotonic,
                )
                world = World(
                    reads=reader,
                    writes=writer,
                    now=_now,
                    monotonic=time.monotonic,
                    sleep=time.sleep,
                    cancelled=lambda: bool(wishes),
                    process=os.getpid(),
                )
                Runner(journal, world, direction=direction, take_over=take_over).run()
        except JournalUnusable:
            raise
        except SwarmtuiError as error:
            _leave(journal, error)
        except Exception as error:
            _leave(journal, SwarmtuiError("The runner failed", f"{type(error).__name__}: {error}."))
            raise


def dismiss_journal(path: Path, endpoint: Endpoint, *, timeout_seconds: float) -> None:
    """Leave a stopped operation as it is: give its lock back, and close its journal.

    Raises:
        JournalUnusable: Another process has the journal, it is over, or it cannot be written.
    """
    with _open(path) as journal:
        words = ""
        try:
            with _connected(endpoint, timeout_seconds) as writer:
                activity = Activity("", operation=journal.head.id)
                lock_of(journal.head.plan, writer, activity, _moment).give_up()
        except EngineError as error:
            words = f"Its lock may still be there: {error.title}."
        journal.append(Ended("dismissed", words, _moment()))


@contextmanager
def _open(path: Path) -> Iterator[Journal]:
    with Journal(path) as journal:
        # Whoever asked may have seen it before another runner brought it to its end.
        operation = operation_of(path, journal.lines, in_use=False)
        if operation.is_over:
            raise JournalUnusable("This operation is over", f"{operation.id} is {operation.state}.")
        yield journal


@contextmanager
def _connected(endpoint: Endpoint, timeout_seconds: float) -> Iterator[Writer]:
    # The SDK is imported here and not with this room, which others import for its names.
    from swarmtui.engine.writer import Writer  # noqa: PLC0415

    writer = Writer(endpoint, timeout_seconds=timeout_seconds)
    try:
        yield writer
    finally:
        writer.close()


def _leave(journal: Journal, error: SwarmtuiError) -> None:
    """Say in the journal why a run ended before it could say so itself."""
    changed = operation_of(journal.path, journal.lines, in_use=False).changed
    advice = "Resume it, roll it back, or dismiss it." if changed else "Plan it again."
    journal.append(Stopped(error.title, error.explanation, error.hint or advice, _moment()))
    if not changed:
        journal.append(Ended("dismissed", "Nothing was changed.", _moment()))


def _now() -> datetime:
    return datetime.now(UTC)


def _moment() -> str:
    return _now().isoformat(timespec="milliseconds")
