"""The way in from outside: a published port, the nodes on which it answers, and its tasks."""

from __future__ import annotations

from collections.abc import Iterator
from shlex import quote

from swarmtui.findings import path_checks as checks
from swarmtui.findings.path import Check, Step, StepState
from swarmtui.findings.path_end import End, EndKind
from swarmtui.findings.path_lane import Lane, by_name, names_of, node_names
from swarmtui.findings.path_naming import address_step
from swarmtui.findings.path_steps import (
    balancing_step,
    between_step,
    encryption_step,
    last_error,
    listening_steps,
    mtu_step,
    tasks_step,
)
from swarmtui.model import (
    Network,
    Node,
    PeerState,
    PublishedPort,
    Service,
    Snapshot,
    carrying_nodes,
    short_id,
)

NODES_ASKED = 3


def entry_steps(snapshot: Snapshot, outside: End, end: End) -> Iterator[Step]:
    """Yield the steps from a port on the nodes to a service, or to one task of it."""
    service = end.service
    if service is None:
        yield _container_step(snapshot, outside, end)
        return
    found = [each for each in service.ports if _is_meant(each, outside)]
    yield _port_step(snapshot, outside, service, found)
    through = next((each for each in found if each.mode == "ingress"), None)
    beside = next((each for each in found if each.mode != "ingress"), None)
    if through is not None:
        yield from _mesh_steps(snapshot, outside, end, service, through)
    if beside is not None:
        yield from _host_steps(snapshot, end, beside)


def _is_meant(port: PublishedPort, outside: End) -> bool:
    return port.published == outside.port and outside.protocol in ("", port.protocol)


def _container_step(snapshot: Snapshot, outside: End, end: End) -> Step:
    task = end.tasks[0]
    fact = f"{end.name} is outside services: it publishes ports on its own node only, if at all"
    check = Check(
        snapshot.node_name(task.node_id),
        f"It should name {outside.port}.",
        f"docker port {quote(short_id(task.container_id))}",
    )
    return Step("Published port", StepState.UNSEEN, (fact,), (check,))


def _port_step(
    snapshot: Snapshot, outside: End, service: Service, found: list[PublishedPort]
) -> Step:
    title = "Published port"
    if found:
        facts = tuple(
            f"{service.name} publishes {each.protocol} {each.published} for its port "
            f"{each.target}, in {each.mode} mode"
            for each in found
        )
        return Step(title, StepState.OK, facts)
    facts = (f"{service.name} does not publish {_asked(outside)}",)
    others = [
        each.name
        for each in snapshot.services
        if any(_is_meant(port, outside) for port in each.ports)
    ]
    if others:
        return Step(
            title, StepState.BROKEN, (*facts, f"{names_of(others)} publishes it: choose another.")
        )
    has = names_of(f"{each.protocol} {each.published}" for each in service.ports if each.published)
    words = f"It publishes {has}." if has else "It publishes nothing."
    command = (
        f"docker service update --publish-add published={outside.port},target=PORT "
        f"{quote(service.name)}"
    )
    check = Check("", "Publishes it, which replaces its tasks; so does p in :services.", command)
    return Step(title, StepState.BROKEN, (*facts, words), (check,))


def _asked(outside: End) -> str:
    return f"{outside.protocol} {outside.port}" if outside.protocol else f"port {outside.port}"


def _mesh_steps(
    snapshot: Snapshot, outside: End, end: End, service: Service, port: PublishedPort
) -> Iterator[Step]:
    ingresses = [each for each in snapshot.networks if each.ingress]
    step = _ingress_step(ingresses)
    yield step
    if step.state is StepState.BROKEN and not any(each.is_allocated for each in ingresses):
        return
    ingress = next(each for each in ingresses if each.is_allocated)
    yield _entry_step(snapshot, ingress, port)
    # Whichever task is meant, the port leads to the address of the whole service.
    tasks = snapshot.live_tasks_by_service.get(service.id, ())
    whole = Lane(snapshot, ingress, outside, End(EndKind.SERVICE, service.name, service, tasks))
    lane = Lane(snapshot, ingress, outside, end)
    yield address_step(whole)
    yield tasks_step(lane, end, lane.b_held)
    if lane.b_nodes and (balancing := balancing_step(whole)) is not None:
        yield balancing
        yield encryption_step(lane)
        yield between_step(lane)
        yield mtu_step((lane,))
    yield _firewall_step(lane.a_nodes, port)
    yield from listening_steps(snapshot, end, lane.b_answering, str(port.target))


