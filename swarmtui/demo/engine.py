"""The embedded engine: a simulated swarm behind a unix socket."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from os import PathLike
from pathlib import Path
from threading import Condition, RLock, Thread
from types import TracebackType

from swarmtui.demo.calls import Call, encode
from swarmtui.demo.event_stream import EventFilter
from swarmtui.demo.http import serve_connection
from swarmtui.demo.listener import Listener
from swarmtui.demo.release import Release
from swarmtui.demo.routes import answer, with_version
from swarmtui.demo.swarm import Swarm
from swarmtui.demo.timestamps import NANOSECONDS
from swarmtui.demo.view import NodeView

_SHORTEST_WAIT_SECONDS = 0.02


def _wall_clock() -> datetime:
    return datetime.now(UTC)


class DemoEngine:
    """Serves a swarm as the engine of one of its nodes.

    Args:
        swarm: The swarm; while the engine runs, change it inside `changing()` only.
        socket_path: Where to listen.
        node: Hostname or id of the node that is asked; the first manager if not given.
        live: Let the swarm's time pass as real time does; else only `step` moves it.
        now: The wall clock; a live swarm's history is moved to end there.
        monotonic: The clock, in seconds, by which a live swarm's time passes.
    """

    def __init__(
        self,
        swarm: Swarm,
        socket_path: str | PathLike[str],
        *,
        node: str | None = None,
        live: bool = True,
        now: Callable[[], datetime] = _wall_clock,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        managers = [each.id for each in swarm.world.nodes.values() if each.is_manager]
        self._swarm = swarm
        self._view = NodeView(swarm.world, swarm.node(node or managers[0]))
        self._path = Path(socket_path)
        self._live = live
        self._now = now
        self._monotonic = monotonic
        self._changed = Condition(RLock())
        self._running = False
        self._moved_at = 0.0
        self._listener: Listener | None = None
        self._mover: Thread | None = None

    @property
    def url(self) -> str:
        """Return the address for `docker -H` and the SDK's `base_url`."""
        return f"unix://{self._path}"

    @property
    def release(self) -> Release:
        """Return which engine it pretends to be."""
        return self._swarm.world.release

    @property
    def swarm_header(self) -> str:
        """Return the node's standing as `/_ping` tells it."""
        node = self._view.node
        if not self._view.in_swarm:
            return str(node.local_state)
        return "active/manager" if node.is_manager else "active/worker"

    def start(self) -> None:
        """Begin to serve.

        Raises:
            OSError: The socket's path cannot be used; its text says why.
        """
        self._running = True
        try:
            self._listener = Listener(self._path, lambda each: serve_connection(self, each))
        except OSError:
            self._running = False
            raise
        if self._live:
            self._swarm.begin_now(self._now())
            self._moved_at = self._monotonic()
            self._mover = Thread(target=self._move, name="demo-engine-time", daemon=True)
            self._mover.start()

    def stop(self) -> None:
        """End every call and remove the socket; does nothing when not started."""
        if self._listener is None:
            return
        with self._changed:
            self._running = False
            self._changed.notify_all()
        self._listener.close()
        self._listener = None
        if self._mover is not None:
            self._mover.join()
            self._mover = None

    def __enter__(self) -> DemoEngine:
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    @contextmanager
    def changing(self) -> Iterator[Swarm]:
        """Hand out the swarm while no call is answered."""
        with self._changed:
            self._catch_up()
            yield self._swarm
            self._changed.notify_all()

    def step(self, seconds: float) -> None:
        """Let the swarm's time pass."""
        with self.changing() as swarm:
            swarm.step(seconds)

    def understand(self, call: Call) -> Call:
        """Return a call with its API version.

        Raises:
            Refusal: The engine does not speak it.
        """
        return with_version(call, self.release)

    def answer(self, call: Call) -> tuple[int, bytes]:
        """Return status and body of the answer to a call.

        Raises:
            Refusal: In the engine's words.
        """
        with self._changed:
            self._catch_up()
            told = answer(self._view, call)
            if call.method != "GET":
                self._changed.notify_all()
            return told.status, b"" if told.document is None else encode(told.document)

    def listen(self, call: Call) -> Iterator[bytes]:
        """Return the lines of the event stream; empty ones when the caller wants none of the news.

        Raises:
            Refusal: The call is malformed.
        """
        with self._changed:
            self._catch_up()
            return self._lines(EventFilter(self._view, call))

    def _lines(self, wanted: EventFilter) -> Iterator[bytes]:
        number = wanted.start
        world = self._swarm.world
        while True:
            with self._changed:
                events = world.events.after(number)
                if not events:
                    if not self._running:
                        return
                    if wanted.until is not None and world.elapsed >= wanted.until:
                        return
                    self._changed.wait(self._seconds_until(wanted.until))
                    self._catch_up()
                    continue
                number = events[-1].number
                lines = [encode(shape) for shape in map(wanted.shape, events) if shape is not None]
            yield from lines or [b""]

    def _seconds_until(self, until: int | None) -> float | None:
        if until is None or not self._live:
            return None
        left = (until - self._swarm.world.elapsed) / NANOSECONDS
        return max(_SHORTEST_WAIT_SECONDS, left)

    def _move(self) -> None:
        with self._changed:
            while self._running:
                self._catch_up()
                wait = self._swarm.seconds_to_next()
                self._changed.wait(None if wait is None else max(_SHORTEST_WAIT_SECONDS, wait))

    def _catch_up(self) -> None:
        if not self._live or not self._running:
            return
        told = self._swarm.world.events.total
        moment = self._monotonic()
        self._swarm.step(moment - self._moved_at)
        self._moved_at = moment
        if self._swarm.world.events.total != told:
            self._changed.notify_all()
