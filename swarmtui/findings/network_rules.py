"""Networks as they were made."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from swarmtui.addressing import first_host
from swarmtui.findings.cures import allocation, creating, leader, rebuilding
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
from swarmtui.findings.wording import command, commands, listed
from swarmtui.model import DEFAULT_OUTER_MTU, Network, moment
from swarmtui.model.network import MTU_OPTION

LARGEST_ADVISED = 256
MANY_VIRTUAL = 250


def _unallocated(sight: Sight) -> Iterator[Trouble]:
    snapshot = sight.snapshot
    for network in snapshot.networks:
        if network.is_allocated or network.ingress:
            continue
        services = snapshot.services_by_network.get(network.id, ())
        names = listed(each.name for each in services)
        leaving = ("docker", "service", "update", "--network-rm", network.name)
        detaching = commands([command(*leaving, each.name) for each in services])
        yield Trouble(
            Subject.network(network),
            f"{network.name} was accepted and has never got a subnet: nothing can run on it",
            (
                *allocation(network),
                Evidence("services that name it", names or "none", "GET /services"),
            ),
            (
                Remedy(
                    f"See why in the log of the leader, {leader(sight)}. Its subnet overlaps "
                    "another one, its VXLAN id is taken, or the address pools are used up. In use "
                    f"are: {_subnets_in_use(sight)}.",
                    f"journalctl -u docker | grep {network.id}",
                ),
                *([Remedy("Take the services off it.", detaching)] if services else ()),
                Remedy("Remove it.", command("docker", "network", "rm", network.id)),
                Remedy(
                    "Create it with a subnet that is free, and with the options that it was to "
                    "have, which the engine does not show.",
                    creating(network, sight.free_subnet()),
                ),
            ),
            Repair(RepairKind.REMOVE, network.name),
            moment(network.created),
        )


def _ambiguous(sight: Sight) -> Iterator[Trouble]:
    counts = Counter(network.name for network in sight.snapshot.networks)
    for name, count in counts.items():
        if count == 1:
            continue
        alike = [network for network in sight.snapshot.networks if network.name == name]
        shared = next((network for network in alike if network.is_swarm), None)
        if shared is None:
            continue
        others = [network for network in alike if network is not shared]
        here = sight.snapshot.engine.name
        yield Trouble(
            Subject.network(shared),
            f"{here} knows {count} networks called {name}",
            tuple(
                Evidence(f"a {each.scope} network {name}", each.id, "GET /networks")
                for each in alike
            ),
            (
                Remedy("Meanwhile name it by its id.", _inspecting(shared)),
                Remedy(
                    f"Remove the other one, on {here}, once nothing needs it.",
                    commands([command("docker", "network", "rm", each.id) for each in others]),
                ),
            ),
        )


def _mtu_differs(sight: Sight) -> Iterator[Trouble]:
    overlays = [each for each in sight.snapshot.networks if each.is_overlay and each.is_allocated]
    counts = Counter(network.outer_mtu for network in overlays)
    if len(counts) < 2:
        return
    usual = max(counts, key=lambda mtu: (counts[mtu], mtu))
    for network in overlays:
        mtu = network.outer_mtu
        if mtu != usual:
            yield Trouble(
                Subject.network(network),
                f"{network.name} is made for packets of {mtu} bytes between nodes, "
                f"most other overlays for {usual}",
                (
                    Evidence(f"MTU of {network.name}", _mtu_words(network), "GET /networks"),
                    Evidence("MTU of most overlays", str(usual), "GET /networks"),
                ),
                _mtu_remedies(sight, network, usual),
                Repair.rebuilding(network),
            )


def _gateway_not_first(sight: Sight) -> Iterator[Trouble]:
    for network in sight.snapshot.networks:
        odd = [
            each
            for each in network.subnets
            if network.is_swarm and each.gateway and each.gateway != first_host(each.cidr)
        ]
        if odd:
            yield Trouble(
                Subject.network(network),
                f"The gateway of {network.name} is {listed(each.gateway for each in odd)}, "
                "not the first address",
                tuple(
                    Evidence(f"gateway of {each.cidr}", each.gateway, "GET /networks")
                    for each in odd
                ),
                (
                    Remedy(
                        f"Nothing has to be done. An endpoint gets {first_host(odd[0].cidr)}: see "
                        "that no firewall rule or script takes it for the gateway.",
                        _inspecting(network),
                    ),
                ),
                Repair.rebuilding(network),
            )


def _too_large(sight: Sight) -> Iterator[Trouble]:
    snapshot = sight.snapshot
    for network in snapshot.networks:
        use = sight.usage.get(network.id)
        large = [each for each in use.subnets if each.capacity > LARGEST_ADVISED] if use else []
        if not large:
            continue
        is_many = len(snapshot.virtual_ips_by_network.get(network.id, ())) > MANY_VIRTUAL
        subnets = listed(each.subnet.cidr for each in large)
        yield Trouble(
            Subject.network(network),
            f"{network.name} is larger than a /24: {subnets}",
            (
                Evidence(f"subnet of {network.name}", subnets, "GET /networks"),
                Evidence(
                    "virtual addresses on it",
                    f"more than {MANY_VIRTUAL}" if is_many else f"{MANY_VIRTUAL} at most",
                    "GET /services",
                ),
            ),
            (
                Remedy("Spread the services over several networks of a /24 each, or"),
                Remedy(
                    "give services no virtual address: their names then resolve to their tasks.",
                    "docker service update --endpoint-mode dnsrr SERVICE",
                ),
            ),
            severity=Severity.WARNING if is_many else None,
        )


def _mtu_remedies(sight: Sight, network: Network, usual: int) -> tuple[Remedy, ...]:
    options = {key: value for key, value in network.options.items() if key != MTU_OPTION}
    if usual != DEFAULT_OUTER_MTU:
        options[MTU_OPTION] = str(usual)
    return (
        Remedy(
            "Find out the MTU of the cards between the nodes; every overlay has to be made for "
            "the smallest.",
            "ip link show",
        ),
        Remedy(f"Where {usual} is right, give {network.name} another definition:"),
        *rebuilding(sight, network, options=options),
    )


def _mtu_words(network: Network) -> str:
    given = network.mtu_option
    return str(given) if given else f"{DEFAULT_OUTER_MTU}, the default"


def _inspecting(network: Network) -> str:
    return command("docker", "network", "inspect", network.id)


def _subnets_in_use(sight: Sight) -> str:
    return listed(
        f"{each.cidr} ({network.name})"
        for network in sight.snapshot.networks
        if network.is_swarm
        for each in network.subnets
    )


RULES = (
    Rule(
        "network-unallocated",
        Severity.CRITICAL,
        "A network has never got a subnet",
        "The engine accepts a network whose subnet overlaps another one, whose VXLAN id is taken, "
        "or for which the pools have no room, and then never gives it addresses. Tasks on it wait "
        "for ever, and nothing but the leader's log says why.",
        "Remove it, and create it with a subnet that is free.",
        _unallocated,
        lasts_seconds=10,
    ),
    Rule(
        "network-name-ambiguous",
        Severity.WARNING,
        "Two networks have one name",
        "Commands that name the network fail with `network is ambiguous`, and containers may be "
        "attached to the wrong one.",
        "Name networks by id, and remove the one that is not needed.",
        _ambiguous,
        lasts_seconds=60,
        anywhere=True,
    ),
    Rule(
        "network-mtu-differs",
        Severity.WARNING,
        "Overlays are made for different MTUs",
        "All overlays use the same cards between the nodes. If these carry only the smaller "
        "packets, connections on the other networks hang as soon as much data flows, while ping "
        "works; if they carry the larger ones, the other networks waste some.",
        "Give every overlay the MTU of the smallest card between the nodes.",
        _mtu_differs,
        references=("libnetwork#2661", "libnetwork#1021", "moby#43673"),
    ),
    Rule(
        "network-gateway-not-first",
        Severity.INFO,
        "The gateway is not the first address of its subnet",
        "The network works. The first address goes to an endpoint, which surprises whoever takes "
        "it for the gateway.",
        "Keep it in mind, or create the network without a gateway of your choice.",
        _gateway_not_first,
    ),
    Rule(
        "network-too-large",
        Severity.INFO,
        "A network is larger than a /24",
        "With more than about 250 virtual addresses on one network, balancing and address "
        "resolution get slow, and names resolve late after changes.",
        "Use several networks of a /24, or endpoint mode dnsrr; on the nodes raise "
        "net.ipv4.neigh.default.gc_thresh1 to 3.",
        _too_large,
        references=("moby#30820", "libnetwork#1522"),
    ),
)
