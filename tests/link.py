"""A slow line between a program's pseudo-terminal and whoever looks at it."""

from __future__ import annotations

import os
import select
import socket
import time
from collections import deque
from contextlib import suppress
from threading import Event, Thread

PACKET_BYTES = 1448
"""Of TCP over Ethernet."""


class Link:
    """Carries what a terminal shows and what is typed, as fast as a line does.

    Args:
        near: The pseudo-terminal's end that is not the program's.
        bits_per_second: Of what is shown; what is typed is little.
        round_trip_seconds: Half of it each way.
        buffer_bytes: Taken from the program without being sent yet; a further byte waits there.
    """

    def __init__(
        self,
        near: int,
        *,
        bits_per_second: float = 1_000_000,
        round_trip_seconds: float = 0.15,
        buffer_bytes: int = 16384,
    ) -> None:
        self._near = near
        self._bytes_per_second = bits_per_second / 8
        self._way_seconds = round_trip_seconds / 2
        self._buffer_bytes = buffer_bytes
        self._ours, self._far = socket.socketpair()
        self._waiting = bytearray()
        self._shown: deque[tuple[float, bytes]] = deque()
        self._typed: deque[tuple[float, bytes]] = deque()
        self._is_free_at = 0.0
        self._ended = Event()
        self._thread = Thread(target=self._run, daemon=True)
        self._thread.start()

    def fileno(self) -> int:
        """Return the far end: to be read and written as the near one would be."""
        return self._far.fileno()

    def close(self) -> None:
        """Cut the line."""
        self._ended.set()
        self._thread.join()
        self._ours.close()
        self._far.close()

    def _run(self) -> None:
        with suppress(OSError):
            while not self._ended.is_set():
                now = time.monotonic()
                self._send(now)
                while self._shown and self._shown[0][0] <= now:
                    self._ours.sendall(self._shown.popleft()[1])
                while self._typed and self._typed[0][0] <= now:
                    os.write(self._near, self._typed.popleft()[1])
                self._receive()
        self._ours.shutdown(socket.SHUT_RDWR)

    def _send(self, now: float) -> None:
        """Put the next packet on the line, once the one before it is."""
        if self._waiting and self._is_free_at <= now:
            packet = bytes(self._waiting[:PACKET_BYTES])
            del self._waiting[:PACKET_BYTES]
            self._is_free_at = max(now, self._is_free_at) + len(packet) / self._bytes_per_second
            self._shown.append((self._is_free_at + self._way_seconds, packet))

    def _receive(self) -> None:
        room = self._buffer_bytes - len(self._waiting)
        ends: list[socket.socket | int] = [self._ours, *([self._near] if room > 0 else [])]
        ready, _, _ = select.select(ends, [], [], 0.002)
        if self._near in ready:
            self._waiting += os.read(self._near, room)
        if self._ours in ready:
            due = time.monotonic() + self._way_seconds
            self._typed.append((due, self._ours.recv(4096)))
