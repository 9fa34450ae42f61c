"""What the forms for services on networks, and for how they are reached, say while typed in."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from swarmtui.addressing import usage
from swarmtui.model import short_id
from swarmtui.operations import (
    service_called,
    swarm_network,
)
from swarmtui.render.services import network_names, port_text, task_counts
from swarmtui.render.text import NOTHING, counted, printable

if TYPE_CHECKING:
    from swarmtui.model import Service, Snapshot
    from swarmtui.operations import (
        AttachDraft,
        DetachDraft,
        ReachDraft,
    )

_REMARK_CELLS = 33
"""What a remark has room for beside its field at 80 columns."""
_SHOWN_PORTS = 12

ATTACH_FACTS = ("Now on", "Room", "Replaces")
"""What `attach_facts` tells, in order."""
DETACH_FACTS = ("Now on", "Replaces")
"""What `detach_facts` tells, in order."""
REACH_FACTS = ("Now", "VIPs", "Replaces", "Taken")
"""What `reach_facts` tells, in order."""

MODE_WORDS = {
    "vip": "one address on each network, whichever tasks are behind it",
    "dnsrr": "its tasks' addresses (clients may cache them), no ingress ports",
}
"""What each endpoint mode means for those who reach a service."""


def candidates(names: Iterable[str], typed: str) -> str:
    """Return those of the names that have in them what is typed, as many as there is room for."""
    found = [printable(name) for name in names if typed.strip().lower() in name.lower()]
    if not found or found == [typed.strip()]:
        return ""
    shown = found[0]
    for number, name in enumerate(found[1:], 1):
        rest = len(found) - number
        if len(shown) + len(name) + len(f"  +{rest}") > _REMARK_CELLS:
            return f"{shown} +{rest}"
        shown += f" {name}"
    return shown


def attach_facts(snapshot: Snapshot, draft: AttachDraft) -> tuple[str, ...]:
    """Return where the service is now, how much room the network has, and who is replaced."""
    service = service_called(snapshot, draft.service)
    network = swarm_network(snapshot, draft.network)
    use = usage(snapshot).get(network.id) if network is not None else None
    room = NOTHING
    if use is not None and use.free is not None:
        room = f"{use.free:,} of {use.capacity:,} addresses of {draft.network} are free"
    facts = (_networks(snapshot, service), room, _replaced(snapshot, service))
    return tuple(map(printable, facts))


def detach_facts(snapshot: Snapshot, draft: DetachDraft) -> tuple[str, ...]:
    """Return where the service is now, and who is replaced."""
    service = service_called(snapshot, draft.service)
    facts = (_networks(snapshot, service), _replaced(snapshot, service))
    return tuple(map(printable, facts))


def reach_facts(snapshot: Snapshot, draft: ReachDraft) -> tuple[str, ...]:
    """Return how it is reached now, what becomes of its VIPs, who is replaced, and taken ports."""
    service = service_called(snapshot, draft.service)
    if service is None:
        return (NOTHING,) * len(REACH_FACTS)
    ports = ", ".join(map(port_text, service.ports)) or "no ports"
    facts = (
        f"{service.endpoint_mode}; {ports}",
        _vips(snapshot, service, draft),
        _replaced(snapshot, service),
        _taken(snapshot, service),
    )
    return tuple(map(printable, facts))


def _networks(snapshot: Snapshot, service: Service | None) -> str:
    if service is None:
        return NOTHING
    return ", ".join(network_names(snapshot, service)) or "no network"


def _replaced(snapshot: Snapshot, service: Service | None) -> str:
    if service is None:
        return NOTHING
    tasks = task_counts(snapshot, service)[1]
    return f"{counted(tasks, 'task')}, once each" if tasks else "no task: it has none"


def _vips(snapshot: Snapshot, service: Service, draft: ReachDraft) -> str:
    if (service.endpoint_mode, draft.mode) == ("dnsrr", "vip") and service.networks:
        return f"get one on each of {_networks(snapshot, service)}"
    held: dict[str, list[str]] = {}
    for vip in service.virtual_ips:
        network = snapshot.network_by_id.get(vip.network_id)
        is_closed = network is not None and network.ingress and not draft.has_ingress_ports
        words = "keep" if draft.mode == "vip" and not is_closed else "lose"
        name = network.name if network else short_id(vip.network_id)
        held.setdefault(words, []).append(f"{vip.address} on {name}")
    return "; ".join(f"{words} {', '.join(vips)}" for words, vips in held.items()) or "none"


def _taken(snapshot: Snapshot, service: Service) -> str:
    found = sorted(
        (port.published, port.protocol, port.mode != "ingress", other.name)
        for other in snapshot.services
        if other.id != service.id
        for port in other.ports
        if port.published
    )
    words = [
        f"{number}/{protocol} {name}{' (host)' if is_host else ''}"
        for number, protocol, is_host, name in found
    ]
    if len(words) > _SHOWN_PORTS:
        words[_SHOWN_PORTS:] = [f"and {len(words) - _SHOWN_PORTS} more"]
    return ", ".join(words) or "no port by other services"
