"""The explorer for half an hour in all weathers: `python -m tests.benchmarks.soak`.

It reads a living swarm through a proxy that fails in one way after another, while somebody presses
keys at random. Looked at all the time: it runs, shows no traceback and every network, says when it
is cut off, comes back after each fault, and holds no more memory, files or threads.
"""

from __future__ import annotations

import argparse
import os
import random
import re
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import chdir
from dataclasses import dataclass, field
from pathlib import Path

from swarmtui.demo import DemoEngine, demo_swarm, network_spec
from tests.faults import FAULTS, HARMLESS
from tests.faulty import EVERYTHING, PATHS, FaultyProxy
from tests.terminal import Terminal

INTERVAL_SECONDS, TIMEOUT_SECONDS = 1.0, 1.0
NOTICED_SECONDS = 8 * TIMEOUT_SECONDS + 4 * INTERVAL_SECONDS
"""Head and body of an answer may each drip for four times the wait."""

RECOVERED_SECONDS = 60.0
UNSEEN = ("/version", "/events")
"""What is asked for once for each connection, and what only wakes."""

ESCAPES = "\x1b" * 6
PLACES = ("networks", "services", "nodes", "tasks", "ports", "pools", "findings", "problems")
KEYS = (
    *"jjjjjkkkkkgGdyu?afbimensv+-p/[]123412345NSU\t\r\r",
    *("\x1b[6~", "\x1b[5~", "\x12", "\x14", "\x17", "\x1b", "\x1b", "\x1b"),
)
"""All but those that leave the program."""

_NETWORKS = re.compile(r"Networks (\d+) [^of]")


@dataclass
class Held:
    """What a process holds."""

    kilobytes: list[int] = field(default_factory=list)
    threads: list[int] = field(default_factory=list)
    files: list[int] = field(default_factory=list)

    def look(self, pid: int) -> None:
        """Take a sample."""
        status = Path(f"/proc/{pid}/status").read_text()
        self.kilobytes.append(int(status.partition("VmRSS:")[2].split()[0]))
        self.threads.append(int(status.partition("Threads:")[2].split()[0]))
        self.files.append(len(os.listdir(f"/proc/{pid}/fd")))


@dataclass(frozen=True)
class Weather:
    """One fault that was met: how long it took, and how long the explorer needed afterwards.

    Attributes:
        told: Seconds until the screen said so; None where it did not.
        recovery: Seconds from its end to a screen that is well, by a reading begun since.
    """

    fault: str
    path: str
    lasted: float
    told: float | None
    recovery: float


class Soak:
    """Runs the explorer through faults.

    Args:
        terminal: The explorer's.
        proxy: Between it and the engine.
        engine: Its swarm lives.
        chance: Says what happens.
        pace: Keys a second.
    """

    def __init__(
        self,
        terminal: Terminal,
        proxy: FaultyProxy,
        engine: DemoEngine,
        chance: random.Random,
        pace: float,
    ) -> None:
        self.terminal, self.proxy, self.engine, self.chance = terminal, proxy, engine, chance
        self.pace = pace
        self.held = Held()
        self.weathers: list[Weather] = []
        self.wrong: list[str] = []
        self.pressed = 0
        self._networks: set[int] = set()
        self._extra = False

    def run(self, seconds: float) -> None:
        """Go on for so long."""
        self.terminal.wait_for(_is_well, 30)
        self._networks = {int(found) for found in _NETWORKS.findall(self.terminal.text)}
        end = time.monotonic() + seconds
        while time.monotonic() < end and self.terminal.is_running:
            self._change_the_swarm()
            self._weather()
            self._press(self.chance.uniform(0, 2))
            if self.terminal.is_running:
                self.held.look(self.terminal.pid)
        if not self.terminal.is_running:
            status = self.terminal.wait_for_end()
            self.wrong.append(f"It ended with {status}:\n{self.terminal.text}")

    def _weather(self) -> None:
        kinds = {**FAULTS, **HARMLESS}
        name = self.chance.choice(list(kinds))
        path = self.chance.choice([EVERYTHING, EVERYTHING, *PATHS])
        lasts = self.chance.choice([0.2, 1.0, 3.0, NOTICED_SECONDS])
        what = f"{name} on {path or 'everything'}"
        must_tell = name in FAULTS and path not in UNSEEN and lasts == NOTICED_SECONDS
        met, told = self.proxy.faults, None
        with self.proxy.failing(kinds[name], path):
            began = time.monotonic()
            self._press(0 if must_tell else lasts)
            if must_tell:
                told = self._wait_for(_is_told, lasts, f"{what} is not told")
            lasted = time.monotonic() - began
        read, began = self.proxy.infos, time.monotonic()
        self._wait_for(
            lambda text: self.proxy.infos > read and _is_well(text),
            RECOVERED_SECONDS,
            f"After {what} it did not come back",
        )
        self._check()
        if self.proxy.faults > met:
            recovery = time.monotonic() - began
            self.weathers.append(Weather(name, path, lasted, told, recovery))

    def _wait_for(self, seen: Callable[[str], bool], seconds: float, what: str) -> float | None:
        """Go back to the tables and wait; None where it did not come."""
        self.terminal.press(ESCAPES)
        try:
            return self.terminal.wait_for(seen, seconds)
        except AssertionError as error:
            self.wrong.append(f"{what}. {error}")
            return None

    def _press(self, seconds: float) -> None:
        """Press keys for some time."""
        end = time.monotonic() + seconds
        while time.monotonic() < end and self.terminal.is_running:
            self._press_one()
            self.terminal.listen(self.chance.uniform(0, 2 / self.pace))
            self._check()

    def _press_one(self) -> None:
        self.pressed += 1
        if self.chance.random() < 0.1:
            self.terminal.press(f"{ESCAPES}:{self.chance.choice(PLACES)}\r")
        else:
            self.terminal.press(self.chance.choice(KEYS))

    def _change_the_swarm(self) -> None:
        """Have one network more, or less again, every now and then."""
        if self.chance.random() < 0.2:
            self._extra = not self._extra
            with self.engine.changing() as swarm:
                if self._extra:
                    swarm.create_network(network_spec("soaked"))
                else:
                    swarm.remove_network("soaked")
            self._networks |= {count + (1 if self._extra else -1) for count in self._networks}

    def _check(self) -> None:
        text = self.terminal.text
        counts = {int(found) for found in _NETWORKS.findall(text)}
        if self._networks and not counts <= self._networks:
            self.wrong.append(f"{counts} networks are shown, not {self._networks}:\n{text}")
        if "Traceback" in text or "Error:" in text:
            self.wrong.append(f"A traceback is shown:\n{text}")


