"""Swarms and intents that are drawn at random."""

from __future__ import annotations

from dataclasses import dataclass

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from swarmtui.model import Cluster, Node, PublishedPort, Service, Snapshot, Task
from swarmtui.operations import MTU_OPTION, BuildIngress, Definition, Range
from tests.builders import APP, INGRESS, NODES, NOW, engine, inspection, node, service, task
from tests.replacing import replace
from tests.unit.operations.world import World, settled

patient = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])

DOWN = node(4, state="down")
_KINDS = st.tuples(
    st.sampled_from(["explicit", "explicit", "assigned", "host", "open host"]),
    st.sampled_from(["tcp", "udp"]),
    st.sampled_from([53, 80]),
)


@dataclass(frozen=True)
class Drawn:
    """A swarm, and the ports that its services publish in truth, in order, by service."""

    world: World
    ports: dict[str, tuple[PublishedPort, ...]]


@st.composite
def swarms(draw: st.DrawFn) -> Drawn:
    """Draw a swarm with a working ingress."""
    nodes = (*NODES, DOWN) if draw(st.booleans()) else NODES
    services, tasks, truth = [], [], {}
    for number in range(draw(st.integers(0, 4))):
        kinds = draw(st.lists(_KINDS, max_size=3))
        ports = tuple(
            _port(kind, protocol, target, 1000 * number + index)
            for index, (kind, protocol, target) in enumerate(kinds)
        )
        asked = tuple(
            replace(port, published=0) if kind == "assigned" else port
            for port, (kind, _, _) in zip(ports, kinds, strict=True)
        )
        shown = ports
        if draw(st.booleans()):
            # An engine that allocates ports again puts those without a number last.
            order = sorted(range(len(ports)), key=lambda index: asked[index].published == 0)
            shown = tuple(ports[index] for index in order)
        mode = draw(st.sampled_from(["replicated", "replicated", "global"]))
        replicas = len(NODES) if mode == "global" else draw(st.integers(0, 4))
        drawn = service(f"s{number}", replicas=replicas, mode=mode)
        drawn = replace(drawn, ports=shown, asked_ports=asked)
        services.append(drawn)
        tasks += [task(drawn, slot, NODES[slot % 3], {}) for slot in range(1, replicas + 1)]
        if DOWN in nodes and drawn.publishes_on_ingress:
            tasks.append(_left_behind(drawn, DOWN))
        truth[drawn.name] = ports
    snapshot = Snapshot(
        NOW,
        engine(),
        Cluster("cluster", ("10.20.0.0/16",), 26),
        nodes,
        (APP, INGRESS),
        tuple(services),
        tuple(tasks),
        {INGRESS.id: inspection(INGRESS, NODES)},
    )
    return Drawn(settled(World(snapshot)), truth)


def _port(kind: str, protocol: str, target: int, number: int) -> PublishedPort:
    match kind:
        case "explicit":
            return PublishedPort(protocol, target, 8000 + number, "ingress")
        case "assigned":
            return PublishedPort(protocol, target, 30000 + number, "ingress")
        case "host":
            return PublishedPort(protocol, target, 9000 + number, "host")
        case _:
            return PublishedPort(protocol, target, 0, "host")


def _left_behind(of: Service, on: Node) -> Task:
    left = task(of, 9, on, {INGRESS.name: "10.20.0.60"})
    return replace(left, desired_state="shutdown")


def intents() -> st.SearchStrategy[BuildIngress]:
    """Draw an ingress that is not like the one there is."""
    definitions = st.builds(
        Definition,
        name=st.sampled_from([INGRESS.name, "mesh"]),
        ranges=st.sampled_from(
            [(), (Range("10.77.0.0/24"),), (Range("10.20.0.0/26", "10.20.0.9"),)]
        ),
        options=st.sampled_from([{MTU_OPTION: "1400"}, {MTU_OPTION: "9000", "encrypted": ""}]),
        labels=st.sampled_from([{}, {"team": "a&b"}]),
        ingress=st.just(True),
    )
    return st.builds(BuildIngress, definitions, at_once=st.booleans())


def with_newcomer(world: World) -> World:
    """Return the world after somebody created a publishing service, where that is possible."""
    present = [each for each in world.snapshot.networks if each.ingress and each.is_allocated]
    if not present:
        return world
    port = PublishedPort("tcp", 80, 12345, "ingress")
    fresh = service("newcomer", replicas=1, ports=(port,))
    snapshot = world.snapshot
    return replace(
        world,
        snapshot=replace(
            snapshot,
            services=(*snapshot.services, fresh),
            tasks=(*snapshot.tasks, task(fresh, 1, NODES[0], {})),
        ),
    )


def without_service(world: World, name: str) -> World:
    """Return the world after somebody removed a service."""
    snapshot = world.snapshot
    gone = {each.id for each in snapshot.services if each.name == name}
    return replace(
        world,
        snapshot=replace(
            snapshot,
            services=tuple(each for each in snapshot.services if each.id not in gone),
            tasks=tuple(each for each in snapshot.tasks if each.service_id not in gone),
        ),
    )
