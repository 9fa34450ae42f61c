"""Walking a path: which networks lead from A to B, and each step over them."""

from __future__ import annotations

from collections.abc import Iterator
from shlex import quote

from swarmtui.findings.path import Check, Path, Step, StepState
from swarmtui.findings.path_end import End, EndKind, Unclear, find_end
from swarmtui.findings.path_entry import entry_steps
from swarmtui.findings.path_lane import Lane, names_of
from swarmtui.findings.path_naming import address_step, name_step
from swarmtui.findings.path_steps import (
    each_lane,
    far_steps,
    listening_steps,
    tasks_step,
)
from swarmtui.model import Network, Snapshot, short_id


def path_between(snapshot: Snapshot, a: str, b: str) -> Path | Unclear:
    """Walk from A to B as far as a manager can see.

    Args:
        snapshot: As a manager reads it.
        a: A service, task or container by name or id, or `outside:PORT` with `/udp` if need be.
        b: A service, task or container by name or id.
    """
    ends = path_ends(snapshot, a, b)
    if isinstance(ends, Unclear):
        return ends
    start, end = ends
    if start.kind is EndKind.OUTSIDE:
        steps = tuple(entry_steps(snapshot, start, end))
    else:
        steps = tuple(_steps(snapshot, start, end))
    return Path(_words(snapshot, start), _words(snapshot, end), steps, tuple(_remarks(snapshot)))


def path_ends(snapshot: Snapshot, a: str, b: str) -> tuple[End, End] | Unclear:
    """Return both ends, or what is unclear about the first that is."""
    start, end = find_end(snapshot, a), find_end(snapshot, b)
    if isinstance(start, Unclear):
        return start
    if isinstance(end, Unclear):
        return end
    if end.kind is EndKind.OUTSIDE:
        return Unclear(end.name, "Only the way in can be followed: outside:PORT comes first.")
    if start.kind is not EndKind.SERVICE and (start.kind, start.tasks) == (end.kind, end.tasks):
        return Unclear(end.name, f"Both ends are {end.name}.")
    return start, end


def networks_of_end(snapshot: Snapshot, end: End) -> tuple[Network, ...]:
    """Return the overlays that an end is on; nobody reaches anybody by name over the ingress."""
    if end.kind is EndKind.SERVICE and end.service is not None:
        found = snapshot.networks_of(end.service)
    else:
        attached = [each.network_id for task in end.tasks for each in task.attachments]
        named = [snapshot.target_id(each) for task in end.tasks for each in task.targets]
        found = tuple(dict.fromkeys((*attached, *named)))
    known = (snapshot.network_by_id.get(each) for each in found)
    return tuple(each for each in known if each is not None and not each.ingress)


def _steps(snapshot: Snapshot, a: End, b: End) -> Iterator[Step]:
    theirs = {each.id for each in networks_of_end(snapshot, b)}
    common = [each for each in networks_of_end(snapshot, a) if each.id in theirs]
    lanes = tuple(Lane(snapshot, each, a, b) for each in common if each.is_allocated)
    step = _network_step(snapshot, a, b, common)
    yield step
    if not lanes:
        return
    yield each_lane("Name", lanes, name_step)
    yield each_lane("Address", lanes, address_step)
    yield each_lane(f"Tasks of {a.name}", lanes, lambda lane: tasks_step(lane, a, lane.a_held))
    if a != b:
        yield each_lane(f"Tasks of {b.name}", lanes, lambda lane: tasks_step(lane, b, lane.b_held))
    yield from far_steps(lanes)
    answering = (task for lane in lanes for task in lane.b_answering)
    yield from listening_steps(snapshot, b, answering)


def _network_step(snapshot: Snapshot, a: End, b: End, common: list[Network]) -> Step:
    idle = [each for each in common if not each.is_allocated]
    if idle:
        names = names_of(each.name for each in idle)
        fact = f"{names} was never allocated: nobody can be on it"
        why = "Its subnet may overlap another; remove it and create it anew."
        return Step("Common network", StepState.BROKEN, (fact, why))
    if common:
        return Step("Common network", StepState.OK, (names_of(each.name for each in common),))
    theirs, ours = networks_of_end(snapshot, b), networks_of_end(snapshot, a)
    facts = (
        f"{a.name} and {b.name} share no network",
        *(_membership(end, each) for end, each in ((a, ours), (b, theirs))),
    )
    return Step("Common network", StepState.BROKEN, facts, tuple(_attaching(snapshot, a, b)))


def _membership(end: End, networks: tuple[Network, ...]) -> str:
    names = names_of(each.name for each in networks)
    return f"{end.name} is on {names}" if names else f"{end.name} is on no network of the swarm"


def _attaching(snapshot: Snapshot, a: End, b: End) -> Iterator[Check]:
    """Yield what brings A onto B's networks, or else B onto A's."""
    for mover, host in ((a, b), (b, a)):
        for network in networks_of_end(snapshot, host)[:2]:
            if network.is_allocated:
                yield from _attachment(snapshot, mover, network)


def _attachment(snapshot: Snapshot, end: End, network: Network) -> Iterator[Check]:
    name = quote(network.name)
    if end.service is not None:
        yield Check(
            "",
            f"Puts {end.service.name} on {network.name}, which replaces its tasks; "
            "so does + in :services.",
            f"docker service update --network-add {name} {quote(end.service.name)}",
        )
    elif network.attachable and end.tasks:
        task = end.tasks[0]
        yield Check(
            snapshot.node_name(task.node_id),
            f"Puts {end.name} on {network.name}.",
            f"docker network connect {name} {quote(short_id(task.container_id))}",
        )


def _words(snapshot: Snapshot, end: End) -> str:
    if end.kind is EndKind.OUTSIDE:
        return f"outside, port {end.port}" + (f"/{end.protocol}" if end.protocol else "")
    nodes = names_of(snapshot.node_name(task.node_id) for task in end.tasks if task.node_id)
    where = f" on {nodes}" if nodes else ""
    if end.kind is EndKind.SERVICE and end.service is not None:
        count = len(end.tasks)
        tasks = "1 task" if count == 1 else f"{count} tasks"
        return f"{end.name}, service ({end.service.endpoint_mode}), {tasks}{where}"
    return f"{end.name}, {end.kind}{where}"


def _remarks(snapshot: Snapshot) -> Iterator[str]:
    for problem in snapshot.problems:
        if problem.part in ("nodes", "networks", "services", "tasks") and not problem.subject:
            yield f"The list of {problem.part} is from before: {problem.text}"
