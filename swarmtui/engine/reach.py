"""Trying whether ports answer: connections that are made and closed at once, a few at a time."""

from __future__ import annotations

import socket
from collections.abc import Callable, Sequence
from contextlib import closing
from datetime import UTC, datetime
from queue import Empty, SimpleQueue
from threading import Thread

from swarmtui.model import Door, Outcome, Trial

TIMEOUT_SECONDS = 2.0
AT_ONCE = 8


def try_doors(
    doors: Sequence[Door],
    tell: Callable[[Trial], object],
    *,
    timeout_seconds: float = TIMEOUT_SECONDS,
    at_once: int = AT_ONCE,
) -> None:
    """Begin to try ports, and return at once; nothing is sent to them.

    Args:
        doors: Each is tried once.
        tell: Told of each try when it ends, from a thread of its own.
        timeout_seconds: How long one try may take.
        at_once: How many threads try; they end with the program, whatever they wait for.
    """
    waiting: SimpleQueue[Door] = SimpleQueue()
    for door in doors:
        waiting.put(door)

    def work() -> None:
        while True:
            try:
                door = waiting.get_nowait()
            except Empty:
                return
            tell(_try(door, timeout_seconds))

    for _ in range(min(at_once, len(doors))):
        Thread(target=work, daemon=True).start()


def _try(door: Door, timeout_seconds: float) -> Trial:
    outcome, words = Outcome.REACHABLE, ""
    try:
        with closing(socket.create_connection((door.address, door.port), timeout=timeout_seconds)):
            pass
    except ConnectionRefusedError as error:
        outcome, words = Outcome.REFUSED, str(error)
    except OSError as error:
        outcome, words = Outcome.NO_ANSWER, str(error)
    return Trial(door, outcome, datetime.now(UTC), words)
