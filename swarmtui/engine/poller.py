"""The live loop: reads the engine again and again in a thread of its own and publishes values."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable
from datetime import UTC, datetime
from time import monotonic as system_monotonic
from typing import TYPE_CHECKING, Protocol

from swarmtui.errors import EngineError, EngineGarbled, SwarmtuiError
from swarmtui.model import Document, DocumentKind, Lost, NetworkId, Reading, Snapshot

if TYPE_CHECKING:
    from swarmtui.engine.reader import Reader

DEBOUNCE_SECONDS = 0.1
LONGEST_RETRY_SECONDS = 8.0
"""Between two tries of an engine, or of its tasks, that has failed for long."""

EVENTS_RETRY_SECONDS = 5.0
COST_SHARE = 10
"""The tasks are read so seldom that reading them takes at most a tenth of the time."""

REST_SHARE = 4
"""A pass is followed by a rest four times as long: passes take a fifth of the time at most."""


class EventStream(Protocol):
    """The engine's events, as wake-ups: what they say is read anyway."""

    def wait(self) -> bool:
        """Block until an event arrives; False when the stream has ended."""

    def close(self) -> None:
        """End the stream from another thread."""

    def release(self) -> None:
        """Free what the stream holds, in the thread that waited."""


class EngineSession(Protocol):
    """An open connection to an engine."""

    @property
    def reader(self) -> Reader:
        """The reader of this connection."""

    def open_events(self) -> EventStream:
        """Open the stream of events."""

    def close(self) -> None:
        """Close every connection."""


class Poller:
    """Polls an engine and publishes snapshots, failures and documents.

    Polling is the truth; events only wake it. After a failure the last snapshot is kept for what
    the next one cannot read, and the engine is tried again at growing intervals.

    Args:
        open_session: Connects to the engine; raises EngineError.
        interval_seconds: Wanted time between two passes.
        longest_retry_seconds: Longest time between two tries to connect; the interval at least.
    """

    def __init__(
        self,
        open_session: Callable[[], EngineSession],
        *,
        interval_seconds: float,
        longest_retry_seconds: float = LONGEST_RETRY_SECONDS,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        monotonic: Callable[[], float] = system_monotonic,
    ) -> None:
        self._open_session = open_session
        self._interval = interval_seconds
        self._longest_retry = max(longest_retry_seconds, interval_seconds)
        self._now = now
        self._monotonic = monotonic
        self._publish: Callable[[Reading], None] = lambda _: None
        self._session: EngineSession | None = None
        self._snapshot: Snapshot | None = None
        self._focus: NetworkId | None = None
        self._looked_at: NetworkId | None = None
        self._documents: deque[tuple[DocumentKind, str]] = deque()
        self._wake = threading.Event()
        self._stopping = threading.Event()
        self._changed = threading.Event()
        self._asked = threading.Event()
        self._next_pass = 0.0
        self._earliest_pass = 0.0
        self._next_tasks = 0.0
        self._earliest_tasks = 0.0
        self._failures = 0
        self._failing_since: datetime | None = None
        self._thread = threading.Thread(target=self._run, name="poller", daemon=True)
        self._events: _EventThread | None = None
        self._next_events = 0.0

    def start(self, publish: Callable[[Reading], None]) -> None:
        """Start reading; `publish` is called from the poller's thread."""
        self._publish = publish
        self._thread.start()

    def stop(self) -> None:
        """Stop reading and wait for the thread, shortly: a stuck engine never blocks the end."""
        self._stopping.set()
        self._wake.set()
        if self._thread.is_alive():
            self._thread.join(timeout=1.0)

    def look_at(self, network_id: NetworkId | None) -> None:
        """Inspect this network at once and in every pass."""
        self._focus = network_id
        self._wake.set()

    def refresh(self) -> None:
        """Read everything now, tasks included."""
        self._asked.set()
        self._wake.set()

    def read_document(self, kind: DocumentKind, identity: str) -> None:
        """Read one object's JSON and publish it as a Document."""
        self._documents.append((kind, identity))
        self._wake.set()

    def _run(self) -> None:
        while not self._stopping.is_set():
            try:
                self._turn()
            except EngineError as error:
                self._lose(error)
            except Exception as error:  # the thread must outlive whatever an engine answers
                self._lose(_unexpected(error))
            self._sleep()
        self._drop_session()

    def _turn(self) -> None:
        """Do whatever is due."""
        if self._asked.is_set():
            self._asked.clear()
            self._next_pass = self._next_tasks = 0.0
        if self._changed.is_set():
            self._changed.clear()
            self._next_pass = min(self._next_pass, self._earliest_pass)
            self._next_tasks = min(self._next_tasks, self._earliest_tasks)
        if self._monotonic() >= self._next_pass:
            self._pass()
        elif self._focus is not None and self._focus != self._looked_at:
            self._look(self._focus)
        while self._documents:
            self._publish(self._document(*self._documents.popleft()))

    def _pass(self) -> None:
        self._looked_at = self._focus
        session = self._session
        if session is None:
            session = self._session = self._open_session()
        self._watch_events(session)
        started = self._monotonic()
        with_tasks = started >= self._next_tasks
        snapshot = session.reader.read(self._snapshot, focus=self._focus, with_tasks=with_tasks)
        if self._snapshot is not None and _has_left(self._snapshot, snapshot):
            # An engine that stops tells the same on the connections it has, and takes no new ones.
            self._drop_session()
            session = self._session = self._open_session()
            snapshot = session.reader.read(self._snapshot, focus=self._focus)
        finished = self._monotonic()
        tasks_cost = session.reader.tasks_cost_seconds if with_tasks else 0.0
        if with_tasks:
            self._plan_tasks(snapshot, finished, tasks_cost)
        _warm(snapshot)
        self._snapshot = snapshot
        self._failures = 0
        self._failing_since = None
        # The tasks, whose share is one of their own, do not count.
        rest = REST_SHARE * max(finished - started - tasks_cost, 0.0)
        if snapshot.problems:
            rest = min(rest, LONGEST_RETRY_SECONDS)
        self._earliest_pass = finished + rest
        self._next_pass = max(started + self._interval, self._earliest_pass)
        self._publish(snapshot)

    def _plan_tasks(self, snapshot: Snapshot, finished: float, cost: float) -> None:
        rest, longest = cost * (COST_SHARE - 1), cost * (2 * COST_SHARE - 1)
        if any(each.part == "tasks" and not each.subject for each in snapshot.problems):
            # What they cost was waiting for an answer that did not come.
            rest = longest = min(rest, LONGEST_RETRY_SECONDS)
        self._earliest_tasks = finished + rest
        self._next_tasks = finished + max(longest, self._interval - DEBOUNCE_SECONDS)

    def _look(self, network_id: NetworkId) -> None:
        self._looked_at = network_id
        if self._session is not None and self._snapshot is not None:
            self._snapshot = self._session.reader.look(self._snapshot, network_id)
            _warm(self._snapshot)
            self._publish(self._snapshot)

    def _document(self, kind: DocumentKind, identity: str) -> Document:
        if self._session is None:
            error: SwarmtuiError = EngineGarbled(
                "The engine is not connected", "", "Wait until it answers again."
            )
            return Document(kind, identity, "", error)
        try:
            return Document(kind, identity, self._session.reader.document(kind, identity))
        except SwarmtuiError as error:
            return Document(kind, identity, "", error)

    def _lose(self, error: EngineError) -> None:
        self._drop_session()
        self._failures += 1
        if self._failing_since is None:
            self._failing_since = self._now()
        retry = min(self._interval * 2 ** min(self._failures - 1, 10), self._longest_retry)
        self._next_pass = self._monotonic() + retry
        self._next_tasks = 0.0
        self._publish(Lost(error, self._failing_since, self._failures, retry))
        while self._documents:
            kind, identity = self._documents.popleft()
            self._publish(Document(kind, identity, "", error))

    def _sleep(self) -> None:
        remaining = self._next_pass - self._monotonic()
        if remaining > 0 and self._wake.wait(remaining) and not self._stopping.is_set():
            self._stopping.wait(DEBOUNCE_SECONDS)
        self._wake.clear()

    def _watch_events(self, session: EngineSession) -> None:
        if self._events is not None and self._events.is_alive():
            return
        if self._monotonic() < self._next_events:
            return
        self._next_events = self._monotonic() + EVENTS_RETRY_SECONDS
        self._events = _EventThread(session, self._on_event)
        self._events.start()

    def _on_event(self) -> None:
        self._changed.set()
        self._wake.set()

    def _drop_session(self) -> None:
        if self._events is not None:
            self._events.close()
            self._next_events = 0.0
        if self._session is not None:
            self._session.close()
            self._session = None


