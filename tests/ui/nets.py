"""Networks that are worth a map: large, of several parts, crowded, and with hostile names."""

from __future__ import annotations

from dataclasses import replace

from swarmtui.model import Network, Snapshot, Subnet
from tests.builders import NODES, busy_snapshot, network, service, task

WIDE = network("wide", "10.60.0.0/16", gateway="10.60.0.1", vxlan=4200)
PAIR = replace(
    network("pair", vxlan=4201),
    subnets=(
        Subnet("10.61.0.0/24", "10.61.0.77", "10.61.0.64/26"),
        Subnet("10.61.8.0/25", "10.61.8.1"),
    ),
)
EVIL_NAME = "[/red]\x1b[31m[@click=app.quit]x[/]"


def _with(of: Network, name: str, vip: str, *addresses: str) -> Snapshot:
    busy = busy_snapshot()
    users = service(name, [of], {of.name: vip}, replicas=len(addresses))
    tasks = tuple(
        task(users, number, NODES[number % 3], {of.name: address})
        for number, address in enumerate(addresses, 1)
    )
    return replace(
        busy,
        networks=(*busy.networks, of),
        services=(*busy.services, users),
        tasks=(*busy.tasks, *tasks),
    )


def wide_snapshot() -> Snapshot:
    """Return the busy swarm with a /16, most of which is free."""
    full = [f"10.60.0.{number}" for number in range(3, 253)]
    some = [f"10.60.4.{number}" for number in range(3, 103)]
    return _with(WIDE, "big", "10.60.0.2", *full, *some)


def pair_snapshot() -> Snapshot:
    """Return the busy swarm with a network of two subnets, one of them with an IP range."""
    here = [f"10.61.0.{number}" for number in range(66, 96, 2)]
    there = [f"10.61.8.{number}" for number in range(67, 97, 2)]
    found = _with(PAIR, "two", "10.61.0.65", *here, *there)
    return replace(found, nodes=(*NODES[:2], replace(NODES[2], state="down")))


def evil_snapshot() -> Snapshot:
    """Return a swarm of names that a terminal would obey."""
    evil = network(EVIL_NAME, "10.62.0.0/28", gateway="10.62.0.1", vxlan=4202)
    return _with(evil, EVIL_NAME, "10.62.0.2", "10.62.0.3")
