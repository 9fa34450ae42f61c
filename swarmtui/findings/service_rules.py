"""Services and their networks."""

from __future__ import annotations

from collections.abc import Iterator

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
from swarmtui.findings.wording import command, listed
from swarmtui.model import Network, NetworkId, Service, Snapshot, Task, earliest


def _network_missing(sight: Sight) -> Iterator[Trouble]:
    """Yield services whose tasks lack a network that the swarm does not have.

    The tasks are needed as evidence: the list of networks leaves out `host` and its like, on which
    services may be too (moby daemon/cluster/networks.go).
    """
    snapshot = sight.snapshot
    if not sight.understands("networks"):
        return
    for service in snapshot.services:
        named = dict.fromkeys(snapshot.target_id(each.target) for each in service.networks)
        missing = [each for each in named if _is_missing(snapshot, each)]
        tasks = [task for each in missing for task in _without(snapshot, service, each)]
        if not tasks:
            continue
        states = sorted({task.state for task in tasks})
        waits = "its tasks wait for ever" if "new" in states else "its tasks run without it"
        yield Trouble(
            Subject.service(service),
            f"{service.name} is to be on a network that is gone: {waits}",
            (
                Evidence(f"networks of {service.name} that are gone", listed(missing), _SERVICES),
                Evidence("networks of the swarm with such an id", "none", "GET /networks"),
                Evidence("states of its tasks that are not on it", listed(states), "GET /tasks"),
            ),
            (
                Remedy(
                    "Take the service off it; docker service update --network-rm does not know a "
                    "network that is gone.",
                    command("swarmtui", "service", "detach", service.name, missing[0]),
                ),
                Remedy(
                    "Put it on the network that took its place, if there is one.",
                    command("docker", "service", "update", "--network-add", "NETWORK")
                    + f" {command(service.name)}",
                ),
            ),
            Repair(RepairKind.DETACH, missing[0], service.name),
            earliest(task.since for task in tasks),
        )


def _without_vip(sight: Sight) -> Iterator[Trouble]:
    snapshot = sight.snapshot
    for service in snapshot.services:
        if service.endpoint_mode != "vip":
            continue
        held = {vip.network_id for vip in service.virtual_ips if vip.address}
        lacking = [each for each in _wanted_networks(snapshot, service) if each.id not in held]
        if not lacking:
            continue
        names = listed(each.name for each in lacking)
        full = [each for each in lacking if _is_full(sight, each)]
        yield Trouble(
            Subject.service(service),
            f"{service.name} has no virtual address on {names}: its name does not resolve there",
            (
                Evidence(f"endpoint mode of {service.name}", service.endpoint_mode, _SERVICES),
                Evidence(f"networks of {service.name} without a virtual address", names, _SERVICES),
                Evidence("of these without a free address", _names(full), "GET /tasks, /services"),
            ),
            tuple(_getting_vip(service, full)),
            Repair.rebuilding(full[0]) if full else None,
        )


def _legacy_networks(sight: Sight) -> Iterator[Trouble]:
    for service in sight.snapshot.services:
        if not service.legacy_networks:
            continue
        names = listed(each.target for each in service.networks)
        yield Trouble(
            Subject.service(service),
            f"{service.name} names its networks in the old place of its specification",
            (
                Evidence("Spec.Networks", names, _SERVICES),
                Evidence("Spec.TaskTemplate.Networks", "none", _SERVICES),
            ),
            (
                Remedy(
                    "Nothing has to be done now. The next change of its networks by docker or "
                    "swarmtui moves them; a program that writes specifications has to name them "
                    "in TaskTemplate.",
                    command("docker", "service", "inspect", service.name),
                ),
            ),
        )


def _dnsrr_with_ingress_port(sight: Sight) -> Iterator[Trouble]:
    for service in sight.snapshot.services:
        ports = [port for port in service.asked_ports if port.mode == "ingress"]
        if service.endpoint_mode != "dnsrr" or not ports:
            continue
        shown = listed(f"{port.published or 'any'}:{port.target}/{port.protocol}" for port in ports)
        mode = ("docker", "service", "update", "--endpoint-mode", "vip", service.name)
        yield Trouble(
            Subject.service(service),
            f"{service.name} publishes through the ingress and has no virtual address: {shown}",
            (
                Evidence(f"endpoint mode of {service.name}", service.endpoint_mode, _SERVICES),
                Evidence("ports published in ingress mode", shown, _SERVICES),
            ),
            (
                Remedy("Give it a virtual address, or", command(*mode)),
                Remedy("publish the ports in host mode, on the nodes that run a task."),
            ),
            Repair(RepairKind.MODE, service=service.name),
        )


