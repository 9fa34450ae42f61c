"""The terminal as the explorer drives it: signals, its end, and what it can take."""

from __future__ import annotations

import asyncio
import os
import re
import select
import signal
import sys
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from threading import Thread, get_ident
from types import FrameType
from typing import Any, cast

from textual.app import App
from textual.drivers.linux_driver import LinuxDriver
from textual.events import Resize
from textual.message import Message
from textual.messages import InBandWindowResize

from swarmtui.terminal.canvas import FRAME
from swarmtui.terminal.outlet import Outlet
from swarmtui.terminal.pacing import PacedApp

ENDING = (signal.SIGTERM, signal.SIGHUP, signal.SIGINT)
EXIT_OF_SIGNAL = 128
"""Added to the number of the signal that ended a program, as shells report it."""
HOLD_BYTES = 1024
"""As many waiting bytes keep further frames back: 8 ms of a line of 1 Mbit/s."""
AGAIN_SECONDS = 0.2
"""Between two tries to get a terminal that is another's."""
LEAVING_SECONDS = 1.0
"""Longest wait for a terminal to take what leaves it clean."""
SYNC_START, SYNC_END = "\x1b[?2026h", "\x1b[?2026l"
"""Round a frame that the terminal is to show as a whole."""
PLAIN = ("linux", "vt")
"""Kinds of terminals that may show the end of a sequence that they do not know."""
_BEYOND_PLAIN = re.compile(r"\x1b(\[\?\d+\$p|\[[<>]\d*u|\].*\x07)")
"""Questions about modes, kitty's keys, and what is told to the system around a terminal."""


class TerminalDriver(LinuxDriver):
    """Textual's driver, with four things changed.

    It writes without ever making the program wait, and tells the application to keep frames back
    while the terminal is not done with the last one. It ends the application when the terminal
    goes away, which the system does not tell programs outside the terminal's session. It leaves
    the terminal clean on the signals that end programs. It stops and goes on as shells expect it
    of a job, also where no shell is there to say that it goes on.
    """

    def __init__(
        self,
        app: App[Any],
        *,
        debug: bool = False,
        mouse: bool = True,
        size: tuple[int, int] | None = None,
    ) -> None:
        super().__init__(app, debug=debug, mouse=mouse, size=size)
        self.app = cast(PacedApp, app)
        self.loop = asyncio.get_running_loop()
        self.outlet: Outlet | None = None
        self._is_ours = False
        self._watched = False
        self._is_frame_whole = False
        self._is_plain = os.environ.get("TERM", "").startswith(PLAIN)

    def start_application_mode(self) -> None:
        """Take the terminal; left undone in the background, where it is another's."""
        self._is_ours = True
        super().start_application_mode()  # type: ignore[no-untyped-call]
        if self.outlet is None:
            self._is_ours = False
            return
        self.app.canvas.forget()
        resized = signal.getsignal(signal.SIGWINCH)
        signal.signal(signal.SIGWINCH, partial(self._resized, resized))
        for number in ENDING:
            # Somebody who runs us under nohup wants no end.
            if signal.getsignal(number) is not signal.SIG_IGN:
                self.loop.add_signal_handler(number, partial(self._end, number))
        self.loop.add_signal_handler(signal.SIGTSTP, self.stop)
        self.loop.add_signal_handler(signal.SIGCONT, self._continued)
        if not self._watched:
            self._watched = True
            Thread(target=self._watch, name="swarmtui-watch", daemon=True).start()

    def stop_application_mode(self) -> None:
        """Give the terminal back as it was."""
        # What Textual turns on where a terminal tells its size by itself, and leaves on.
        self.write("\x1b[?1016l")
        # Consoles and GNU screen have no second screen that could be left.
        self.write("\x1b[m\x1b[H\x1b[2J")
        super().stop_application_mode()

    def write(self, data: str) -> None:
        """Have text written to the terminal."""
        if not self._is_ours or (self._is_plain and _BEYOND_PLAIN.fullmatch(data)):
            return
        if data in (SYNC_START, SYNC_END):
            self._is_frame_whole = data == SYNC_START
            return
        if FRAME.match(data):
            data = self.app.canvas.changes(data)
            if not data:
                return
            if self._is_frame_whole:
                data = f"{SYNC_START}{data}{SYNC_END}"
        if self.outlet is None:
            self.outlet = Outlet(
                # Unlike Textual's, which is standard error, and may have been led elsewhere.
                sys.__stdout__.fileno() if sys.__stdout__ else self.fileno,
                partial(self._tell, self.app.line_is_free),
                partial(self._tell, self._gone),
            )
        self.outlet.write(data.encode(errors="replace"))

    def flush(self) -> None:
        """Keep further frames back when the terminal has not taken this one yet."""
        if self.outlet is not None and self.outlet.waiting > HOLD_BYTES:
            self.app.line_is_busy()

    def close(self) -> None:
        """Give the terminal time to take what is left."""
        super().close()
        self._is_ours = False
        if self.outlet is not None:
            self.outlet.close(LEAVING_SECONDS)
            self.outlet = None

    def stop(self) -> None:
        """Give the terminal back and stop until continued, as the whole job does."""
        self.suspend_application_mode()
        self.loop.remove_signal_handler(signal.SIGCONT)
        self.loop.remove_signal_handler(signal.SIGTSTP)
        # The default action, unlike SIGSTOP, is left out where no shell could continue the job:
        # it would stand still for ever. The others of the job first, since they have no terminal.
        signal.signal(signal.SIGTSTP, signal.SIG_IGN)
        os.killpg(0, signal.SIGTSTP)
        signal.signal(signal.SIGTSTP, signal.SIG_DFL)
        # To this thread, so that it is stopped before the call returns.
        signal.pthread_kill(get_ident(), signal.SIGTSTP)
        self._go_on()

    def _go_on(self) -> None:
        if not self._is_ours:
            self.resume_application_mode()
        if self._is_ours:
            self.app.action_repaint()
        else:
            self.loop.call_later(AGAIN_SECONDS, self._go_on)

    def process_message(self, message: Message) -> None:
        """Hand on what the terminal says."""
        if isinstance(message, (InBandWindowResize, Resize)):
            self.app.canvas.forget()
        super().process_message(message)

    def _resized(self, resized: object, number: int, frame: FrameType | None) -> None:
        """Count on nothing of what was shown: terminals cut it or wrap it anew."""
        self.app.canvas.forget()
        if callable(resized):
            resized(number, frame)

    def _continued(self) -> None:
        """Take the terminal anew, after something else than the terminal had us stopped."""
        self.suspend_application_mode()
        self._go_on()

    def _end(self, number: int) -> None:
        # The next one ends it at once, should this one not do.
        self.loop.remove_signal_handler(number)
        self.app.exit(return_code=EXIT_OF_SIGNAL + number)

    def _gone(self) -> None:
        self.app.exit(return_code=EXIT_OF_SIGNAL + signal.SIGHUP)

    def _watch(self) -> None:
        """Wait for the end of the terminal: Textual's loop takes it for an empty line, for ever."""
        poll = select.poll()
        poll.register(self.fileno, 0)
        with suppress(OSError):
            poll.poll()
            self._tell(self._gone)

    def _tell(self, act: Callable[[], None]) -> None:
        """Have the application's thread do something, unless it has ended."""
        with suppress(RuntimeError):
            self.loop.call_soon_threadsafe(act)
