"""Whether services can be on networks, and be reached, as it is wanted."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from swarmtui.addressing import usage
from swarmtui.model import Network, Service, Snapshot
from swarmtui.operations.arrangement import Shape
from swarmtui.operations.checks import Fault
from swarmtui.operations.network_sights import swarm_network
from swarmtui.operations.plan import Rearrange
from swarmtui.operations.writes import Port, Wire

_LARGEST_PORT = 65535
_ALIAS = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9_.-]*[A-Za-z0-9])?")


def service_reasons(snapshot: Snapshot, intent: Rearrange) -> Iterable[str]:
    """Yield what the engine would refuse, or accept and never bring about."""
    return (each.words for each in service_faults(snapshot, intent) if each.fatal)


def service_faults(snapshot: Snapshot, intent: Rearrange) -> tuple[Fault, ...]:
    """Return everything that is to be said about how services are to be.

    Each is about the `service`, its `network`, its `aliases` there, or its `ports`.
    """
    return tuple(_faults(snapshot, intent))


def port_words(port: Port) -> str:
    """Return a port as people write it: `8080:80/tcp`, with `host` before what is in host mode."""
    number = f"{port.published}:" if port.published else ""
    mode = "host " if port.mode == "host" else ""
    return f"{mode}{number}{port.target}/{port.protocol}"


def _faults(snapshot: Snapshot, intent: Rearrange) -> Iterator[Fault]:
    before = intent.before.shape_by_id
    for shape in intent.after.services:
        service, old = snapshot.service_by_id.get(shape.service_id), before.get(shape.service_id)
        if service is None or old is None:
            yield Fault("service", f"There is no service {shape.name} any more.")
            continue
        if not intent.names:
            yield from _network_faults(snapshot, service, old, shape)
        if (old.mode, old.ports) != (shape.mode, shape.ports):
            yield from _port_faults(snapshot, service, old, shape)


def _network_faults(
    snapshot: Snapshot, service: Service, old: Shape, shape: Shape
) -> Iterator[Fault]:
    gets_addresses = (old.mode, shape.mode) == ("dnsrr", "vip")
    for wire in shape.wires:
        name = wire.network
        network = swarm_network(snapshot, name)
        if name in old.networks:
            if gets_addresses and network is not None:
                words = f"{shape.name} needs one for its virtual address."
                yield from _room_faults(snapshot, network, 1, words)
        elif network is None:
            yield Fault("network", f"There is no swarm network {name}.")
        elif network.ingress:
            yield Fault(
                "network", f"{name} is the ingress: services come onto it by publishing ports."
            )
        elif not network.is_allocated:
            words = f"{name} has no addresses: the tasks of {shape.name} would wait for ever."
            yield Fault("network", words)
        else:
            needed = (shape.mode == "vip") + snapshot.wanted_tasks(service)
            words = f"{shape.name} needs {needed} and one for each node that has none there yet."
            yield from _room_faults(snapshot, network, needed, words)
            yield from _alias_faults(snapshot, network, shape, wire)
    if len(set(shape.networks)) != len(shape.networks):
        yield Fault("network", f"{shape.name} would be on the same network twice.")
    if old.wires and not shape.wires:
        words = f"{shape.name} is on no network then, and meets no other service by name."
        yield Fault("network", words, fatal=False)


def _room_faults(
    snapshot: Snapshot, network: Network, needed: int, why: str, field: str = "network"
) -> Iterator[Fault]:
    use = usage(snapshot).get(network.id)
    if use is not None and use.free is not None and use.free < needed:
        free = f"{use.free} free address{'' if use.free == 1 else 'es'}"
        yield Fault(field, f"{network.name} has {free}, and {why}")


def _alias_faults(
    snapshot: Snapshot, network: Network, shape: Shape, wire: Wire
) -> Iterator[Fault]:
    members = snapshot.services_by_network.get(network.id, ())
    names = {(other.name, other.name) for other in members}
    for other in members:
        for there in other.networks:
            if snapshot.target_id(there.target) == network.id:
                names.update((alias, other.name) for alias in there.aliases)
    for alias in wire.aliases:
        # The engine takes any word.
        if not _ALIAS.fullmatch(alias):
            words = f"{alias} is no host name: few programs would find {shape.name} by it."
            yield Fault("aliases", words, fatal=False)
        for name, owner in sorted(names):
            if name == alias:
                words = f"{alias} is {owner} on {network.name} already: it means both then."
                yield Fault("aliases", words, fatal=False)


def _port_faults(snapshot: Snapshot, service: Service, old: Shape, shape: Shape) -> Iterator[Fault]:
    through_ingress = [port for port in shape.ports if port.mode == "ingress"]
    if shape.mode == "dnsrr" and through_ingress:
        shown = ", ".join(map(port_words, through_ingress))
        yield Fault(
            "ports",
            f"With endpoint mode dnsrr nothing can be published through the ingress: {shown} has "
            "to be published in host mode, or closed.",
        )
    elif through_ingress:
        yield from _ingress_faults(snapshot, service, old, shape)
    seen: set[tuple[int, str]] = set()
    for port in shape.ports:
        if not (0 < port.target <= _LARGEST_PORT and 0 <= port.published <= _LARGEST_PORT):
            words = f"{port_words(port)} is no port: they go from 1 to {_LARGEST_PORT}."
            yield Fault("ports", words)
        # One number may not be there in both modes either.
        key = (port.published, port.protocol)
        if port.published and key in seen:
            yield Fault("ports", f"{port.published}/{port.protocol} would be published twice.")
        seen.add(key)
        if port not in old.ports and port.published:
            yield from _conflicts(snapshot, shape, port)
            if port.mode == "host":
                yield from _crowds(snapshot, service, port)


def _ingress_faults(
    snapshot: Snapshot, service: Service, old: Shape, shape: Shape
) -> Iterator[Fault]:
    ingress = next((network for network in snapshot.networks if network.ingress), None)
    if ingress is None:
        yield Fault("ports", "There is no ingress network to publish ports through.")
    elif not any(port.mode == "ingress" for port in old.ports):
        needed = 1 + snapshot.wanted_tasks(service)
        words = f"{shape.name} needs {needed} to publish through it."
        yield from _room_faults(snapshot, ingress, needed, words, "ports")


def _conflicts(snapshot: Snapshot, shape: Shape, port: Port) -> Iterator[Fault]:
    for other in snapshot.services:
        if other.id == shape.service_id:
            continue
        # An engine that has not got round to a service yet tells only what is asked for.
        for theirs in dict.fromkeys((*other.ports, *other.asked_ports)):
            if (theirs.published, theirs.protocol) != (port.published, port.protocol):
                continue
            how = "through the ingress" if theirs.mode == "ingress" else "in host mode"
            words = f"{other.name} publishes {port.published}/{port.protocol} {how} already."
            fatal = "ingress" in (theirs.mode, port.mode)
            if not fatal:
                words += " No node can run a task of both."
            yield Fault("ports", words, fatal=fatal)


def _crowds(snapshot: Snapshot, service: Service, port: Port) -> Iterator[Fault]:
    tasks, nodes = snapshot.wanted_tasks(service), sum(n.is_ready for n in snapshot.nodes)
    number = f"{port.published}/{port.protocol}"
    if service.replicas is not None and tasks > nodes:
        words = (
            f"Each node has one {number}: of {tasks} tasks only {nodes} would run, and the others "
            "wait."
        )
        yield Fault("ports", words, fatal=False)
    elif service.update_policy.order == "start-first":
        words = (
            f"{service.name} starts new tasks before old ones stop, and a node has one {number}: "
            "its updates need nodes without a task of it."
        )
        yield Fault("ports", words, fatal=False)
