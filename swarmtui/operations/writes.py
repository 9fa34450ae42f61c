"""The writes that steps consist of, as data: what is asked of the engine, and by which command."""

from __future__ import annotations

import csv
import shlex
from collections.abc import Iterable
from io import StringIO

import msgspec

from swarmtui.model import NetworkId, NodeId, PublishedPort, ServiceId
from swarmtui.operations.definition import Definition, create_command


class Port(msgspec.Struct, frozen=True):
    """A published port in a service's specification."""

    protocol: str
    target: int
    published: int
    mode: str


def port_of(port: PublishedPort) -> Port:
    """Return a port of the model as it is kept in plans."""
    return Port(port.protocol, port.target, port.published, port.mode)


class Wire(msgspec.Struct, frozen=True):
    """A network that a service's specification names.

    Attributes:
        network: Its name; the id of one that the swarm does not know.
    """

    network: str
    aliases: tuple[str, ...] = ()
    driver_options: tuple[tuple[str, str], ...] = ()


class Unpublish(msgspec.Struct, frozen=True, tag=True):
    """Take the ingress-mode ports out of a service's specification; host-mode ports stay."""

    service_id: ServiceId
    name: str
    ports: tuple[Port, ...]
    """All ports that the specification asks for before, in order; others mean somebody changed it.
    """


class Publish(msgspec.Struct, frozen=True, tag=True):
    """Put ports back into a service's specification, each with its number."""

    service_id: ServiceId
    name: str
    ports: tuple[Port, ...]
    """All ports of the specification afterwards, in order, those in host mode included."""


class Reshape(msgspec.Struct, frozen=True, tag=True):
    """Change networks, endpoint mode and ports of a service, as far as they are to be changed.

    Attributes:
        wires_before, mode_before, ports_before: As the specification asks for them by then; others
            mean that somebody changed it.
        wires, mode, ports: As they are to be.
    """

    service_id: ServiceId
    name: str
    wires_before: tuple[Wire, ...]
    wires: tuple[Wire, ...]
    mode_before: str = ""
    mode: str = ""
    ports_before: tuple[Port, ...] = ()
    ports: tuple[Port, ...] = ()

    @property
    def reversed(self) -> Reshape:
        """Return what takes it back."""
        return Reshape(
            self.service_id,
            self.name,
            self.wires,
            self.wires_before,
            self.mode,
            self.mode_before,
            self.ports,
            self.ports_before,
        )


class RemoveNetwork(msgspec.Struct, frozen=True, tag=True):
    """Remove a network by its id, or by its name where the id is not known when it is planned."""

    network_id: NetworkId
    name: str


class CreateNetwork(msgspec.Struct, frozen=True, tag=True):
    """Create a network."""

    definition: Definition


class TouchNode(msgspec.Struct, frozen=True, tag=True):
    """Update a node with the specification that it has, so that it gets its networks anew."""

    node_id: NodeId
    hostname: str
    availability: str


Write = Unpublish | Publish | Reshape | RemoveNetwork | CreateNetwork | TouchNode


def permits(writes: tuple[Write, ...]) -> frozenset[tuple[str, str]]:
    """Return the methods and paths of the Engine API that these writes need."""
    return frozenset(map(_permit, writes))


def _permit(write: Write) -> tuple[str, str]:
    match write:
        case Unpublish() | Publish() | Reshape():
            return "POST", f"/services/{write.service_id}/update"
        case RemoveNetwork():
            return "DELETE", f"/networks/{write.network_id}"
        case CreateNetwork():
            return "POST", "/networks/create"
        case TouchNode():
            return "POST", f"/nodes/{write.node_id}/update"


def command_of(write: Write) -> str:
    """Return the `docker` command that does the same."""
    match write:
        case Unpublish():
            removed = dict.fromkeys(
                f"{each.target}/{each.protocol}" for each in write.ports if each.mode == "ingress"
            )
            words = ["docker", "service", "update"]
            # Without a mode the client means ingress, and leaves the same port in host mode alone.
            words += [word for each in removed for word in ("--publish-rm", each)]
            return shlex.join([*words, write.name])
        case Publish():
            words = ["docker", "service", "update"]
            for each in write.ports:
                if each.mode == "ingress":
                    words += ["--publish-add", _port_words(each)]
            return shlex.join([*words, write.name])
        case Reshape():
            return " && ".join(map(shlex.join, reshape_commands(write)))
        case RemoveNetwork():
            return shlex.join(["docker", "network", "rm", write.network_id or write.name])
        case CreateNetwork():
            return create_command(write.definition)
        case TouchNode():
            return shlex.join(
                ["docker", "node", "update", "--availability", write.availability, write.hostname]
            )


def reshape_commands(write: Reshape) -> tuple[tuple[str, ...], ...]:
    """Return the words of the commands that change a service; most often it is one."""
    words = ["docker", "service", "update"]
    had = {wire.network: wire for wire in write.wires_before}
    has = {wire.network: wire for wire in write.wires}
    for name, wire in had.items():
        if has.get(name) != wire:
            words += ["--network-rm", name]
    for name, wire in has.items():
        if had.get(name) != wire:
            words += ["--network-add", _wire_words(wire)]
    if write.mode != write.mode_before:
        words += ["--endpoint-mode", write.mode]
    closed = [port for port in write.ports_before if port not in write.ports]
    for port in dict.fromkeys(msgspec.structs.replace(each, published=0) for each in closed):
        words += ["--publish-rm", _port_words(port)]
    # The client takes all ports of a target away, and passes over one that was there before.
    swept = [port for port in write.ports_before if port in write.ports and _swept(port, closed)]
    for port in write.ports:
        if port not in write.ports_before:
            words += ["--publish-add", _port_words(port)]
    commands = [(*words, write.name)]
    if swept:
        again = [word for port in swept for word in ("--publish-add", _port_words(port))]
        commands.append(("docker", "service", "update", *again, write.name))
    return tuple(commands)


def _swept(port: Port, closed: Iterable[Port]) -> bool:
    sought = (port.protocol, port.target, port.mode)
    return any((each.protocol, each.target, each.mode) == sought for each in closed)


def _wire_words(wire: Wire) -> str:
    if not wire.aliases and not wire.driver_options:
        return wire.network
    words = [f"name={wire.network}", *(f"alias={each}" for each in wire.aliases)]
    words += [f"driver-opt={key}={value}" for key, value in wire.driver_options]
    line = StringIO()
    csv.writer(line, lineterminator="").writerow(words)
    return line.getvalue()


def _port_words(port: Port) -> str:
    words = f"target={port.target},protocol={port.protocol},mode={port.mode}"
    return f"published={port.published},{words}" if port.published else words
