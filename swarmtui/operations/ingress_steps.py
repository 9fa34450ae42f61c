"""The steps that lead to a wanted ingress network (engine-facts D.4)."""

from __future__ import annotations

import shlex
from collections.abc import Iterable, Sequence
from typing import TypeVar

from swarmtui.model import (
    Network,
    NetworkId,
    Node,
    Service,
    ServiceId,
    Snapshot,
)
from swarmtui.operations.conditions import (
    ClusterAnswers,
    Condition,
    Expected,
    IngressAllocated,
    IngressEverywhere,
    IngressIs,
    NetworkFree,
    NetworkGone,
    OnlyPublish,
    ServicesPublished,
    ServicesReleased,
    ServicesSettled,
)
from swarmtui.operations.definition import Definition, create_command, definition_of, fits
from swarmtui.operations.network_steps import release
from swarmtui.operations.plan import Before, Publisher, Step
from swarmtui.operations.sight import missing_nodes
from swarmtui.operations.sizing import (
    ALLOCATION_DEADLINE,
    LEAST_DEADLINE,
    PATIENCE,
    pass_seconds,
)
from swarmtui.operations.writes import (
    CreateNetwork,
    Publish,
    RemoveNetwork,
    TouchNode,
    Unpublish,
    Write,
    command_of,
    port_of,
)

MemberT = TypeVar("MemberT")


def steps_towards(
    snapshot: Snapshot, target: Definition | None, before: Before, *, at_once: bool
) -> tuple[Step, ...]:
    """Return the steps from what there is to a wanted ingress, or to none.

    Args:
        snapshot: What there is.
        target: The wanted ingress; None for none.
        before: Which services publish which ports once it is there.
        at_once: Change all services together instead of one after another.
    """
    present = [network for network in snapshot.networks if network.ingress]
    kept = next((each for each in present if target is not None and fits(each, target)), None)
    doomed = [network for network in present if network is not kept]
    steps: list[Step] = []
    if doomed:
        steps += _clearing(snapshot, doomed, before, at_once=at_once)
    if target is None:
        return tuple(steps)
    if kept is None:
        steps += [
            release(network, NetworkGone(network.id))
            for network in snapshot.leftovers
            if network.ingress
        ]
        steps.append(_creation(target))
        steps += spreading([node for node in snapshot.nodes if node.is_ready])
    else:
        steps += spreading(missing_nodes(snapshot, kept))
    publishers = [each for each in before.publishers if each.service_id in snapshot.service_by_id]
    steps += _publishing(snapshot, publishers, closed=bool(doomed), at_once=at_once)
    steps.append(verification(target.name, publishers))
    return tuple(steps)


def spreading(nodes: Sequence[Node]) -> tuple[Step, ...]:
    """Return the steps that bring the ingress to nodes (moby#40184)."""
    if not nodes:
        return ()
    names = ", ".join(node.hostname for node in nodes)
    writes = tuple(TouchNode(node.id, node.hostname, node.availability) for node in nodes)
    return (
        _step(
            f"Touch {names}" if len(nodes) <= 4 else f"Touch {len(nodes)} nodes",
            "A new ingress reaches a node only when something about the node changes "
            "(moby#40184), so each Ready node is updated with what it has already.",
            writes,
            until=(IngressEverywhere(),),
        ),
    )


def verification(name: str, publishers: Iterable[Publisher]) -> Step:
    """Return the step that looks at everything once more."""
    expected = tuple(Expected(each.service_id, each.name, each.running) for each in publishers)
    return Step(
        title="Verify",
        why="One allocated ingress, every Ready node on it, every service with its address.",
        until=(IngressEverywhere(), ServicesPublished(expected)),
        commands=(shlex.join(["docker", "network", "inspect", "--verbose", name]),),
        deadline_seconds=LEAST_DEADLINE,
    )


