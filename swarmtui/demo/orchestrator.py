"""Keeps each service's tasks as its spec wants them: counts, restarts, rolling updates."""

from __future__ import annotations

from swarmtui.demo.lifecycle import shut_task
from swarmtui.demo.records import Json, Node, Service, Task, TaskState, UpdateStatus
from swarmtui.demo.scheduler import meets_constraints
from swarmtui.demo.timestamps import NANOSECONDS
from swarmtui.demo.world import TASK_HISTORY_LIMIT, Act, World

_RESTART_DELAY_SECONDS = 5.0
_MONITOR_SECONDS = 5.0
_PATIENCE_SECONDS = 60.0
"""How long a replacement waits for a task that does not stop."""

Place = tuple[int, str]
"""Where a task of a service belongs: its slot, or its node if the service is global."""


def reconcile(world: World, service_id: str) -> None:
    """Do the next necessary things for one service."""
    service = world.services.get(service_id)
    if service is None:
        return
    _evict(world, service)
    places = _places(world, service)
    for task in _wanted_tasks(world, service):
        if place_of(service, task) not in places:
            shut_task(world, task, TaskState.REMOVE)
    occupied = {place_of(service, task) for task in _wanted_tasks(world, service)}
    for place in places:
        if place not in occupied:
            _fill(world, service, place)
    _promote(world, service)
    _update(world, service)
    _forget_history(world, service)
    for task in world.tasks_of(service_id):
        if task.state is TaskState.PENDING and task.is_wanted:
            world.plan(Act.ADVANCE_TASK, task.id, 0.1)


def complete_update(world: World, key: str) -> None:
    """End a rolling update that went well, unless it paused or another one began meanwhile."""
    service_id, _, serial = key.partition("/")
    service = world.services.get(service_id)
    if service is None or str(service.update_serial) != serial:
        return
    if service.update_status is not None and service.update_status.state == "updating":
        _set_update(world, service, "completed", "update completed")


def is_dirty(service: Service, task: Task) -> bool:
    """Tell whether a task was made from another spec than the service now has."""
    return task.spec != task_spec(service) or task.endpoint_spec != _endpoint(service)


def task_spec(service: Service) -> Json:
    """Return the spec that a service gives its tasks."""
    template = service.spec["TaskTemplate"]
    return {key: value for key, value in template.items() if key != "Runtime"}


def place_of(service: Service, task: Task) -> Place:
    """Return where a task belongs."""
    return (0, task.node_id) if service.is_global else (task.slot, "")


def _endpoint(service: Service) -> Json:
    return service.spec.get("EndpointSpec") or {}


def _wanted_tasks(world: World, service: Service) -> list[Task]:
    return [task for task in world.tasks_of(service.id) if task.is_wanted and task.is_live]


def _evict(world: World, service: Service) -> None:
    for task in _wanted_tasks(world, service):
        node = world.nodes.get(task.node_id)
        if task.node_id and (node is None or not node.keeps_tasks):
            shut_task(world, task)


def _places(world: World, service: Service) -> list[Place]:
    if not service.is_global:
        return [(slot, "") for slot in range(1, service.replicas + 1)]
    probe = Task("", spec=task_spec(service))
    return [(0, node.id) for node in world.nodes.values() if _takes_global(world, node, probe)]


def _takes_global(world: World, node: Node, probe: Task) -> bool:
    return node.keeps_tasks and meets_constraints(node, probe)


def _fill(world: World, service: Service, place: Place) -> None:
    """Start a task where none is: at once, or after the restart delay if one failed there."""
    before = [task for task in world.tasks_of(service.id) if place_of(service, task) == place]
    last = before[-1] if before else None
    restart = service.spec["TaskTemplate"].get("RestartPolicy") or {}
    if last is None or last.state <= TaskState.RUNNING or last.state is TaskState.SHUTDOWN:
        add_task(world, service, place)
    elif last.hold_until > world.elapsed:
        # It was rejected within its own delay; a look is planned for when that is over.
        return
    elif restart.get("Condition", "any") == "any" or (
        restart.get("Condition") == "on-failure" and last.state is not TaskState.COMPLETE
    ):
        delay = int(restart.get("Delay", _RESTART_DELAY_SECONDS * NANOSECONDS)) / NANOSECONDS
        _add_replacement(world, service, place, last, delay)


def add_task(world: World, service: Service, place: Place) -> Task:
    """Create a task that is to run."""
    slot, node_id = place
    task = Task(
        world.new_id(),
        service_id=service.id,
        slot=slot,
        node_id=node_id,
        spec=task_spec(service),
        endpoint_spec=_endpoint(service),
    )
    world.tasks[task.id] = task
    world.set_state(task, TaskState.NEW, "created")
    world.plan(Act.ALLOCATE_TASK, task.id, 0.03)
    return task


