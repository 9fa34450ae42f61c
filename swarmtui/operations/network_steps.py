"""Steps about one network: made, waited for, removed, and left by containers outside services."""

from __future__ import annotations

import shlex
from collections.abc import Iterable, Sequence

from swarmtui.model import Network, NetworkId, Snapshot, Task, short_id
from swarmtui.operations.conditions import (
    ClusterAnswers,
    Condition,
    ContainersFollow,
    ContainersLeft,
    NetworkAbsent,
    NetworkReady,
    NetworkUnused,
)
from swarmtui.operations.definition import Definition, create_command
from swarmtui.operations.plan import Step
from swarmtui.operations.sizing import ALLOCATION_DEADLINE, LEAST_DEADLINE
from swarmtui.operations.writes import CreateNetwork, RemoveNetwork, command_of

HAND_DEADLINE = 3600.0
"""How long a run waits for a person to move containers, before it stops and can be resumed."""
_UNKNOWN = NetworkId("")


def containers_follow(snapshot: Snapshot, guests: Sequence[Task], old: str, new: str) -> Step:
    """Return a wait for containers that a person has to connect to another network."""
    return Step(
        title=f"Connect containers to {new} by hand",
        why="Containers outside services can only be moved on their own nodes.",
        until=(ContainersFollow(old, new),),
        commands=commands_by_hand(snapshot, guests, "connect", new),
        deadline_seconds=HAND_DEADLINE,
    )


def removal(
    snapshot: Snapshot,
    guests: Sequence[Task],
    name: str,
    network: Network | None,
    definition: Definition | None,
) -> Iterable[Step]:
    """Yield the steps that remove a network.

    Args:
        snapshot: The swarm.
        guests: Containers that a person has to disconnect first.
        name: The network's name.
        network: The network; None for one that is yet to be made.
        definition: What brings it back; None where nobody knows.
    """
    if guests:
        yield Step(
            title=f"Disconnect containers from {name} by hand",
            why="The network stays as long as a container is on it.",
            until=(ContainersLeft(name),),
            commands=commands_by_hand(snapshot, guests, "disconnect", name),
            deadline_seconds=HAND_DEADLINE,
        )
    yield Step(
        title=f"Wait until nobody is on {name}",
        why="The engine refuses to remove a network that somebody uses.",
        until=(NetworkUnused(name),),
        deadline_seconds=LEAST_DEADLINE,
    )
    write = RemoveNetwork(network.id if network else _UNKNOWN, name)
    yield Step(
        title=f"Remove the network {name}",
        why="By the full id that it has then, so that no other is meant.",
        writes=(write,),
        requires=(ClusterAnswers(), NetworkUnused(name)),
        until=(NetworkAbsent(name),),
        undo=(CreateNetwork(definition),) if definition is not None else (),
        commands=(command_of(write),),
        deadline_seconds=LEAST_DEADLINE,
    )


def command_by_hand(guest: Task, act: str, network: str) -> str:
    """Return the command that connects or disconnects a container, to be given on its node."""
    return shlex.join(["docker", "network", act, network, short_id(guest.container_id)])


def commands_by_hand(
    snapshot: Snapshot, guests: Sequence[Task], act: str, network: str
) -> tuple[str, ...]:
    """Return what a person does with containers outside services, and on which nodes."""
    return tuple(
        f"{command_by_hand(each, act, network)}  # on {snapshot.node_name(each.node_id)}"
        for each in guests
    )


def release(network: Network, until: Condition) -> Step:
    """Return a wait until this node has given up a network that the swarm has removed."""
    return Step(
        title=f"Wait until this node has given up {network.name}",
        why="The swarm has removed it, and a node that still carries it takes no other one.",
        until=(until,),
        deadline_seconds=LEAST_DEADLINE,
    )


def arrival(definition: Definition) -> Step:
    """Return a wait for a network that was created before, and has no addresses yet."""
    return Step(
        title=f"Wait for the network {definition.name}",
        why="Services on it would wait for ever as long as it has no addresses.",
        until=(NetworkReady(definition),),
        deadline_seconds=ALLOCATION_DEADLINE,
    )


def creation(definition: Definition) -> Step:
    """Return the making of a network."""
    return Step(
        title=f"Create the network {definition.name}",
        why="It is there when the swarm has given it a subnet and a VXLAN id; before that, "
        "services on it would wait for ever.",
        writes=(CreateNetwork(definition),),
        requires=(ClusterAnswers(),),
        until=(NetworkReady(definition),),
        undo=(RemoveNetwork(_UNKNOWN, definition.name),),
        commands=(create_command(definition),),
        deadline_seconds=ALLOCATION_DEADLINE,
    )
