"""One consistent reading of an engine: a few lists, some inspections, one snapshot."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import chain
from typing import Any

from swarmtui.engine.decode import Decoded, decode_object, decode_slices, indented
from swarmtui.engine.inspector import Fetch, Inspector
from swarmtui.engine.lock import LOCK_QUERY, activity_of
from swarmtui.engine.service_wire import service_of
from swarmtui.engine.shapes import (
    InfoShape,
    NetworkShape,
    NodeShape,
    ServiceShape,
    TaskShape,
)
from swarmtui.engine.slices import Slice, Slices, ValueT, is_same
from swarmtui.engine.wire import (
    NO_LEADER_WORDS,
    cluster_of,
    engine_of,
    kept,
    network_of,
    node_of,
    tasks_of,
)
from swarmtui.errors import EngineAnswered, EngineError, EngineGarbled, EngineTimedOut
from swarmtui.model import (
    Activity,
    DocumentKind,
    Engine,
    Inspection,
    Network,
    NetworkId,
    Node,
    Problem,
    Service,
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

# Without it the list hides containers attached outside services (engine-facts 0.5).
_EVERY_RUNTIME = '{"runtime":["container","attachment",""]}'

_DOCUMENT_PATHS: Mapping[DocumentKind, str] = {
    "network": "/networks/",
    "service": "/services/",
    "node": "/nodes/",
    "task": "/tasks/",
}


@dataclass(frozen=True, slots=True, eq=False)
class _Part:
    """The last good answer to one list, in slices of its bytes, and what it means."""

    slices: tuple[Slice[Any], ...]
    values: tuple[Any, ...]
    problems: tuple[Problem, ...]
    read_at: datetime


class Reader:
    """Reads one engine, keeping what has not changed since the last reading as the same objects.

    Args:
        fetch: Sends the requests; used by one thread at a time.
        api: The negotiated version of the Engine API.
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
    ) -> None:
        self._fetch = fetch
        self._api = api
        self._now = now
        self._monotonic = monotonic
        self._inspector = Inspector(fetch, api, now=now, monotonic=monotonic)
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
        info = decode_object(self._fetch("/info", {}), InfoShape, "Answer to /info")
        engine = engine_of(info, self._api)
        if previous is not None and previous.engine.node_id != engine.node_id:
            previous = None
        if engine.standing in (Standing.MANAGER, Standing.NO_LEADER):
            snapshot = self._read_cluster(info, engine, previous, with_tasks=with_tasks)
        else:
            networks, problems = self._read_list("networks", "/networks", {}, _networks, previous)
            snapshot = Snapshot(self._now(), engine, networks=networks, problems=problems)
        snapshot.with_indexes_of(previous)
        inspections, problems = self._inspector.inspect(
            snapshot, previous, focus=focus, every_network=every_network
        )
        return _with_inspections(snapshot, inspections, problems)

    def look(self, snapshot: Snapshot, network_id: NetworkId) -> Snapshot:
        """Return a snapshot with one network inspected anew and all else as it is.

        Raises:
            EngineError: The engine cannot be reached.
        """
        network = snapshot.network_by_id.get(network_id)
        if network is None:
            return snapshot
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
        self, info: InfoShape, engine: Engine, previous: Snapshot | None, *, with_tasks: bool
    ) -> Snapshot:
        nodes, node_problems = self._read_list("nodes", "/nodes", {}, _nodes, previous)
        networks, network_problems = self._read_list(
            "networks", "/networks", {}, _networks, previous
        )
        services, service_problems = self._read_list(
            "services", "/services", {"status": "true"}, _services, previous
        )
        problems = (*node_problems, *network_problems, *service_problems)
        tasks: tuple[Task, ...] = previous.tasks if previous else ()
        tasks_at = previous.tasks_at if previous else None
        if with_tasks or tasks_at is None:
            tasks, task_problems = self._read_tasks(previous)
            tasks_at = self._parts["tasks"].read_at if "tasks" in self._parts else None
            problems += task_problems
        elif "tasks" in self._parts:
            problems += self._parts["tasks"].problems
        activity = self._read_activity(previous)
        if any(NO_LEADER_WORDS in problem.text for problem in problems):
            engine = replace(engine, standing=Standing.NO_LEADER)
        cluster_answers = engine.standing is Standing.MANAGER and not any(
            problem.part in ("nodes", "services") and not problem.subject for problem in problems
        )
        leftovers: tuple[Network, ...] = ()
        if cluster_answers:
            networks, leftovers = _parted(networks)
            problems += self._left_behind(leftovers)
        else:
            networks, hidden = _with_hidden(networks, previous)
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

    def _read_activity(self, previous: Snapshot | None) -> Activity | None:
        try:
            return activity_of(self._fetch("/configs", LOCK_QUERY))
        except (EngineAnswered, EngineGarbled, EngineTimedOut):
            return previous.activity if previous else None

    def _read_tasks(
        self, previous: Snapshot | None
    ) -> tuple[tuple[Task, ...], tuple[Problem, ...]]:
        started = self._monotonic()
        found = self._read_list("tasks", "/tasks", {"filters": _EVERY_RUNTIME}, _tasks, previous)
        self.tasks_cost_seconds = self._monotonic() - started
        return found

    def _read_list(
        self,
        part: str,
        path: str,
        params: Mapping[str, str],
        decode: Callable[[bytes, Slices[ValueT]], Decoded[ValueT]],
        previous: Snapshot | None,
    ) -> tuple[tuple[ValueT, ...], tuple[Problem, ...]]:
        last = self._parts.get(part)
        try:
            body = self._fetch(path, params)
            slices, problems = decode(body, last.slices if last else ())
            if last is None or slices != last.slices:
                values = tuple(chain.from_iterable(each.values for each in slices))
                if last is not None and is_same(values, last.values):
                    values = last.values
                last = _Part(slices, values, problems, self._now())
            else:
                last = replace(last, read_at=self._now())
        except (EngineAnswered, EngineGarbled, EngineTimedOut) as error:
            before: tuple[ValueT, ...] = getattr(previous, part) if previous else ()
            since = last.read_at if last and previous else None
            return before, (Problem(part, "", _words(error), since),)
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