def _add_replacement(
    world: World, service: Service, place: Place, before: Task, delay_seconds: float
) -> None:
    task = add_task(world, service, place)
    task.desired = TaskState.READY
    task.hold_until = world.elapsed + int(delay_seconds * NANOSECONDS)
    task.follows = before.id
    world.plan(Act.RECONCILE, service.id, delay_seconds * 1.1 + 0.05)
    if before.is_live:
        world.plan_exactly(Act.RECONCILE, service.id, _PATIENCE_SECONDS)


def _promote(world: World, service: Service) -> None:
    """Let replacements run whose time has come and whose predecessor has stopped."""
    for task in _wanted_tasks(world, service):
        before = world.tasks.get(task.follows)
        if (
            task.desired is TaskState.READY
            and world.elapsed >= task.hold_until
            and (before is None or not before.is_live or _is_stranded(world, before, task))
        ):
            task.desired = TaskState.RUNNING
            world.touch(task)
            if task.state is TaskState.READY:
                world.plan(Act.ADVANCE_TASK, task.id, 0.1)


def _is_stranded(world: World, task: Task, successor: Task) -> bool:
    node = world.nodes.get(task.node_id)
    waited = world.elapsed - successor.created
    lost = bool(task.node_id) and (node is None or node.down)
    return lost or waited >= _PATIENCE_SECONDS * NANOSECONDS


def _update(world: World, service: Service) -> None:
    tasks = _wanted_tasks(world, service)
    dirty = [task for task in tasks if is_dirty(service, task)]
    fresh = [task for task in tasks if not is_dirty(service, task)]
    starting = sum(task.state < TaskState.RUNNING for task in fresh)
    status = service.update_status
    if status is not None and status.state == "updating" and _pause(world, service):
        return
    if not dirty:
        if status and status.state == "updating" and not starting and not status.completing:
            status.completing = True
            key = f"{service.id}/{service.update_serial}"
            world.plan(Act.COMPLETE_UPDATE, key, _MONITOR_SECONDS)
        return
    if status is not None and status.state == "paused":
        return
    config = service.spec.get("UpdateConfig") or {}
    parallel = int(config.get("Parallelism", 1)) or len(dirty)
    start_first = config.get("Order") == "start-first"
    covered = {place_of(service, task) for task in fresh}
    for task in dirty:
        place = place_of(service, task)
        if place in covered:
            if not start_first or _is_running_at(service, fresh, place):
                shut_task(world, task)
        elif starting < parallel:
            starting += 1
            covered.add(place)
            _replace(world, service, task, start_first=start_first)


def _pause(world: World, service: Service) -> bool:
    """Stop an update in which a new task failed; tell whether it is stopped."""
    status = service.update_status
    action = (service.spec.get("UpdateConfig") or {}).get("FailureAction") or "pause"
    if status is None or action == "continue":
        return False
    for task in world.tasks_of(service.id):
        failed = task.state in (TaskState.FAILED, TaskState.REJECTED)
        if failed and task.created >= status.started and not is_dirty(service, task):
            why = f"update paused due to failure or early termination of task {task.id}"
            _set_update(world, service, "paused", why)
            return True
    return False


def _replace(world: World, service: Service, task: Task, *, start_first: bool) -> None:
    place = place_of(service, task)
    if start_first:
        add_task(world, service, place)
        return
    shut_task(world, task)
    _add_replacement(world, service, place, task, 0.0)


def _is_running_at(service: Service, tasks: list[Task], place: Place) -> bool:
    return any(
        place_of(service, task) == place and task.state is TaskState.RUNNING for task in tasks
    )


def _forget_history(world: World, service: Service) -> None:
    kept: dict[Place, list[Task]] = {}
    for task in world.tasks_of(service.id):
        kept.setdefault(place_of(service, task), []).append(task)
    for tasks in kept.values():
        ended = [task for task in tasks if not task.is_live]
        for task in ended[: max(0, len(tasks) - TASK_HISTORY_LIMIT)]:
            world.tasks.pop(task.id, None)


def begin_update(world: World, service: Service) -> None:
    """Note that a rolling update begins, if the new spec makes tasks dirty."""
    if any(is_dirty(service, task) for task in _wanted_tasks(world, service)):
        service.update_serial += 1
        service.update_status = UpdateStatus("", "", world.elapsed)
        _set_update(world, service, "updating", "update in progress")


def _set_update(world: World, service: Service, state: str, message: str) -> None:
    status = service.update_status
    if status is None:
        return
    attributes = {"name": service.name, "updatestate.new": state}
    if status.state:
        attributes["updatestate.old"] = status.state
    status.state, status.message = state, message
    if state == "completed":
        status.completed = world.elapsed
    world.touch(service)
    world.events.tell(world.elapsed, "service", "update", service.id, attributes)
