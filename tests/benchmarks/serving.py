"""A server of a generated swarm in a process of its own, told what to do over a pipe."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from types import TracebackType
from typing import Self

from tests.benchmarks.piped import Piped


class Serving:
    """Starts a server and waits until it serves.

    Args:
        size: `small`, `large` or `huge`.
        arguments: More for the server, such as `"--changing", "2"`.
    """

    def __init__(self, size: str, *arguments: str) -> None:
        self.size, self._arguments = size, arguments

    def __enter__(self) -> Self:
        self._folder = TemporaryDirectory(prefix="bench-")
        self.socket = Path(self._folder.name) / "engine.sock"
        self.url = f"unix://{self.socket}"
        serve = ("serve", "--control", "--size", self.size, "--socket", str(self.socket))
        self._piped = Piped(*serve, *self._arguments)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._piped.__exit__(kind, error, trace)
        self._folder.cleanup()

    def prepare(self) -> None:
        """Have the next generation made, so that changing to it takes no time."""
        self._piped.ask("prepare")

    def next(self) -> int:
        """Change to the next generation, and return its number."""
        return int(self._piped.ask("next"))

    def touch(self) -> str:
        """Change the MTU of one network and nothing else, and return the network's name."""
        return str(self._piped.ask("touch"))

    def emit(self) -> None:
        """Have the engine tell of an event."""
        self._piped.ask("emit")

    def counts(self) -> dict[str, dict[str, int]]:
        """Return `requests` and `bytes` answered so far, by path."""
        found: dict[str, dict[str, int]] = self._piped.ask("counts")
        return found

    def asked(self) -> list[str]:
        """Return the targets of the requests since this was called last."""
        found: list[str] = self._piped.ask("asked")
        return found