def _nodes(body: bytes, before: Slices[Node]) -> Decoded[Node]:
    return decode_slices(body, before, "nodes", NodeShape, kept(node_of))


def _networks(body: bytes, before: Slices[Network]) -> Decoded[Network]:
    return decode_slices(body, before, "networks", NetworkShape, kept(network_of))


def _services(body: bytes, before: Slices[Service]) -> Decoded[Service]:
    return decode_slices(body, before, "services", ServiceShape, kept(service_of))


def _tasks(body: bytes, before: Slices[Task]) -> Decoded[Task]:
    return decode_slices(body, before, "tasks", TaskShape, tasks_of)


def _parted(
    networks: tuple[Network, ...],
) -> tuple[tuple[Network, ...], tuple[Network, ...]]:
    """Tell the swarm's networks from what the node still carries of removed ones."""
    leftovers = tuple(network for network in networks if network.local_copy)
    if leftovers:
        networks = tuple(network for network in networks if not network.local_copy)
    return networks, leftovers


def _with_hidden(
    networks: tuple[Network, ...], previous: Snapshot | None
) -> tuple[tuple[Network, ...], tuple[Problem, ...]]:
    """Put back the swarm's networks that a list hides while the cluster does not answer."""
    listed = {network.id for network in networks}
    hidden = tuple(
        network
        for network in (previous.networks if previous else ())
        if network.is_swarm and network.id not in listed
    )
    since = previous.taken_at if previous and hidden else None
    text = "The cluster does not answer, so networks of the swarm may be missing from the list."
    return (*networks, *hidden), (Problem("networks", "", text, since),)
