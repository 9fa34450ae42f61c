"""Services and tasks as JSON."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

from swarmtui.demo.network_shapes import driver_options
from swarmtui.demo.ports import host_ports
from swarmtui.demo.records import Json, Network, Record, Service, Task, TaskState
from swarmtui.demo.world import World

_UPDATE_DEFAULTS: Json = {
    "Parallelism": 1,
    "FailureAction": "pause",
    "Monitor": 5_000_000_000,
    "MaxFailureRatio": 0,
    "Order": "stop-first",
}


def service_shape(
    world: World, service: Service, *, status: bool = False, defaults: bool = False
) -> Json:
    """Return a service.

    Args:
        world: The swarm.
        service: The service.
        status: Count its tasks.
        defaults: Fill in what the spec leaves to the engine.
    """
    shape = meta(world, service)
    shape["Spec"] = _with_defaults(service.spec) if defaults else service.spec
    if service.previous_spec is not None:
        shape["PreviousSpec"] = service.previous_spec
    shape["Endpoint"] = _endpoint(service)
    update = service.update_status
    if update is not None:
        shape["UpdateStatus"] = {
            "State": update.state,
            "StartedAt": world.moment(update.started),
            **({"CompletedAt": world.moment(update.completed)} if update.completed else {}),
            "Message": update.message,
        }
    if status:
        shape["ServiceStatus"] = _status(world, service)
    return shape


def task_shape(world: World, task: Task) -> Json:
    """Return a task; the addresses of an ended one are still told (engine-facts 0.6)."""
    shape = meta(world, task)
    shape["Labels"] = {}
    shape["Spec"] = task.spec
    if task.service_id:
        shape["ServiceID"] = task.service_id
    if task.slot:
        shape["Slot"] = task.slot
    if task.node_id:
        shape["NodeID"] = task.node_id
    shape["Status"] = _task_status(world, task)
    shape["DesiredState"] = task.desired.word
    if task.attachments:
        shape["NetworksAttachments"] = [
            {"Network": _network(world, each.network), "Addresses": [each.lease.cidr]}
            for each in task.attachments
        ]
    if world.release.number >= (23, 0):
        shape["Volumes"] = None
    return shape


def meta(world: World, record: Record) -> Json:
    """Return what every object of the swarm begins with."""
    return {
        "ID": record.id,
        "Version": {"Index": record.index},
        "CreatedAt": world.moment(record.created),
        "UpdatedAt": world.moment(record.updated),
    }


def _endpoint(service: Service) -> Json:
    """Return what was allocated last, which an update that cannot be allocated leaves as it is."""
    spec = service.endpoint_spec
    if spec is None:
        return {"Spec": {}}
    endpoint: Json = {"Spec": spec}
    if service.ports:
        endpoint["Ports"] = service.ports
    if service.vips:
        endpoint["VirtualIPs"] = [
            {"NetworkID": each.network.id, "Addr": each.lease.cidr} for each in service.vips
        ]
    return endpoint


def _status(world: World, service: Service) -> Json:
    tasks = world.tasks_of(service.id)
    running = sum(
        task.state is TaskState.RUNNING and task.desired is TaskState.RUNNING for task in tasks
    )
    wanted = sum(task.desired is TaskState.RUNNING for task in tasks)
    return {
        "RunningTasks": running,
        "DesiredTasks": wanted if service.is_global else service.replicas,
        "CompletedTasks": sum(task.state is TaskState.COMPLETE for task in tasks),
    }


def _task_status(world: World, task: Task) -> Json:
    status: Json = {
        "Timestamp": world.moment(task.since),
        "State": task.state.word,
        "Message": task.message,
    }
    if task.error:
        status["Err"] = task.error
    if task.service_id and task.node_id and task.state >= TaskState.STARTING:
        status["ContainerStatus"] = {
            "ContainerID": task.container_id,
            "PID": task.pid,
            "ExitCode": task.exit_code,
        }
    status["PortStatus"] = _port_status(task)
    return status


def _port_status(task: Task) -> Json:
    endpoint = task.endpoint_spec or {}
    if task.state is not TaskState.RUNNING or not host_ports(endpoint):
        return {}
    return {"Ports": [port for port in endpoint["Ports"] if port["PublishMode"] == "host"]}


def _network(world: World, network: Network) -> Json:
    """Return a network as tasks carry it: what was asked, and what was allocated."""
    allocation = network.allocation
    asked = network.request
    ipam = asked.get("IPAM") or {}
    named = {"Name": asked["Driver"]} if asked.get("Driver") else {}
    options = {"Options": network.options} if network.options else {}
    asked_ipam: Json = {"Driver": {"Name": ipam.get("Driver") or "default"} if named else {}}
    if ipam.get("Config"):
        asked_ipam["Configs"] = ipam["Config"]
    spec: Json = {
        "Name": network.name,
        "Labels": network.labels,
        "DriverConfiguration": named | options,
        **{key: True for key in ("Internal", "Attachable", "Ingress") if asked.get(key)},
        "IPAMOptions": asked_ipam,
        "Scope": "swarm",
    }
    configs = [
        {"Subnet": space.text, "Gateway": str(space.gateway)}
        for space in (allocation.spaces if allocation else ())
    ]
    return meta(world, network) | {
        "Spec": spec,
        "DriverState": {"Name": "overlay", "Options": driver_options(network)},
        "IPAMOptions": {"Driver": {"Name": "default"}, "Configs": configs},
    }


def _with_defaults(spec: Json) -> Json:
    filled: dict[str, Any] = deepcopy(spec)
    template = filled["TaskTemplate"]
    template["ContainerSpec"].setdefault("StopGracePeriod", 10_000_000_000)
    template["RestartPolicy"] = {
        "Condition": "any",
        "Delay": 5_000_000_000,
        "MaxAttempts": 0,
        **(template.get("RestartPolicy") or {}),
    }
    for key in ("UpdateConfig", "RollbackConfig"):
        filled[key] = _UPDATE_DEFAULTS | (filled.get(key) or {})
    endpoint = filled.get("EndpointSpec") or {}
    filled["EndpointSpec"] = {"Mode": "vip", **endpoint}
    return filled
