"""A process that answers each line of JSON with another one."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from types import TracebackType
from typing import Any, Self

ROOT = Path(__file__).parents[2]


class Piped:
    """Starts `python -m tests.benchmarks` with some arguments and talks to it.

    Args:
        arguments: The command line; the process says a line of its own when it is ready.
    """

    def __init__(self, *arguments: str) -> None:
        command = [sys.executable, "-m", "tests.benchmarks", *arguments]
        self._process = subprocess.Popen(
            command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        self._line()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._process.communicate()

    @property
    def pid(self) -> int:
        """The id of the process."""
        return self._process.pid

    def ask(self, question: object) -> Any:
        """Send a line and wait for the answer.

        Raises:
            RuntimeError: The process has ended.
        """
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(question) + "\n")
        self._process.stdin.flush()
        return self._line()

    def _line(self) -> Any:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line:
            raise RuntimeError("A process of the benchmarks has ended.")
        return json.loads(line)


def answer(act: Any) -> None:
    """Answer every line of stdin with what `act` returns for it."""
    print(json.dumps("ready"), flush=True)  # noqa: T201
    for line in sys.stdin:
        print(json.dumps(act(json.loads(line))), flush=True)  # noqa: T201
