"""A network with every kind of service on it, for plans of migrations, and plans of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from itertools import count
from typing import Any

import msgspec

from swarmtui.model import Network, NetworkTarget, Service, Snapshot, Task
from swarmtui.operations import Plan, Rearrange, Way, plan_operation
from swarmtui.operations.changes import migration
from swarmtui.operations.definition import Definition, Range, definition_of
from swarmtui.operations.network_sights import swarm_network
from swarmtui.operations.writes import Reshape
from tests.builders import INGRESS, NODES, busy_snapshot, network, service, task
from tests.unit.operations.planning import planned
from tests.unit.operations.world import World, settled, written

MTU = "com.docker.network.driver.mtu"
SHOP = network(
    "shop_app",
    "10.50.0.0/24",
    gateway="10.50.0.9",
    vxlan=4300,
    options={MTU: "1400"},
    labels={"com.docker.stack.namespace": "shop", "team": "a&b"},
    attachable=True,
    internal=True,
)
BACK = network("back", "10.51.0.0/24", gateway="10.51.0.1", vxlan=4301)
WIDE = network("wide", "10.52.0.0/24", gateway="10.52.0.1", vxlan=4302)
SIDE = "shop_app2"
TEMPORARY = "shop_app-moving"
_MADE = count(0, 100)


def on(of: Service, *targets: NetworkTarget) -> Service:
    return replace(of, networks=targets)


WEB = on(
    service("web", replicas=3),
    NetworkTarget(BACK.id, ("b",)),
    NetworkTarget(SHOP.id, ("www", "w.w"), {"weight": "1"}),
    NetworkTarget(WIDE.id),
)
AGENT = on(service("agent", replicas=3, mode="global"), NetworkTarget(SHOP.id))
IDLE = on(service("idle", replicas=0), NetworkTarget(SHOP.id))
STORE = on(
    service("store", replicas=2, endpoint_mode="dnsrr"),
    NetworkTarget(SHOP.id, ("db",)),
    NetworkTarget(BACK.id),
)
LONELY = on(service("lonely", replicas=1), NetworkTarget(BACK.id))
SERVICES = (WEB, AGENT, IDLE, STORE, LONELY)
MEMBERS = ("agent", "idle", "store", "web")


def tasks_of(*services: Service) -> tuple[Task, ...]:
    return tuple(
        task(each, slot, NODES[slot % 3], {})
        for each in services
        for slot in range(1, (each.replicas if each.replicas is not None else 3) + 1)
    )


def shop(*services: Service, networks: tuple[Network, ...] = ()) -> Snapshot:
    """Return the swarm at rest, with these services or the usual ones, and more networks."""
    chosen = services or SERVICES
    snapshot = replace(
        busy_snapshot(),
        networks=(SHOP, BACK, WIDE, INGRESS, *networks),
        services=chosen,
        tasks=tasks_of(*chosen),
    )
    return settled(World(snapshot)).snapshot


def encrypted(name: str = SHOP.name, **parts: Any) -> Definition:
    """Return the network as it is to become."""
    present = definition_of(SHOP)
    options = {**present.options, "encrypted": ""}
    return msgspec.structs.replace(present, name=name, options=options, **parts)


def moving(snapshot: Snapshot, way: Way, **parts: Any) -> Rearrange:
    """Return the encryption of the network."""
    wanted = encrypted()
    if way is Way.SIDE_BY_SIDE:
        wanted = encrypted(SIDE, ranges=(Range("10.60.0.0/24"),))
    return migration(snapshot, SHOP.name, wanted, way, **parts)


def plan_of_way(way: Way, snapshot: Snapshot | None = None, **parts: Any) -> Plan:
    """Plan the encryption of the network."""
    swarm = snapshot or shop()
    return planned(plan_operation(swarm, moving(swarm, way, **parts)))


def reshapes(plan: Plan, name: str) -> list[str]:
    """Return on which networks each write puts a service."""
    return [
        " ".join(wire.network for wire in each.wires)
        for each in plan.writes
        if isinstance(each, Reshape) and each.name == name
    ]


def until(snapshot: Snapshot, plan: Plan, title: str) -> Snapshot:
    """Carry out the steps of a plan before the one of this title."""
    # Ids of networks are never given twice, whichever plan comes after which.
    world = World(snapshot, made=next(_MADE))
    for step in plan.steps:
        if step.title == title:
            return world.snapshot
        for write in step.writes:
            world = written(world, write)
        world = settled(world)
    raise AssertionError([step.title for step in plan.steps])


def done(snapshot: Snapshot, plan: Plan) -> Snapshot:
    """Carry out a plan."""
    return until(snapshot, plan, "Verify")


def with_service(snapshot: Snapshot, fresh: Service) -> Snapshot:
    """Return the swarm after somebody made a service."""
    services = (*snapshot.services, fresh)
    tasks = (*snapshot.tasks, *tasks_of(fresh))
    return settled(World(replace(snapshot, services=services, tasks=tasks))).snapshot


def edited(snapshot: Snapshot, name: str, edit: Callable[[Service], Service]) -> Snapshot:
    """Return the swarm after somebody changed a service."""
    services = tuple(edit(each) if each.name == name else each for each in snapshot.services)
    return settled(World(replace(snapshot, services=services))).snapshot


def target(snapshot: Snapshot, name: str, *aliases: str) -> NetworkTarget:
    found = swarm_network(snapshot, name)
    assert found is not None
    return NetworkTarget(found.id, aliases)


def without_network(snapshot: Snapshot, name: str) -> Snapshot:
    return replace(
        snapshot, networks=tuple(each for each in snapshot.networks if each.name != name)
    )


def with_network(snapshot: Snapshot, fresh: Network) -> Snapshot:
    kept = without_network(snapshot, fresh.name)
    return replace(kept, networks=(*kept.networks, fresh))
