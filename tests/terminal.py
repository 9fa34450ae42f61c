"""swarmtui in a pseudo-terminal, seen as a person sees it."""

from __future__ import annotations

import fcntl
import os
import pty
import select
import signal
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Callable, Mapping, Sequence
from types import TracebackType
from typing import Self

import pyte


class Terminal:
    """Runs swarmtui in a pseudo-terminal and keeps its screen.

    Args:
        arguments: The command line of swarmtui.
        columns, lines: The size of the terminal.
        within: The command that runs it, such as one that enters a network.
        program: The module that is run.
    """

    def __init__(
        self,
        *arguments: str,
        columns: int = 120,
        lines: int = 40,
        environ: Mapping[str, str] | None = None,
        within: Sequence[str] = (),
        program: str = "swarmtui",
    ) -> None:
        self._screen = pyte.Screen(columns, lines)
        self._stream = pyte.ByteStream(self._screen)
        self._command = [*within, sys.executable, "-m", program, *arguments]
        # Whoever runs the tests may have put the size of another terminal into the environment.
        left = ("NO_COLOR", "COLUMNS", "LINES")
        kept = {name: value for name, value in os.environ.items() if name not in left}
        self._environ = {**kept, "TERM": "xterm-256color", **(environ or {})}
        self._size = struct.pack("HHHH", lines, columns, 0, 0)
        self.written = 0
        """Bytes that the program has written to the terminal."""

    def __enter__(self) -> Self:
        self._ours, theirs = pty.openpty()
        fcntl.ioctl(theirs, termios.TIOCSWINSZ, self._size)
        self.started = time.monotonic()
        self._process = subprocess.Popen(
            self._command,
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,
            env=self._environ,
            start_new_session=True,
        )
        os.close(theirs)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._process.poll() is None:
            self._process.send_signal(signal.SIGKILL)
        self._process.wait()
        os.close(self._ours)

    @property
    def text(self) -> str:
        """What is on screen."""
        return "\n".join(self._screen.display)

    def press(self, keys: str) -> None:
        """Send keys as a terminal would."""
        os.write(self._ours, keys.encode())

    def signal(self, number: int) -> None:
        """Send a signal to the program, and wait for its end."""
        self._process.send_signal(number)
        self.wait_for_end()

    def listen(self, seconds: float) -> int:
        """Take what is written for some time and return how many bytes that were."""
        before, end = self.written, time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0:
            ready, _, _ = select.select([self._ours], [], [], left)
            if ready and not self._take():
                break
        return self.written - before

    def wait_for(self, seen: str | Callable[[str], bool], seconds: float = 15.0) -> float:
        """Wait until something is on screen, or holds; return the seconds that it took.

        Raises:
            AssertionError: It did not come; shows the screen.
        """
        test = seen if callable(seen) else lambda text: seen in text
        began = time.monotonic()
        while not test(self.text):
            left = began + seconds - time.monotonic()
            # Not for longer, since what is waited for need not be on screen.
            ready, _, _ = select.select([self._ours], [], [], min(max(left, 0), 0.1))
            if left <= 0 or (ready and not self._take()):
                raise AssertionError(f"Not on screen after {seconds:g} s: {seen}\n{self.text}")
        return time.monotonic() - began

    def wait_for_end(self, seconds: float = 10.0) -> int:
        """Wait until the program has ended and return its exit status."""
        end = time.monotonic() + seconds
        while self._process.poll() is None and time.monotonic() < end:
            self.listen(0.1)
        return self._process.wait(0.1)

    def _take(self) -> bool:
        try:
            data = os.read(self._ours, 65536)
        except OSError:
            return False
        self.written += len(data)
        self._stream.feed(data)
        return bool(data)
