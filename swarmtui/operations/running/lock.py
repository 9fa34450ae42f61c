"""Holding the swarm's lock: one operation at a time, whichever manager it is started on."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable
from dataclasses import dataclass, replace

import msgspec

from swarmtui.engine.lock import LOCK_NAME, LOCK_QUERY, activity_of, lock_labels
from swarmtui.errors import EngineAnswered, SwarmtuiError
from swarmtui.model import Activity
from swarmtui.operations.plan import Plan
from swarmtui.operations.running.edits import read_object
from swarmtui.operations.running.engine_side import Writes, is_missing, is_out_of_sequence, is_taken
from swarmtui.operations.wording import activity_words


class LockHeld(SwarmtuiError):
    """Somebody else runs an operation on this swarm, or took the lock from us."""


class _Created(msgspec.Struct):
    identity: str = msgspec.field(name="ID", default="")


@dataclass(slots=True)
class ClusterLock:
    """The lock, held by one operation.

    Args:
        writes: Sends the requests.
        activity: Whose operation it is; the lock's id is filled in.
        now: RFC 3339 time.
    """

    writes: Writes
    activity: Activity
    now: Callable[[], str]

    def acquire(self, *, take_over: str = "") -> None:
        """Take the lock, or the one that an earlier run of the same operation left.

        Args:
            take_over: The id of somebody else's lock to remove first.

        Raises:
            LockHeld: Another operation has it.
            EngineError: The engine does not say.
        """
        present = self.present()
        if present is not None and take_over == present.lock_id:
            self._remove(present.lock_id)
            present = None
        if present is None:
            self._create()
            return
        if present.operation != self.activity.operation:
            raise held_by(present)
        self.activity = replace(self.activity, lock_id=present.lock_id, since=present.since)

    def present(self) -> Activity | None:
        """Return who holds the lock now."""
        return activity_of(self.writes.fetch("/configs", LOCK_QUERY))

    def tell(self, step: int, steps: int) -> None:
        """Tell everybody how far the operation is, and that it lives.

        Raises:
            LockHeld: Somebody took the lock over.
            EngineError: The engine does not take it.
        """
        self.activity = replace(self.activity, step=step, steps=steps, seen=self.now())
        self._permit()
        for _ in range(5):
            try:
                raw = read_object(self.writes.fetch(self._path, {}))
                spec = msgspec.json.decode(raw.spec, type=dict[str, msgspec.Raw])
                spec["Labels"] = msgspec.Raw(msgspec.json.encode(lock_labels(self.activity)))
                version = {"version": str(raw.version.index)}
                body = msgspec.json.encode(spec)
                self.writes.write("POST", f"{self._path}/update", version, body)
            except EngineAnswered as error:
                if is_missing(error):
                    present = self.present()
                    raise (held_by(present) if present else _taken_away()) from error
                if not is_out_of_sequence(error):
                    raise
            else:
                return

    def release(self) -> None:
        """Give the lock back; one that is gone already is no error."""
        if self.activity.lock_id:
            self._remove(self.activity.lock_id)

    def give_up(self) -> None:
        """Give the lock back, whichever run of the same operation took it."""
        present = self.present()
        if present is not None and present.operation == self.activity.operation:
            self._remove(present.lock_id)

    @property
    def permits(self) -> frozenset[tuple[str, str]]:
        """Return the requests that holding the lock needs."""
        path = self._path
        return frozenset((("GET", path), ("POST", f"{path}/update"), ("DELETE", path)))

    @property
    def _path(self) -> str:
        return f"/configs/{self.activity.lock_id}"

    def _permit(self) -> None:
        self.writes.permit(self.permits)

    def _create(self) -> None:
        moment = self.now()
        self.activity = replace(self.activity, since=moment, seen=moment)
        body = {
            "Name": LOCK_NAME,
            "Labels": lock_labels(self.activity),
            # The engine wants some content; all that matters is in the labels.
            "Data": b64encode(b"held by an operation of swarmtui\n").decode(),
        }
        self.writes.permit((("POST", "/configs/create"),))
        try:
            answer = self.writes.write("POST", "/configs/create", {}, msgspec.json.encode(body))
        except EngineAnswered as error:
            present = self.present() if is_taken(error) else None
            if present is None:
                raise
            raise held_by(present) from error
        created = msgspec.json.decode(answer, type=_Created)
        self.activity = replace(self.activity, lock_id=created.identity)

    def _remove(self, lock_id: str) -> None:
        path = f"/configs/{lock_id}"
        self.writes.permit((("DELETE", path),))
        try:
            self.writes.write("DELETE", path, {}, b"")
        except EngineAnswered as error:
            if not is_missing(error):
                raise


class NoLock:
    """Stands in the place of the lock where nobody else can be at it.

    An engine out of a swarm has nothing to hold a lock; its operations are told apart by their
    journals alone.
    """

    permits: frozenset[tuple[str, str]] = frozenset()

    def __init__(self, activity: Activity) -> None:
        self.activity = activity

    def acquire(self, *, take_over: str = "") -> None:
        """Take nothing."""

    def tell(self, step: int, steps: int) -> None:
        """Tell nobody."""

    def release(self) -> None:
        """Give nothing back."""

    def give_up(self) -> None:
        """Give nothing back."""


def lock_of(
    plan: Plan, writes: Writes, activity: Activity, now: Callable[[], str]
) -> ClusterLock | NoLock:
    """Return the lock that an operation has to hold."""
    return NoLock(activity) if plan.is_local else ClusterLock(writes, activity, now)


def held_by(activity: Activity) -> LockHeld:
    """Return the error that says who is at it."""
    return LockHeld(
        activity_words(activity),
        f"Begun {activity.since}, last heard of {activity.seen}.",
        "Wait for it. If nobody runs it any more: swarmtui operations list on that machine, or "
        "take the lock over with --take-over.",
    )


def _taken_away() -> LockHeld:
    return LockHeld(
        "The lock of this operation is gone",
        "Somebody took it over, or removed the config swarmtui-operation.",
        "Make sure that nobody else changes the swarm's networks, then resume.",
    )