def _is_well(text: str) -> bool:
    head = text.partition("\n")[0]
    return "● live" in head and "problem" not in head


def _is_told(text: str) -> bool:
    return re.search("lost|stale|problem", text.partition("\n")[0]) is not None


def main(arguments: Sequence[str] | None = None) -> int:
    """Run it, and print what it came to."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.soak", description=__doc__)
    parser.add_argument("--minutes", type=float, default=30.0)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--keys-per-second", type=float, default=2.0)
    given = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="soak-") as folder, chdir(folder):
        path = Path(folder) / "e.sock"
        homes = {f"XDG_{name}_HOME": folder for name in ("CONFIG", "STATE", "CACHE", "DATA")}
        with (
            DemoEngine(demo_swarm(given.seed), path) as engine,
            FaultyProxy(path) as proxy,
            Terminal(
                *("--host", proxy.url, "--read-only", "--interval", str(INTERVAL_SECONDS)),
                *("--timeout", str(TIMEOUT_SECONDS)),
                environ=homes,
            ) as terminal,
        ):
            soak = Soak(terminal, proxy, engine, random.Random(given.seed), given.keys_per_second)
            soak.run(given.minutes * 60)
            for line in _told(soak, proxy.faults):
                print(line)  # noqa: T201
    return 1 if soak.wrong else 0


def _told(soak: Soak, faults: int) -> list[str]:
    held = soak.held
    early = len(held.kilobytes) // 5 or 1
    lines = [
        f"{len(soak.weathers)} faults of {len({each.fault for each in soak.weathers})} kinds, "
        f"{faults} requests answered by them, {soak.pressed} keys pressed",
        _line("recovery, all, s", [each.recovery for each in soak.weathers]),
    ]
    for words, whole in (("everything", True), ("one path", False)):
        found = [each for each in soak.weathers if (each.path == EVERYTHING) is whole]
        lines.append(_line(f"recovery, {words}, s", [each.recovery for each in found]))
    told = [each.told for each in soak.weathers if each.told is not None]
    lines.append(_line("told on screen after, s", told))
    lines += [
        f"  slowest: {each.recovery:5.1f} s after {each.fault} on {each.path or 'everything'} "
        f"for {each.lasted:.1f} s"
        for each in sorted(soak.weathers, key=lambda each: -each.recovery)[:8]
    ]
    for what, values in (
        ("resident kB", held.kilobytes),
        ("threads", held.threads),
        ("files", held.files),
    ):
        first, last = statistics.median(values[:early]), statistics.median(values[-early:])
        lines.append(
            f"{what}: {first:.0f} in the first fifth, {last:.0f} in the last, {max(values)} at most"
        )
    lines.append(f"{len(soak.wrong)} wrong")
    return lines + soak.wrong[:10]


def _line(what: str, values: Sequence[float]) -> str:
    if len(values) < 2:
        return f"{what}: {values}"
    cuts = statistics.quantiles(values, n=100, method="inclusive")
    return (
        f"{what}: p50 {cuts[49]:.2f}, p90 {cuts[89]:.2f}, p99 {cuts[98]:.2f}, "
        f"max {max(values):.2f} (n = {len(values)})"
    )


if __name__ == "__main__":
    sys.exit(main())
