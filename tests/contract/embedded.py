"""The embedded engine in the place of three real ones."""

from __future__ import annotations

import signal
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import Self

from swarmtui.demo import DemoEngine, Swarm
from tests.swarm.lab import POOL, POOL_PREFIX, Lab


class EmbeddedLab(Lab):
    """Three nodes of one simulated swarm, each with a socket of its own; made like the real lab.

    Args:
        engine_version: Of all three.
        pace: How many times faster than real time theirs passes.
    """

    def __init__(self, engine_version: str, *, pace: float = 1.0) -> None:
        super().__init__(3)
        self._pace = pace
        self._folder = tempfile.TemporaryDirectory(prefix="embedded-")
        self.folder = Path(self._folder.name)
        self._engines = ExitStack()
        self._mover: DemoEngine | None = None
        self.swarm = Swarm(
            engine_version=engine_version, address_pools=(POOL,), subnet_size=POOL_PREFIX
        )
        for number in (1, 2, 3):
            self.swarm.add_node(f"node{number}", self.address(number), manager=number < 3)

    def __enter__(self) -> Self:
        for number in (1, 2, 3):
            path = Path(self.socket(number))
            path.parent.mkdir()
            # One of them moves the time that all three share.
            engine = DemoEngine(
                self.swarm,
                path,
                node=f"node{number}",
                live=number == 1,
                monotonic=lambda: self._pace * time.monotonic(),
            )
            self._engines.enter_context(engine)
            self._mover = self._mover or engine
        return self

    def stop_engine(self, number: int, sign: signal.Signals = signal.SIGTERM) -> None:
        """Let the others miss a node; asked itself, it answers all the same."""
        assert self._mover is not None
        with self._mover.changing() as swarm:
            swarm.fail_node(f"node{number}")

    def start_engine(self, number: int, *, wait: bool = True) -> None:
        """Let a node come back, its engine begun anew."""
        assert self._mover is not None
        with self._mover.changing() as swarm:
            swarm.recover_node(f"node{number}")

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._engines.close()
        self._folder.cleanup()
