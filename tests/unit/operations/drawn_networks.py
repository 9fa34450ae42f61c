"""Swarms with services on overlays, and changes of these, that are drawn at random."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import msgspec
from hypothesis import strategies as st

from swarmtui.model import Cluster, Network, NetworkTarget, PublishedPort, Service, Snapshot
from swarmtui.operations import Rearrange, Way, attaching, detaching, removal_of
from swarmtui.operations.changes import creation_of, migration, reaching, splitting
from swarmtui.operations.definition import Definition, Range, definition_of
from swarmtui.operations.writes import Port
from tests.builders import INGRESS, NODES, NOW, engine, inspection, network, service, task
from tests.unit.operations.drawn import DOWN
from tests.unit.operations.world import World, settled

SHOP = network(
    "shop",
    "10.50.0.0/24",
    gateway="10.50.0.9",
    vxlan=4200,
    options={"com.docker.network.driver.mtu": "1400"},
    labels={"com.docker.stack.namespace": "shop", "team": "a&b"},
    attachable=True,
)
BACK = network("back", "10.51.0.0/24", gateway="10.51.0.1", vxlan=4201, internal=True)
APART = network("apart", "10.52.0.0/24", gateway="10.52.0.1", vxlan=4202)
OVERLAYS = (SHOP, BACK, APART)
NEW = Definition("new", (Range("10.60.0.0/24"),), {"encrypted": ""})
LATE = "late"


def _id(of: Network | Service) -> str:
    return of.id


@st.composite
def shops(draw: st.DrawFn) -> World:
    """Draw a swarm at rest."""
    nodes = (*NODES, DOWN) if draw(st.booleans()) else NODES
    services, tasks = [], []
    for number in range(draw(st.integers(0, 4))):
        on = draw(st.lists(st.sampled_from(OVERLAYS), unique_by=_id, max_size=3))
        mode = draw(st.sampled_from(["replicated", "replicated", "global"]))
        replicas = len(NODES) if mode == "global" else draw(st.integers(0, 3))
        endpoint = draw(st.sampled_from(["vip", "vip", "dnsrr"]))
        ports = draw(_ports(number, endpoint))
        drawn = service(
            f"s{number}", replicas=replicas, mode=mode, ports=ports, endpoint_mode=endpoint
        )
        drawn = replace(drawn, networks=tuple(draw(_target(each)) for each in on))
        services.append(drawn)
        tasks += [task(drawn, slot, NODES[slot % 3], {}) for slot in range(1, replicas + 1)]
    snapshot = Snapshot(
        NOW,
        engine(),
        Cluster("cluster", ("10.20.0.0/16",), 26),
        nodes,
        (*OVERLAYS, INGRESS),
        tuple(services),
        tuple(tasks),
        {INGRESS.id: inspection(INGRESS, NODES)},
    )
    return settled(World(snapshot))


@st.composite
def _target(draw: st.DrawFn, of: Network) -> NetworkTarget:
    aliases = draw(st.lists(st.sampled_from(["www", "db.x"]), unique=True, max_size=2))
    return NetworkTarget(of.id, tuple(aliases), draw(st.sampled_from([{}, {"weight": "1"}])))


@st.composite
def _ports(draw: st.DrawFn, number: int, endpoint: str) -> tuple[PublishedPort, ...]:
    modes = ["host", "ingress"] if endpoint == "vip" else ["host"]
    drawn = draw(st.lists(st.sampled_from(modes), max_size=2))
    return tuple(
        PublishedPort("tcp", 80 + index, 8000 + 10 * number + index, mode)
        for index, mode in enumerate(drawn)
    )


@st.composite
def migrations(draw: st.DrawFn, world: World, ways: Sequence[Way] = tuple(Way)) -> Rearrange:
    """Draw a move of everything on a network to another one in its place."""
    old = draw(st.sampled_from(OVERLAYS[:2]))
    way = draw(st.sampled_from(ways))
    wanted = definition_of(old)
    wanted = msgspec.structs.replace(
        wanted, options={**wanted.options, "encrypted": ""}, labels={"team": "b"}
    )
    fresh: tuple[Range, ...] = (Range("10.60.0.0/24", "10.60.0.7"),)
    if way is Way.SIDE_BY_SIDE:
        wanted = msgspec.structs.replace(wanted, name="new", ranges=fresh)
    elif draw(st.booleans()):
        wanted = msgspec.structs.replace(wanted, ranges=draw(st.sampled_from([(), fresh])))
    return migration(world.snapshot, old.name, wanted, way, at_once=draw(st.booleans()))


@st.composite
def changes(draw: st.DrawFn, world: World) -> Rearrange:
    """Draw any change of networks, or of services on them."""
    snapshot = world.snapshot
    kind = draw(st.sampled_from(["migrate", "create", "remove", "split", "service"]))
    if kind == "create":
        return creation_of(NEW)
    if kind == "remove":
        names = draw(st.lists(st.sampled_from(["shop", "back"]), min_size=1, unique=True))
        return removal_of(snapshot, names, detach=True)
    on = [each for each in snapshot.services if each.networks]
    if kind == "split" and on:
        members = [each for each in on if SHOP.id in {t.target for t in each.networks}]
        if members:
            movers = draw(st.lists(st.sampled_from(members), min_size=1, unique_by=_id))
            both = [each.name for each in members if each not in movers and draw(st.booleans())]
            movers_names = [each.name for each in movers]
            return splitting(snapshot, "shop", NEW, movers_names, both, at_once=draw(st.booleans()))
    if kind == "service" and snapshot.services:
        return draw(_service_change(snapshot))
    return draw(migrations(world))


@st.composite
def _service_change(draw: st.DrawFn, snapshot: Snapshot) -> Rearrange:
    of: Service = draw(st.sampled_from(snapshot.services))
    on = {each.target for each in of.networks}
    free = [each for each in OVERLAYS if each.id not in on]
    act = draw(st.sampled_from(["attach", "detach", "reach"]))
    if act == "attach" and free:
        network_name = draw(st.sampled_from(free)).name
        return attaching(snapshot, of, network_name, draw(st.sampled_from([(), ("www",)])))
    if act == "detach" and on:
        left = draw(st.sampled_from([each for each in OVERLAYS if each.id in on]))
        return detaching(snapshot, of, left.name)
    mode = draw(st.sampled_from(["vip", "dnsrr"]))
    ports = tuple(
        Port(each.protocol, each.target, each.published, "host" if mode == "dnsrr" else each.mode)
        for each in of.ports
    )
    if draw(st.booleans()) or mode == of.endpoint_mode:
        ports = (*ports, Port("udp", 53, 5300, "host"))
    return reaching(snapshot, of, mode=mode, ports=ports)


def with_latecomer(world: World, name: str) -> World:
    """Return the world after somebody created a service on a network, where that is possible."""
    snapshot = world.snapshot
    found = [each for each in snapshot.networks if each.name == name and each.is_allocated]
    if not found:
        return world
    fresh = replace(service(LATE, replicas=1), networks=(NetworkTarget(found[0].id, ("x",)),))
    return settled_services(
        replace(
            world,
            snapshot=replace(
                snapshot,
                services=(*snapshot.services, fresh),
                tasks=(*snapshot.tasks, task(fresh, 1, NODES[0], {name: "10.99.2.1"})),
            ),
        )
    )


def settled_services(world: World) -> World:
    """Return the world once services have their addresses, with networks as they are."""
    waiting = world.waiting
    return replace(settled(replace(world, waiting={})), waiting=waiting)
