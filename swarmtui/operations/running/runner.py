"""Runs an operation: step by step, journalled before and after every write, resumable anywhere."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from typing import TypeVar

import msgspec

from swarmtui.errors import EngineAnswered, EngineError, EngineTimedOut, SwarmtuiError
from swarmtui.model import Activity, NetworkId, Snapshot
from swarmtui.operations.journal import Journal, JournalUnusable
from swarmtui.operations.leftovers import leftover
from swarmtui.operations.lines import (
    Answered,
    Ended,
    Entered,
    Image,
    Intended,
    Line,
    Locked,
    Noted,
    Reached,
    Run,
    Stopped,
)
from swarmtui.operations.operation import Operation, images_of, operation_of
from swarmtui.operations.plan import Plan, Refusal, Step
from swarmtui.operations.planning import plan_operation, plan_resume, plan_rollback, touched
from swarmtui.operations.running.edits import created_id, read_object
from swarmtui.operations.running.engine_side import may_pass
from swarmtui.operations.running.lock import ClusterLock, NoLock, lock_of
from swarmtui.operations.running.performer import ChangedMeanwhile, Performer
from swarmtui.operations.running.world import World
from swarmtui.operations.sight import missing_nodes
from swarmtui.operations.sights import look
from swarmtui.operations.wording import lowered
from swarmtui.operations.writes import RemoveNetwork, TouchNode, Write, permits

ResultT = TypeVar("ResultT")

LOOK_SECONDS = 0.3
HEARTBEAT_SECONDS = 20.0
SHAKE_SECONDS = 3.0
"""How long touched nodes have to take the ingress; an engine that can takes a second at most."""
AWAY_SECONDS = 900.0
"""How long the engine may be away, or the swarm without a leader, before a run stops."""


class Halt(SwarmtuiError):
    """The run ends part-way, with the reason to journal."""


@dataclass(slots=True)
class Runner:
    """Runs the operation of one journal, forward or back, from what the engine says now.

    Args:
        journal: Of the operation; this process alone writes to it.
        world: Engine and clocks.
        direction: `forward` or `back`.
        take_over: The id of a lock of somebody else to remove.
    """

    journal: Journal
    world: World
    direction: str = "forward"
    take_over: str = ""
    _snapshot: Snapshot | None = field(default=None, init=False)
    _lock: ClusterLock | NoLock = field(init=False)
    _step: int = field(default=0, init=False)
    _writes: tuple[Write, ...] = field(default=(), init=False)
    _plan: Plan = field(init=False)
    _heartbeat: float = field(default=0.0, init=False)
    _away: float = field(default=0.0, init=False)

    def run(self) -> Operation:
        """Run to the end, or to where it cannot go on, and return how the operation stands."""
        head = self.journal.head
        self._plan = head.plan
        title = head.plan.title
        if self.direction == "back":
            title = f"Roll back: {lowered(title)}"
        activity = Activity("", operation=head.id, title=title, who=head.who, host=head.host)
        self._lock = lock_of(head.plan, self.world.writes, activity, self._moment)
        fresh = not self._operation().changed
        try:
            self._begin(fresh=fresh)
            self._walk()
            self._patiently(self._lock.release)
            outcome = "done" if self.direction == "forward" else "rolled-back"
            self.journal.append(Ended(outcome, "", self._moment()))
        except JournalUnusable:
            raise
        except SwarmtuiError as error:
            self._stop(error)
        return self._operation()

    def _begin(self, *, fresh: bool) -> None:
        """Look at the swarm, plan from what is there, keep what was, and take the lock."""
        snapshot = self._read()
        head = self.journal.head
        if snapshot.realm != head.plan.cluster_id:
            raise Halt(
                "This journal is of another swarm",
                f"It is of {head.plan.cluster_id}, and this is {snapshot.realm}.",
                f"Point swarmtui at the swarm that it belongs to; it went through {head.engine}.",
            )
        self._plan = self._planned(snapshot, fresh=fresh)
        self._keep_images(snapshot)
        self._say(Run(self.direction, self.world.process, self._plan, self._moment()))
        self._patiently(lambda: self._lock.acquire(take_over=self.take_over))
        if self._lock.activity.lock_id:
            self._say(Locked(self._lock.activity.lock_id, self._moment()))

    def _planned(self, snapshot: Snapshot, *, fresh: bool) -> Plan:
        reviewed = self.journal.head.plan
        if self.direction == "back":
            planned = plan_rollback(snapshot, self._operation().plan)
        elif not fresh:
            planned = plan_resume(snapshot, self._operation().plan)
        else:
            for condition in reviewed.preconditions:
                sight = look(condition, snapshot)
                if not sight.met:
                    raise Halt("The swarm is not as it was when this was reviewed", sight.words)
            planned = plan_operation(snapshot, reviewed.intent)
        if isinstance(planned, Refusal):
            if planned.needless:
                # An earlier run did all of it before it could say so, or the swarm did by itself.
                self._note(f"{planned.title}: {' '.join(planned.reasons)}")
                return msgspec.structs.replace(self._operation().plan, steps=())
            raise Halt(planned.title, " ".join(planned.reasons), planned.hint)
        if fresh and self.direction == "forward" and planned.writes != reviewed.writes:
            raise Halt(
                "The swarm changed since this was reviewed",
                "Other services, ports or nodes would be touched than those that were confirmed.",
                "Look at it again.",
            )
        return planned

    def _keep_images(self, snapshot: Snapshot) -> None:
        """Journal every object that may be changed, as the engine gives it, before it is."""
        names, services = touched(self._plan)
        wanted = [
            ("network", str(each.id))
            for each in snapshot.networks
            if each.is_swarm and (each.ingress or each.name in names)
        ]
        wanted += [("network", str(each)) for each in self._plan.before.bridge_ids]
        wanted += [("service", each) for each in services]
        known = images_of(self.journal.lines)
        for kind, identity in wanted:
            if (kind, identity) not in known:
                try:
                    path = f"/{kind}s/{identity}"
                    body = self._patiently(partial(self.world.writes.fetch, path, {}))
                except EngineAnswered as error:
                    if error.status != 404:
                        raise
                    continue  # gone, and so nothing to bring back
                self._say(Image(kind, identity, msgspec.Raw(body), self._moment()))

    def _walk(self) -> None:
        for number, step in enumerate(self._plan.steps, 1):
            self._heed_wish()
            self._step = number
            self._say(Entered(number, self._moment()))
            self._patiently(lambda: self._lock.tell(self._step, len(self._plan.steps)))
            self._heartbeat = self.world.monotonic()
            self._check(step)
            self._writes = tuple(map(self._bound, step.writes))
            self.world.writes.permit(permits(self._writes) | self._lock.permits)
            performer = Performer(
                self.world.writes,
                self._send,
                image=self._spec_of_before,
                network_id=self._network_id,
                note=self._note,
            )
            for write in self._writes:
                self._patiently(partial(performer.perform, write))
            self._wait(step, performer)
            self._say(Reached(number, self._moment()))

    def _bound(self, write: Write) -> Write:
        """Give a removal that was planned by name the id that the name has now."""
        if isinstance(write, RemoveNetwork) and not write.network_id:
            found = self._network_id(write.name)
            identity = NetworkId(found if found != write.name else "")
            return msgspec.structs.replace(write, network_id=identity)
        return write

    def _network_id(self, name: str) -> str:
        return self._snapshot.target_id(name) if self._snapshot is not None else name

    def _check(self, step: Step) -> None:
        """Look at what a step requires, again and freshly, just before its writes."""
        if not step.requires:
            return
        snapshot = self._read()
        for condition in step.requires:
            sight = look(condition, snapshot)
            if not sight.met:
                raise Halt(f"Stopped before: {step.title}", f"It is not safe now: {sight.words}.")

    def _wait(self, step: Step, performer: Performer) -> None:
        began, away, told = self.world.monotonic(), self._away, ""
        shaken = 0.0
        while True:
            snapshot = self._read()
            # Time without the engine is not counted: nothing could come to hold in it.
            waited = self.world.monotonic() - began - (self._away - away)
            unmet = next((s for each in step.until if not (s := look(each, snapshot)).met), None)
            if unmet is None:
                return
            if unmet.words != told:
                told = unmet.words
                self._note(told)
            if unmet.hopeless:
                raise Halt(f"Stopped in: {step.title}", f"Waiting does not help: {told}.")
            if waited >= step.deadline_seconds:
                raise Halt(
                    f"Stopped in: {step.title}",
                    f"Waited {step.deadline_seconds:.0f} seconds in vain: {told}.",
                )
            self._heed_wish()
            self._show_life()
            if waited - shaken > SHAKE_SECONDS:
                shaken = waited
                self._shake(step, snapshot, performer)
            self.world.sleep(LOOK_SECONDS)

    def _shake(self, step: Step, snapshot: Snapshot, performer: Performer) -> None:
        """Shake the nodes that were touched in vain."""
        ingress = next((each for each in snapshot.networks if each.ingress), None)
        missing = missing_nodes(snapshot, ingress) if ingress is not None else ()
        for write in step.writes:
            if isinstance(write, TouchNode) and any(each.id == write.node_id for each in missing):
                self._patiently(partial(performer.shake, write))

    def _send(self, method: str, path: str, query: dict[str, str], body: bytes) -> bytes:
        raw = msgspec.Raw(body or b"null")
        self._say(Intended(self._step, method, path, query, raw, self._moment()))
        try:
            answer = self.world.writes.write(method, path, query, body)
        except EngineError as error:
            outcome = "refused" if isinstance(error, EngineAnswered) else "unknown"
            words = error.explanation or error.title
            self._say(Answered(self._step, outcome, words, self._moment()))
            raise
        self._say(Answered(self._step, "done", created_id(answer), self._moment()))
        return answer

    def _read(self) -> Snapshot:
        def read() -> Snapshot:
            snapshot = self.world.reads.read(self._snapshot)
            sight = look(self._plan.answers, snapshot)
            if sight.hopeless:
                raise Halt("This is not the engine that was planned with", sight.words)
            if not sight.met:
                raise EngineTimedOut("The swarm does not answer", sight.words)
            return snapshot

        self._snapshot = self._patiently(read)
        return self._snapshot

    def _patiently(self, act: Callable[[], ResultT]) -> ResultT:
        """Do something, again and again while the engine is away or the swarm has no leader."""
        began, told = self.world.monotonic(), ""
        while True:
            try:
                result = act()
            except EngineError as error:
                if not may_pass(error) or self.world.monotonic() - began > AWAY_SECONDS:
                    raise
                words = f"The engine is away: {error.explanation or error.title}"
                if words != told:
                    told = words
                    self._note(words)
            else:
                if told:
                    self._away += self.world.monotonic() - began
                return result
            self._heed_wish()
            self.world.sleep(LOOK_SECONDS)

    def _heed_wish(self) -> None:
        if self.world.cancelled():
            raise Halt("Stopped as you asked")

    def _show_life(self) -> None:
        if self.world.monotonic() - self._heartbeat > HEARTBEAT_SECONDS:
            self._heartbeat = self.world.monotonic()
            self._patiently(lambda: self._lock.tell(self._step, len(self._plan.steps)))
            self.world.writes.permit(permits(self._writes) | self._lock.permits)

    def _stop(self, error: SwarmtuiError) -> None:
        explanation = error.explanation
        unchanged = not self._operation().changed
        if self._snapshot is not None and not unchanged:
            explanation = f"{explanation} {self._leftover(self._snapshot)}".strip()
        over = unchanged and self.direction == "forward"
        hint = error.hint or "Resume it, roll it back, or dismiss it."
        if over and (isinstance(error, ChangedMeanwhile) or not error.hint):
            hint = "Look at the swarm, and plan it again."
        self._say(Stopped(error.title, explanation, hint, self._moment()))
        if over:
            self._give_up_lock()
            words = "Nothing was changed."
            self.journal.append(Ended("dismissed", words, self._moment()))

    def _leftover(self, before: Snapshot) -> str:
        """Return in what state the swarm is left, as it is now if that can be seen."""
        with suppress(EngineError):
            snapshot = self.world.reads.read(before)
            if look(self._plan.answers, snapshot).met:
                return leftover(snapshot, self._plan)
        return f"When last seen: {leftover(before, self._plan)}"

    def _give_up_lock(self) -> None:
        try:
            self._lock.give_up()
        except EngineError as error:
            self._note(f"the lock could not be given back: {error}")

    def _spec_of_before(self, service_id: str) -> msgspec.Raw | None:
        image = images_of(self.journal.lines).get(("service", service_id))
        return read_object(bytes(image.document)).spec if image else None

    def _operation(self) -> Operation:
        return operation_of(self.journal.path, self.journal.lines, in_use=False)

    def _note(self, words: str) -> None:
        self._say(Noted(self._step, words, self._moment()))

    def _say(self, line: Line) -> None:
        self.journal.append(line)

    def _moment(self) -> str:
        return self.world.now().isoformat(timespec="milliseconds")
