"""Plans of the small swarm, in few words."""

from __future__ import annotations

from dataclasses import replace

from swarmtui.model import Network, PublishedPort, Service, Snapshot
from swarmtui.operations import (
    MTU_OPTION,
    BuildIngress,
    Definition,
    Intent,
    Plan,
    Range,
    Refusal,
    plan_operation,
)
from swarmtui.operations.writes import CreateNetwork, TouchNode, Write
from tests.builders import busy_snapshot, service

MESH = Definition("mesh", (Range("10.77.0.0/24"),), {MTU_OPTION: "1400"}, ingress=True)
WISH = BuildIngress(MESH)
TCP = PublishedPort("tcp", 80, 9090, "ingress")
API = service("api", replicas=2, ports=(TCP,))


def planned(found: Plan | Refusal) -> Plan:
    """Be sure that it is a plan."""
    assert isinstance(found, Plan), found
    return found


def refused(found: Plan | Refusal) -> Refusal:
    """Be sure that it is none."""
    assert isinstance(found, Refusal), found
    return found


def plan_of(snapshot: Snapshot | None = None, intent: Intent = WISH) -> Plan:
    """Plan a change of the small swarm, or of another one."""
    return planned(plan_operation(snapshot or busy_snapshot(), intent))


def with_services(*services: Service) -> Snapshot:
    """Return the small swarm with other services."""
    return replace(busy_snapshot(), services=services)


def with_networks(*networks: Network) -> Snapshot:
    """Return the small swarm with other networks."""
    return replace(busy_snapshot(), networks=networks)


def writes_of(plan: Plan) -> list[list[str]]:
    """Return kind and name of each write, by step."""
    return [[f"{type(each).__name__} {_name(each)}" for each in step.writes] for step in plan.steps]


def _name(write: Write) -> str:
    match write:
        case CreateNetwork():
            return write.definition.name
        case TouchNode():
            return write.hostname
        case _:
            return write.name
