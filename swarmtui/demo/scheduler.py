"""Which node gets a task."""

from __future__ import annotations

import re

from swarmtui.demo.ports import host_ports
from swarmtui.demo.records import Node, Task
from swarmtui.demo.world import World

_CONSTRAINT = re.compile(r"\s*(\S+?)\s*(==|!=)\s*(\S+)\s*")


def suitable_nodes(world: World, task: Task) -> tuple[list[Node], str]:
    """Return the nodes that may run a task, or why there are none, in the engine's words."""
    ready = [node for node in world.nodes.values() if node.takes_tasks]
    if task.node_id:
        ready = [node for node in ready if node.id == task.node_id]
    if not ready:
        return [], "no suitable node"
    allowed = [node for node in ready if meets_constraints(node, task)]
    if not allowed:
        return [], f"no suitable node (scheduling constraints not satisfied on {_count(ready)})"
    free = [node for node in allowed if not _host_port_taken(world, node, task)]
    if not free:
        return [], f"no suitable node (host-mode port already in use on {_count(allowed)})"
    return free, ""


def choose_node(world: World, task: Task) -> tuple[Node | None, str]:
    """Return the node for a task: the one with the fewest of its service, then of all."""
    nodes, why = suitable_nodes(world, task)
    if not nodes:
        return None, why

    def load(node: Node) -> tuple[int, int]:
        running = [each for each in world.tasks_on(node.id) if each.is_live and each.is_wanted]
        return sum(each.service_id == task.service_id for each in running), len(running)

    return min(nodes, key=load), ""


def meets_constraints(node: Node, task: Task) -> bool:
    """Tell whether a node meets the placement constraints of a task."""
    return all(
        _meets(node, constraint)
        for constraint in (task.spec.get("Placement") or {}).get("Constraints") or ()
    )


def _meets(node: Node, constraint: str) -> bool:
    match = _CONSTRAINT.fullmatch(constraint)
    if match is None:
        return False
    name, operator, wanted = match.groups()
    values = {"node.id": node.id, "node.hostname": node.hostname, "node.role": node.role}
    value = (
        node.labels.get(name.removeprefix("node.labels."), "")
        if name.startswith("node.labels.")
        else values.get(name, "")
    )
    return (value == wanted) == (operator == "==")


def _host_port_taken(world: World, node: Node, task: Task) -> bool:
    wanted = host_ports(task.endpoint_spec or {})
    return bool(wanted) and any(
        wanted & host_ports(other.endpoint_spec or {})
        for other in world.tasks_on(node.id)
        if other.is_live and other is not task
    )


def _count(nodes: list[Node]) -> str:
    return f"{len(nodes)} node" + ("s" if len(nodes) > 1 else "")
