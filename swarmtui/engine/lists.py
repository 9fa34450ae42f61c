"""The lists of an engine: how they are asked for, and what is in them."""

from __future__ import annotations

from collections.abc import Sequence

from swarmtui.engine.decode import decode_list
from swarmtui.engine.lock import LOCK_QUERY
from swarmtui.engine.service_wire import service_of
from swarmtui.engine.shapes import NetworkShape, NodeShape, ServiceShape
from swarmtui.engine.wave import Ask
from swarmtui.engine.wire import network_of, node_of
from swarmtui.errors import EngineGarbled
from swarmtui.model import Network, Node, Problem, Service, Snapshot

# Without it the list hides containers attached outside services (engine-facts 0.5).
_EVERY_RUNTIME = '{"runtime":["container","attachment",""]}'

INFO: Ask = ("/info", {})
NODES: Ask = ("/nodes", {})
NETWORKS: Ask = ("/networks", {})
SERVICES: Ask = ("/services", {"status": "true"})
TASKS: Ask = ("/tasks", {"filters": _EVERY_RUNTIME})
LOCK: Ask = ("/configs", LOCK_QUERY)


def nodes_in(body: bytes) -> tuple[tuple[Node, ...], tuple[Problem, ...]]:
    """Return the nodes of an answer to `NODES`, and what is not understood of it."""
    shapes, problems = decode_list(body, NodeShape, "nodes")
    _not_empty(shapes, "nodes")
    return tuple(map(node_of, shapes)), problems


def networks_in(body: bytes) -> tuple[tuple[Network, ...], tuple[Problem, ...]]:
    """Return the networks of an answer to `NETWORKS`, and what is not understood of it."""
    shapes, problems = decode_list(body, NetworkShape, "networks")
    _not_empty(shapes, "networks")
    return tuple(map(network_of, shapes)), problems


def services_in(body: bytes) -> tuple[tuple[Service, ...], tuple[Problem, ...]]:
    """Return the services of an answer to `SERVICES`, and what is not understood of it."""
    shapes, problems = decode_list(body, ServiceShape, "services")
    return tuple(map(service_of, shapes)), problems


def without_leftovers(
    networks: tuple[Network, ...],
) -> tuple[tuple[Network, ...], tuple[Network, ...]]:
    """Tell the swarm's networks from what the node still carries of removed ones."""
    leftovers = tuple(network for network in networks if network.local_copy)
    if leftovers:
        networks = tuple(network for network in networks if not network.local_copy)
    return networks, leftovers


def with_hidden(
    networks: tuple[Network, ...], previous: Snapshot | None
) -> tuple[tuple[Network, ...], tuple[Problem, ...]]:
    """Put back the swarm's networks that a list hides while the cluster does not answer."""
    listed = {network.id for network in networks}
    hidden = tuple(
        network
        for network in (previous.networks if previous else ())
        if network.is_swarm and network.id not in listed
    )
    since = previous.taken_at if previous and hidden else None
    text = "The cluster does not answer, so networks of the swarm may be missing from the list."
    return (*networks, *hidden), (Problem("networks", "", text, since),)


def _not_empty(shapes: Sequence[object], part: str) -> None:
    """Refuse what cannot be: a manager is a node itself, and every engine has networks."""
    if not shapes:
        raise EngineGarbled(f"The engine lists no {part}", f"It must have {part}, and lists none.")
