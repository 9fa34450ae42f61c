"""The lists of an engine: how they are asked for, and what is in them."""

from __future__ import annotations

from swarmtui.engine.decode import Decoded, decode_slices
from swarmtui.engine.lock import LOCK_QUERY
from swarmtui.engine.service_wire import service_of
from swarmtui.engine.shapes import NetworkShape, NodeShape, ServiceShape, TaskShape
from swarmtui.engine.slices import Sliced, ValueT
from swarmtui.engine.wave import Ask
from swarmtui.engine.wire import kept, network_of, node_of, tasks_of
from swarmtui.errors import EngineGarbled
from swarmtui.model import Network, Node, Problem, Service, Snapshot, Task

# Without it the list hides containers attached outside services (engine-facts 0.5).
_EVERY_RUNTIME = '{"runtime":["container","attachment",""]}'

INFO: Ask = ("/info", {})
NODES: Ask = ("/nodes", {})
NETWORKS: Ask = ("/networks", {})
SERVICES: Ask = ("/services", {"status": "true"})
TASKS: Ask = ("/tasks", {"filters": _EVERY_RUNTIME})
LOCK: Ask = ("/configs", LOCK_QUERY)


def nodes_in(body: bytes, before: Sliced[Node]) -> Decoded[Node]:
    """Return the nodes of an answer to `NODES`, and what is not understood of it."""
    return _not_empty(decode_slices(body, before, "nodes", NodeShape, kept(node_of)), "nodes")


def networks_in(body: bytes, before: Sliced[Network]) -> Decoded[Network]:
    """Return the networks of an answer to `NETWORKS`, and what is not understood of it."""
    found = decode_slices(body, before, "networks", NetworkShape, kept(network_of))
    return _not_empty(found, "networks")


def services_in(body: bytes, before: Sliced[Service]) -> Decoded[Service]:
    """Return the services of an answer to `SERVICES`, and what is not understood of it."""
    return decode_slices(body, before, "services", ServiceShape, kept(service_of))


def tasks_in(body: bytes, before: Sliced[Task]) -> Decoded[Task]:
    """Return the tasks of an answer to `TASKS`, and what is not understood of it."""
    return decode_slices(body, before, "tasks", TaskShape, tasks_of)


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


def _not_empty(found: Decoded[ValueT], part: str) -> Decoded[ValueT]:
    """Refuse what cannot be: a manager is a node itself, and every engine has networks."""
    if next(found[0].values, None) is None:
        raise EngineGarbled(f"The engine lists no {part}", f"It must have {part}, and lists none.")
    return found
