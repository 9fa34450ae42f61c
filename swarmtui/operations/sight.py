"""How a condition stands, and what several of them look at."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import msgspec

from swarmtui.model import (
    Network,
    NetworkId,
    Node,
    PeerState,
    Service,
    ServiceId,
    Snapshot,
    Task,
    carrying_nodes,
)

ACTIVE_UPDATES = ("updating", "rollback_started")
STUCK_UPDATES = ("paused", "rollback_paused")


class Sight(msgspec.Struct, frozen=True):
    """How a condition stands.

    Attributes:
        words: What is missing, or what is reached, for people.
        hopeless: It will not come to hold by waiting.
    """

    met: bool
    words: str
    hopeless: bool = False


def met(words: str) -> Sight:
    """Return that a condition holds."""
    return Sight(met=True, words=words)


def not_yet(words: str) -> Sight:
    """Return that a condition may come to hold."""
    return Sight(met=False, words=words)


def never(words: str) -> Sight:
    """Return that a condition will not come to hold by waiting."""
    return Sight(met=False, words=words, hopeless=True)


def existing(snapshot: Snapshot, service_ids: tuple[ServiceId, ...]) -> Iterator[Service]:
    """Yield the services that still exist; one that somebody removed needs nothing any more."""
    for service_id in service_ids:
        service = snapshot.service_by_id.get(service_id)
        if service is not None:
            yield service


def settled(service_ids: tuple[ServiceId, ...], snapshot: Snapshot) -> Sight:
    """Look whether no update of services is under way, or has stopped half-way."""
    services = list(existing(snapshot, service_ids))
    for service in services:
        if service.update_state in STUCK_UPDATES:
            told = service.update_message or "the engine does not say why"
            return never(f"the update of {service.name} is paused: {told}")
    active = [each.name for each in services if each.update_state in ACTIVE_UPDATES]
    if active:
        return not_yet(f"the engine still updates {', '.join(active)}")
    return met("no update is under way")


def missing_nodes(snapshot: Snapshot, network: Network) -> tuple[Node, ...]:
    """Return the Ready nodes that should carry a network and do not, as far as is seen from here.

    Where this node sees no peers of it, that may be every node.
    """
    ready = tuple(node for node in snapshot.nodes if node.is_ready)
    inspection = snapshot.inspections.get(network.id)
    if inspection is None or inspection.peers is None:
        return ready
    missing = {
        peer.node.id
        for peer in carrying_nodes(snapshot, network)
        if peer.state is PeerState.MISSING and peer.node is not None
    }
    return tuple(node for node in ready if node.id in missing)


def shown(names: Sequence[str], between: str = ", ", most: int = 4) -> str:
    """Return the first of some words, and whether there are more."""
    return between.join(names[:most]) + (" ..." if len(names) > most else "")


def tasks_holding(snapshot: Snapshot, network_id: NetworkId) -> list[Task]:
    """Return who has to let go of a network; a node that is down cannot (engine-facts 0.7)."""
    down = {node.id for node in snapshot.nodes if node.state == "down"}
    holders = snapshot.live_tasks_by_network.get(network_id, ())
    return [task for task, _ in holders if task.node_id not in down]
