"""The way out to the terminal: a thread that writes, so that nobody waits for a slow line."""

from __future__ import annotations

import os
import select
from collections.abc import Callable
from threading import Condition, Thread

CHUNK_BYTES = 1024
"""Written at once: little enough that what waits is known to about as much."""


class Outlet:
    """Writes to a terminal in the order given, and knows how much still waits.

    Args:
        fileno: Of the terminal.
        on_drained: Called from the writing thread when nothing waits any more.
        on_gone: Called from the writing thread when the terminal takes nothing for ever.
    """

    def __init__(
        self, fileno: int, on_drained: Callable[[], None], on_gone: Callable[[], None]
    ) -> None:
        self._fileno = fileno
        self._on_drained = on_drained
        self._on_gone = on_gone
        self._waiting = bytearray()
        self._closed = False
        self._changed = Condition()
        self._thread = Thread(target=self._run, name="swarmtui-outlet", daemon=True)
        self._thread.start()

    @property
    def waiting(self) -> int:
        """Bytes that the terminal has not taken yet."""
        return len(self._waiting)

    def write(self, data: bytes) -> None:
        """Have bytes written; what comes after the terminal has gone is dropped."""
        with self._changed:
            if not self._closed:
                self._waiting += data
                self._changed.notify_all()

    def close(self, seconds: float) -> None:
        """Wait until all is written, though no longer than so many seconds, and end."""
        with self._changed:
            self._changed.wait_for(lambda: self._closed or not self._waiting, seconds)
            self._closed = True
            self._waiting.clear()
            self._changed.notify_all()

    def _run(self) -> None:
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._closed or self._waiting)
                if self._closed:
                    return
                chunk = bytes(self._waiting[:CHUNK_BYTES])
            try:
                # Somebody else may have made the terminal non-blocking: it is shared.
                select.select([], [self._fileno], [])
                written = os.write(self._fileno, chunk)
            except BlockingIOError:
                continue
            except OSError:
                self.close(0)
                self._on_gone()
                return
            with self._changed:
                del self._waiting[:written]
                drained = not self._waiting
                self._changed.notify_all()
            if drained:
                self._on_drained()
