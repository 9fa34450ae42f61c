"""The way of a task from `new` to its end."""

from __future__ import annotations

from swarmtui.demo.allocator import attach_node, lacks_attachment, release_task
from swarmtui.demo.carrying import realise
from swarmtui.demo.identity import hex_id
from swarmtui.demo.records import Node, Task, TaskState
from swarmtui.demo.scheduler import choose_node
from swarmtui.demo.world import Act, World

ATTACHMENT_PATIENCE_SECONDS = 30.0
"""A node rejects a task whose network attachments do not come in this time."""

_STOP_SECONDS = 0.8
_CONFLICT = "ingress sandbox already present"
_EXHAUSTED = "node is missing network attachments, ip addresses may be exhausted"


def advance_task(world: World, task_id: str) -> None:
    """Bring a task into its next state, if it may go on."""
    task = world.tasks.get(task_id)
    if task is None or not task.is_wanted:
        return
    if task.state is TaskState.PENDING:
        _assign(world, task)
        return
    node = world.nodes.get(task.node_id)
    if node is not None and not node.down:
        _advance_on(world, node, task)


def _advance_on(world: World, node: Node, task: Task) -> None:
    if task.state is TaskState.ASSIGNED:
        world.set_state(task, TaskState.PREPARING, "preparing")
        if lacks_attachment(world, task):
            world.plan(Act.REJECT_TASK, task.id, ATTACHMENT_PATIENCE_SECONDS)
        else:
            world.plan(Act.ADVANCE_TASK, task.id, 1.5)
    elif task.state is TaskState.PREPARING:
        _prepare(world, node, task)
    elif task.state is TaskState.READY and task.desired is TaskState.RUNNING:
        world.set_state(task, TaskState.STARTING, "starting")
        world.plan(Act.ADVANCE_TASK, task.id, 0.4)
    elif task.state is TaskState.STARTING and not _is_stuck(node, task):
        run_task(world, task)


def run_task(world: World, task: Task) -> None:
    """Let a task run."""
    task.pid = 1000 + int(hex_id(task.id, "pid", length=4), 16)
    if any(not each.network.request.get("Internal") for each in task.attachments):
        world.nodes[task.node_id].gateway_bridge.join(task.container_id)
    world.set_state(task, TaskState.RUNNING, "started")
    _told(world, task, "connect")
    world.plan(Act.RECONCILE, task.service_id, 0.05)


def reject_task(world: World, task_id: str) -> None:
    """End a task whose node did not get its own addresses."""
    task = world.tasks.get(task_id)
    if task is not None and task.state is TaskState.PREPARING and lacks_attachment(world, task):
        end_task(world, task, TaskState.REJECTED, "preparing", _EXHAUSTED)


def fail_task(world: World, task: Task, error: str, exit_code: int = 1) -> None:
    """Let a running task's process end with an error."""
    task.exit_code = exit_code
    end_task(world, task, TaskState.FAILED, "started", error)


def shut_task(world: World, task: Task, desired: TaskState = TaskState.SHUTDOWN) -> None:
    """Tell a task to stop; on a node that is down it never does."""
    if task.desired >= desired:
        return
    task.desired = desired
    world.touch(task)
    if not task.is_live:
        _forget_removed(world, task)
    elif task.state is TaskState.NEW and desired is TaskState.SHUTDOWN:
        world.plan(Act.ALLOCATE_TASK, task.id, 0.02)
    elif not task.node_id or task.state < TaskState.ASSIGNED:
        end_task(world, task, TaskState.SHUTDOWN, "shutdown")
    else:
        world.plan(Act.STOP_TASK, task.id, _STOP_SECONDS)


def stop_task(world: World, task_id: str) -> None:
    """End a task that was told to stop."""
    task = world.tasks.get(task_id)
    node = world.nodes.get(task.node_id) if task else None
    if task is None or not task.is_live:
        return
    if task.state > TaskState.PENDING and (node is None or node.down or _is_stuck(node, task)):
        return
    end_task(world, task, TaskState.SHUTDOWN, "shutdown")


def end_task(world: World, task: Task, state: TaskState, message: str, error: str = "") -> None:
    """Bring a task into a state that it does not leave, and free what it held."""
    if task.state is TaskState.RUNNING:
        _told(world, task, "disconnect")
        world.nodes[task.node_id].gateway_bridge.part(task.container_id)
    task.pid = 0
    if task.is_wanted:
        task.desired = TaskState.SHUTDOWN
    world.set_state(task, state, message, error)
    release_task(world, task)
    _forget_removed(world, task)
    if task.service_id:
        world.plan(Act.RECONCILE, task.service_id, 0.05)


def _forget_removed(world: World, task: Task) -> None:
    if task.desired is TaskState.REMOVE and not task.is_live:
        world.tasks.pop(task.id, None)


def _assign(world: World, task: Task) -> None:
    preassigned = bool(task.node_id)
    node, why = choose_node(world, task)
    if node is None:
        if task.error != why:
            world.set_state(task, TaskState.PENDING, "pending task scheduling", why)
        return
    task.node_id = node.id
    how = (
        "scheduler confirmed task can run on preassigned node"
        if preassigned
        else "scheduler assigned task to node"
    )
    world.set_state(task, TaskState.ASSIGNED, how)
    attach_node(world, node.id)
    world.plan(Act.ADVANCE_TASK, task.id, 0.25)


def _prepare(world: World, node: Node, task: Task) -> None:
    if any(node.notices(each.network) for each in task.attachments):
        end_task(world, task, TaskState.REJECTED, "preparing", _CONFLICT)
        return
    if lacks_attachment(world, task):
        return
    for each in task.attachments:
        if each.network.name in node.broken:
            end_task(world, task, TaskState.REJECTED, "preparing", node.broken[each.network.name])
            return
    for each in task.attachments:
        realise(world, node, each.network)
    task.container_id = hex_id(world.seed, task.id, "container")
    world.set_state(task, TaskState.READY, "prepared")
    if task.desired is TaskState.RUNNING and world.elapsed >= task.hold_until:
        world.plan(Act.ADVANCE_TASK, task.id, 0.3)
    world.plan(Act.RECONCILE, task.service_id, 0.05)


def _is_stuck(node: Node, task: Task) -> bool:
    """Tell whether the node's engine takes the ingress that it forgot for the task's own.

    It then tries for ever to start the container, and cannot be stopped from trying.
    """
    return task.state is TaskState.STARTING and any(
        node.refuses(each.network) for each in task.attachments
    )


def _told(world: World, task: Task, action: str) -> None:
    for each in task.attachments:
        attributes = {
            "container": task.container_id,
            "name": each.network.name,
            "type": "overlay",
        }
        world.events.tell(
            world.elapsed, "network", action, each.network.id, attributes, node_id=task.node_id
        )
