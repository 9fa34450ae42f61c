"""A swarm in which all paths are well, and what tests ask about paths."""

from __future__ import annotations

from swarmtui.findings import Path, Step, path_between
from swarmtui.model import (
    GossipService,
    GossipTask,
    Service,
    Snapshot,
    Task,
)
from tests.builders import (
    APP,
    NODES,
    WEB,
    busy_snapshot,
)
from tests.replacing import replace

ONE, TWO, THREE = NODES
STARTED = "2026-11-24T11:31:05.1Z"


def heard(snapshot: Snapshot, *names: str) -> Snapshot:
    """The swarm with what its first node has heard of services on app."""
    tasks = [each for each in snapshot.tasks if each.is_live]
    by_id = snapshot.service_by_id
    services = tuple(
        GossipService(
            name,
            next(
                (
                    vip.address
                    for s in snapshot.services
                    if s.name == name
                    for vip in s.virtual_ips
                    if vip.network_id == APP.id
                ),
                "<nil>",
            ),
            (),
            tuple(
                GossipTask(
                    f"{snapshot.task_name(each)}.{each.id}" if name else "probe-box",
                    attachment.addresses[0],
                    snapshot.node_by_id[each.node_id].address,
                )
                for each in tasks
                for attachment in each.attachments
                if attachment.network_id == APP.id
                and (by_id[each.service_id].name if each.service_id else "") == name
            ),
        )
        for name in names
    )
    seen = replace(snapshot.inspections[APP.id], services=services)
    return replace(snapshot, inspections={**snapshot.inspections, APP.id: seen})


def well() -> Snapshot:
    """The busy swarm, and everything on app is heard of."""
    busy = busy_snapshot()
    settled = tuple(replace(each, since=STARTED) for each in busy.tasks)
    return heard(replace(busy, tasks=settled), "web", "rr", "")


def walk(snapshot: Snapshot, a: str, b: str) -> Path:
    found = path_between(snapshot, a, b)
    assert isinstance(found, Path), str(found)
    return found


def step(path: Path, title: str) -> Step:
    return next(each for each in path.steps if each.title == title)


def states(path: Path) -> dict[str, str]:
    return {each.title: str(each.state) for each in path.steps}


def broken(path: Path) -> tuple[str, str]:
    assert path.broken is not None
    return path.broken[1].title, path.broken[1].facts[0]


def commands(found: Step) -> str:
    return "\n".join(check.command for check in found.checks)


def with_service(snapshot: Snapshot, changed: Service) -> Snapshot:
    services = tuple(changed if each.id == changed.id else each for each in snapshot.services)
    return replace(snapshot, services=services)


def with_tasks(snapshot: Snapshot, *tasks: Task) -> Snapshot:
    new = {each.id for each in tasks}
    kept = (each for each in snapshot.tasks if each.id not in new)
    return replace(snapshot, tasks=(*kept, *tasks))


FIRST = next(each for each in well().tasks if each.service_id == WEB.id)
BOX = next(each for each in well().tasks if each.is_attachment)
