"""Whether services can be on networks, and be reached, as it is wanted."""

from __future__ import annotations

from collections.abc import Iterable

from swarmtui.addressing import usage
from swarmtui.model import Service, Snapshot
from swarmtui.operations.arrangement import Shape
from swarmtui.operations.network_sights import swarm_network
from swarmtui.operations.plan import Rearrange
from swarmtui.operations.sizing import wanted_tasks
from swarmtui.operations.writes import Port

_LARGEST_PORT = 65535


def service_reasons(snapshot: Snapshot, intent: Rearrange) -> Iterable[str]:
    """Yield what the engine would refuse, or accept and never bring about."""
    before = intent.before.shape_by_id
    for shape in intent.after.services:
        service, old = snapshot.service_by_id.get(shape.service_id), before.get(shape.service_id)
        if service is None or old is None:
            yield f"There is no service {shape.name} any more."
            continue
        if not intent.names:
            yield from _network_reasons(snapshot, service, old, shape)
        if (old.mode, old.ports) != (shape.mode, shape.ports):
            yield from _port_reasons(snapshot, old, shape)


def port_words(port: Port) -> str:
    """Return a port as people write it: `8080:80/tcp`, with `host` before what is in host mode."""
    number = f"{port.published}:" if port.published else ""
    mode = "host " if port.mode == "host" else ""
    return f"{mode}{number}{port.target}/{port.protocol}"


def _network_reasons(
    snapshot: Snapshot, service: Service, old: Shape, shape: Shape
) -> Iterable[str]:
    for name in shape.networks:
        if name in old.networks:
            continue
        network = swarm_network(snapshot, name)
        if network is None:
            yield f"There is no swarm network {name}."
        elif network.ingress:
            yield f"{name} is the ingress: services come onto it by publishing ports."
        elif not network.is_allocated:
            yield f"{name} has no addresses: the tasks of {shape.name} would wait for ever."
        else:
            use = usage(snapshot)[network.id]
            needed = (shape.mode == "vip") + wanted_tasks(snapshot, service)
            if use.free is not None and use.free < needed:
                yield (
                    f"{name} has {use.free} free addresses, and {shape.name} needs {needed} and "
                    "one for each node that has none there yet."
                )
    if len(set(shape.networks)) != len(shape.networks):
        yield f"{shape.name} would be on the same network twice."


def _port_reasons(snapshot: Snapshot, old: Shape, shape: Shape) -> Iterable[str]:
    through_ingress = [port for port in shape.ports if port.mode == "ingress"]
    if shape.mode == "dnsrr" and through_ingress:
        shown = ", ".join(map(port_words, through_ingress))
        yield (
            f"With endpoint mode dnsrr nothing can be published through the ingress: {shown} has "
            "to be published in host mode, or closed."
        )
    if through_ingress and not any(network.ingress for network in snapshot.networks):
        yield "There is no ingress network to publish ports through."
    seen: set[tuple[int, str, str]] = set()
    for port in shape.ports:
        if not (0 < port.target <= _LARGEST_PORT and 0 <= port.published <= _LARGEST_PORT):
            yield f"{port_words(port)} is no port: they go from 1 to {_LARGEST_PORT}."
        key = (port.published, port.protocol, port.mode)
        if port.published and key in seen:
            yield f"{port.published}/{port.protocol} would be published twice."
        seen.add(key)
        if port not in old.ports and port.published:
            yield from _conflicts(snapshot, shape, port)


def _conflicts(snapshot: Snapshot, shape: Shape, port: Port) -> Iterable[str]:
    for other in snapshot.services:
        if other.id == shape.service_id:
            continue
        for theirs in other.ports:
            same = (theirs.published, theirs.protocol) == (port.published, port.protocol)
            # Two services may have one port in host mode, on different nodes.
            if same and "ingress" in (theirs.mode, port.mode):
                how = "through the ingress" if theirs.mode == "ingress" else "in host mode"
                yield f"{other.name} publishes {port.published}/{port.protocol} {how} already."
