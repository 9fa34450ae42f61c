"""The steps over one network: tasks, nodes, and what lies between nodes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from shlex import quote

from swarmtui.findings import path_checks as checks
from swarmtui.findings.defects import known_defects
from swarmtui.findings.path import Check, Step, StepState, joined
from swarmtui.findings.path_end import End
from swarmtui.findings.path_lane import Held, Lane, names_of, node_names
from swarmtui.model import (
    NodeId,
    PeerState,
    Snapshot,
    Task,
    carrying_nodes,
)

_LEAKING = frozenset(("encryption-accepts-clear-packets",))
"""Defects by which nothing is lost but secrecy."""


def tasks_step(lane: Lane, end: End, held: tuple[Held, ...]) -> Step:
    """Tell which tasks of an end run with an address on the network, or why none does."""
    title = f"Tasks of {end.name}"
    answering = [each for each in held if lane.answers(each)]
    rest = [each for each in held if not lane.answers(each)]
    facts = []
    if answering:
        shown = names_of(_placed(lane, end, each) for each in answering)
        facts.append(f"{lane.network.name}: {shown}")
    elif not held:
        facts.append(f"{end.name} has no task")
        if end.service is not None and end.service.replicas == 0:
            facts[0] = f"{end.name} is scaled to 0"
    else:
        facts.append(f"No task of {end.name} answers on {lane.network.name}")
    # Old tasks that are on their way out explain nothing.
    telling = [each for each in rest if not (answering and _is_leaving(each))]
    facts += [_ailing(lane, end, each) for each in telling[:3]]
    if answering:
        return Step(title, StepState.OK, tuple(facts))
    facts += last_error(lane.snapshot, end)
    return Step(title, StepState.BROKEN, tuple(facts), tuple(_task_checks(end, held)))


def last_error(snapshot: Snapshot, end: End) -> tuple[str, ...]:
    """Return what the newest failed task of an end's service says; nothing where none failed."""
    if end.service is None:
        return ()
    failed = [
        task
        for task in snapshot.tasks
        if task.service_id == end.service.id and task.error and task not in end.tasks
    ]
    newest = max(failed, key=lambda task: task.since, default=None)
    return (f"The last error: {newest.error}",) if newest is not None else ()


def _placed(lane: Lane, end: End, held: Held) -> str:
    where = lane.snapshot.node_name(held.task.node_id)
    return f"{_called(lane, end, held)} {held.address} on {where}"


def _called(lane: Lane, end: End, held: Held) -> str:
    return end.name if held.task.is_attachment else lane.snapshot.task_name(held.task)


def _is_leaving(held: Held) -> bool:
    return held.task.desired_state not in ("running", "")


def _ailing(lane: Lane, end: End, held: Held) -> str:
    task, snapshot = held.task, lane.snapshot
    name = _called(lane, end, held)
    node = snapshot.node_by_id.get(task.node_id)
    if task.state == "new":
        return f"{name} waits for an address"
    if task.state != "running":
        words = task.error or task.message
        return f"{name} is {task.state}" + (f": {words}" if words else "")
    if node is None or not node.is_ready:
        return f"{name} is on {snapshot.node_name(task.node_id)}, which does not answer"
    return f"{name} has no address on {lane.network.name}"


def _task_checks(end: End, held: tuple[Held, ...]) -> Iterator[Check]:
    if end.service is None:
        return
    name = quote(end.service.name)
    if not held and end.service.replicas == 0:
        yield Check("", "Starts one.", f"docker service scale {name}=1")
    yield Check("", "Why its tasks do not run.", f"docker service ps --no-trunc {name}")


def nodes_step(lane: Lane) -> Step:
    """Tell whether the nodes of both ends know each other as carrying the network."""
    network, by_node = lane.network.name, _states(lane)
    missing = [node for node in lane.nodes if by_node.get(node.id) is PeerState.MISSING]
    unknown = [node for node in lane.nodes if by_node.get(node.id) is not PeerState.CARRIES]
    if missing:
        fact = f"{node_names(missing)} should carry {network} and is not among its peers"
        why = "Nodes hear of each other on port 7946 (tcp and udp)."
        return Step("Nodes", StepState.BROKEN, (fact, why), (_peer_check(lane),))
    if lane.is_on_one_node:
        fact = f"{network}: both are on {node_names(lane.nodes)}"
        return Step("Nodes", StepState.OK, (fact,))
    if unknown:
        fact = f"{network}: whether {node_names(unknown)} carries it is not told here"
        return Step("Nodes", StepState.UNSEEN, (fact,), (_peer_check(lane),))
    fact = f"{network} is on {node_names(lane.nodes)}"
    return Step("Nodes", StepState.OK, (fact,))


