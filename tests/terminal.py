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

from tests.link import Link


class Terminal:
    """Runs swarmtui in a pseudo-terminal and keeps its screen.

    Args:
        arguments: The command line of swarmtui.
        columns, lines: The size of the terminal.
        within: The command that runs it, such as one that enters a network.
        program: The module that is run.
        line: Makes the line that leads to it; None to sit at it.
    """

    def __init__(
        self,
        *arguments: str,
        columns: int = 120,
        lines: int = 40,
        environ: Mapping[str, str] | None = None,
        within: Sequence[str] = (),
        program: str = "swarmtui",
        line: Callable[[int], Link] | None = None,
    ) -> None:
        self._screen = pyte.Screen(columns, lines)
        self._stream = pyte.ByteStream(self._screen)
        self._command = [*within, sys.executable, "-m", program, *arguments]
        # Whoever runs the tests may have put the size of another terminal into the environment.
        left = ("NO_COLOR", "COLUMNS", "LINES")
        kept = {name: value for name, value in os.environ.items() if name not in left}
        self._environ = {**kept, "TERM": "xterm-256color", **(environ or {})}
        self._make_line = line
        self._link: Link | None = None
        self._size = struct.pack("HHHH", lines, columns, 0, 0)
        self.written = 0
        """Bytes that the program has written to the terminal."""
        self.transcript = bytearray()
        """What it has written."""

    def __enter__(self) -> Self:
        self._ours, theirs = pty.openpty()
        fcntl.ioctl(theirs, termios.TIOCSWINSZ, self._size)
        self.started = time.monotonic()
        # What the tests before have blocked, as `swarmtui engine` does, a program inherits.
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT, signal.SIGTERM, signal.SIGHUP})
        self._process = subprocess.Popen(
            self._command,
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,
            env=self._environ,
            start_new_session=True,
        )
        os.close(theirs)
        self._link = self._make_line(self._ours) if self._make_line is not None else None
        self._seen = self._link.fileno() if self._link is not None else self._ours
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
        self.hang_up()

    @property
    def text(self) -> str:
        """What is on screen."""
        return "\n".join(self._screen.display)

    @property
    def pid(self) -> int:
        """Return the number of the process."""
        return self._process.pid

    @property
    def is_running(self) -> bool:
        """Tell whether the program has not ended."""
        return self._process.poll() is None

    def press(self, keys: str) -> None:
        """Send keys as a terminal would."""
        os.write(self._seen, keys.encode())

    def paste(self, text: str) -> None:
        """Send a text as a terminal sends what is pasted."""
        self.press(f"\x1b[200~{text}\x1b[201~")

    def resize(self, columns: int, lines: int) -> None:
        """Have the terminal another size, and what it shows cut to it."""
        self._screen.resize(lines, columns)
        fcntl.ioctl(self._ours, termios.TIOCSWINSZ, struct.pack("HHHH", lines, columns, 0, 0))
        # The system tells only programs whose controlling terminal it is.
        self._process.send_signal(signal.SIGWINCH)

    def signal(self, number: int, seconds: float = 10.0) -> int:
        """Send a signal to the program, wait for its end, and return its exit status."""
        self._process.send_signal(number)
        return self.wait_for_end(seconds)

    def settings(self) -> list[object]:
        """Return how the terminal treats what goes through it: echo, lines, signals."""
        return termios.tcgetattr(self._ours)

    def clear(self) -> None:
        """Forget what is on screen, as when another program has used it."""
        self._screen.reset()

    def wait_until_full(self, seconds: float) -> None:
        """Wait until the program has written what a terminal holds that nobody reads."""
        end, waiting, before = time.monotonic() + seconds, 0, -1
        while not waiting or waiting != before:
            assert time.monotonic() < end, "Nothing was written."
            time.sleep(0.5)
            before, waiting = waiting, _unread(self._ours)

    def signal_unheard(self, number: int, seconds: float) -> int:
        """Send a signal while nobody reads what is written, and wait for the end."""
        self._process.send_signal(number)
        return self._process.wait(seconds)

    def hang_up(self) -> None:
        """Have the terminal vanish."""
        if self._link is not None:
            self._link.close()
            self._link = None
        if self._ours >= 0:
            os.close(self._ours)
            self._ours = -1

    def listen(self, seconds: float) -> int:
        """Take what is written for some time and return how many bytes that were."""
        before, end = self.written, time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0:
            ready, _, _ = select.select([self._seen], [], [], left)
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
            ready, _, _ = select.select([self._seen], [], [], min(max(left, 0), 0.1))
            if left <= 0 or (ready and not self._take()):
                raise AssertionError(f"Not on screen after {seconds:g} s: {seen}\n{self.text}")
        return time.monotonic() - began

    def wait_until_silent(self) -> None:
        """Wait until nothing has been written for a second."""
        while self.listen(1.0):
            pass

    def wait_for_end(self, seconds: float = 10.0) -> int:
        """Wait until the program has ended and return its exit status."""
        end = time.monotonic() + seconds
        while self._process.poll() is None and time.monotonic() < end:
            if self._ours >= 0:
                self.listen(0.1)
            else:
                time.sleep(0.1)
        if self._ours >= 0:
            self.listen(0.1)
        return self._process.wait(0.1)

    def _take(self) -> bool:
        try:
            data = os.read(self._seen, 65536)
        except OSError:
            return False
        self.written += len(data)
        self.transcript += data
        self._stream.feed(data)
        return bool(data)


def _unread(fileno: int) -> int:
    (size,) = struct.unpack("i", fcntl.ioctl(fileno, termios.FIONREAD, b"    "))
    return int(size)
