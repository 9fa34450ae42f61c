"""Creating, changing and removing services, refused as the engine refuses it (engine-facts G)."""

from __future__ import annotations

from copy import deepcopy

from swarmtui.demo.allocator import release_service
from swarmtui.demo.fields import SERVICE, told
from swarmtui.demo.gateway_bridge import GATEWAY_BRIDGE
from swarmtui.demo.identity import local_network_id
from swarmtui.demo.lifecycle import shut_task
from swarmtui.demo.networks import check_name
from swarmtui.demo.orchestrator import begin_update
from swarmtui.demo.ports import check_endpoint, check_ports, completed_endpoint, ingress_ports
from swarmtui.demo.records import Json, Service, TaskState
from swarmtui.demo.refusals import Refusal, rpc
from swarmtui.demo.world import Act, World

_RUNTIMES = ("ContainerSpec", "PluginSpec", "NetworkAttachmentSpec")
_UPDATE_DEFAULTS: Json = {
    "Parallelism": 0,
    "FailureAction": "pause",
    "MaxFailureRatio": 0,
    "Order": "stop-first",
}
_RESTART_DEFAULTS: Json = {"Condition": "any", "MaxAttempts": 0}
_LONGEST_NAME = 63


def create_service(world: World, spec: Json) -> str:
    """Create a service and return its id; addresses and tasks follow.

    Raises:
        Refusal: The engine would not take it.
    """
    spec = _completed(world, spec)
    _check(world, spec)
    check_ports(spec.get("EndpointSpec") or {}, world.services.values(), None)
    _check_ingress(world, spec)
    if any(each.name == spec["Name"] for each in world.services.values()):
        raise rpc(
            "AlreadyExists",
            f"name conflicts with an existing object: service {spec['Name']} already exists",
        )
    service = Service(world.new_id(), spec=spec)
    world.services[service.id] = service
    world.touch(service)
    world.events.tell(world.elapsed, "service", "create", service.id, {"name": service.name})
    world.plan(Act.ALLOCATE_SERVICE, service.id, 0.02)
    world.plan(Act.RECONCILE, service.id, 0.03)
    return service.id


def update_service(
    world: World, service: Service, version: int, spec: Json, *, rollback: bool = False
) -> None:
    """Give a service another spec.

    Args:
        world: The swarm.
        service: The service.
        version: That it has, as the caller knows.
        spec: The other one; with `rollback` it is checked, and the previous one is taken.
        rollback: Give it the spec back that it had before, one level only.

    Raises:
        Refusal: The engine would not take it; 500 when `version` is not the service's.
    """
    spec = _completed(world, spec)
    _check(world, spec)
    endpoint = spec.get("EndpointSpec") or {}
    if endpoint != (service.spec.get("EndpointSpec") or {}):
        check_ports(endpoint, world.services.values(), service)
    if spec.get("Networks") != service.spec.get("Networks") and (
        spec["TaskTemplate"].get("Networks") == service.spec["TaskTemplate"].get("Networks")
    ):
        raise rpc("Unimplemented", "networks must be migrated to TaskSpec before being changed")
    if set(spec["Mode"]) != set(service.spec["Mode"]):
        raise rpc("Unimplemented", "service mode change is not allowed")
    if spec["Name"] != service.name:
        raise rpc("Unimplemented", "renaming services is not supported")
    if rollback:
        if service.previous_spec is None:
            raise rpc("FailedPrecondition", f"service {service.id} does not have a previous spec")
        spec = service.previous_spec
    _check_ingress(world, spec)
    if version != service.index:
        raise rpc("Unknown", "update out of sequence")
    old_replicas = service.replicas
    service.previous_spec, service.spec = service.spec, spec
    service.allocated = False
    service.update_status = None
    world.touch(service)
    attributes = {"name": service.name}
    if not service.is_global and service.replicas != old_replicas:
        attributes |= {"replicas.old": str(old_replicas), "replicas.new": str(service.replicas)}
    world.events.tell(world.elapsed, "service", "update", service.id, attributes)
    begin_update(world, service)
    world.plan(Act.ALLOCATE_SERVICE, service.id, 0.02)
    world.plan(Act.RECONCILE, service.id, 0.05)


def remove_service(world: World, service: Service) -> None:
    """Remove a service; its tasks stop and vanish."""
    del world.services[service.id]
    release_service(world, service)
    world.events.tell(world.elapsed, "service", "remove", service.id, {"name": service.name})
    for task in world.tasks_of(service.id):
        shut_task(world, task, TaskState.REMOVE)


