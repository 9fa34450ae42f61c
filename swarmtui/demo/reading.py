"""The calls that read."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import TypeVar

from swarmtui.demo.calls import Answer, Call
from swarmtui.demo.container_shapes import container_row, inspected_container, node_containers
from swarmtui.demo.filters import Test, has_label, matching, parse_filters
from swarmtui.demo.info_shapes import info_shape, version_shape
from swarmtui.demo.node_shapes import node_shape, swarm_shape
from swarmtui.demo.records import Node, Record, Service, Task, TaskState
from swarmtui.demo.refusals import Refusal, rpc
from swarmtui.demo.service_shapes import service_shape, task_shape
from swarmtui.demo.view import NodeView

RecordT = TypeVar("RecordT", bound=Record)


def read_version(view: NodeView, call: Call) -> Answer:
    """Answer `/version`."""
    return Answer(200, version_shape(view.world.release))


def read_info(view: NodeView, call: Call) -> Answer:
    """Answer `/info`."""
    return Answer(200, info_shape(view))


def read_swarm(view: NodeView, call: Call) -> Answer:
    """Answer `GET /swarm`."""
    view.check_cluster()
    return Answer(200, swarm_shape(view.world))


def list_nodes(view: NodeView, call: Call) -> Answer:
    """Answer `/nodes`."""
    view.check_cluster()
    tests: Mapping[str, Test[Node]] = {
        "id": lambda node, value: node.id.startswith(value),
        "name": lambda node, value: node.hostname.startswith(value),
        "role": lambda node, value: node.role == value,
        "membership": lambda node, value: value == "accepted",
        "node.label": lambda node, value: has_label(node.labels, value),
        "label": lambda node, value: False,
    }
    filters = parse_filters(call.query.get("filters", ""), tests)
    found = matching(by_id(view.world.nodes.values()), filters, tests)
    return Answer(200, [node_shape(view.world, node) for node in found])


def inspect_node(view: NodeView, call: Call, name: str) -> Answer:
    """Answer `/nodes/{id}`."""
    view.check_cluster()
    return Answer(200, node_shape(view.world, find_node(view, name)))


def list_services(view: NodeView, call: Call) -> Answer:
    """Answer `/services`."""
    view.check_cluster()
    tests: Mapping[str, Test[Service]] = {
        "id": lambda service, value: service.id.startswith(value),
        "name": lambda service, value: service.name.startswith(value),
        "label": lambda service, value: has_label(service.spec["Labels"], value),
        "mode": lambda service, value: value == ("global" if service.is_global else "replicated"),
        "runtime": lambda service, value: value == "container",
    }
    filters = parse_filters(call.query.get("filters", ""), tests)
    found = matching(by_id(view.world.services.values()), filters, tests)
    status = call.flag("status")
    return Answer(200, [service_shape(view.world, each, status=status) for each in found])


def inspect_service(view: NodeView, call: Call, name: str) -> Answer:
    """Answer `/services/{id}`."""
    view.check_cluster()
    service = find_service(view, name)
    return Answer(200, service_shape(view.world, service, defaults=call.flag("insertDefaults")))


def list_tasks(view: NodeView, call: Call) -> Answer:
    """Answer `/tasks`; without a `runtime` filter containers outside services are left out."""
    view.check_cluster()
    world = view.world

    def has_service_label(task: Task, value: str) -> bool:
        service = world.services.get(task.service_id)
        return service is not None and has_label(service.spec["Labels"], value)

    tests: Mapping[str, Test[Task]] = {
        "id": lambda task, value: task.id.startswith(value),
        "name": lambda task, value: view.name_of(task).startswith(value),
        "service": lambda task, value: task.service_id in services,
        "node": lambda task, value: task.node_id in nodes,
        "desired-state": lambda task, value: _desired(task) == value,
        "label": has_service_label,
        "runtime": _has_runtime,
        "_up-to-date": lambda task, value: True,
    }
    filters = parse_filters(call.query.get("filters", ""), tests)
    services = {find_service(view, each).id for each in filters.get("service", ())}
    nodes = {find_node(view, each).id for each in filters.get("node", ())}
    filters = {"runtime": ["container"], **filters}
    found = matching(by_id(world.tasks.values()), filters, tests)
    found.sort(key=lambda task: not task.service_id)
    return Answer(200, [task_shape(world, task) for task in found])


def inspect_task(view: NodeView, call: Call, name: str) -> Answer:
    """Answer `/tasks/{id}`."""
    view.check_cluster()
    task = find_record(view.world.tasks.values(), name, "task", lambda each: "")
    return Answer(200, task_shape(view.world, task))


def list_containers(view: NodeView, call: Call) -> Answer:
    """Answer `/containers/json`."""
    containers = list(node_containers(view))
    if not call.flag("all"):
        containers = [each for each in containers if each.state == "running"]
    return Answer(200, [container_row(view, each) for each in containers])


def inspect_container(view: NodeView, call: Call, name: str) -> Answer:
    """Answer `/containers/{id}/json`."""
    for each in node_containers(view):
        if each.name == name or each.id.startswith(name):
            return Answer(200, inspected_container(view, each))
    raise Refusal(404, f"No such container: {name}")


def find_node(view: NodeView, name: str) -> Node:
    """Return a node by id, hostname or beginning of the id.

    Raises:
        Refusal: There is none, or more than one.
    """
    if name == "self":
        return view.node
    return find_record(view.world.nodes.values(), name, "node", lambda node: node.hostname)


def find_service(view: NodeView, name: str) -> Service:
    """Return a service by id, name or beginning of the id.

    Raises:
        Refusal: There is none, or more than one.
    """
    return find_record(view.world.services.values(), name, "service", lambda service: service.name)


def find_record(
    records: Iterable[RecordT], name: str, kind: str, name_of: Callable[[RecordT], str]
) -> RecordT:
    """Return an object of the swarm by id, name or beginning of the id.

    Raises:
        Refusal: There is none, or more than one.
    """
    found = list(records)
    for matches in (
        [each for each in found if each.id == name],
        [each for each in found if name_of(each) == name],
        [each for each in found if each.id.startswith(name)],
    ):
        if len(matches) > 1:
            raise rpc("Unknown", f"{kind} {name} is ambiguous ({len(matches)} matches found)")
        if matches:
            return matches[0]
    raise Refusal(404, f"{kind} {name} not found")


def by_id(records: Iterable[RecordT]) -> list[RecordT]:
    """Return objects of the swarm in the order in which lists have them."""
    return sorted(records, key=lambda record: record.id)


def _desired(task: Task) -> str:
    if task.desired <= TaskState.RUNNING:
        return "running" if task.desired is TaskState.RUNNING else "accepted"
    return "shutdown"


def _has_runtime(task: Task, value: str) -> bool:
    if not task.service_id:
        return value == "attachment"
    return value in ("container", "")
