"""Published ports of services."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from swarmtui.demo.records import Json, Service
from swarmtui.demo.refusals import rpc

FIRST_AUTOMATIC_PORT = 30000


def ingress_ports(endpoint: Json) -> list[Json]:
    """Return the ports that are published in the routing mesh, which is the default."""
    return [each for each in endpoint.get("Ports") or [] if _mode(each) == "ingress"]


def host_ports(endpoint: Json) -> set[tuple[str, int]]:
    """Return protocol and number of the ports that are published on the task's own node."""
    return {
        (str(each.get("Protocol", "tcp")), int(each["PublishedPort"]))
        for each in endpoint.get("Ports") or []
        if _mode(each) == "host" and each.get("PublishedPort")
    }


def check_ports(endpoint: Json, services: Iterable[Service], owner: Service | None) -> None:
    """Refuse ports that another service publishes.

    Raises:
        Refusal: A port is taken.
    """
    asked = {_key(each) for each in ingress_ports(endpoint) if each.get("PublishedPort")}
    for service in services:
        if service is owner:
            continue
        for port in ingress_ports({"Ports": _published(service)}):
            if _key(port) in asked:
                raise rpc(
                    "InvalidArgument",
                    f"port '{port['PublishedPort']}' is already in use by service "
                    f"'{service.name}' ({service.id}) as an ingress port",
                )


def with_published(
    asked: Sequence[Json], services: Iterable[Service], owner: Service
) -> list[Json]:
    """Return ports with a number for each that asked for any, the one that it had if it had one."""
    taken = {
        _key(port) for service in services for port in _published(service) if service is not owner
    }
    had = {(port["Protocol"], port["TargetPort"]): port for port in owner.ports}
    ports: list[Json] = []
    for each in asked:
        port = {**each}
        if not port.get("PublishedPort") and _mode(port) == "ingress":
            before = had.get((port["Protocol"], port["TargetPort"]), {})
            number = before.get("PublishedPort") or FIRST_AUTOMATIC_PORT
            while (port["Protocol"], number) in taken:
                number += 1
            port["PublishedPort"] = number
        taken.add(_key(port))
        ports.append(port)
    return ports


def _published(service: Service) -> Sequence[Json]:
    return service.ports or (service.spec.get("EndpointSpec") or {}).get("Ports") or []


def _mode(port: Json) -> str:
    return str(port.get("PublishMode") or "ingress")


def _key(port: Json) -> tuple[str, int]:
    return str(port.get("Protocol", "tcp")), int(port.get("PublishedPort") or 0)
