"""The containers of one node as JSON."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from swarmtui.demo.addresses import Lease
from swarmtui.demo.identity import hex_id, local_network_id
from swarmtui.demo.records import Container, Json, Task, TaskState
from swarmtui.demo.timestamps import NANOSECONDS, ZERO_TIME, ago
from swarmtui.demo.view import NodeView


@dataclass(frozen=True, slots=True)
class _Endpoint:
    name: str
    network_id: str
    endpoint_id: str
    lease: Lease


@dataclass(frozen=True, slots=True)
class ContainerView:
    """A container of a service's task or one outside services, read alike."""

    id: str
    name: str
    image: str
    command: str
    labels: dict[str, str]
    created: int
    changed: int
    state: str
    exit_code: int
    pid: int
    mode: str
    ports: tuple[Json, ...]
    endpoints: tuple[_Endpoint, ...]


def node_containers(view: NodeView) -> Iterator[ContainerView]:
    """Yield the containers of a node, of tasks first."""
    for task in view.tasks_with_container():
        yield _of_task(view, task)
    for container in view.containers():
        yield _of_container(view, container)


def container_row(view: NodeView, container: ContainerView) -> Json:
    """Return a container as the list has it."""
    newer = view.world.release.split_inspect
    digest = "sha256:" + hex_id(container.image)
    descriptor = {
        "mediaType": "application/vnd.oci.image.manifest.v1+json",
        "digest": digest,
        "size": 761,
        "annotations": {"io.containerd.image.name": container.image},
        "platform": {"architecture": "amd64", "os": "linux"},
    }
    return {
        "Id": container.id,
        "Names": [f"/{container.name}"],
        "Image": container.image,
        "ImageID": digest,
        **({"ImageManifestDescriptor": descriptor} if newer else {}),
        "Command": container.command,
        "Created": (view.world.start + container.created) // NANOSECONDS,
        "Ports": container.ports,
        "Labels": container.labels,
        "State": container.state,
        "Status": _status(view, container),
        "HostConfig": {"NetworkMode": container.mode},
        **({"Health": {"Status": "none", "FailingStreak": 0}} if newer else {}),
        "NetworkSettings": {"Networks": _networks(view, container)},
        "Mounts": [],
    }


def inspected_container(view: NodeView, container: ContainerView) -> Json:
    """Return the inspection of a container."""
    running = container.state == "running"
    words = container.command.split()
    started = view.world.moment(container.changed)
    return {
        "Id": container.id,
        "Created": view.world.moment(container.created),
        "Path": words[0] if words else "",
        "Args": words[1:],
        "State": {
            "Status": container.state,
            "Running": running,
            "Paused": False,
            "Restarting": False,
            "OOMKilled": False,
            "Dead": False,
            "Pid": container.pid,
            "ExitCode": container.exit_code,
            "Error": "",
            "StartedAt": started,
            "FinishedAt": ZERO_TIME if running else started,
        },
        "Image": "sha256:" + hex_id(container.image),
        "Name": f"/{container.name}",
        "RestartCount": 0,
        "Driver": "overlay2",
        "Platform": "linux",
        "HostConfig": {"NetworkMode": container.mode},
        "Mounts": [],
        "Config": {
            "Hostname": container.id[:12],
            "Image": container.image,
            "Cmd": words,
            "Env": None,
            "Tty": False,
            "Labels": container.labels,
        },
        "NetworkSettings": {"Ports": {}, "Networks": _networks(view, container)},
    }


def _of_task(view: NodeView, task: Task) -> ContainerView:
    service = view.world.services.get(task.service_id)
    name = view.name_of(task)
    state = "exited"
    if task.is_live:
        state = "running" if task.state is TaskState.RUNNING else "created"
    spec = task.spec.get("ContainerSpec") or {}
    return ContainerView(
        id=task.container_id,
        name=name,
        image=str(spec.get("Image", "")),
        command=" ".join(spec.get("Command") or spec.get("Args") or ("/docker-entrypoint.sh",)),
        labels={
            "com.docker.swarm.node.id": task.node_id,
            "com.docker.swarm.service.id": task.service_id,
            "com.docker.swarm.service.name": service.name if service else "",
            "com.docker.swarm.task": "",
            "com.docker.swarm.task.id": task.id,
            "com.docker.swarm.task.name": name,
        },
        created=task.created,
        changed=task.since,
        state=state,
        exit_code=task.exit_code,
        pid=task.pid,
        mode="bridge" if view.world.release.split_inspect else "default",
        ports=_host_ports(task) if state == "running" else (),
        endpoints=_task_endpoints(view, task),
    )


def _of_container(view: NodeView, container: Container) -> ContainerView:
    attachments = [
        each
        for task in view.world.tasks.values()
        if task.container_id == container.id and task.is_live
        for each in _task_endpoints(view, task)
    ]
    lease = view.node.bridge.leases.get(container.id)
    if lease is not None:
        endpoint_id = hex_id(view.world.seed, container.id, "bridge")
        network_id = local_network_id(view.world.seed, view.node.id, "bridge")
        attachments.append(_Endpoint("bridge", network_id, endpoint_id, lease))
    return ContainerView(
        id=container.id,
        name=container.name,
        image=container.image,
        command=container.command,
        labels={},
        created=container.created,
        changed=container.started if container.running else container.updated,
        state="running" if container.running else "exited" if container.started else "created",
        exit_code=0,
        pid=2000 + int(container.id[:3], 16) if container.running else 0,
        mode=container.networks[0] if container.networks else "bridge",
        ports=(),
        endpoints=tuple(attachments),
    )


def _task_endpoints(view: NodeView, task: Task) -> tuple[_Endpoint, ...]:
    if task.state is not TaskState.RUNNING:
        return ()
    return tuple(
        _Endpoint(
            each.network.name,
            each.network.id,
            view.endpoint_id(task, each.network),
            each.lease,
        )
        for each in task.attachments
    )


def _host_ports(task: Task) -> tuple[Json, ...]:
    return tuple(
        {
            "IP": address,
            "PrivatePort": port.get("TargetPort", 0),
            "PublicPort": port.get("PublishedPort", 0),
            "Type": port["Protocol"],
        }
        for port in (task.endpoint_spec or {}).get("Ports") or ()
        if port["PublishMode"] == "host"
        for address in ("0.0.0.0", "::")
    )


def _status(view: NodeView, container: ContainerView) -> str:
    if container.state == "created":
        return "Created"
    since = ago((view.world.elapsed - container.changed) / NANOSECONDS)
    if container.state == "running":
        return f"Up {since}"
    return f"Exited ({container.exit_code}) {since} ago"


def _networks(view: NodeView, container: ContainerView) -> Json:
    newer = view.world.release.split_inspect
    return {
        each.name: {
            "IPAMConfig": {"IPv4Address": str(each.lease.address)},
            "Links": None,
            "Aliases": None,
            "DriverOpts": None,
            **({"GwPriority": 0} if newer else {}),
            "NetworkID": each.network_id,
            "EndpointID": each.endpoint_id,
            "Gateway": "",
            "IPAddress": str(each.lease.address),
            "MacAddress": each.lease.mac,
            "IPPrefixLen": each.lease.space.subnet.prefixlen,
            "IPv6Gateway": "",
            "GlobalIPv6Address": "",
            "GlobalIPv6PrefixLen": 0,
            **({"DNSNames": None} if newer else {}),
        }
        for each in container.endpoints
    }
