"""Creating, changing and removing services, refused as the engine refuses it (engine-facts G)."""

from __future__ import annotations

from copy import deepcopy

from swarmtui.demo.allocator import release_service
from swarmtui.demo.lifecycle import shut_task
from swarmtui.demo.orchestrator import begin_update
from swarmtui.demo.ports import check_ports, ingress_ports
from swarmtui.demo.records import Json, Service, TaskState
from swarmtui.demo.refusals import Refusal, rpc
from swarmtui.demo.world import Act, World

_SPEC_ORDER = (
    "Name",
    "Labels",
    "TaskTemplate",
    "Mode",
    "UpdateConfig",
    "RollbackConfig",
    "EndpointSpec",
)


def create_service(world: World, spec: Json) -> str:
    """Create a service and return its id; addresses and tasks follow.

    Raises:
        Refusal: The engine would not take it.
    """
    if not spec.get("Name"):
        raise rpc("InvalidArgument", "meta: name must be provided")
    if any(each.name == spec["Name"] for each in world.services.values()):
        raise rpc(
            "AlreadyExists",
            f"name conflicts with an existing object: service {spec['Name']} already exists",
        )
    spec = _checked(world, spec, None)
    service = Service(world.new_id(), spec=spec)
    world.services[service.id] = service
    world.touch(service)
    world.events.tell(world.elapsed, "service", "create", service.id, {"name": service.name})
    world.plan(Act.ALLOCATE_SERVICE, service.id, 0.02)
    world.plan(Act.RECONCILE, service.id, 0.03)
    return service.id


def update_service(world: World, service: Service, version: int, spec: Json) -> None:
    """Give a service another spec.

    Raises:
        Refusal: The engine would not take it; 500 when `version` is not the service's.
    """
    if version != service.index:
        raise rpc("Unknown", "update out of sequence")
    if spec.get("Name") != service.name:
        raise rpc("Unimplemented", "renaming services is not supported")
    spec = _checked(world, spec, service)
    if set(spec["Mode"]) != set(service.spec["Mode"]):
        raise rpc("Unimplemented", "service mode change is not allowed")
    old_replicas = service.replicas
    service.previous_spec, service.spec = service.spec, spec
    service.allocated = False
    world.touch(service)
    attributes = {"name": service.name}
    if not service.is_global and service.replicas != old_replicas:
        attributes |= {"replicas.old": str(old_replicas), "replicas.new": str(service.replicas)}
    world.events.tell(world.elapsed, "service", "update", service.id, attributes)
    begin_update(world, service)
    world.plan(Act.ALLOCATE_SERVICE, service.id, 0.02)
    world.plan(Act.RECONCILE, service.id, 0.05)


def roll_back_service(world: World, service: Service, version: int) -> None:
    """Give a service the spec back that it had before; one level only.

    Raises:
        Refusal: It had none, or `version` is not the service's.
    """
    if service.previous_spec is None:
        raise rpc("FailedPrecondition", f"service {service.id} does not have a previous spec")
    update_service(world, service, version, service.previous_spec)


def remove_service(world: World, service: Service) -> None:
    """Remove a service; its tasks stop and vanish."""
    del world.services[service.id]
    release_service(world, service)
    world.events.tell(world.elapsed, "service", "remove", service.id, {"name": service.name})
    for task in world.tasks_of(service.id):
        shut_task(world, task, TaskState.REMOVE)


def _checked(world: World, asked: Json, owner: Service | None) -> Json:
    spec = _completed(world, asked)
    template = spec["TaskTemplate"]
    if not (template.get("ContainerSpec") or {}).get("Image"):
        raise rpc("InvalidArgument", "ContainerSpec: image reference must be provided")
    for each in template.get("Networks") or ():
        each["Target"] = _network_id(world, str(each["Target"]))
    endpoint = spec.get("EndpointSpec") or {}
    if ingress_ports(endpoint):
        if endpoint.get("Mode") == "dnsrr":
            raise rpc(
                "InvalidArgument",
                "EndpointSpec: port published with ingress mode can't be used with dnsrr mode",
            )
        if world.ingress() is None:
            raise rpc(
                "FailedPrecondition",
                "service needs ingress network, but no ingress network is present",
            )
    check_ports(endpoint, world.services.values(), owner)
    return spec


def _completed(world: World, asked: Json) -> Json:
    """Return a spec with what the engine fills in."""
    spec = deepcopy(asked)
    spec["Labels"] = spec.get("Labels") or {}
    # Go reads JSON keys in any case, and the docker SDK sends "replicated".
    modes = {key.capitalize(): value for key, value in (spec.get("Mode") or {}).items()}
    spec["Mode"] = modes or {"Replicated": {"Replicas": 1}}
    template = spec.setdefault("TaskTemplate", {})
    container = template.setdefault("ContainerSpec", {})
    container.setdefault("Isolation", "default")
    template["Resources"] = template.get("Resources") or {"Limits": {}, "Reservations": {}}
    template["Placement"] = template.get("Placement") or {}
    template["ForceUpdate"] = template.get("ForceUpdate") or 0
    template["Runtime"] = template.get("Runtime") or "container"
    beside = spec.pop("Networks", None)
    if world.release.reads_service_networks and beside and not template.get("Networks"):
        template["Networks"] = beside
    for port in (spec.get("EndpointSpec") or {}).get("Ports") or ():
        port["Protocol"] = port.get("Protocol") or "tcp"
        port["PublishMode"] = port.get("PublishMode") or "ingress"
    return {key: spec[key] for key in _SPEC_ORDER if key in spec} | spec


def _network_id(world: World, target: str) -> str:
    """Return the id of the network that a service names by id or name."""
    found = world.networks.get(target)
    if found is None:
        found = next((each for each in world.networks.values() if each.name == target), None)
    if found is None:
        if target in ("bridge", "host", "none", "docker_gwbridge"):
            raise Refusal(
                403,
                f"The network {target} cannot be used with services. Only networks scoped to the "
                "swarm can be used, such as those created with the overlay driver.",
            )
        raise Refusal(500, f"network {target} not found")
    if found.ingress:
        raise rpc(
            "InvalidArgument",
            f'Service cannot be explicitly attached to the ingress network "{found.name}"',
        )
    return found.id
