"""One consistent reading of an engine: a few lists, some inspections, one snapshot."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from typing import Any

from swarmtui.engine.decode import Decoded, decode_object, indented
from swarmtui.engine.inspector import Inspector
from swarmtui.engine.keeping import last_read, not_understood, with_age
from swarmtui.engine.lists import (
    INFO,
    LOCK,
    NETWORKS,
    NODES,
    SERVICES,
    TASKS,
    networks_in,
    nodes_in,
    services_in,
    tasks_in,
    with_hidden,
    without_leftovers,
)
from swarmtui.engine.lock import activity_of
from swarmtui.engine.shapes import InfoShape
from swarmtui.engine.slices import Sliced, ValueT, is_same
from swarmtui.engine.wave import Ask, Fetch, FetchAll, Wave
from swarmtui.engine.wire import NO_LEADER_WORDS, cluster_of, engine_of
from swarmtui.errors import EngineAnswered, EngineError, EngineGarbled, EngineTimedOut
from swarmtui.model import (
    Activity,
    DocumentKind,
    Inspection,
    Network,
    NetworkId,
    Problem,
    Snapshot,
    Standing,
    Task,
)

LEFT_BEHIND_SECONDS = 10.0
"""How long a node may carry a removed network before that is a problem; it takes half a second."""
_LEFT_BEHIND = (
    "The swarm has removed this network, and this node still carries it, so that a network of the "
    "same purpose may not reach it. Restart the engine here."
)

_DOCUMENT_PATHS: Mapping[DocumentKind, str] = {
    "network": "/networks/",
    "service": "/services/",
    "node": "/nodes/",
    "task": "/tasks/",
}
_IN_CLUSTER = (Standing.MANAGER, Standing.NO_LEADER)


@dataclass(frozen=True, slots=True, eq=False)
class _Part:
    """The last good answer to one list, as bytes and as what they mean."""

    read: Sliced[Any]
    values: tuple[Any, ...]
    problems: tuple[Problem, ...]
    read_at: datetime


class Reader:
    """Reads one engine, keeping what has not changed since the last reading as the same objects.

    Args:
        fetch: Sends a request; used by one thread at a time.
        api: The negotiated version of the Engine API.
        fetch_all: Sends several together, so that a reading takes one round trip or two.
        now: The wall clock.
        monotonic: A clock in seconds that measures what a reading costs.
    """

    def __init__(
        self,
        fetch: Fetch,
        api: str,
        *,
        now: Callable[[], datetime],
        monotonic: Callable[[], float],
        fetch_all: FetchAll | None = None,
    ) -> None:
        self._fetch = Wave(fetch, fetch_all)
        self._api = api
        self._now = now
        self._monotonic = monotonic
        self._inspector = Inspector(self._fetch, api, now=now, monotonic=monotonic)
        self._parts: dict[str, _Part] = {}
        self._removed: dict[NetworkId, float] = {}
        self.tasks_cost_seconds = 0.0
        """How long the tasks took to read and decode, the last time they were read."""

    def read(
        self,
        previous: Snapshot | None = None,
        *,
        focus: NetworkId | None = None,
        with_tasks: bool = True,
        every_network: bool = False,
    ) -> Snapshot:
        """Read the engine once.

        A list that cannot be read is taken from `previous` and named as a problem; networks of the
        swarm count as gone only when the cluster answered too (engine-facts 0.4).

        Args:
            previous: The snapshot before, for whatever cannot be read now.
            focus: A network to inspect in this pass.
            with_tasks: Read the tasks, the expensive list, or keep those of `previous`.
            every_network: Inspect all networks instead of some in turn.

        Raises:
            EngineError: The engine cannot be reached, or does not even tell what it is.
        """
        with self._fetch:
            return self._read(
                previous, focus=focus, with_tasks=with_tasks, every_network=every_network
            )

    def _read(
        self,
        previous: Snapshot | None,
        *,
        focus: NetworkId | None,
        with_tasks: bool,
        every_network: bool,
    ) -> Snapshot:
        choose = partial(self._inspector.choose, focus=focus, every_network=every_network)
        chosen = choose(previous) if previous else ()
        self._fetch.ask(self._asks(previous, chosen, with_tasks=with_tasks))
        info = decode_object(self._fetch(*INFO), InfoShape, "Answer to /info")
        engine = engine_of(info, self._api)
        if previous is not None and previous.engine.node_id != engine.node_id:
            previous = None
        networks, problems = self._read_list("networks", NETWORKS, networks_in, previous)
        snapshot = Snapshot(self._now(), engine, networks=networks, problems=problems)
        chosen = chosen or choose(snapshot)
        with_tasks = with_tasks or previous is None or previous.tasks_at is None
        # What was asked before is not asked again: in most readings that is all of it.
        self._fetch.ask(self._asks(snapshot, chosen, with_tasks=with_tasks))
        if engine.standing in _IN_CLUSTER:
            snapshot = self._read_cluster(info, snapshot, previous, with_tasks=with_tasks)
        snapshot.with_indexes_of(previous)
        present = snapshot.network_by_id
        always = snapshot.networks if every_network else self._inspector.always(snapshot, focus)
        ids = dict.fromkeys(network.id for network in (*always, *chosen))
        chosen = tuple(present[each] for each in ids if each in present)
        self._fetch.ask(self._inspector.asks(snapshot, chosen))
        inspections, problems = self._inspector.inspect(snapshot, previous, chosen)
        return _with_inspections(snapshot, inspections, problems)

    def _asks(
        self, like: Snapshot | None, chosen: Iterable[Network], *, with_tasks: bool
    ) -> Iterator[Ask]:
        """Yield what to ask for where the engine is as in a snapshot."""
        in_cluster = like is not None and like.engine.standing in _IN_CLUSTER
        yield INFO
        if in_cluster:
            yield NODES
        yield NETWORKS
        if in_cluster:
            yield SERVICES
            if with_tasks:
                yield TASKS
            yield LOCK
        if like is not None:
            yield from self._inspector.asks(like, chosen)

    def look(self, snapshot: Snapshot, network_id: NetworkId) -> Snapshot:
        """Return a snapshot with one network inspected anew and all else as it is.

        Raises:
            EngineError: The engine cannot be reached.
        """
        network = snapshot.network_by_id.get(network_id)
        if network is None:
            return snapshot
        with self._fetch:
            self._fetch.ask(self._inspector.asks(snapshot, (network,)))
            inspections, problems = self._inspector.inspect_one(snapshot, network)
        return _with_inspections(snapshot, inspections, problems)

    def document(self, kind: DocumentKind, identity: str) -> str:
        """Return the JSON of one object as the engine gives it, indented.

        Raises:
            EngineError: The object is gone, or the engine cannot be read.
        """
        params = {"verbose": "true"} if kind == "network" else {}
        return indented(self._fetch(_DOCUMENT_PATHS[kind] + identity, params))

    def _read_cluster(
        self, info: InfoShape, seen: Snapshot, previous: Snapshot | None, *, with_tasks: bool
    ) -> Snapshot:
        """Add what the cluster tells to what the node does."""
        engine, networks, network_problems = seen.engine, seen.networks, seen.problems
        nodes, node_problems = self._read_list("nodes", NODES, nodes_in, previous)
        services, service_problems = self._read_list("services", SERVICES, services_in, previous)
        problems = (*node_problems, *network_problems, *service_problems)
        tasks: tuple[Task, ...] = previous.tasks if previous else ()
        tasks_at = previous.tasks_at if previous else None
        if with_tasks:
            tasks, task_problems = self._read_tasks(previous)
            if not any(not each.subject for each in task_problems):
                tasks_at = self._parts["tasks"].read_at
            problems += task_problems
        elif previous is not None:
            problems += tuple(each for each in previous.problems if each.part == "tasks")
        activity, activity_problems = self._read_activity(previous)
        problems += activity_problems
        if any(NO_LEADER_WORDS in problem.text for problem in problems):
            engine = replace(engine, standing=Standing.NO_LEADER)
        cluster_answers = engine.standing is Standing.MANAGER and not any(
            problem.part in ("nodes", "services") and not problem.subject for problem in problems
        )
        leftovers: tuple[Network, ...] = ()
        if cluster_answers:
            networks, leftovers = without_leftovers(networks)
            problems += self._left_behind(leftovers)
        else:
            networks, hidden = with_hidden(networks, previous)
            problems += hidden
        kept_cluster = previous.cluster if previous else None
        return Snapshot(
            taken_at=self._now(),
            engine=engine,
            cluster=cluster_of(info) or kept_cluster,
            nodes=nodes,
            networks=networks,
            services=services,
            tasks=tasks,
            problems=problems,
            tasks_at=tasks_at,
            activity=activity,
            leftovers=leftovers,
        )

    def _left_behind(self, leftovers: tuple[Network, ...]) -> tuple[Problem, ...]:
        """Return what to say of networks that the node should have given up long ago."""
        now = self._monotonic()
        self._removed = {each.id: self._removed.get(each.id, now) for each in leftovers}
        return tuple(
            Problem("networks", each.name, _LEFT_BEHIND)
            for each in leftovers
            if now - self._removed[each.id] >= LEFT_BEHIND_SECONDS
        )

    def _read_activity(
        self, previous: Snapshot | None
    ) -> tuple[Activity | None, tuple[Problem, ...]]:
        try:
            return activity_of(self._fetch(*LOCK)), ()
        except (EngineAnswered, EngineGarbled, EngineTimedOut) as error:
            self._doubt(error)
            known = previous.activity if previous else None
            since = last_read("operations", previous)
            return known, (Problem("operations", "", _words(error), since),)

    def _doubt(self, error: EngineError) -> None:
        if isinstance(error, EngineGarbled):
            self._fetch.distrust()

    def _read_tasks(
        self, previous: Snapshot | None
    ) -> tuple[tuple[Task, ...], tuple[Problem, ...]]:
        started = self._monotonic()
        found = self._read_list("tasks", TASKS, tasks_in, previous)
        self.tasks_cost_seconds = self._monotonic() - started
        return found

    def _read_list(
        self,
        part: str,
        ask: Ask,
        decode: Callable[[bytes, Sliced[ValueT]], Decoded[ValueT]],
        previous: Snapshot | None,
    ) -> tuple[tuple[ValueT, ...], tuple[Problem, ...]]:
        last = self._parts.get(part)
        try:
            body = self._fetch(*ask)
            read, problems = decode(body, last.read if last else Sliced())
            if last is None or read is not last.read:
                before: tuple[ValueT, ...] = getattr(previous, part) if previous else ()
                values = tuple(read.values)
                kept = not_understood(before, values, problems)
                values += kept
                if last is not None and is_same(values, last.values):
                    values = last.values
                last = _Part(read, values, with_age(problems, kept, previous), self._now())
            else:
                last = replace(last, read_at=self._now())
        except (EngineAnswered, EngineGarbled, EngineTimedOut) as error:
            self._doubt(error)
            before = getattr(previous, part) if previous else ()
            return before, (Problem(part, "", _words(error), last_read(part, previous)),)
        self._parts[part] = last
        return last.values, last.problems


def _with_inspections(
    snapshot: Snapshot,
    inspections: Mapping[NetworkId, Inspection],
    problems: tuple[Problem, ...],
) -> Snapshot:
    problems = (*snapshot.problems, *problems)
    found = replace(snapshot, inspections=inspections, problems=problems)
    return found.with_indexes_of(snapshot)


def _words(error: EngineError) -> str:
    return error.explanation or error.title
