"""Who can reach whom by name: whoever shares a network, for no API tells who talks to whom."""

from __future__ import annotations

from collections.abc import Iterable

from swarmtui.model import ServiceId, Snapshot
from swarmtui.operations.arrangement import Arrangement, wires_of
from swarmtui.operations.network_sights import containers_on
from swarmtui.operations.plan import Rearrange
from swarmtui.operations.service_steps import touched_names
from swarmtui.operations.wiring import names_of

_SHOWN = 6


def contact_risks(snapshot: Snapshot, intent: Rearrange, goal: Arrangement) -> Iterable[str]:
    """Yield who loses contact with whom, among services and with containers outside them."""
    pairs = lost_contacts(snapshot, intent, goal)
    if pairs:
        shown = "; ".join(f"{one} and {other}" for one, other in pairs[:_SHOWN])
        more = f"; and {len(pairs) - _SHOWN} more pairs" if len(pairs) > _SHOWN else ""
        yield f"These share no network any more, and cannot reach each other: {shown}{more}."
    now, later = _networks(snapshot), _networks_later(snapshot, intent, goal)
    names = {service.id: service.name for service in snapshot.services}
    alone = sorted(names[each] for each in goal.shape_by_id if now.get(each) and not later[each])
    if alone:
        yield f"On no network any more, so that no service can reach them: {', '.join(alone)}."
    left: dict[str, list[str]] = {}
    for identity in goal.shape_by_id.keys() & now.keys():
        for network in now[identity] - later[identity] - set(intent.names):
            left.setdefault(network, []).append(names[identity])
    for network, leaving in sorted(left.items()):
        count = len(containers_on(snapshot, network))
        if count:
            who = "A container" if count == 1 else f"{count} containers"
            yield f"{who} outside services on {network} cannot reach {', '.join(sorted(leaving))}."


def lost_contacts(
    snapshot: Snapshot, intent: Rearrange, goal: Arrangement
) -> tuple[tuple[str, str], ...]:
    """Return the pairs of services that share a network that works now, and then share none."""
    now, later = _networks(snapshot), _networks_later(snapshot, intent, goal)
    names = {service.id: service.name for service in snapshot.services}
    found = {
        tuple(sorted((names[one], names[other])))
        for one in goal.shape_by_id.keys() & now.keys()
        for other in now
        if one != other and now[one] & now[other] and not later[one] & later[other]
    }
    return tuple(sorted((one, other) for one, other in found))


def _networks(snapshot: Snapshot) -> dict[ServiceId, set[str]]:
    works = {network.name for network in snapshot.networks if network.is_allocated}
    return {
        service.id: set(names_of(wires_of(snapshot, service))) & works
        for service in snapshot.services
    }


def _networks_later(
    snapshot: Snapshot, intent: Rearrange, goal: Arrangement
) -> dict[ServiceId, set[str]]:
    changing = set(touched_names(intent))
    shapes = goal.shape_by_id
    return {
        identity: (networks - changing) | (set(shapes[identity].networks) & changing)
        if identity in shapes
        else networks
        for identity, networks in _networks(snapshot).items()
    }
