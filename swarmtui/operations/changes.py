"""Changes to networks and to services on them, as intents that lead from what is there now."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from enum import StrEnum

import msgspec

from swarmtui.model import Service, Snapshot
from swarmtui.operations.arrangement import Arrangement, Shape, services_on, shape_of
from swarmtui.operations.definition import Definition, definition_of
from swarmtui.operations.network_sights import swarm_network
from swarmtui.operations.plan import Rearrange
from swarmtui.operations.rearranging import temporary_for
from swarmtui.operations.wiring import without
from swarmtui.operations.writes import Port, Wire


class Way(StrEnum):
    """How services are led from a network to its successor (engine-facts E.3)."""

    IN_PLACE = "in-place"
    """The same name, over a temporary network: nobody loses contact, four replacements."""
    QUICK = "quick"
    """The same name, with a gap: two replacements, and no contact meanwhile."""
    SIDE_BY_SIDE = "side-by-side"
    """A new name: nobody loses contact, two replacements."""


def migration(
    snapshot: Snapshot,
    name: str,
    wanted: Definition,
    way: Way,
    *,
    title: str = "Migrate the network",
    at_once: bool = False,
    by_hand: bool = False,
    lan_ranges: tuple[str, ...] = (),
) -> Rearrange:
    """Return the move of everything on a network to another one in its place.

    Args:
        snapshot: The swarm.
        name: The network.
        wanted: What is to be in its place; of another name if it is to stand beside it.
        way: How services get there.
        title: What it is, beginning with a verb.
        at_once: Change all services together instead of one after another.
        by_hand: Wait for a person to move containers outside services.
        lan_ranges: Ranges in CIDR notation that new networks have to keep clear of.
    """
    present = swarm_network(snapshot, name)
    before = definition_of(present) if present is not None else Definition(name)
    shapes = tuple(shape_of(snapshot, service) for service in services_on(snapshot, (name,)))
    after = tuple(_renamed(shape, name, wanted.name) for shape in shapes)
    intent = Rearrange(
        title=title,
        subject=name,
        before=Arrangement((before,), shapes),
        after=Arrangement((wanted,), after),
        names=tuple(dict.fromkeys((name, wanted.name))),
        gentle=way is not Way.QUICK,
        # With the gap that it makes anyway, one after another would only make it longer.
        at_once=at_once or way is Way.QUICK,
        by_hand=by_hand,
        lan_ranges=lan_ranges,
    )
    if way is not Way.IN_PLACE:
        return intent
    temporary = temporary_for(snapshot, before, shapes, lan_ranges)
    return msgspec.structs.replace(
        intent, temporary=temporary, names=(*intent.names, temporary.name)
    )


def creation_of(definition: Definition, lan_ranges: tuple[str, ...] = ()) -> Rearrange:
    """Return the making of a network."""
    return Rearrange(
        title="Create the network",
        subject=definition.name,
        before=Arrangement(),
        after=Arrangement((definition,)),
        names=(definition.name,),
        lan_ranges=lan_ranges,
    )


def removal_of(
    snapshot: Snapshot, names: Sequence[str], *, detach: bool = False, by_hand: bool = False
) -> Rearrange:
    """Return the removal of networks.

    Args:
        snapshot: The swarm.
        names: The networks.
        detach: Take services off them first.
        by_hand: Wait for a person to disconnect containers outside services.
    """
    # One that never worked cannot be made again as it was: the engine does not show it.
    known = [
        network
        for name in names
        if (network := swarm_network(snapshot, name)) and network.is_allocated
    ]
    shapes: tuple[Shape, ...] = ()
    if detach:
        shapes = tuple(shape_of(snapshot, service) for service in services_on(snapshot, names))
    lost = set(names) - {network.name for network in known}
    plural = "s" if len(names) > 1 else ""
    return Rearrange(
        title=f"Remove the network{plural}",
        subject=names[0] if len(names) == 1 else f"{len(names)} networks",
        before=Arrangement(tuple(map(definition_of, known)), _off(shapes, lost)),
        after=Arrangement((), _off(shapes, names)),
        names=tuple(names),
        by_hand=by_hand,
    )


def attaching(
    snapshot: Snapshot, service: Service, network: str, aliases: Collection[str] = ()
) -> Rearrange:
    """Return that a service comes onto a network, behind those that it is on."""
    before = shape_of(snapshot, service)
    wire = Wire(network, tuple(aliases))
    after = msgspec.structs.replace(before, wires=(*before.wires, wire))
    return _service_change(f"Attach {service.name} to {network}", before, after)


def detaching(snapshot: Snapshot, service: Service, network: str) -> Rearrange:
    """Return that a service leaves a network."""
    before = shape_of(snapshot, service)
    after = msgspec.structs.replace(before, wires=without(before.wires, (network,)))
    return _service_change(f"Detach {service.name} from {network}", before, after)


def reaching(
    snapshot: Snapshot,
    service: Service,
    *,
    mode: str | None = None,
    ports: Iterable[Port] | None = None,
) -> Rearrange:
    """Return that a service is reached in another way.

    Args:
        snapshot: The swarm.
        service: The service.
        mode: `vip` or `dnsrr`; None to keep it.
        ports: All ports that it is to publish; None to keep them.
    """
    before = shape_of(snapshot, service)
    after = msgspec.structs.replace(
        before,
        mode=before.mode if mode is None else mode,
        ports=before.ports if ports is None else tuple(ports),
    )
    title = f"Change how {service.name} is reached"
    return _service_change(title, before, after)


def splitting(
    snapshot: Snapshot,
    name: str,
    wanted: Definition,
    movers: Collection[str],
    both: Collection[str],
    *,
    at_once: bool = False,
    lan_ranges: tuple[str, ...] = (),
) -> Rearrange:
    """Return that some services of a crowded network move to a new one.

    Args:
        snapshot: The swarm.
        name: The crowded network.
        wanted: The new network.
        movers: Services that leave the crowded one, by name.
        both: Services that come onto the new one and stay on the crowded one too, by name.
        at_once: Change all services together instead of one after another.
        lan_ranges: Ranges in CIDR notation that the new network has to keep clear of.
    """
    members = [
        shape_of(snapshot, service)
        for service in services_on(snapshot, (name,))
        if service.name in (*movers, *both)
    ]
    after = []
    for shape in members:
        wires: list[Wire] = []
        for wire in shape.wires:
            twin = msgspec.structs.replace(wire, network=wanted.name)
            if wire.network != name:
                wires.append(wire)
            elif shape.name in movers:
                wires.append(twin)
            else:
                wires += [wire, twin]
        after.append(msgspec.structs.replace(shape, wires=tuple(wires)))
    return Rearrange(
        title="Split the network",
        subject=name,
        before=Arrangement((), tuple(members)),
        after=Arrangement((wanted,), tuple(after)),
        names=(wanted.name,),
        at_once=at_once,
        lan_ranges=lan_ranges,
    )


def _service_change(title: str, before: Shape, after: Shape) -> Rearrange:
    return Rearrange(
        title=title,
        subject=before.name,
        before=Arrangement((), (before,)),
        after=Arrangement((), (after,)),
        gentle=False,
    )


def _off(shapes: Iterable[Shape], names: Collection[str]) -> tuple[Shape, ...]:
    return tuple(
        msgspec.structs.replace(shape, wires=without(shape.wires, names)) for shape in shapes
    )


def _renamed(shape: Shape, name: str, other: str) -> Shape:
    wires = tuple(
        msgspec.structs.replace(wire, network=other) if wire.network == name else wire
        for wire in shape.wires
    )
    return msgspec.structs.replace(shape, wires=wires)
