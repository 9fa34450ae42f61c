"""The ends of a path: what a person means by a name."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from enum import StrEnum

from swarmtui.addressing import endpoints
from swarmtui.model import (
    Endpoint,
    EndpointKind,
    NetworkId,
    Service,
    Snapshot,
    Task,
    short_id,
)

SHORTEST_ID = 4
"""Letters; a shorter beginning of an id is more likely a name that was mistyped."""
NEAR_NAMES = 5
_OUTSIDE = re.compile(r"outside:([0-9]{1,5})(?:/(tcp|udp|sctp))?", re.IGNORECASE)


class EndKind(StrEnum):
    """What an end is."""

    SERVICE = "service"
    TASK = "task"
    CONTAINER = "container"
    OUTSIDE = "outside"


@dataclass(frozen=True, slots=True)
class End:
    """One end of a path.

    Attributes:
        name: As tables show it; of a container that is not known by name its short id.
        service: None for containers outside services, and for the outside.
        tasks: Who is meant: live ones where there are any.
        port, protocol: Where the outside knocks; an empty protocol means any.
    """

    kind: EndKind
    name: str
    service: Service | None = None
    tasks: tuple[Task, ...] = ()
    port: int = 0
    protocol: str = ""


@dataclass(frozen=True, slots=True)
class Unclear:
    """Why a name is no end.

    Attributes:
        text: What was typed.
        near: What might have been meant.
    """

    text: str
    words: str
    near: tuple[str, ...] = ()

    def __str__(self) -> str:
        """Return it with what might have been meant."""
        return f"{self.words} Did you mean {', '.join(self.near)}?" if self.near else self.words


def find_end(snapshot: Snapshot, text: str) -> End | Unclear:
    """Return the service, task or container of a name or an id, or the outside.

    A task may be called `web.1`, `web.1.TASKID`, by its id or by its container's; ids may be cut
    short as docker does. A container outside services is named where this node or its gossip
    tells names, which is on the networks that the node carries.
    """
    text = text.strip()
    outside = _OUTSIDE.fullmatch(text)
    if outside is not None:
        return _outside(text.lower(), int(outside[1]), (outside[2] or "").lower())
    if not text:
        return Unclear(text, "Name a service, a task or a container.")
    if not snapshot.sees_cluster:
        return Unclear(text, "Only a manager knows services, tasks and containers of the swarm.")
    containers = _containers(snapshot)
    found = [*_services(snapshot, text), *_tasks(snapshot, text), *_named(containers, text)]
    if not found and len(text) >= SHORTEST_ID:
        found = [*_by_beginning(snapshot, containers, text)]
    if not found:
        near = _near(snapshot, text, containers)
        return Unclear(text, f"There is no service, task or container {text}.", near)
    return found[0] if len(found) == 1 else _ambiguous(text, found)


def _outside(text: str, port: int, protocol: str) -> End | Unclear:
    if not 0 < port < 2**16:
        return Unclear(text, f"There is no port {port}.")
    return End(EndKind.OUTSIDE, text, port=port, protocol=protocol)


def _ambiguous(text: str, found: list[End]) -> Unclear:
    kinds = dict.fromkeys(end.kind for end in found)
    what = " and ".join(f"a {kind}" for kind in kinds)
    if len(kinds) == 1:
        what = f"{len(found)} {found[0].kind}s"
    identities = tuple(map(_identity, found))[:NEAR_NAMES]
    return Unclear(text, f"{text} is {what}: say which one by its id.", identities)


def path_names(snapshot: Snapshot) -> tuple[str, ...]:
    """Return what can be an end: services first, then containers outside them, then tasks."""
    live = (task for task in snapshot.tasks if task.is_live and task.service_id)
    names = (
        *sorted(service.name for service in snapshot.services),
        *sorted(end.name for end in _containers(snapshot)),
        *sorted(map(snapshot.task_name, live)),
    )
    return tuple(dict.fromkeys(names))


def _services(snapshot: Snapshot, text: str) -> Iterator[End]:
    for service in snapshot.services:
        if text in (service.name, service.id):
            yield _of_service(snapshot, service)


def _of_service(snapshot: Snapshot, service: Service) -> End:
    tasks = snapshot.live_tasks_by_service.get(service.id, ())
    return End(EndKind.SERVICE, service.name, service, tasks)


def _tasks(snapshot: Snapshot, text: str) -> Iterator[End]:
    """Yield a task by its id, or else whoever is in the place that a name tells."""
    mine = [task for task in snapshot.tasks if task.service_id]
    for task in mine:
        name = snapshot.task_name(task)
        if text in (task.id, task.container_id, f"{name}.{task.id}"):
            yield _of_tasks(snapshot, [task])
            return
    named = [task for task in mine if snapshot.task_name(task) == text]
    if named:
        yield _of_tasks(snapshot, named)


def _of_tasks(snapshot: Snapshot, tasks: list[Task]) -> End:
    # While it is replaced a task has two lives; of those that are over only the last matters.
    live = [task for task in tasks if task.is_live]
    meant = live or [max(tasks, key=lambda task: task.since)]
    service = snapshot.service_by_id.get(meant[0].service_id)
    return End(EndKind.TASK, snapshot.task_name(meant[0]), service, tuple(meant))


def _containers(snapshot: Snapshot) -> list[End]:
    """Return the containers outside services, by the best name that is known of each."""
    mine = [task for task in snapshot.tasks if task.is_attachment and task.is_live]
    names: dict[str, str] = {}
    for network_id in {each.network_id for task in mine for each in task.attachments}:
        for endpoint in _attached(snapshot, network_id):
            if endpoint.name != short_id(endpoint.identity):
                names[endpoint.identity] = endpoint.name
    by_container: dict[str, list[Task]] = {}
    for task in mine:
        by_container.setdefault(task.container_id, []).append(task)
    return [
        End(EndKind.CONTAINER, names.get(key, short_id(key)), None, tuple(tasks))
        for key, tasks in by_container.items()
    ]


def _attached(snapshot: Snapshot, network_id: NetworkId) -> Iterator[Endpoint]:
    network = snapshot.network_by_id.get(network_id)
    if network is not None:
        for endpoint in endpoints(snapshot, network):
            if endpoint.kind is EndpointKind.CONTAINER and endpoint.key.startswith("task:"):
                yield endpoint


def _named(containers: Iterable[End], text: str) -> Iterator[End]:
    for end in containers:
        if text in (end.name, end.tasks[0].container_id):
            yield end


def _by_beginning(snapshot: Snapshot, containers: Iterable[End], text: str) -> Iterator[End]:
    for service in snapshot.services:
        if service.id.startswith(text):
            yield _of_service(snapshot, service)
    for task in snapshot.tasks:
        if task.service_id and (task.id.startswith(text) or task.container_id.startswith(text)):
            yield _of_tasks(snapshot, [task])
    for end in containers:
        if end.tasks[0].container_id.startswith(text):
            yield end


def _identity(end: End) -> str:
    if end.kind is EndKind.SERVICE and end.service is not None:
        return end.service.id
    return short_id(end.tasks[0].container_id) if end.kind is EndKind.CONTAINER else end.tasks[0].id


def _near(snapshot: Snapshot, text: str, containers: Iterable[End]) -> tuple[str, ...]:
    """Return names that hold the text, and those that it may be meant for, tasks by their service.

    Looking for likeness is dear, and tasks are many: they are like each other, if not the same.
    """
    names = path_names(snapshot)
    lowered = text.lower()
    holding = [name for name in names if lowered in name.lower()]
    stems = [service.name for service in snapshot.services]
    close = get_close_matches(text, [*stems, *(end.name for end in containers)], n=NEAR_NAMES)
    stem, _, slot = text.rpartition(".")
    known = frozenset(names)
    for each in get_close_matches(stem, stems, n=NEAR_NAMES) if stem else ():
        close += [name for name in (f"{each}.{slot}", f"{each}.1", each) if name in known]
    return tuple(dict.fromkeys((*holding, *close)))[:NEAR_NAMES]
