"""The runbook for the gateway bridge of a node that is in a swarm (engine-facts A.1).

The engine lets go of the bridge only out of the swarm, and then the node has to come back as it
was. All of it is for a person: it happens on several machines, and with the rights of root.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from swarmtui.model import Node, Snapshot, Standing
from swarmtui.operations.bridge_checks import bridge_faults, bridge_fits
from swarmtui.operations.checks import Fault
from swarmtui.operations.definition import Definition
from swarmtui.operations.plan import Refusal
from swarmtui.operations.quorum import quorum_refusal, quorum_risks, stand_in
from swarmtui.operations.runbook_steps import Member, RunbookStep, steps_for
from swarmtui.operations.shell import comment

_TITLE = "Cannot rebuild the gateway bridge of this node"


@dataclass(frozen=True, slots=True)
class Runbook:
    """What a person does, in order, to give a node of a swarm another gateway bridge.

    Attributes:
        node: Whose bridge it is.
        risks: What to know before the first step.
    """

    node: str
    definition: Definition
    risks: tuple[str, ...]
    steps: tuple[RunbookStep, ...]


def bridge_runbook(
    snapshot: Snapshot, definition: Definition, *, lan_ranges: Collection[str] = ()
) -> Runbook | Refusal:
    """Return the way to another gateway bridge for the node that is read, or why there is none."""
    faults = bridge_faults(snapshot, definition, lan_ranges=lan_ranges)
    refusal = _standing_refusal(snapshot) or _definition_refusal(snapshot, definition, faults)
    if refusal is not None:
        return refusal
    risks = (*_RISKS, *(f"{each.field}: {each.words}" for each in faults))
    if snapshot.engine.standing is Standing.WORKER:
        return _of_worker(snapshot, definition, risks)
    return _of_listed(snapshot, definition, risks)


def _of_worker(
    snapshot: Snapshot, definition: Definition, risks: tuple[str, ...]
) -> Runbook | Refusal:
    engine = snapshot.engine
    managers = [each.address for each in engine.managers if each.address]
    if not managers:
        reason = "This worker knows no manager that the node could come back to."
        return Refusal(_TITLE, (reason,), "See docker info on a manager.")
    member = Member(
        id=engine.node_id,
        name=engine.name,
        address=engine.node_address,
        data_path=_data_path_address(snapshot),
        manager=f"a manager, such as {managers[0].rpartition(':')[0]}",
        manager_address=managers[0],
    )
    return Runbook(engine.name, definition, (*risks, _HALF_SEEN), steps_for(member, definition))


def _of_listed(
    snapshot: Snapshot, definition: Definition, risks: tuple[str, ...]
) -> Runbook | Refusal:
    """Return the runbook for a node of which the swarm tells everything."""
    engine = snapshot.engine
    refusal = quorum_refusal(snapshot)
    if refusal is not None:
        return refusal
    node = snapshot.node_by_id[engine.node_id]
    other = stand_in(snapshot, node)
    assert other is not None
    names = [each.hostname for each in snapshot.nodes]
    member = Member(
        id=node.id,
        name=node.hostname,
        address=engine.node_address or node.address,
        data_path=_data_path_address(snapshot),
        manager=f"{other.hostname}, a manager",
        manager_address=other.manager_address,
        node=node,
        is_ambiguous=names.count(node.hostname) > 1,
    )
    risks = (*risks, *quorum_risks(snapshot, node), *_task_risks(snapshot, node))
    return Runbook(node.hostname, definition, risks, steps_for(member, definition))


def runbook_file(runbook: Runbook, *, tool: str, when: str) -> str:
    """Return a runbook as a text whose commands can be copied one step after another."""
    lines = comment(f"Another docker_gwbridge for {runbook.node}")
    lines += comment(f"Written by {tool} at {when}, from the swarm as it was then.")
    lines += comment(
        "This is no script: each step says on which machine it is done. Go on only when it has "
        "done what it says."
    )
    lines += [line for risk in runbook.risks for line in comment(risk, "! ")]
    for number, step in enumerate(runbook.steps, 1):
        lines += ["", *comment(f"{step.title}", f"{number}. "), *comment(f"On {step.where}.")]
        lines += [*comment(step.why), *step.commands]
    return "\n".join(lines) + "\n"


_RISKS = (
    "Stopping Docker stops every container of the node, also those outside services, unless "
    "live-restore is on.",
    "The node comes back under another id: placement by node id, and what else names it by its "
    "id, does not find it any more.",
)


_HALF_SEEN = (
    "A worker knows only the networks that it carries itself: see on a manager that no other "
    "overlay has the new subnet."
)


def _definition_refusal(
    snapshot: Snapshot, definition: Definition, faults: Collection[Fault]
) -> Refusal | None:
    bridge = snapshot.gateway_bridge
    if bridge is not None and bridge_fits(bridge, definition):
        words = "docker_gwbridge is like this already"
        return Refusal(words, ("There is nothing to change.",), needless=True)
    fatal = tuple(f"{each.field}: {each.words}" for each in faults if each.fatal)
    return Refusal(_TITLE, fatal) if fatal else None


def _standing_refusal(snapshot: Snapshot) -> Refusal | None:
    engine = snapshot.engine
    if engine.standing is Standing.NO_SWARM:
        return Refusal(
            "This engine is in no swarm",
            ("It can be done without leaving anything.",),
            "swarmtui bridge rebuild",
        )
    if engine.standing is Standing.WORKER:
        return None
    if engine.standing is not Standing.MANAGER:
        reason = f"The swarm has to be whole before a node leaves it, and this is {engine.standing}"
        words = f"{reason}: {engine.error}" if engine.error else f"{reason}."
        return Refusal(_TITLE, (words,), "Put that right first.")
    for problem in snapshot.problems:
        if problem.part in ("nodes", "tasks") and not problem.subject:
            words = f"The {problem.part} cannot be read: {problem.text}"
            return Refusal(_TITLE, (words,), "Try again once they can.")
    if engine.node_id not in snapshot.node_by_id:
        return Refusal(_TITLE, ("The swarm does not list this node.",))
    return None


def _task_risks(snapshot: Snapshot, node: Node) -> Iterator[str]:
    here = [task for task in snapshot.tasks if task.node_id == node.id and task.is_live]
    elsewhere = [
        each
        for each in snapshot.nodes
        if each.id != node.id and each.is_ready and each.availability == "active"
    ]
    if here and not elsewhere:
        yield (
            f"No other node takes tasks: the {len(here)} here do not run before {node.hostname} "
            "is back."
        )
    if any(not task.service_id for task in here):
        yield "Containers outside services are on overlays here and are not moved: stop them first."


def _data_path_address(snapshot: Snapshot) -> str:
    """Return where gossip says that this node's own endpoints are, empty where it says nothing."""
    for inspection in snapshot.inspections.values():
        own = {each.endpoint_id for each in inspection.endpoints if each.endpoint_id}
        for service in inspection.services:
            for task in service.tasks:
                if task.endpoint_id in own and task.host_address:
                    return task.host_address
    return ""
