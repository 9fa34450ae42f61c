"""Published ports."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator

from swarmtui.findings.finding import (
    Evidence,
    Remedy,
    Repair,
    RepairKind,
    Rule,
    Severity,
    Sight,
    Subject,
    Trouble,
)
from swarmtui.findings.wording import SHOWN, command, counted, listed
from swarmtui.model import NetworkId, PublishedPort, Service, Task, earliest

Number = tuple[int, str]
"""A published port's number and protocol."""

_HOST_PORT_BUSY = "host-mode port already in use"


def _conflict(sight: Sight) -> Iterator[Trouble]:
    """Yield services that publish what another one publishes that came first, or that has the port.

    Host mode beside host mode is no conflict: their tasks only need nodes of their own.
    """
    ingresses = {network.id for network in sight.snapshot.networks if network.ingress}
    owners: dict[Number, list[tuple[Service, str]]] = {}

    def turn(service: Service) -> tuple[bool, str, str]:
        return _lacks_port(service, ingresses), service.created, service.id

    for service in sorted(sight.snapshot.services, key=turn):
        mine = _published(service)
        rivals = [
            (number, other)
            for number, mode in mine
            for other, theirs in owners.get(number, ())
            if "ingress" in (mode, theirs)
        ]
        for number, mode in mine:
            owners.setdefault(number, []).append((service, mode))
        if rivals:
            waits = _lacks_port(service, ingresses)
            yield _conflict_of(service, rivals, Severity.CRITICAL if waits else None)


def _lacks_port(service: Service, ingresses: Container[NetworkId]) -> bool:
    """Tell whether the managers could not give a service what it asks for in ingress mode."""
    asked = {port for port in service.asked_ports if port.mode == "ingress" and port.published}
    has_vip = any(vip.network_id in ingresses and vip.address for vip in service.virtual_ips)
    return bool(asked) and not (has_vip and asked.issubset(service.ports))


def _conflict_of(
    service: Service, rivals: list[tuple[Number, Service]], severity: Severity | None
) -> Trouble:
    numbers = dict.fromkeys(f"{number}/{protocol}" for (number, protocol), _ in rivals)
    others = {other.name: other for _, other in rivals}
    claimants = [service, *others.values()][:SHOWN]
    waits = ", and its tasks wait" if severity else ""
    closing = ("docker", "service", "update", "--publish-rm", _target(service, rivals[0][0]))
    return Trouble(
        Subject.service(service),
        f"{service.name} publishes {listed(numbers)}, which {listed(others)} publishes too{waits}",
        tuple(
            Evidence(f"ports of {each.name}", _shown(_published(each)), _SERVICES)
            for each in claimants
        ),
        (
            Remedy(
                f"Close the port of {service.name}, or publish it with another number.",
                command(*closing, service.name),
            ),
        ),
        Repair(RepairKind.MODE, service=service.name),
        severity=severity,
    )


def _host_busy(sight: Sight) -> Iterator[Trouble]:
    waiting: dict[str, list[Task]] = {}
    for task in sight.snapshot.failed_tasks:
        if _HOST_PORT_BUSY in task.error and task.state == "pending":
            waiting.setdefault(task.service_id, []).append(task)
    for service in sight.snapshot.services:
        tasks = waiting.get(service.id)
        if not tasks:
            continue
        ports = [each for each in _published(service) if each[1] == "host"]
        nodes = sum(n.is_ready and n.availability == "active" for n in sight.snapshot.nodes)
        scaling = command("docker", "service", "scale", f"{service.name}={nodes}")
        yield Trouble(
            Subject.service(service),
            f"{counted(len(tasks), 'task')} of {service.name} cannot start: "
            "its port is taken on every node",
            (
                Evidence("error of these tasks", tasks[0].error, "GET /tasks"),
                Evidence(f"host-mode ports of {service.name}", _shown(ports), _SERVICES),
                Evidence("other services with such a port", _rivals(sight, service), _SERVICES),
                Evidence("nodes that take tasks", str(nodes), "GET /nodes"),
            ),
            (
                Remedy(
                    "A node has each port once. Run one task a node at most,",
                    scaling if service.mode == "replicated" else "",
                ),
                Remedy("or publish through the ingress, which needs no port of its own on a node."),
                Remedy(
                    "Where updates get stuck on it, have old tasks stop before new ones start.",
                    command(
                        *("docker", "service", "update", "--update-order", "stop-first"),
                        service.name,
                    ),
                ),
            ),
            Repair(RepairKind.MODE, service=service.name),
            earliest(task.since for task in tasks),
        )


_SERVICES = "GET /services"


def _published(service: Service) -> list[tuple[Number, str]]:
    """Return what a service asks for and what it has: an update may not have got through yet."""
    ports: Iterable[PublishedPort] = dict.fromkeys((*service.asked_ports, *service.ports))
    return [((each.published, each.protocol), each.mode) for each in ports if each.published]


def _shown(ports: Iterable[tuple[Number, str]]) -> str:
    return listed(f"{number}/{protocol} in {mode} mode" for (number, protocol), mode in ports)


def _target(service: Service, wanted: Number) -> str:
    """Return the container's side of a port, by which docker closes it."""
    number, protocol = wanted
    for each in (*service.asked_ports, *service.ports):
        if (each.published, each.protocol) == wanted:
            return f"{each.target}/{protocol}"
    return f"{number}/{protocol}"


def _rivals(sight: Sight, service: Service) -> str:
    mine = {number for number, mode in _published(service) if mode == "host"}
    return (
        listed(
            other.name
            for other in sight.snapshot.services
            if other is not service
            and any(mode == "host" and number in mine for number, mode in _published(other))
        )
        or "none"
    )


RULES: tuple[Rule, ...] = (
    Rule(
        "port-conflict",
        Severity.WARNING,
        "Two services publish the same port",
        "Engines refuse this when a service is created or changed, but not when it is rolled back, "
        "nor when they choose a number themselves. Of two services in ingress mode only one gets "
        "the port, and the tasks of the other one wait in state new for ever. Between ingress and "
        "host mode it is chance who answers on a node.",
        "Publish one of them with another number, or close its port.",
        _conflict,
        lasts_seconds=10,
    ),
    Rule(
        "port-host-busy",
        Severity.WARNING,
        "Tasks wait for a port that is taken on every node",
        "A port in host mode can be held by one task a node. The tasks that are left over stay in "
        "state pending; an update that starts new tasks first never ends.",
        "Run at most one task a node, or publish through the ingress.",
        _host_busy,
        lasts_seconds=30,
    ),
)
