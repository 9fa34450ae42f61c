"""Changes of one service while a person words them: what is typed, what is wrong, what is meant."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import msgspec

from swarmtui.model import Service, Snapshot
from swarmtui.operations.arrangement import shape_of, wires_of
from swarmtui.operations.changes import attaching, detaching, reaching
from swarmtui.operations.checks import Fault
from swarmtui.operations.network_sights import swarm_network
from swarmtui.operations.plan import Rearrange
from swarmtui.operations.service_changes import NO_PORT, port_text, ports_of
from swarmtui.operations.service_checks import service_faults
from swarmtui.operations.writes import Port


def service_called(snapshot: Snapshot, name: str) -> Service | None:
    """Return the service of a name, None where there is none."""
    return next((each for each in snapshot.services if each.name == name), None)


@dataclass(frozen=True, slots=True)
class AttachDraft:
    """A service and a network that it is to come onto, by their names as they are typed."""

    service: str = ""
    network: str = ""
    aliases: str = ""

    def networks(self, snapshot: Snapshot) -> list[str]:
        """Return the networks that the service could come onto."""
        service = service_called(snapshot, self.service)
        on = {wire.network for wire in wires_of(snapshot, service)} if service else set()
        return sorted(
            network.name
            for network in snapshot.networks
            if network.is_swarm
            and network.is_allocated
            and not network.ingress
            and network.name not in on
        )

    def services(self, snapshot: Snapshot) -> list[str]:
        """Return the services that are not on the network."""
        return sorted(
            service.name
            for service in snapshot.services
            if all(wire.network != self.network for wire in wires_of(snapshot, service))
        )

    def faults(self, snapshot: Snapshot) -> tuple[Fault, ...]:
        """Return everything that is to be said about it."""
        missing = _missing(snapshot, self.service, self.network)
        return missing or service_faults(snapshot, self.intent(snapshot))

    def intent(self, snapshot: Snapshot) -> Rearrange:
        """Return the change that is meant; the service has to be there."""
        service = _known(snapshot, self.service)
        return attaching(snapshot, service, self.network, self.aliases.split())


@dataclass(frozen=True, slots=True)
class DetachDraft:
    """A service and a network that it is to leave, by their names as they are typed."""

    service: str
    network: str = ""

    def networks(self, snapshot: Snapshot) -> list[str]:
        """Return the networks that the service is on."""
        service = service_called(snapshot, self.service)
        return [wire.network for wire in wires_of(snapshot, service)] if service else []

    def faults(self, snapshot: Snapshot) -> tuple[Fault, ...]:
        """Return everything that is to be said about it."""
        missing = _missing(snapshot, self.service, self.network)
        if not missing and self.network not in self.networks(snapshot):
            return (Fault("network", f"{self.service} is not on {self.network}."),)
        return missing or service_faults(snapshot, self.intent(snapshot))

    def intent(self, snapshot: Snapshot) -> Rearrange:
        """Return the change that is meant; the service has to be there."""
        return detaching(snapshot, _known(snapshot, self.service), self.network)


@dataclass(frozen=True, slots=True)
class ReachDraft:
    """How a service is to be reached.

    Attributes:
        service: Its name.
        mode: `vip` or `dnsrr`.
        ports: As `ports_of` takes them, with spaces between.
    """

    service: str
    mode: str
    ports: str

    def faults(self, snapshot: Snapshot) -> tuple[Fault, ...]:
        """Return everything that is to be said about it."""
        service = service_called(snapshot, self.service)
        if service is None:
            return (_gone(self.service),)
        asked = ports_of(self.ports.split())
        if isinstance(asked, str):
            return (Fault("ports", f"{asked} is no port. {NO_PORT}"),)
        intent = self.intent(snapshot)
        found = service_faults(snapshot, intent)
        if intent.before == intent.after:
            return (*found, Fault("mode", "Nothing is changed yet."))
        return found

    def intent(self, snapshot: Snapshot) -> Rearrange:
        """Return the change that is meant; the service has to be there."""
        asked = ports_of(self.ports.split())
        ports = None if isinstance(asked, str) else asked
        return reaching(snapshot, _known(snapshot, self.service), mode=self.mode, ports=ports)

    @property
    def has_ingress_ports(self) -> bool:
        """Tell whether any port is typed that is to be published through the ingress."""
        return self.closed != self

    @property
    def in_host_mode(self) -> ReachDraft:
        """Return it with all ports published on the nodes that run a task."""
        return self._with_each(lambda port: (msgspec.structs.replace(port, mode="host"),))

    @property
    def closed(self) -> ReachDraft:
        """Return it without the ports through the ingress."""
        return self._with_each(lambda port: (port,) if port.mode == "host" else ())

    def _with_each(self, edit: Callable[[Port], tuple[Port, ...]]) -> ReachDraft:
        words = []
        for word in self.ports.split():
            asked = ports_of((word,))
            edited = () if isinstance(asked, str) else edit(asked[0])
            same = isinstance(asked, str) or edited == asked
            words += [word] if same else [port_text(edited)] if edited else []
        return replace(self, ports=" ".join(words))


def reach_draft(snapshot: Snapshot, name: str) -> ReachDraft | None:
    """Return how a service is reached now as a draft, None where there is none of the name."""
    service = service_called(snapshot, name)
    if service is None:
        return None
    shape = shape_of(snapshot, service)
    return ReachDraft(name, shape.mode, port_text(shape.ports))


def _missing(snapshot: Snapshot, service: str, network: str) -> tuple[Fault, ...]:
    found = []
    if service_called(snapshot, service) is None:
        words = f"There is no service {service}." if service else "Name a service."
        found.append(Fault("service", words))
    if swarm_network(snapshot, network) is None:
        words = f"There is no swarm network {network}." if network else "Name a network."
        found.append(Fault("network", words))
    return tuple(found)


def _gone(name: str) -> Fault:
    return Fault("service", f"There is no service {name} any more.")


def _known(snapshot: Snapshot, name: str) -> Service:
    service = service_called(snapshot, name)
    if service is None:
        raise LookupError(name)
    return service
