"""What is measured on: a generated swarm, the embedded engine, or three real engines."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.benchmarks.serving import Serving
from tests.benchmarks.swarms import SHARED

KINDS = ("served", "demo", "lab")


@dataclass(frozen=True, slots=True)
class Asked:
    """What a measure is asked for.

    Attributes:
        engine: One of `KINDS`.
        size: Of the generated swarm; the kind of engine where it is none.
        seconds: How long an idle explorer is watched.
        refreshes: How many the long run takes.
    """

    engine: str = "served"
    size: str = "small"
    seconds: float = 60.0
    refreshes: int = 10_000


@dataclass(frozen=True, slots=True)
class Source:
    """An engine at a unix socket.

    Attributes:
        busy: The name of the network that is looked at.
        serving: What tells a generated swarm to change; None for other engines.
    """

    url: str
    busy: str
    serving: Serving | None = None


@contextmanager
def engine_for(asked: Asked, *arguments: str) -> Iterator[Source]:
    """Run an engine.

    Args:
        arguments: For the server of a generated swarm.
    """
    if asked.engine == "served":
        with Serving(asked.size, *arguments) as serving:
            yield Source(serving.url, SHARED, serving)
    elif asked.engine == "demo":
        with _demo() as url:
            yield Source(url, "shop_default")
    else:
        from tests.swarm.lab import Lab  # noqa: PLC0415
        from tests.swarm.scenario import build  # noqa: PLC0415

        with Lab() as lab:
            build(lab)
            yield Source(lab.url(1), "app")


@contextmanager
def _demo() -> Iterator[str]:
    with TemporaryDirectory(prefix="bench-") as folder:
        socket = Path(folder) / "engine.sock"
        command = [sys.executable, "-m", "swarmtui", "engine", "--socket", str(socket)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
            assert process.stdout is not None
            process.stdout.readline()
            try:
                yield f"unix://{socket}"
            finally:
                process.send_signal(signal.SIGTERM)
