"""The calls that change something."""

from __future__ import annotations

from swarmtui.demo.calls import Answer, Call
from swarmtui.demo.containers import (
    create_container,
    remove_container,
    start_container,
    stop_container,
)
from swarmtui.demo.gateway_bridge import bridges_of, create_bridge, remove_bridge
from swarmtui.demo.identity import local_network_id
from swarmtui.demo.network_reading import find_to_remove
from swarmtui.demo.networks import check_request, create_network, is_local, remove_network
from swarmtui.demo.nodes import update_node
from swarmtui.demo.reading import find_node, find_service
from swarmtui.demo.records import Container
from swarmtui.demo.refusals import Refusal
from swarmtui.demo.services import create_service, remove_service, update_service
from swarmtui.demo.view import NodeView


def post_network(view: NodeView, call: Call) -> Answer:
    """Answer `POST /networks/create`; of the node's own networks bridges only."""
    request = call.document()
    local = is_local(request)
    if not view.in_swarm and not local:
        view.check_cluster()
    names = frozenset((*bridges_of(view.node), *(each.name for each in view.carried())))
    manager = view.in_swarm and view.node.is_manager
    check_request(view.world, request, manager=manager, carried=names)
    if local:
        bridge = create_bridge(view.node, request, view.world.release)
        made = local_network_id(view.world.seed, view.node.id, request["Name"], bridge.number)
        return Answer(201, {"Id": made, "Warning": ""})
    view.check_cluster()
    identity = create_network(view.world, request)
    return Answer(201, {"Id": identity, "Warning": ""})


def delete_network(view: NodeView, call: Call, term: str) -> Answer:
    """Answer `DELETE /networks/{id}`."""
    found = find_to_remove(view, term)
    if found.network is None:
        remove_bridge(view.node, found.name, found.id)
        return Answer(204)
    view.check_cluster()
    if found.id not in view.world.networks:
        # The node still carries what the swarm has removed.
        raise Refusal(500, f"network {found.id} not found")
    remove_network(view.world, found.network)
    return Answer(204)


def post_service(view: NodeView, call: Call) -> Answer:
    """Answer `POST /services/create`."""
    view.check_cluster()
    return Answer(201, {"ID": create_service(view.world, call.document())})


def post_service_update(view: NodeView, call: Call, name: str) -> Answer:
    """Answer `POST /services/{id}/update`."""
    view.check_cluster()
    spec, version = call.document(), call.version("service")
    service = find_service(view, name)
    rollback = call.query.get("rollback", "")
    if rollback not in ("", "none", "previous"):
        raise Refusal(500, f"unrecognized rollback option {rollback}")
    update_service(view.world, service, version, spec, rollback=rollback == "previous")
    return Answer(200, {"Warnings": None})


def delete_service(view: NodeView, call: Call, name: str) -> Answer:
    """Answer `DELETE /services/{id}`."""
    view.check_cluster()
    remove_service(view.world, find_service(view, name))
    return Answer(200)


def post_node_update(view: NodeView, call: Call, name: str) -> Answer:
    """Answer `POST /nodes/{id}/update`."""
    view.check_cluster()
    spec, version = call.document(), call.version("node")
    update_node(view.world, find_node(view, name), version, spec)
    return Answer(200)


def post_container(view: NodeView, call: Call) -> Answer:
    """Answer `POST /containers/create`."""
    name = call.query.get("name", "")
    identity = create_container(view.world, view.node, name, call.document())
    return Answer(201, {"Id": identity, "Warnings": []})


def post_container_start(view: NodeView, call: Call, name: str) -> Answer:
    """Answer `POST /containers/{id}/start`."""
    container = _find_container(view, name)
    if container.running:
        return Answer(304)
    start_container(view.world, container)
    return Answer(204)


def post_container_stop(view: NodeView, call: Call, name: str) -> Answer:
    """Answer `POST /containers/{id}/stop`."""
    container = _find_container(view, name)
    if not container.running:
        return Answer(304)
    stop_container(view.world, container)
    return Answer(204)


def delete_container(view: NodeView, call: Call, name: str) -> Answer:
    """Answer `DELETE /containers/{id}`."""
    remove_container(view.world, _find_container(view, name), force=call.flag("force"))
    return Answer(204)


def _find_container(view: NodeView, name: str) -> Container:
    for container in view.containers():
        if container.name == name or container.id.startswith(name):
            return container
    raise Refusal(404, f"No such container: {name}")
