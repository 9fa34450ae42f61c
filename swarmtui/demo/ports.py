"""Published ports of services."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from swarmtui.demo.records import Json, Service
from swarmtui.demo.refusals import Refusal, rpc

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


def completed_endpoint(asked: Json) -> Json:
    """Return an `EndpointSpec` with what the engine fills in.

    Raises:
        Refusal: The engine does not understand it.
    """
    endpoint = {"Mode": "vip", **asked}
    endpoint["Mode"] = endpoint["Mode"] or "vip"
    if endpoint["Mode"] not in ("vip", "dnsrr"):
        raise Refusal(400, f'invalid resolution mode: "{endpoint["Mode"]}"')
    ports = [_completed_port(each) for each in endpoint.pop("Ports", None) or ()]
    return endpoint | ({"Ports": ports} if ports else {})


def check_endpoint(endpoint: Json) -> None:
    """Refuse an endpoint that is wrong in itself.

    Raises:
        Refusal: The leader would not take it.
    """
    if endpoint.get("Mode") == "dnsrr" and ingress_ports(endpoint):
        raise rpc(
            "InvalidArgument",
            "EndpointSpec: port published with ingress mode can't be used with dnsrr mode",
        )
    asked = [_key(each) for each in endpoint.get("Ports") or () if each.get("PublishedPort")]
    if len(asked) > len(set(asked)):
        raise rpc("InvalidArgument", "EndpointSpec: duplicate published ports provided")


def check_ports(endpoint: Json, services: Iterable[Service], owner: Service | None) -> None:
    """Refuse ports that another service publishes; host mode alone may be there twice.

    Raises:
        Refusal: A port is taken.
    """
    asked = {_key(each): _mode(each) for each in endpoint.get("Ports") or ()}
    for service in services:
        if service is owner:
            continue
        for port in _published(service):
            wanted = asked.get(_key(port)) if port.get("PublishedPort") else None
            if wanted == "ingress" or (wanted and _mode(port) == "ingress"):
                kind = "an ingress" if _mode(port) == "ingress" else "a host-published"
                raise rpc(
                    "InvalidArgument",
                    f"port '{port['PublishedPort']}' is already in use by service "
                    f"'{service.name}' ({service.id}) as {kind} port",
                )


def with_published(
    asked: Sequence[Json], services: Iterable[Service], owner: Service
) -> list[Json] | None:
    """Return ports with a number for each that asked for any, the one that it had if it had one.

    None where another service has got one of the numbers. In host mode numbers are anybody's.
    """
    others = (service for service in services if service is not owner)
    taken = {_key(each) for other in others for each in ingress_ports({"Ports": other.ports})}
    had = {_target(port): port for port in owner.ports}
    ports: list[Json] = []
    for each in asked:
        port = {**each}
        if _mode(port) == "host":
            ports.append(port)
            continue
        if port.get("PublishedPort") and _key(port) in taken:
            return None
        if not port.get("PublishedPort"):
            before = had.get(_target(port), {})
            number = before.get("PublishedPort") or FIRST_AUTOMATIC_PORT
            while (port["Protocol"], number) in taken:
                number += 1
            port["PublishedPort"] = number
        taken.add(_key(port))
        ports.append(port)
    return ports


def _published(service: Service) -> Sequence[Json]:
    return service.ports or (service.spec.get("EndpointSpec") or {}).get("Ports") or []


def _completed_port(asked: Json) -> Json:
    """Return a port with protocol and mode, without what is zero, in the engine's order."""
    port = {
        "Protocol": _one_of(asked.get("Protocol"), ("tcp", "udp", "sctp")),
        "TargetPort": asked.get("TargetPort"),
        "PublishedPort": asked.get("PublishedPort"),
        "PublishMode": _one_of(asked.get("PublishMode"), ("ingress", "host")),
    }
    named = {"Name": asked["Name"]} if asked.get("Name") else {}
    others = {key: value for key, value in asked.items() if key not in ("Name", *port)}
    return {**named, **{key: value for key, value in port.items() if value}, **others}


def _one_of(asked: object, known: Sequence[str]) -> str:
    """Return a word that the engine knows, the first one for any other."""
    return str(asked) if asked in known else known[0]


def _mode(port: Json) -> str:
    return str(port.get("PublishMode") or "ingress")


def _target(port: Json) -> tuple[str, int]:
    return str(port["Protocol"]), int(port.get("TargetPort") or 0)


def _key(port: Json) -> tuple[str, int]:
    return str(port.get("Protocol", "tcp")), int(port.get("PublishedPort") or 0)
