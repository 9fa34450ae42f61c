"""What actions cost on a slow line: `python -m tests.benchmarks.link [-- arguments of swarmtui]`.

Prints a row an action: bytes that were sent, time from the first key to the first byte that is
seen, and from the last key to the last byte, which is how long what is shown is out of date.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from tests.link import Link
from tests.terminal import Terminal

PATIENCE_SECONDS = 60.0
HELD_KEYS_SECONDS = 1 / 30
"""Between two keys, as keyboards repeat them."""
SILENCE_SECONDS = 1.0

_ACTIONS: tuple[tuple[str, Sequence[str], float], ...] = (
    ("down", ["j"], 1.0),
    ("another pane", ["\t"], 1.0),
    ("and back", ["\x1b[Z"], 1.0),
    ("tasks", [":tasks\r"], 2.0),
    ("down one task", ["j"], 1.0),
    ("hold down, 3 s", ["j"] * 90, HELD_KEYS_SECONDS),
    ("page down", ["\x1b[6~"], 1.0),
    ("hold page down, 3 s", ["\x1b[6~"] * 90, HELD_KEYS_SECONDS),
    ("hold page up, 3 s", ["\x1b[5~"] * 90, HELD_KEYS_SECONDS),
    ("first and last, 3 s", ["g", "G"] * 45, HELD_KEYS_SECONDS),
    ("back", ["["], 1.0),
    ("screens, 3 s", ["]", "["] * 20, 3 / 40),
    ("idle, 10 s", [""], 10.0),
)


@dataclass(frozen=True, slots=True)
class Cost:
    """Of an action: bytes, and seconds to the first one and after the last key."""

    sent: int
    first: float
    late: float


def cost(terminal: Terminal, keys: Sequence[str], gap: float) -> Cost:
    """Press keys, so many seconds apart, and watch until nothing comes any more."""
    before, began = terminal.written, time.monotonic()
    first = seen = pressed = began
    written = before

    def watch(until: float) -> None:
        nonlocal first, seen, written
        while (left := until - time.monotonic()) > 0:
            terminal.listen(min(left, 0.002))
            if terminal.written != written:
                seen = time.monotonic()
                first = seen if written == before else first
                written = terminal.written

    for key in keys:
        pressed = time.monotonic()
        terminal.press(key)
        watch(pressed + gap)
    while time.monotonic() - seen < SILENCE_SECONDS:
        watch(time.monotonic() + 0.1)
    return Cost(written - before, first - began, max(seen - pressed, 0.0))


def main() -> None:
    """Measure every action once."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--bits-per-second", type=float, default=1_000_000)
    parser.add_argument("--round-trip", type=float, default=0.15, metavar="SECONDS")
    parser.add_argument("--buffer", type=int, default=16384, metavar="BYTES")
    parser.add_argument("--direct", action="store_true", help="without any line")
    parser.add_argument("arguments", nargs="*", default=["--demo"], help="of swarmtui")
    options = parser.parse_args()
    line = partial(
        Link,
        bits_per_second=options.bits_per_second,
        round_trip_seconds=options.round_trip,
        buffer_bytes=options.buffer,
    )
    with Terminal(*options.arguments, line=None if options.direct else line) as terminal:
        terminal.wait_for("● live", PATIENCE_SECONDS)
        cost(terminal, [""], SILENCE_SECONDS)
        for name, keys, gap in _ACTIONS:
            found = cost(terminal, keys, gap)
            sys.stdout.write(
                f"{name:20} {len(keys):3} keys {found.sent:8,} bytes"
                f"{found.first * 1000:7.0f} ms to the first{found.late * 1000:7.0f} ms late\n"
            )
            sys.stdout.flush()


if __name__ == "__main__":
    main()