def _check(world: World, spec: Json) -> None:
    """Refuse what the leader refuses whatever else there is."""
    name = str(spec["Name"])
    check_name(name)
    if len(name) > _LONGEST_NAME:
        raise rpc("InvalidArgument", f"name must be {_LONGEST_NAME} characters or fewer")
    if not spec["TaskTemplate"]["ContainerSpec"].get("Image"):
        raise rpc("InvalidArgument", "ContainerSpec: image reference must be provided")
    check_endpoint(spec.get("EndpointSpec") or {})
    for each in spec["TaskTemplate"].get("Networks") or spec.get("Networks") or ():
        network = world.networks[each["Target"]]
        if network.ingress:
            raise rpc(
                "InvalidArgument",
                f'Service cannot be explicitly attached to the ingress network "{network.name}"',
            )


def _check_ingress(world: World, spec: Json) -> None:
    if ingress_ports(spec.get("EndpointSpec") or {}) and world.ingress() is None:
        raise rpc(
            "FailedPrecondition",
            "service needs ingress network, but no ingress network is present",
        )


def _completed(world: World, asked: Json) -> Json:
    """Return a spec as the engine understands it, with what it fills in.

    Raises:
        Refusal: The engine does not understand it.
    """
    spec: Json = told(deepcopy(asked), SERVICE, others=world.keeps_unknown_fields)
    spec["Name"] = str(spec.get("Name") or "") or f"demo_{world.serial}"
    spec["Labels"] = spec.get("Labels") or {}
    template = spec.setdefault("TaskTemplate", {})
    _complete_networks(world, spec)
    _complete_template(template)
    for key in ("UpdateConfig", "RollbackConfig"):
        if key in spec:
            spec[key] = _UPDATE_DEFAULTS | spec[key]
    spec["Mode"] = spec.get("Mode") or {"Replicated": {}}
    if len(spec["Mode"]) > 1:
        raise Refusal(400, "must specify only one service mode")
    if "Replicated" in spec["Mode"]:
        spec["Mode"]["Replicated"].setdefault("Replicas", 1)
    if "EndpointSpec" in spec:
        spec["EndpointSpec"] = completed_endpoint(spec["EndpointSpec"])
    return dict(told(spec, SERVICE, others=True))


def _complete_networks(world: World, spec: Json) -> None:
    """Put ids for the names of networks that the engine reads, and leave out what is empty."""
    template = spec["TaskTemplate"]
    if not world.release.reads_service_networks:
        spec.pop("Networks", None)
    for holder in (template, spec):
        if not holder.get("Networks"):
            holder.pop("Networks", None)
    for each in template.get("Networks") or spec.get("Networks") or ():
        each["Target"] = _network_id(world, str(each["Target"]))
        for key in ("Aliases", "DriverOpts"):
            if not each.get(key):
                each.pop(key, None)


def _complete_template(template: Json) -> None:
    if not any(each in template for each in _RUNTIMES):
        raise Refusal(400, "mismatched Runtime and *Spec fields")
    container = template.setdefault("ContainerSpec", {})
    container["Isolation"] = container.get("Isolation") or "default"
    template["ForceUpdate"] = template.get("ForceUpdate") or 0
    template["Runtime"] = template.get("Runtime") or "container"
    if "RestartPolicy" in template:
        template["RestartPolicy"] = _RESTART_DEFAULTS | template["RestartPolicy"]


def _network_id(world: World, target: str) -> str:
    """Return the id of the network that a service names by id, name or beginning of the id."""
    for network in world.networks.values():
        if target in (network.id, network.name):
            return network.id
    meant = [each.id for each in world.networks.values() if target and each.id.startswith(target)]
    if len(meant) == 1:
        return meant[0]
    if target == "none":
        raise Refusal(
            404,
            "could not find the corresponding predefined swarm network: network none not found",
        )
    if target in ("bridge", "host"):
        raise Refusal(501, "the simulated engine runs no services on the networks of a node")
    bridges = (
        local_network_id(world.seed, node.id, GATEWAY_BRIDGE, node.gateway_bridge.number)
        for node in world.nodes.values()
    )
    if target in (GATEWAY_BRIDGE, *bridges):
        raise Refusal(
            403,
            f"The network {GATEWAY_BRIDGE} cannot be used with services. Only networks scoped to "
            "the swarm can be used, such as those created with the overlay driver.",
        )
    raise Refusal(500, f"network {target} not found")
