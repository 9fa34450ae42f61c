"""Containers outside services, and their attachment to networks of the swarm."""

from __future__ import annotations

from swarmtui.demo.allocator import allocate_task, attach_node
from swarmtui.demo.carrying import realise
from swarmtui.demo.identity import hex_id
from swarmtui.demo.lifecycle import end_task, run_task
from swarmtui.demo.records import Container, Json, Network, Node, Task, TaskState
from swarmtui.demo.refusals import Refusal
from swarmtui.demo.world import World

_NO_ATTACHMENT = (
    "attaching to network failed, make sure your network options are correct and check manager "
    "logs: context deadline exceeded"
)


def create_container(world: World, node: Node, name: str, request: Json) -> str:
    """Create a container on a node and return its id.

    Raises:
        Refusal: The name is taken on this node.
    """
    world.serial += 1
    identity = hex_id(world.seed, world.serial, "container")
    for other in world.containers.values():
        if name and other.node_id == node.id and other.name == name:
            raise Refusal(
                409,
                f'Conflict. The container name "/{name}" is already in use by container '
                f'"{other.id}". You have to remove (or rename) that container to be able to reuse '
                "that name.",
            )
    asked = (request.get("NetworkingConfig") or {}).get("EndpointsConfig") or {}
    mode = (request.get("HostConfig") or {}).get("NetworkMode") or "default"
    names = tuple(asked) or ("bridge" if mode == "default" else mode,)
    container = Container(
        identity,
        name=name or f"demo_{identity[:8]}",
        node_id=node.id,
        image=str(request.get("Image") or ""),
        command=" ".join(request.get("Cmd") or ()),
        networks=names,
    )
    world.containers[identity] = container
    world.touch(container)
    _told(world, container, "create")
    return identity


def start_container(world: World, container: Container) -> None:
    """Start a container; on each network of the swarm it gets an attachment task.

    Raises:
        Refusal: A network is missing, is not attachable or has no address left.
    """
    node = world.nodes[container.node_id]
    for name in container.networks:
        network = _network(world, name)
        if network is not None:
            _attach_container(world, node, container, network)
    if "bridge" in container.networks:
        node.bridge.join(container.id)
    container.running = True
    container.started = world.elapsed
    world.touch(container)
    _told(world, container, "start")


def stop_container(world: World, container: Container) -> None:
    """Stop a container and end its attachments."""
    for task in list(world.tasks.values()):
        if task.container_id == container.id and task.is_live and not task.service_id:
            task.desired = TaskState.REMOVE
            end_task(world, task, TaskState.SHUTDOWN, "shutdown")
    world.nodes[container.node_id].bridge.part(container.id)
    container.running = False
    world.touch(container)
    _told(world, container, "die")


def remove_container(world: World, container: Container, *, force: bool) -> None:
    """Remove a container.

    Raises:
        Refusal: It runs, and `force` is not given.
    """
    if container.running:
        if not force:
            raise Refusal(
                409,
                f'cannot remove container "/{container.name}": container is running: '
                "stop the container before removing or force remove",
            )
        stop_container(world, container)
    del world.containers[container.id]
    _told(world, container, "destroy")


def _attach_container(world: World, node: Node, container: Container, network: Network) -> None:
    if not network.request.get("Attachable"):
        raise Refusal(
            403,
            f"Could not attach to network {network.name}: rpc error: code = PermissionDenied "
            f"desc = network {network.name} not manually attachable",
        )
    task = Task(
        world.new_id(),
        node_id=node.id,
        spec={
            "NetworkAttachmentSpec": {"ContainerID": container.id},
            "Networks": [{"Target": network.id}],
            "ForceUpdate": 0,
            "Runtime": "attachment",
        },
        container_id=container.id,
    )
    world.tasks[task.id] = task
    world.set_state(task, TaskState.NEW, "created")
    allocate_task(world, task.id)
    attach_node(world, node.id)
    if not task.attachments or network.id not in node.attachments:
        task.desired = TaskState.REMOVE
        end_task(world, task, TaskState.REJECTED, "created")
        raise Refusal(500, _NO_ATTACHMENT)
    realise(world, node, network)
    run_task(world, task)


def _network(world: World, name: str) -> Network | None:
    if name in ("bridge", "host", "none"):
        return None
    for network in world.networks.values():
        if name in (network.id, network.name):
            return network
    raise Refusal(404, f"network {name} not found")


def _told(world: World, container: Container, action: str) -> None:
    attributes = {"image": container.image, "name": container.name}
    world.events.tell(
        world.elapsed, "container", action, container.id, attributes, node_id=container.node_id
    )
