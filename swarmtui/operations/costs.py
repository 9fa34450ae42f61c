"""What the steps of a plan cost the services that they touch."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence

from swarmtui.model import ServiceId, Snapshot
from swarmtui.operations.plan import Interruption, Publisher, Step
from swarmtui.operations.sizing import pass_seconds, wanted_tasks
from swarmtui.operations.writes import Publish, Unpublish

_NETWORK_SECONDS = 1.0
"""What a write takes that is not about a service, with the wait after it."""


def interruptions(
    snapshot: Snapshot, publishers: Iterable[Publisher], steps: Sequence[Step]
) -> tuple[tuple[Interruption, ...], float]:
    """Estimate what happens to each service, and how many seconds all of it takes at most.

    A service is closed from the begin of the step that closes it, or from now on if it is closed
    already, until the end of the step that opens it again.
    """
    services = snapshot.service_by_id
    known = [each for each in publishers if each.service_id in services]
    closed_at: dict[ServiceId, float] = {
        each.service_id: 0.0 for each in known if not services[each.service_id].publishes_on_ingress
    }
    closed: defaultdict[ServiceId, float] = defaultdict(float)
    replaced: Counter[ServiceId] = Counter()
    clock = 0.0
    for step in steps:
        begin, clock = clock, clock + _seconds(snapshot, step)
        for write in step.writes:
            match write:
                case Unpublish():
                    closed_at.setdefault(write.service_id, begin)
                    replaced[write.service_id] += 1
                case Publish():
                    closed[write.service_id] += clock - closed_at.pop(write.service_id, begin)
                    replaced[write.service_id] += 1
                case _:
                    pass
    for service_id, since in closed_at.items():
        closed[service_id] += clock - since
    found = tuple(
        Interruption(
            service=each.name,
            ports=", ".join(
                f"{port.published or '?'}/{port.protocol}"
                for port in each.ports
                if port.mode == "ingress"
            ),
            tasks=wanted_tasks(snapshot, services[each.service_id]),
            replacements=replaced[each.service_id],
            closed_seconds=closed[each.service_id],
        )
        for each in known
        if replaced[each.service_id] or each.service_id in closed_at
    )
    return found, clock


def _seconds(snapshot: Snapshot, step: Step) -> float:
    services = [
        snapshot.service_by_id[write.service_id]
        for write in step.writes
        if isinstance(write, (Publish, Unpublish)) and write.service_id in snapshot.service_by_id
    ]
    if services:
        return max(pass_seconds(snapshot, service) for service in services)
    return _NETWORK_SECONDS if step.writes else 0.0
