"""The calls that change something."""

from __future__ import annotations

from swarmtui.demo.calls import Answer, Call
from swarmtui.demo.containers import (
    create_container,
    remove_container,
    start_container,
    stop_container,
)
from swarmtui.demo.local_shapes import local_networks
from swarmtui.demo.networks import create_network, remove_network
from swarmtui.demo.nodes import update_node
from swarmtui.demo.reading import find_node, find_service
from swarmtui.demo.records import Container, Network
from swarmtui.demo.refusals import OVERLAY_FROM_WORKER, Refusal
from swarmtui.demo.services import (
    create_service,
    remove_service,
    roll_back_service,
    update_service,
)
from swarmtui.demo.view import NodeView


def post_network(view: NodeView, call: Call) -> Answer:
    """Answer `POST /networks/create`; only networks of the swarm can be created."""
    request = call.document()
    if request.get("Driver", "bridge") != "overlay" and not request.get("Ingress"):
        raise Refusal(501, "the simulated engine creates overlay networks only")
    if view.in_swarm and not view.node.is_manager:
        raise Refusal(403, OVERLAY_FROM_WORKER)
    view.check_cluster()
    identity = create_network(view.world, request)
    return Answer(201, {"Id": identity, "Warning": ""})


def delete_network(view: NodeView, call: Call, term: str) -> Answer:
    """Answer `DELETE /networks/{id}`."""
    for shape in local_networks(view):
        if term in (shape["Name"], shape["Id"]):
            if shape["Name"] != "docker_gwbridge":
                raise Refusal(
                    403, f"{shape['Name']} is a pre-defined network and cannot be removed"
                )
            raise Refusal(
                403,
                f"error while removing network: network {shape['Name']} id {shape['Id']} has "
                "active endpoints",
            )
    if not view.sees_cluster and not any(term in (each.id, each.name) for each in view.carried()):
        raise Refusal(404, f"network {term} not found")
    view.check_cluster()
    remove_network(view.world, _find_network(view, term))
    return Answer(204)


def post_service(view: NodeView, call: Call) -> Answer:
    """Answer `POST /services/create`."""
    view.check_cluster()
    return Answer(201, {"ID": create_service(view.world, call.document())})


def post_service_update(view: NodeView, call: Call, name: str) -> Answer:
    """Answer `POST /services/{id}/update`."""
    view.check_cluster()
    service = find_service(view, name)
    spec = call.document()
    if call.query.get("rollback") == "previous":
        roll_back_service(view.world, service, call.version())
    else:
        update_service(view.world, service, call.version(), spec)
    return Answer(200, {"Warnings": None})


def delete_service(view: NodeView, call: Call, name: str) -> Answer:
    """Answer `DELETE /services/{id}`."""
    view.check_cluster()
    remove_service(view.world, find_service(view, name))
    return Answer(200)


def post_node_update(view: NodeView, call: Call, name: str) -> Answer:
    """Answer `POST /nodes/{id}/update`."""
    view.check_cluster()
    update_node(view.world, find_node(view, name), call.version(), call.document())
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


def _find_network(view: NodeView, term: str) -> Network:
    networks = view.world.networks
    if term in networks:
        return networks[term]
    for matches in (
        [each for each in networks.values() if each.name == term],
        [each for each in networks.values() if each.id.startswith(term)],
    ):
        if matches:
            return matches[0]
    raise Refusal(404, f"network {term} not found")
