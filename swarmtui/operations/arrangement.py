"""Which networks there are and how services are on them: where a change begins, and leads to."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable

import msgspec

from swarmtui.model import PublishedPort, Service, ServiceId, Snapshot
from swarmtui.operations.definition import Definition
from swarmtui.operations.writes import Port, Wire, port_of


class Shape(msgspec.Struct, frozen=True):
    """How a service is on networks, and how it can be reached.

    Attributes:
        wires: The networks that its specification names, in order.
        mode: `vip` or `dnsrr`.
        ports: All ports in order, those through the ingress with the numbers that were assigned.
        running: How many of its tasks ran.
    """

    service_id: ServiceId
    name: str
    wires: tuple[Wire, ...] = ()
    mode: str = "vip"
    ports: tuple[Port, ...] = ()
    running: int = 0

    @property
    def networks(self) -> tuple[str, ...]:
        """Return the names of its networks."""
        return tuple(wire.network for wire in self.wires)


class Arrangement(msgspec.Struct, frozen=True):
    """The networks that a change is about, and the services that it touches.

    Attributes:
        networks: Only those that exist in it; networks that are not made or removed stay out.
    """

    networks: tuple[Definition, ...] = ()
    services: tuple[Shape, ...] = ()

    @property
    def shape_by_id(self) -> dict[ServiceId, Shape]:
        """Index the services."""
        return {shape.service_id: shape for shape in self.services}


def shape_of(snapshot: Snapshot, service: Service) -> Shape:
    """Return how a service is now; its networks by name, so that they can be made anew."""
    return Shape(
        service_id=service.id,
        name=service.name,
        wires=wires_of(snapshot, service),
        mode=service.endpoint_mode,
        ports=numbered_ports(service),
        running=running_tasks(snapshot, service.id),
    )


def present_shapes(snapshot: Snapshot, shapes: Iterable[Shape]) -> Iterable[Shape]:
    """Yield how those services are now that there are still."""
    for shape in shapes:
        service = snapshot.service_by_id.get(shape.service_id)
        if service is not None:
            yield shape_of(snapshot, service)


def wires_of(snapshot: Snapshot, service: Service) -> tuple[Wire, ...]:
    """Return the networks that a service names, by the names that they have."""
    known = snapshot.network_by_id
    return tuple(
        Wire(
            network=known[identity].name if identity in known else each.target,
            aliases=each.aliases,
            driver_options=tuple(each.driver_options.items()),
        )
        for each in service.networks
        for identity in (snapshot.target_id(each.target),)
    )


def services_on(snapshot: Snapshot, names: Collection[str]) -> tuple[Service, ...]:
    """Return the services whose specification names one of these networks, in order of name."""
    found = [
        service
        for service in snapshot.services
        if any(wire.network in names for wire in wires_of(snapshot, service))
    ]
    return tuple(sorted(found, key=lambda each: each.name))


def running_tasks(snapshot: Snapshot, service_id: ServiceId) -> int:
    """Count the tasks of a service that run and are wanted to."""
    live = snapshot.live_tasks_by_service.get(service_id, ())
    return sum(task.state == "running" and task.desired_state == "running" for task in live)


def numbered_ports(service: Service) -> tuple[Port, ...]:
    """Return the ports that a service asks for, each with its number (engine-facts D.4)."""
    # Numbers that were asked for are not there to be assigned; the engine keeps another order.
    assigned = list((Counter(service.ports) - Counter(service.asked_ports)).elements())
    found = []
    for asked in service.asked_ports:
        number = asked.published
        # In host mode an open number stays open: each node chooses its own.
        if not number and asked.mode == "ingress":
            given = next((each for each in assigned if _is_for(each, asked)), None)
            if given is not None:
                assigned.remove(given)
                number = given.published
        found.append(msgspec.structs.replace(port_of(asked), published=number))
    return tuple(found)


def _is_for(given: PublishedPort, asked: PublishedPort) -> bool:
    sought = (asked.protocol, asked.target, asked.mode)
    return (given.protocol, given.target, given.mode) == sought