def _ingress_step(ingresses: list[Network]) -> Step:
    title = "Ingress network"
    if not ingresses:
        check = Check(
            "",
            "Creates one; so does x in swarmtui.",
            "docker network create --driver overlay --ingress ingress",
        )
        return Step(title, StepState.BROKEN, ("There is no ingress network",), (check,))
    idle = [each for each in ingresses if not each.is_allocated]
    if idle:
        facts = (
            f"{names_of(each.name for each in idle)} was never allocated",
            "Its subnet may overlap another: x in swarmtui replaces it.",
        )
        return Step(title, StepState.BROKEN, facts)
    names = names_of(each.name for each in ingresses)
    if len(ingresses) > 1:
        fact = f"There are {len(ingresses)} ingress networks: {names}"
        return Step(title, StepState.BROKEN, (fact, "Tasks may be on the wrong one."))
    return Step(title, StepState.OK, (f"{names}, {ingresses[0].subnets[0].cidr}",))


def _entry_step(snapshot: Snapshot, ingress: Network, port: PublishedPort) -> Step:
    """Tell on which nodes the port comes in: those that carry the ingress (moby#40184)."""
    title = "Entry nodes"
    ready = [node for node in snapshot.nodes if node.is_ready]
    states = {
        each.node.id: each.state
        for each in carrying_nodes(snapshot, ingress)
        if each.node is not None
    }
    carrying = [node for node in ready if states.get(node.id) is PeerState.CARRIES]
    missing = [node for node in ready if states.get(node.id) is PeerState.MISSING]
    unknown = [node for node in ready if node not in carrying and node not in missing]
    facts = [f"The ingress is on {node_names(carrying)}"] if carrying else []
    if unknown:
        facts.append(f"Whether it is on {node_names(unknown)} is not told here")
    down = [node for node in snapshot.nodes if not node.is_ready]
    facts += [f"Nothing answers on {node_names(down)}: down"] if down else []
    if missing:
        facts.insert(
            0, f"{port.published} does not answer on {node_names(missing)}, without the ingress"
        )
        return Step(title, StepState.BROKEN, tuple(facts), tuple(map(_touch, missing)))
    if unknown:
        check = checks.peers(unknown, ingress, "It should print addresses.")
        return Step(title, StepState.UNSEEN, tuple(facts), (check,))
    return Step(title, StepState.OK, tuple(facts))


def _touch(node: Node) -> Check:
    return Check(
        "",
        f"Touches {node.hostname}, which brings it the ingress; so does x in swarmtui.",
        f"docker node update --availability {quote(node.availability)} {quote(node.id)}",
    )


def _host_steps(snapshot: Snapshot, end: End, port: PublishedPort) -> Iterator[Step]:
    """Yield the steps to a port in host mode, which answers where a task runs and nowhere else."""
    nodes = {
        node.id: node
        for task in end.tasks
        if task.state == "running"
        and (node := snapshot.node_by_id.get(task.node_id)) is not None
        and node.is_ready
    }
    if not nodes:
        fact = f"No task of {end.name} runs, so {port.published} answers nowhere"
        name = quote(end.service.name if end.service is not None else end.name)
        check = Check("", "Why its tasks do not run.", f"docker service ps --no-trunc {name}")
        yield Step("Entry nodes", StepState.BROKEN, (fact, *last_error(snapshot, end)), (check,))
        return
    names = node_names(nodes.values())
    fact = f"{port.published} answers on {names}, where its tasks run; not elsewhere"
    yield Step("Entry nodes", StepState.OK, (fact,))
    yield _firewall_step(by_name(nodes.values()), port)
    running = (task for task in end.tasks if task.node_id in nodes)
    yield from listening_steps(snapshot, end, running, str(port.target))


def _firewall_step(nodes: tuple[Node, ...], port: PublishedPort) -> Step:
    """Tell what has to come in, and how to see whether it does."""
    fact = f"{port.protocol} {port.published} has to come in on the nodes that are asked"
    found = []
    flag = "u" if port.protocol == "udp" else ""
    for node in nodes[:NODES_ASKED]:
        command = f"nc -{flag}vz -w 3 {quote(node.address)} {port.published}"
        found.append(Check("outside", f"{node.hostname} should answer.", command))
    for node in nodes[:1]:
        rules = "iptables -nL DOCKER-USER; iptables -t nat -nL DOCKER-INGRESS"
        words = "No rule may drop it; after a firewall was reloaded the second may be gone."
        command = f"tcpdump -ni any {port.protocol} port {port.published}"
        found.append(Check(node.hostname, words, rules))
        found.append(Check(node.hostname, "While it is asked: packets have to arrive.", command))
    return Step("Firewall", StepState.UNSEEN, (fact,), tuple(found))