def _peer_check(lane: Lane) -> Check:
    addresses = names_of(node.address for node in lane.nodes)
    return checks.peers(lane.nodes, lane.network, f"It should list {addresses}.")


def _states(lane: Lane) -> dict[NodeId, PeerState]:
    peers = carrying_nodes(lane.snapshot, lane.network)
    return {each.node.id: each.state for each in peers if each.node is not None}


def balancing_step(lane: Lane) -> Step | None:
    """Tell that virtual addresses are the kernel's work; None where there is none."""
    if lane.virtual_ip is None:
        return None
    where = node_names(lane.a_nodes)
    fact = f"The kernel of {where} passes {lane.virtual_ip or 'it'} on to a task (ip_vs)"
    return Step("Balancing", StepState.UNSEEN, (fact,), tuple(checks.balancing(lane)))


def encryption_step(lane: Lane) -> Step:
    """Tell what is known to be wrong with encryption on the engines of both ends."""
    network = lane.network.name
    if not lane.network.is_encrypted:
        return Step("Encryption", StepState.OK, (f"{network} is not encrypted",))
    if lane.is_on_one_node:
        fact = f"{network} is encrypted, and nothing leaves {node_names(lane.nodes)}"
        return Step("Encryption", StepState.OK, (fact,))
    defects = tuple(known_defects(replace(lane.snapshot, nodes=lane.nodes)))
    losing = tuple(each.words for each in defects if each.settled and each.code not in _LEAKING)
    if losing:
        return Step("Encryption", StepState.BROKEN, losing)
    words = (each.words for each in defects)
    fact = f"{network} is encrypted: kernels without ESP lose its packets, and no error tells"
    return Step("Encryption", StepState.UNSEEN, (fact, *words), (checks.keys(lane),))


def between_step(lane: Lane) -> Step:
    """Tell what has to pass between the nodes of both ends."""
    if lane.is_on_one_node:
        fact = f"Nothing leaves {node_names(lane.nodes)}"
        return Step("Between nodes", StepState.OK, (fact,))
    port = lane.snapshot.data_path_port
    what = f"udp {port}"
    if lane.network.is_encrypted:
        what = f"ESP (IP protocol 50) and udp {port}"
    facts = (
        f"{lane.network.name}: {what} between {node_names(lane.nodes)}, both ways",
        "t in :ports tries tcp 7946 of each node; d there gives the lines for its firewall.",
    )
    return Step("Between nodes", StepState.UNSEEN, facts, (checks.packets(lane, port),))


def mtu_step(lanes: tuple[Lane, ...]) -> Step:
    """Tell how large packets may be on each network."""
    facts = [
        f"{lane.network.name}: {lane.network.inner_mtu} bytes inside containers, "
        f"{lane.network.outer_mtu} between nodes"
        for lane in lanes
    ]
    if len({lane.network.inner_mtu for lane in lanes}) > 1:
        facts.append("They differ: it depends on the network whether a large packet passes.")
    far = [lane for lane in lanes if not lane.is_on_one_node]
    if not far:
        return Step("MTU", StepState.OK, tuple(facts))
    facts.append("The engine does not look at the MTU of the nodes' own links.")
    found = dict.fromkeys(check for lane in far for check in checks.largest_packet(lane))
    return Step("MTU", StepState.UNSEEN, tuple(facts), tuple(found))


def listening_steps(
    snapshot: Snapshot, end: End, tasks: Iterable[Task], port: str = ""
) -> Iterator[Step]:
    """Yield that only the node of B shows whether it listens, where a task could."""
    for task in tasks:
        fact = f"Whether {end.name} listens is known on its node only"
        found = (checks.listening(snapshot, task, port),)
        yield Step("Listening", StepState.UNSEEN, (fact,), found)
        return


def far_steps(lanes: tuple[Lane, ...]) -> Iterator[Step]:
    """Yield what happens between the nodes of both ends, where there are any."""
    lanes = tuple(lane for lane in lanes if lane.a_nodes and lane.b_nodes)
    if not lanes:
        return
    yield each_lane("Nodes", lanes, nodes_step)
    balancing = [step for lane in lanes if (step := balancing_step(lane)) is not None]
    if balancing:
        yield joined("Balancing", balancing)
    yield each_lane("Encryption", lanes, encryption_step)
    yield each_lane("Between nodes", lanes, between_step)
    yield mtu_step(lanes)


def each_lane(title: str, lanes: tuple[Lane, ...], look: Callable[[Lane], Step]) -> Step:
    """Return the same step over each network as one."""
    return joined(title, map(look, lanes))
