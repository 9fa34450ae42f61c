"""Programs in a pseudo-terminal, watched for what they write and when."""

from __future__ import annotations

import os
import select
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.benchmarks.ways import memory
from tests.terminal import Terminal

MARK = "▌"
LONG_SECONDS = 120.0
_TICKS_PER_SECOND = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, slots=True)
class Wrote:
    """What a program wrote, and the text of the cells that look different since, in bytes."""

    written: int
    differing: int


class Watched(Terminal):
    """A program in a pseudo-terminal of 120 by 40."""

    @property
    def pid(self) -> int:
        """The id of the process."""
        return self._process.pid

    @property
    def cpu_seconds(self) -> float:
        """The processor time that the program has taken."""
        fields = Path(f"/proc/{self.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / _TICKS_PER_SECOND

    @property
    def resident_mb(self) -> float:
        """The memory that the program holds."""
        return memory("VmRSS", self.pid)

    def settle(self, quiet_seconds: float = 1.0, seconds: float = LONG_SECONDS) -> None:
        """Wait until nothing has been written for some time."""
        end = time.monotonic() + seconds
        while self.listen(quiet_seconds) and time.monotonic() < end:
            pass

    def paint_seconds(self, key: str) -> float:
        """Press a key that moves a cursor, and return how long it takes until that is on screen."""
        before = self._marks()
        began = now = time.monotonic()
        self.press(key)
        while now < began + LONG_SECONDS:
            ready, _, _ = select.select([self._ours], [], [], 0.1)
            now = time.monotonic()
            if ready and self._take() and self._marks() != before:
                return now - began
        raise AssertionError(f"No cursor has moved.\n{self.text}")

    @contextmanager
    def writing(self) -> Iterator[list[Wrote]]:
        """Watch what is written while something is done; the list then holds it."""
        found: list[Wrote] = []
        written, before = self.written, list(self._screen.display)
        yield found
        differing = sum(
            len(new.encode())
            for old_line, new_line in zip(before, self._screen.display, strict=True)
            for old, new in zip(old_line, new_line, strict=False)
            if old != new
        )
        found.append(Wrote(self.written - written, differing))

    def _marks(self) -> list[tuple[int, int]]:
        return [
            (number, place)
            for number, line in enumerate(self._screen.display)
            for place, letter in enumerate(line)
            if letter == MARK
        ]


@contextmanager
def explorer(url: str, *arguments: str, ticks: Path | None = None) -> Iterator[Watched]:
    """Run the explorer on an engine, with nothing of this machine's settings.

    Args:
        arguments: More for its command line.
        ticks: Where to write down the stalls of its loop; None to have no ticker in it.
    """
    with TemporaryDirectory(prefix="bench-") as home:
        environ = {"HOME": home, "XDG_CONFIG_HOME": home, "XDG_STATE_HOME": home}
        program = "tests.benchmarks.ticking" if ticks else "swarmtui"
        first = (str(ticks),) if ticks else ()
        with Watched(*first, "-H", url, *arguments, environ=environ, program=program) as seen:
            yield seen
            if ticks:
                seen.press("\x11")  # ctrl+q
                seen.wait_for_end(30)


def look_at_busy(seen: Watched, name: str) -> None:
    """Move the cursor to the network that is looked at, and wait for who is on it."""
    seen.wait_for(lambda text: f" {name} " in text, LONG_SECONDS)
    seen.wait_for("Endpoints on ", LONG_SECONDS)
    for _ in range(40):
        if f"Endpoints on {name} " in seen.text:
            return
        before = looked_at(seen.text)
        seen.press("j")
        seen.wait_for(partial(_looks_elsewhere, before), LONG_SECONDS)
    raise AssertionError(f"The cursor does not come to {name}.\n{seen.text}")


def _looks_elsewhere(before: str, text: str) -> bool:
    return looked_at(text) != before


def looked_at(text: str) -> str:
    """Return the name of the network whose endpoints are on screen."""
    return text.partition("Endpoints on ")[2].partition(" ")[0]
