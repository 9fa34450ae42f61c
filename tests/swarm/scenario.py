"""A rich swarm, partly broken: every kind of network, service and container that there is."""

from __future__ import annotations

from typing import Any

from tests.swarm.image import PROBE_IMAGE
from tests.swarm.lab import Lab, run_all
from tests.swarm.waiting import wait_until

MTU = "com.docker.network.driver.mtu"

_FIRST = ("network", "create", "-d", "overlay")
# One after another: which subnet each gets from the pool depends on the order.
NETWORKS: tuple[tuple[str, ...], ...] = (
    (*_FIRST, "--attachable", "app"),
    (*_FIRST, "--opt", "encrypted", "--label", "com.docker.stack.namespace=pay", "pay_secure"),
    (
        *_FIRST,
        "--subnet",
        "10.0.9.0/24",
        "--gateway",
        "10.0.9.99",
        "--opt",
        f"{MTU}=1400",
        "custom",
    ),
    (*_FIRST, "--subnet", "10.50.0.0/29", "tiny"),
    (*_FIRST, "--subnet", "10.60.0.0/22", "wide"),
    (*_FIRST, "--internal", "quiet"),
    (*_FIRST, "--subnet", "10.60.1.0/24", "overlap"),
)
_SERVICE = (
    "service",
    "create",
    "-q",
    "--detach",
    "--no-resolve-image",
    "--stop-grace-period",
    "1s",
)
SERVICES: tuple[tuple[str, ...], ...] = (
    ("--name", "web", "--replicas", "4", "--network", "app", "-p", "8080:80"),
    (
        "--name",
        "dual",
        "--replicas",
        "2",
        "--network",
        "wide",
        "-p",
        "8443:443",
        "-p",
        "8053:53/udp",
    ),
    ("--name", "asleep", "--replicas", "0", "--network", "wide", "-p", "9000:9000"),
    ("--name", "api", "--replicas", "3", "--network", "app", "--network", "pay_secure"),
    ("--name", "rr", "--replicas", "2", "--endpoint-mode", "dnsrr", "--network", "app"),
    (
        "--name",
        "agent",
        "--mode",
        "global",
        "--network",
        "custom",
        "-p",
        "mode=host,published=9100,target=9100",
    ),
    ("--name", "pay_db", "--replicas", "2", "--network", "name=pay_secure,alias=db"),
)
CROWD = ("--name", "crowd", "--replicas", "9", "--network", "tiny")
RUNNING = {"web": 4, "dual": 2, "api": 3, "rr": 2, "agent": 3, "pay_db": 2}
BOXES = {2: "probe-box", 3: "edge-box"}


def build(lab: Lab) -> None:
    """Make the swarm rich, and wait until it is as calm as it gets."""
    for network in NETWORKS:
        lab.docker(1, *network)
    run_all([(1, (*_SERVICE, *service, PROBE_IMAGE)) for service in SERVICES], lab)
    try:
        wait_until(lambda: _running(lab) == RUNNING, "running tasks of all services", 120)
    except AssertionError as error:
        states = "\n".join(lab.docker(1, "service", "ps", name) for name in RUNNING)
        raise AssertionError(f"{error}\n{states}") from None
    for number, name in BOXES.items():
        _start_box(lab, number, name)
    # Last, because the allocator is busy with a network that is full for as long as it is.
    lab.docker(1, *_SERVICE, *CROWD, PROBE_IMAGE)


def _start_box(lab: Lab, number: int, name: str) -> None:
    """Start a container outside services; ask again if the swarm misses its attachment."""

    def started() -> bool:
        try:
            lab.docker(number, "run", "-d", "--name", name, "--network", "app", PROBE_IMAGE)
        except AssertionError:
            lab.docker(number, "rm", "-f", name)
            return False
        return True

    wait_until(started, f"attached container {name}", 90)


def _running(lab: Lab) -> dict[str, int]:
    services: list[dict[str, Any]] = lab.get(1, "/services?status=true")
    counts = {each["Spec"]["Name"]: each["ServiceStatus"]["RunningTasks"] for each in services}
    return {name: counts.get(name, 0) for name in RUNNING}


POOL_MEMBERS = 4
"""Blocks of the pool that ingress, app, pay_secure and quiet take."""
