"""A server of a generated swarm in a process of its own, told what to do over a pipe."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from types import TracebackType
from typing import Any, Self

ROOT = Path(__file__).parents[2]


class Serving:
    """Starts a server and waits until it serves.

    Args:
        size: `small`, `large` or `huge`.
        arguments: More for the server, such as `"--changing", "2"`.
    """

    def __init__(self, size: str, *arguments: str) -> None:
        self._size, self._arguments = size, arguments

    def __enter__(self) -> Self:
        self._folder = TemporaryDirectory(prefix="bench-")
        self.socket = Path(self._folder.name) / "engine.sock"
        self.url = f"unix://{self.socket}"
        command = [sys.executable, "-m", "tests.benchmarks", "serve", "--control"]
        command += ["--size", self._size, "--socket", str(self.socket), *self._arguments]
        self._process = subprocess.Popen(
            command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        self._line()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._process.communicate()
        self._folder.cleanup()

    def prepare(self) -> None:
        """Have the next generation made, so that changing to it takes no time."""
        self._ask("prepare")

    def next(self) -> int:
        """Change to the next generation, and return its number."""
        return int(self._ask("next"))

    def emit(self) -> None:
        """Have the engine tell of an event."""
        self._ask("emit")

    def counts(self) -> dict[str, dict[str, int]]:
        """Return `requests` and `bytes` answered so far, by path."""
        found: dict[str, dict[str, int]] = self._ask("counts")
        return found

    def _ask(self, word: str) -> Any:
        assert self._process.stdin is not None
        self._process.stdin.write(f"{word}\n")
        self._process.stdin.flush()
        return self._line()

    def _line(self) -> Any:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line:
            raise RuntimeError("The server of the benchmarks has ended.")
        return json.loads(line)