def _clearing(
    snapshot: Snapshot, doomed: Sequence[Network], before: Before, *, at_once: bool
) -> list[Step]:
    services = sorted(
        (each for each in snapshot.services if each.publishes_on_ingress), key=lambda s: s.name
    )
    ids = tuple(network.id for network in doomed)
    saved = {each.service_id: each for each in before.publishers}
    steps = []
    for group in _groups(services, at_once=at_once):
        chosen = tuple(service.id for service in group)
        writes = tuple(
            Unpublish(each.id, each.name, tuple(map(port_of, each.asked_ports))) for each in group
        )
        steps.append(
            _step(
                f"Unpublish the ports of {_names(group)}",
                "The engine keeps the ingress while a service publishes ports through it; "
                "ports in host mode stay open.",
                writes,
                until=(ServicesReleased(chosen, ids),),
                undo=tuple(
                    Publish(each.id, each.name, saved[each.id].ports)
                    for each in group
                    if each.id in saved
                ),
                seconds=max(pass_seconds(snapshot, service) for service in group),
            )
        )
    everybody = tuple(dict.fromkeys((*saved, *(service.id for service in services))))
    slowest = max((pass_seconds(snapshot, each) for each in services), default=0.0)
    for network in doomed:
        steps += _removal(snapshot, network, everybody, slowest)
    return steps


def _removal(
    snapshot: Snapshot, network: Network, services: tuple[ServiceId, ...], slowest: float
) -> list[Step]:
    present = tuple(each.id for each in snapshot.networks if each.ingress)
    waiting = Step(
        title=f"Wait until no task is on {network.name}",
        why="Removed a second too early it stays on nodes beside the new one, and tasks are "
        "rejected with 'ingress sandbox already present'.",
        until=(NetworkFree(network.id), ServicesSettled(services)),
        deadline_seconds=max(LEAST_DEADLINE, PATIENCE * slowest),
    )
    undo = CreateNetwork(definition_of(network)) if network.is_allocated else None
    removal = _step(
        f"Remove the network {network.name}",
        "There can be one ingress network only. By its full id, so that no other is meant.",
        (RemoveNetwork(network.id, network.name),),
        requires=(
            ClusterAnswers(),
            IngressIs(present),
            OnlyPublish(()),
            NetworkFree(network.id),
            ServicesSettled(services),
        )
        if len(present) == 1
        else (ClusterAnswers(), OnlyPublish(()), NetworkFree(network.id)),
        until=(NetworkGone(network.id),),
        undo=(undo,) if undo else (),
    )
    return [waiting, removal]


def _creation(target: Definition) -> Step:
    return Step(
        title=f"Create the ingress network {target.name}",
        why="Publishing onto a network without addresses takes the service down, so the step "
        "ends only when the swarm has given it a subnet and a VXLAN id.",
        writes=(CreateNetwork(target),),
        requires=(ClusterAnswers(), IngressIs(())),
        until=(IngressAllocated(target.name),),
        undo=(RemoveNetwork(NetworkId(""), target.name),),
        commands=(create_command(target),),
        deadline_seconds=ALLOCATION_DEADLINE,
    )


def _publishing(
    snapshot: Snapshot, publishers: Sequence[Publisher], *, closed: bool, at_once: bool
) -> list[Step]:
    steps = []
    for group in _groups(publishers, at_once=at_once):
        services = [snapshot.service_by_id[each.service_id] for each in group]
        # After clearing nobody publishes; without it somebody may publish again already.
        writes = tuple(
            Publish(each.service_id, each.name, each.ports)
            for each, service in zip(group, services, strict=True)
            if closed or not service.publishes_on_ingress
        )
        expected = tuple(Expected(each.service_id, each.name, each.running) for each in group)
        verb = "Publish" if writes else "Wait for"
        steps.append(
            _step(
                f"{verb} the ports of {', '.join(each.name for each in group)}",
                "Into the specification as it is by then, and with the numbers of before.",
                writes,
                until=(ServicesPublished(expected),),
                undo=tuple(Unpublish(each.service_id, each.name, each.ports) for each in writes),
                seconds=max(pass_seconds(snapshot, service) for service in services),
            )
        )
    return steps


def _groups(members: Sequence[MemberT], *, at_once: bool) -> list[Sequence[MemberT]]:
    if not members:
        return []
    return [members] if at_once else [[each] for each in members]


def _names(services: Sequence[Service]) -> str:
    return ", ".join(service.name for service in services)


def _step(
    title: str,
    why: str,
    writes: tuple[Write, ...],
    *,
    requires: tuple[Condition, ...] = (),
    until: tuple[Condition, ...] = (),
    undo: tuple[Write, ...] = (),
    seconds: float = 0.0,
) -> Step:
    return Step(
        title=title,
        why=why,
        writes=writes,
        requires=requires,
        until=until,
        undo=undo,
        commands=tuple(map(command_of, writes)),
        deadline_seconds=max(LEAST_DEADLINE, PATIENCE * seconds),
    )
