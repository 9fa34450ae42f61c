"""What a swarm looks like, told without the code that is tested."""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass
from ipaddress import ip_interface, ip_network
from typing import Any

from swarmtui.demo import Swarm
from swarmtui.operations import Definition
from tests.running import PUBLISHERS
from tests.unit.demo.asking import ask


@dataclass(frozen=True)
class Portrait:
    """All of a swarm that an operation may change, and all that it must leave alone."""

    ingress: tuple[Any, ...]
    specs: Mapping[str, Any]
    ports: Mapping[str, Any]
    running: Mapping[str, int]
    untouched: Mapping[str, Any]


def portrait(swarm: Swarm) -> Portrait:
    """Look at a swarm at rest."""
    services = {each["Spec"]["Name"]: each for each in ask(swarm, "/services")}
    others = [each for each in ask(swarm, "/networks") if not each["Ingress"]]
    tasks = [
        task
        for task in swarm.world.tasks.values()
        if task.is_wanted and task.state.word == "running"
    ]
    names = {each["ID"]: name for name, each in services.items()}
    return Portrait(
        ingress=tuple(
            (
                each["Name"],
                each["IPAM"]["Config"],
                {key: value for key, value in each["Options"].items() if "vxlanid" not in key},
                each["Labels"],
            )
            for each in ask(swarm, "/networks")
            if each["Ingress"]
        ),
        specs={name: _numbered(each) for name, each in services.items()},
        ports={name: each["Endpoint"].get("Ports") for name, each in services.items()},
        running={
            name: sum(names.get(task.service_id) == name for task in tasks) for name in services
        },
        untouched={
            "networks": [(each["Id"], each["IPAM"], each["Options"]) for each in others],
            "tasks": sorted(
                task.id for task in tasks if names.get(task.service_id) not in PUBLISHERS
            ),
            "nodes": [(each["ID"], each["Spec"]) for each in ask(swarm, "/nodes")],
            "configs": ask(swarm, "/configs"),
            "leftovers": [node.leftover for node in swarm.world.nodes.values()],
            "vips on app": {
                name: [vip for vip in each["Endpoint"].get("VirtualIPs") or () if _on_app(vip)]
                for name, each in services.items()
            },
        },
    )


def _on_app(vip: Mapping[str, str]) -> bool:
    return ip_interface(vip["Addr"]) in ip_network("10.20.0.64/26")


def _numbered(service: Mapping[str, Any]) -> Any:
    """Return a spec with the numbers that the engine chose."""
    spec = deepcopy(service["Spec"])
    asked = spec["EndpointSpec"].get("Ports") or []
    given = service["Endpoint"].get("Ports") or []
    for each, assigned in zip(asked, given, strict=True):
        each["PublishedPort"] = assigned["PublishedPort"]
    return spec


def assert_like(swarm: Swarm, before: Portrait, ingress: Definition | None = None) -> None:
    """Check that a swarm is as before, but for the ingress where one is given."""
    now = portrait(swarm)
    wanted = before.ingress
    if ingress is not None:
        configs = [{"Subnet": each.subnet, "Gateway": each.gateway} for each in ingress.ranges]
        wanted = ((ingress.name, configs, ingress.options, ingress.labels),)
    assert now.ingress == wanted
    assert now.specs == before.specs
    assert now.ports == before.ports
    assert now.running == before.running
    assert now.untouched == before.untouched
    _assert_working(swarm)


def _assert_working(swarm: Swarm) -> None:
    """Check that the mesh reaches every node, and every task of a publisher is on it."""
    mesh = swarm.world.ingress()
    assert mesh is not None
    assert mesh.allocation is not None
    (space,) = mesh.allocation.spaces
    for node in swarm.world.nodes.values():
        assert mesh.id in node.realised
    for service in swarm.world.services.values():
        endpoint = ask(swarm, f"/services/{service.id}")["Endpoint"]
        vips = {vip["NetworkID"]: vip["Addr"] for vip in endpoint.get("VirtualIPs") or ()}
        attached = {
            mesh.id in {each.network.id for each in task.attachments}
            for task in swarm.world.tasks_of(service.id)
            if task.is_wanted
        }
        if service.name in PUBLISHERS:
            assert ip_interface(vips[mesh.id]).ip in space.subnet
            assert attached <= {True}
        else:
            assert mesh.id not in vips
            assert attached <= {False}