class _EventThread(threading.Thread):
    """Turns a blocking stream of events into calls.

    Opened here too: events only wake, and reading goes on while their stream does not open.
    """

    def __init__(self, session: EngineSession, on_event: Callable[[], None]) -> None:
        super().__init__(name="events", daemon=True)
        self._session = session
        self._on_event = on_event
        self._closing = threading.Event()
        self._opening = threading.Lock()
        self._stream: EventStream | None = None

    def run(self) -> None:
        try:
            stream = self._session.open_events()
        except Exception:  # whatever an engine answers here, it costs no more than the wake-ups
            return
        with self._opening:
            if not self._closing.is_set():
                self._stream = stream
        while self._stream is not None and stream.wait():
            self._on_event()
            # Who sends without end is read no faster than anybody is woken.
            if self._closing.wait(DEBOUNCE_SECONDS):
                break
        stream.release()

    def close(self) -> None:
        with self._opening:
            self._closing.set()
            opened = self._stream
        if opened is not None:
            opened.close()
            self.join(timeout=1.0)


def _has_left(before: Snapshot, now: Snapshot) -> bool:
    return bool(before.engine.node_id) and not now.engine.node_id


def _warm(snapshot: Snapshot) -> None:
    """Build the indexes here rather than in the thread that paints."""
    _ = snapshot.live_tasks_by_network, snapshot.waiting_tasks_by_network
    _ = snapshot.services_by_network, snapshot.node_by_id


def _unexpected(error: Exception) -> EngineGarbled:
    return EngineGarbled(
        "The engine's answer could not be used",
        f"{type(error).__name__}: {error}",
        "This is a defect of swarmtui: please report it with the engine's version.",
    )