_SERVICES = "GET /services"


def _is_missing(snapshot: Snapshot, network_id: NetworkId) -> bool:
    """Tell whether neither the list nor any service or task shows that a network exists."""
    if network_id in snapshot.network_by_id:
        return False
    holders = snapshot.live_tasks_by_network.get(network_id, ())
    # On `host` services have a virtual address that is empty.
    return not any(task.desired_state == "running" for task, _ in holders) and not any(
        vip.network_id == network_id and not vip.address
        for service in snapshot.services
        for vip in service.virtual_ips
    )


def _without(snapshot: Snapshot, service: Service, network_id: NetworkId) -> Iterator[Task]:
    """Yield tasks that name a network and wait for an address, or have got none there."""
    for task in snapshot.live_tasks_by_service.get(service.id, ()):
        names_it = any(snapshot.target_id(each) == network_id for each in task.targets)
        has_it = any(each.network_id == network_id for each in task.attachments)
        if names_it and not has_it and task.desired_state != "shutdown":
            yield task


def _wanted_networks(snapshot: Snapshot, service: Service) -> Iterator[Network]:
    """Yield the networks on which a service is to have a virtual address (engine-facts C.1)."""
    for network_id in dict.fromkeys(snapshot.target_id(each.target) for each in service.networks):
        network = snapshot.network_by_id.get(network_id)
        if network is not None and network.is_overlay and network.is_allocated:
            yield network


def _is_full(sight: Sight, network: Network) -> bool:
    use = sight.usage.get(network.id)
    return use is not None and use.free == 0


def _getting_vip(service: Service, full: list[Network]) -> Iterator[Remedy]:
    if full:
        yield Remedy(f"Make room on {_names(full)}: run fewer tasks there, or make it larger.")
    yield Remedy(
        "Have the managers try again; nothing is restarted by it.",
        command("docker", "service", "update", "--detach", service.name),
    )
    yield Remedy(f"Until then tasks.{service.name} resolves to the addresses of its tasks.")


def _names(networks: list[Network]) -> str:
    return listed(each.name for each in networks) or "none"


RULES: tuple[Rule, ...] = (
    Rule(
        "service-network-missing",
        Severity.CRITICAL,
        "A service is to be on a network that is gone",
        "Its new tasks stay in state new for ever, without any error; with endpoint mode dnsrr "
        "they run without the network. It happens when a service is rolled back to a "
        "specification that names a network removed since.",
        "Take the service off the network, and put it on the one that took its place.",
        _network_missing,
        lasts_seconds=10,
        references=("swarmkit#2637",),
    ),
    Rule(
        "service-without-vip",
        Severity.CRITICAL,
        "A service has no virtual address on its network",
        "The service's name does not resolve on that network. Most often no address was free when "
        "the managers wanted to give it one; they try again when one comes free, or after five "
        "minutes.",
        "Make room on the network, then update the service without any change.",
        _without_vip,
        lasts_seconds=30,
        references=("moby#43052", "moby#37338"),
    ),
    Rule(
        "service-legacy-networks",
        Severity.INFO,
        "A service names its networks in the old way",
        "Its networks stand in Spec.Networks, where early engines wanted them. Programs "
        "that look for them in TaskTemplate see none, and API 1.44 and newer take no new ones "
        "there.",
        "Nothing has to be done; the next change of its networks moves them.",
        _legacy_networks,
    ),
    Rule(
        "service-dnsrr-with-ingress-port",
        Severity.WARNING,
        "A service without virtual addresses publishes through the ingress",
        "The ingress balances to the virtual address of a service, and with endpoint mode dnsrr "
        "there is none. Engines refuse it today, so that the service cannot be updated as it is.",
        "Give it endpoint mode vip, or publish its ports in host mode.",
        _dnsrr_with_ingress_port,
    ),
)
