"""What the steps of a plan cost the services that they touch."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Sequence

from swarmtui.model import Service, ServiceId, Snapshot
from swarmtui.operations.arrangement import Shape, wires_of
from swarmtui.operations.plan import Interruption, Publisher, Step
from swarmtui.operations.sizing import pass_seconds
from swarmtui.operations.writes import Publish, Reshape, Unpublish

_NETWORK_SECONDS = 1.0
"""What a write takes that is not about a service, with the wait after it."""


def interruptions(
    snapshot: Snapshot, publishers: Iterable[Publisher], steps: Sequence[Step]
) -> tuple[tuple[Interruption, ...], float]:
    """Estimate what happens to publishing services, and how many seconds all takes at most.

    A service is closed from the begin of the step that closes it, or from now on if it is closed
    already, until the end of the step that opens it again.
    """
    services = snapshot.service_by_id
    known = [each for each in publishers if each.service_id in services]
    course = _Course(
        {each.service_id for each in known if not services[each.service_id].publishes_on_ingress}
    )
    for begin, end, write in _timed(snapshot, steps):
        match write:
            case Unpublish():
                course.close(write.service_id, begin)
            case Publish():
                course.open(write.service_id, begin, end)
    seconds = course.end(snapshot, steps)
    found = tuple(
        Interruption(
            service=each.name,
            ports=", ".join(
                f"{port.published or '?'}/{port.protocol}"
                for port in each.ports
                if port.mode == "ingress"
            ),
            tasks=snapshot.wanted_tasks(services[each.service_id]),
            replacements=course.replaced[each.service_id],
            closed_seconds=course.closed[each.service_id],
        )
        for each in known
        if course.replaced[each.service_id] or each.service_id in course.closed_at
    )
    return found, seconds


def rewiring_costs(
    snapshot: Snapshot, shapes: Iterable[Shape], names: Collection[str], steps: Sequence[Step]
) -> tuple[tuple[Interruption, ...], float]:
    """Estimate what happens to services that change networks, and how long all takes at most.

    A service is cut off while it is on none of the networks, though it is to be on one.

    Args:
        snapshot: The swarm.
        shapes: The services as they are to be.
        names: The networks that are made or removed.
        steps: Of the plan.
    """
    services = snapshot.service_by_id
    known = [each for each in shapes if each.service_id in services]
    there = {each.service_id for each in known if set(each.networks) & set(names)}
    course = _Course(
        {
            identity
            for identity in there
            if not {w.network for w in wires_of(snapshot, services[identity])} & set(names)
        }
    )
    isolated: dict[ServiceId, bool] = {}
    for begin, end, write in _timed(snapshot, steps):
        if not isinstance(write, Reshape):
            continue
        isolated[write.service_id] = bool(write.wires_before) and not write.wires
        on = {wire.network for wire in write.wires} & set(names)
        if write.service_id in there and not on:
            course.close(write.service_id, begin)
        elif write.service_id in course.closed_at and on:
            course.open(write.service_id, begin, end)
        else:
            course.replaced[write.service_id] += 1
    seconds = course.end(snapshot, steps)
    found = tuple(
        Interruption(
            service=each.name,
            ports="",
            tasks=snapshot.wanted_tasks(services[each.service_id]),
            replacements=course.replaced[each.service_id],
            closed_seconds=course.closed[each.service_id],
            isolated=isolated.get(each.service_id, False),
            together=_together(snapshot, services[each.service_id]),
        )
        for each in known
        if course.replaced[each.service_id] or each.service_id in course.closed_at
    )
    return found, seconds


def _together(snapshot: Snapshot, service: Service) -> bool:
    """Tell whether the engine stops all tasks of a service before it starts new ones."""
    policy = service.update_policy
    tasks = snapshot.wanted_tasks(service)
    return policy.order == "stop-first" and not 0 < policy.parallelism < tasks


class _Course:
    """When services are closed and opened, and how often their tasks are replaced."""

    def __init__(self, closed: Iterable[ServiceId]) -> None:
        self.closed_at = dict.fromkeys(closed, 0.0)
        self.closed: defaultdict[ServiceId, float] = defaultdict(float)
        self.replaced: Counter[ServiceId] = Counter()

    def close(self, service_id: ServiceId, begin: float) -> None:
        self.closed_at.setdefault(service_id, begin)
        self.replaced[service_id] += 1

    def open(self, service_id: ServiceId, begin: float, end: float) -> None:
        self.closed[service_id] += end - self.closed_at.pop(service_id, begin)
        self.replaced[service_id] += 1

    def end(self, snapshot: Snapshot, steps: Sequence[Step]) -> float:
        clock = sum(_seconds(snapshot, step) for step in steps)
        for service_id, since in self.closed_at.items():
            self.closed[service_id] += clock - since
        return clock


def _timed(snapshot: Snapshot, steps: Sequence[Step]) -> Iterable[tuple[float, float, object]]:
    clock = 0.0
    for step in steps:
        begin, clock = clock, clock + _seconds(snapshot, step)
        for write in step.writes:
            yield begin, clock, write


def _seconds(snapshot: Snapshot, step: Step) -> float:
    services = [
        snapshot.service_by_id[write.service_id]
        for write in step.writes
        if isinstance(write, (Publish, Unpublish, Reshape))
        and write.service_id in snapshot.service_by_id
    ]
    if services:
        return max(pass_seconds(snapshot, service) for service in services)
    return _NETWORK_SECONDS if step.writes else 0.0
