"""What to run on nodes to see what no engine tells."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from shlex import quote

from swarmtui.findings.path import Check
from swarmtui.findings.path_lane import Held, Lane, node_names
from swarmtui.model import Network, Node, Snapshot, Task, short_id

PACKET_HEADERS = 28
"""Bytes of IP and ICMP that ping adds to what it is told to send."""


def first(lane: Lane, held: tuple[Held, ...]) -> Held | None:
    """Return somebody who answers, to try it from or towards."""
    return next((each for each in held if lane.answers(each)), None)


def inside(task: Task, command: str) -> str:
    """Return a command of the node run in a container's network, whatever its image holds."""
    container = quote(short_id(task.container_id))
    return f"nsenter -t $(docker inspect -f '{{{{.State.Pid}}}}' {container}) -n {command}"


def resolving(lane: Lane, name: str, expected: str) -> Iterator[Check]:
    """Yield how to ask for a name as A does."""
    asking = first(lane, lane.a_held)
    if asking is not None:
        container = quote(short_id(asking.task.container_id))
        yield Check(
            lane.snapshot.node_name(asking.task.node_id),
            f"It should answer {expected}." if expected else "It should answer.",
            f"docker exec {container} nslookup {quote(name)}",
        )


def peers(nodes: Iterable[Node], network: Network, words: str) -> Check:
    """Return how to see which peers of a network nodes know."""
    listed = "{{range .Peers}}{{.IP}} {{end}}"
    command = f"docker network inspect -f '{listed}' {quote(network.name)}"
    return Check(node_names(nodes), words, command)


def balancing(lane: Lane) -> Iterator[Check]:
    """Yield how to see whether nodes can pass virtual addresses on (moby#28168)."""
    yield Check(node_names(lane.a_nodes), "No line: modprobe ip_vs.", "lsmod | grep ip_vs")
    service, asking = lane.b.service, first(lane, lane.a_held)
    if service is not None and asking is not None:
        name = f"tasks.{service.name}"
        yield Check(
            lane.snapshot.node_name(asking.task.node_id),
            f"If {name} answers and {service.name} does not, this is it.",
            f"docker exec {quote(short_id(asking.task.container_id))} ping -c 1 {quote(name)}",
        )


def keys(lane: Lane) -> Check:
    """Return how to see whether the kernels of nodes encrypt (engine-facts E.4)."""
    words = "States for each other node; none: modprobe esp4."
    return Check(node_names(lane.nodes), words, "ip xfrm state | grep ^src")


def packets(lane: Lane, port: int) -> Check:
    """Return how to see packets arrive on both sides: what comes in has to go out too."""
    shown = "esp" if lane.network.is_encrypted else f"udp port {port}"
    words = "While A asks: packets both ways."
    return Check(node_names(lane.nodes), words, f"tcpdump -ni any {shown}")


def largest_packet(lane: Lane) -> Iterator[Check]:
    """Yield how to send the largest packet that should pass, and see the MTU beneath."""
    nodes = node_names(lane.nodes)
    yield Check(nodes, f"MTU {lane.network.outer_mtu} or more.", "ip link show up")
    asking = first(lane, lane.a_held)
    if asking is None:
        return
    there = [each for each in lane.b_held if each.task.node_id != asking.task.node_id]
    asked = first(lane, (*there, *lane.b_held))
    if asked is not None:
        size = lane.network.inner_mtu - PACKET_HEADERS
        yield Check(
            lane.snapshot.node_name(asking.task.node_id),
            "Lost: the MTU between the nodes is too small for the network's.",
            inside(asking.task, f"ping -M do -c 3 -s {size} {quote(asked.address)}"),
        )


def listening(snapshot: Snapshot, task: Task, port: str = "") -> Check:
    """Return how to see what a container listens on."""
    what = f"port {port}" if port else "its port"
    return Check(
        snapshot.node_name(task.node_id),
        f"It has to listen on {what} at 0.0.0.0, * or its own address, not at 127.0.0.1.",
        inside(task, "ss -lntu"),
    )
