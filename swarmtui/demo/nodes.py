"""What happens to nodes: joining, updates, failures and returns."""

from __future__ import annotations

from swarmtui.demo.allocator import attach_node
from swarmtui.demo.carrying import restart
from swarmtui.demo.gateway_bridge import join_bridge
from swarmtui.demo.lifecycle import stop_task
from swarmtui.demo.records import Json, Node, TaskState
from swarmtui.demo.refusals import Refusal, rpc
from swarmtui.demo.world import Act, World

_ATTACH_SECONDS = 0.05
_CHOICES = {"Role": ("worker", "manager"), "Availability": ("active", "pause", "drain")}


def add_node(
    world: World,
    hostname: str,
    address: str,
    *,
    manager: bool = False,
    labels: dict[str, str] | None = None,
) -> Node:
    """Let a node join the swarm; the first manager leads it."""
    node = Node(
        world.new_id(),
        hostname=hostname,
        address=address,
        role="manager" if manager else "worker",
        labels=dict(labels or {}),
    )
    world.nodes[node.id] = node
    join_bridge(node)
    world.touch(node)
    _elect(world)
    world.events.tell(world.elapsed, "node", "create", node.id, {"name": hostname})
    attach_node(world, node.id)
    _reconcile_all(world)
    return node


def update_node(world: World, node: Node, version: int, spec: Json) -> None:
    """Give a node another spec: role, availability, labels.

    Raises:
        Refusal: The engine would not take it; 500 when `version` is not the node's.
    """
    for key, words in _CHOICES.items():
        if spec.get(key) not in words:
            raise Refusal(400, f'invalid {key}: "{spec.get(key) or ""}"')
    if version != node.index:
        raise rpc("Unknown", "update out of sequence")
    attributes = {"name": node.hostname}
    for key, old in (("availability", node.availability), ("role", node.role)):
        new = str(spec[key.capitalize()])
        if new != old:
            attributes |= {f"{key}.old": old, f"{key}.new": new}
    node.availability, node.role = str(spec["Availability"]), str(spec["Role"])
    node.labels = dict(spec.get("Labels") or {})
    world.touch(node)
    world.events.tell(world.elapsed, "node", "update", node.id, attributes)
    _elect(world)
    world.plan_exactly(Act.ATTACH_NODE, node.id, _ATTACH_SECONDS)
    _reconcile_all(world)


def fail_node(world: World, node: Node) -> None:
    """Let a node vanish; its tasks stay `running` and keep their addresses (engine-facts 0.7)."""
    if node.down:
        return
    node.down = True
    _told_state(world, node, "ready", "down")
    _elect(world)
    _reconcile_all(world)


def recover_node(world: World, node: Node) -> None:
    """Let a node come back, its engine begun anew; tasks that were replaced meanwhile stop."""
    if not node.down:
        return
    node.down = False
    restart(world, node)
    _told_state(world, node, "down", "ready")
    _elect(world)
    for task in world.tasks_on(node.id):
        if task.is_live and not task.is_wanted:
            stop_task(world, task.id)
        elif task.is_live and task.state < TaskState.RUNNING:
            world.plan(Act.ADVANCE_TASK, task.id, 0.5)
    attach_node(world, node.id)
    _reconcile_all(world)


def _elect(world: World) -> None:
    """Let a manager that is online lead."""
    for node in world.nodes.values():
        if node.leader and not _can_lead(node):
            node.leader = False
            world.touch(node)
    if not any(node.leader for node in world.nodes.values()):
        for node in world.nodes.values():
            if _can_lead(node):
                node.leader = True
                world.touch(node)
                break


def _can_lead(node: Node) -> bool:
    return node.is_manager and not node.down


def _told_state(world: World, node: Node, old: str, new: str) -> None:
    world.touch(node)
    attributes = {"name": node.hostname, "state.old": old, "state.new": new}
    world.events.tell(world.elapsed, "node", "update", node.id, attributes)


def _reconcile_all(world: World) -> None:
    for service_id in world.services:
        world.plan(Act.RECONCILE, service_id, 0.1)
    for task in world.tasks.values():
        if task.state is TaskState.PENDING and not task.service_id:
            world.plan(Act.ADVANCE_TASK, task.id, 0.1)
