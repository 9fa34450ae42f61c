"""A swarm with every kind of service on one network, and what its networks look like from outside.

Told without the code that is tested.
"""

from __future__ import annotations

from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any

from swarmtui.demo import Swarm, network_spec, port, service_spec
from tests.running import IMAGE, empty_swarm
from tests.unit.demo.asking import ask

_UNKNOWN = {"Number": 1.5, "Text": "<a> & b", "Nothing": None}
NETWORK = "shop_app"
OTHER = "back"


def shop_swarm(seed: int = 1) -> Swarm:
    """Return a swarm with services of two stacks on a network, and others beside it."""
    swarm = empty_swarm(seed)
    options = {"team": "a&b"}
    spec = network_spec(NETWORK, subnet="10.50.0.0/24", gateway="10.50.0.9", stack="shop", mtu=1400)
    swarm.create_network({**spec, "Attachable": True, "Labels": {**spec["Labels"], **options}})
    swarm.create_network(network_spec(OTHER))
    swarm.step(1)
    for spec in (
        service_spec(
            "web", IMAGE, (NETWORK,), replicas=3, ports=(port(0, 80),), aliases=("www", "w.w")
        ),
        service_spec("api", IMAGE, (OTHER, NETWORK), replicas=2, stack="shop"),
        service_spec("agent", IMAGE, (NETWORK,), replicas=None, stack="log"),
        service_spec("store", IMAGE, (NETWORK, OTHER), replicas=2, dnsrr=True, aliases=("db",)),
        service_spec("idle", IMAGE, (NETWORK,), replicas=0),
        service_spec("apart", IMAGE, (OTHER,), replicas=2),
    ):
        # All at once, so that replacing a service's tasks takes one round.
        template = spec["TaskTemplate"]
        for number, each in enumerate(template["Networks"]):
            each["Future"] = {**_UNKNOWN, "Number": number}
            each["DriverOpts"] = {"weight": str(number)}
        swarm.create_service({**spec, "UpdateConfig": {"Parallelism": 0}, "Future": _UNKNOWN})
        swarm.step(0.2)
    swarm.step(30)
    return swarm


@dataclass(frozen=True)
class Look:
    """All of a swarm that a change of networks may touch, and all that it must leave alone."""

    networks: dict[str, Any]
    specs: dict[str, Any]
    addresses: dict[str, Any]
    running: dict[str, int]
    untouched: dict[str, Any] = field(default_factory=dict)


def look_at(swarm: Swarm) -> Look:
    """Look at a swarm at rest."""
    listed = [each for each in ask(swarm, "/networks") if each["Scope"] == "swarm"]
    names = {each["Id"]: each["Name"] for each in listed}
    services = {each["Spec"]["Name"]: each for each in ask(swarm, "/services")}
    return Look(
        networks={
            each["Name"]: (
                each["IPAM"]["Config"],
                {key: value for key, value in each["Options"].items() if "vxlanid" not in key},
                each["Labels"],
                each["Attachable"],
                each["Internal"],
            )
            for each in listed
        },
        specs={name: _named(each, names) for name, each in services.items()},
        addresses={
            name: [
                (names[vip["NetworkID"]], vip["Addr"].partition("/")[2])
                for vip in each["Endpoint"].get("VirtualIPs") or ()
            ]
            for name, each in services.items()
        },
        running={
            name: sum(
                task.is_wanted and task.state.word == "running"
                for task in swarm.world.tasks_of(each["ID"])
            )
            for name, each in services.items()
        },
        untouched={
            "nodes": [(each["ID"], each["Spec"]) for each in ask(swarm, "/nodes")],
            "configs": ask(swarm, "/configs"),
            "vips": {
                (name, names[vip["NetworkID"]]): vip["Addr"]
                for name, each in services.items()
                for vip in each["Endpoint"].get("VirtualIPs") or ()
                if names[vip["NetworkID"]] in (OTHER, "ingress")
            },
            "tasks": sorted(
                task.id for task in swarm.world.tasks_of(services["apart"]["ID"]) if task.is_wanted
            ),
        },
    )


def _named(service: Any, names: dict[str, str]) -> Any:
    """Return a spec with names of networks, and with the numbers that the engine chose."""
    spec = deepcopy(service["Spec"])
    for each in spec["TaskTemplate"].get("Networks") or ():
        each["Target"] = names[each["Target"]]
    asked = spec["EndpointSpec"].get("Ports") or []
    for each, given in zip(asked, service["Endpoint"].get("Ports") or [], strict=True):
        each["PublishedPort"] = given["PublishedPort"]
    return spec


def sorted_addresses(look: Look) -> dict[str, list[Any]]:
    """Return on which networks each service has an address, in no order."""
    return {name: sorted(each) for name, each in look.addresses.items()}
