"""A network with services of two stacks on it, and how all of it looks from outside."""

from __future__ import annotations

import json
from typing import Any

from tests.swarm.image import PROBE_IMAGE
from tests.swarm.lab import Lab
from tests.swarm.publishing import LONG, create, running_tasks, services
from tests.swarm.waiting import wait_until

Json = dict[str, Any]

STACK_LABEL = "com.docker.stack.namespace"
NETWORK = "shop_app"
OTHER = "back"
CONTAINER_NODE = 2


def build_shop(lab: Lab, *, subnet: str = "", container: bool = True) -> None:
    """Create two networks, five services of two stacks on one of them, and a container on it."""
    flags = ["--subnet", subnet] if subnet else []
    labels = ["--label", f"{STACK_LABEL}=shop", "--label", "tier=front"]
    lab.docker(1, "network", "create", "-d", "overlay", "--attachable", *flags, *labels, NETWORK)
    lab.docker(1, "network", "create", "-d", "overlay", OTHER)
    shop, log = f"--label={STACK_LABEL}=shop", f"--label={STACK_LABEL}=log"

    def on(alias: str) -> tuple[str, str]:
        return ("--network", f"name={NETWORK},alias={alias},alias={alias}.internal")

    create(lab, "shop_web", "--replicas", "2", shop, *on("web"), "-p", "8080:80")
    create(lab, "shop_api", "--replicas", "2", shop, "--network", OTHER, *on("api"))
    create(lab, "log_agent", "--mode", "global", log, *on("agent"))
    create(lab, "log_store", "--replicas", "2", "--endpoint-mode", "dnsrr", log, *on("store"))
    create(lab, "log_idle", "--replicas", "0", log, *on("idle"))
    if container:
        lab.docker(
            CONTAINER_NODE, "run", "-d", "--name", "visitor", "--network", NETWORK, PROBE_IMAGE
        )
    await_running(lab)


def await_running(lab: Lab) -> None:
    """Wait until every task that is wanted runs as its service says, and no update is under way."""
    seen: list[str] = []

    def calm() -> bool:
        tasks = lab.get(1, """/tasks?filters={"desired-state":["running"]}""")
        seen[:] = [
            f"{name}: {each['ServiceStatus']} {(each.get('UpdateStatus') or {}).get('State')}"
            for name, each in services(lab).items()
            if each["ServiceStatus"]["RunningTasks"] != each["ServiceStatus"]["DesiredTasks"]
            or (each.get("UpdateStatus") or {}).get("State", "completed") != "completed"
            # An update that was asked for a moment ago has no state yet.
            or any(
                task["Spec"].get(key) != each["Spec"]["TaskTemplate"].get(key)
                for task in tasks
                if task["ServiceID"] == each["ID"]
                for key in ("Networks", "ForceUpdate")
            )
        ]
        return not seen

    try:
        wait_until(calm, "running services", LONG)
    except AssertionError as error:
        raise AssertionError(f"{error}: {seen}") from None


def overlays(lab: Lab) -> dict[str, Json]:
    """Return the networks of the swarm by name, as a person decides about them."""
    return {
        each["Name"]: {
            "subnets": [
                (row["Subnet"], row.get("Gateway", "")) for row in each["IPAM"]["Config"] or ()
            ],
            "options": {k: v for k, v in (each["Options"] or {}).items() if "vxlanid" not in k},
            "labels": each["Labels"] or {},
            "attachable": each["Attachable"],
            "internal": each["Internal"],
        }
        for each in lab.get(1, "/networks")
        if each["Scope"] == "swarm" and not each["Ingress"]
    }


def members(lab: Lab) -> dict[str, Json]:
    """Return how each service is on networks, and where it has virtual addresses, by names."""
    names = {each["Id"]: each["Name"] for each in lab.get(1, "/networks")}
    return {
        name: {
            "networks": [
                (names.get(each["Target"], "?"), each.get("Aliases") or [])
                for each in service["Spec"]["TaskTemplate"].get("Networks") or ()
            ],
            "addresses": sorted(
                names.get(each["NetworkID"], "?")
                for each in service["Endpoint"].get("VirtualIPs") or ()
                if each["Addr"]
            ),
            "ports": service["Endpoint"].get("Ports"),
            "mode": service["Spec"].get("EndpointSpec", {}).get("Mode", "vip"),
            "labels": service["Spec"]["Labels"],
        }
        for name, service in services(lab).items()
    }


def addresses_on(lab: Lab, network: str) -> dict[str, str]:
    """Return the virtual address of each service on a network."""
    (identity,) = (e["Id"] for e in lab.get(1, "/networks") if e["Name"] == network)
    return {
        name: each["Addr"]
        for name, service in services(lab).items()
        for each in service["Endpoint"].get("VirtualIPs") or ()
        if each["NetworkID"] == identity
    }


def tasks_ever(lab: Lab, service: str) -> set[str]:
    """Return the ids of all tasks of a service that the engine still remembers."""
    filters = json.dumps({"service": [service]}, separators=(",", ":")).replace('"', "%22")
    return {task["ID"] for task in lab.get(1, f"/tasks?filters={filters}")}


__all__ = [
    "CONTAINER_NODE",
    "NETWORK",
    "OTHER",
    "addresses_on",
    "await_running",
    "build_shop",
    "members",
    "overlays",
    "running_tasks",
    "tasks_ever",
]
