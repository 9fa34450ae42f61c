"""Bodies of the calls that create networks and services, as the docker CLI posts them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from swarmtui.demo.records import Json

STACK_LABEL = "com.docker.stack.namespace"


def network_spec(
    name: str,
    *,
    subnet: str | None = None,
    gateway: str | None = None,
    ip_range: str | None = None,
    mtu: int | None = None,
    encrypted: bool = False,
    attachable: bool = False,
    internal: bool = False,
    ingress: bool = False,
    stack: str | None = None,
    options: Mapping[str, str] | None = None,
) -> Json:
    """Return the body of `POST /networks/create` for an overlay network."""
    config = {"Subnet": subnet, "Gateway": gateway, "IPRange": ip_range}
    config = {key: value for key, value in config.items() if value}
    driver_options = dict(options or {})
    if mtu:
        driver_options["com.docker.network.driver.mtu"] = str(mtu)
    if encrypted:
        driver_options["encrypted"] = ""
    return {
        "Name": name,
        "Driver": "overlay",
        "Attachable": attachable,
        "Internal": internal,
        "Ingress": ingress,
        "IPAM": {"Driver": "default", "Config": [config] if config else []},
        "Options": driver_options,
        "Labels": {STACK_LABEL: stack} if stack else {},
    }


def port(published: int, target: int, *, protocol: str = "tcp", mode: str = "ingress") -> Json:
    """Return a published port of a service."""
    return {
        "Protocol": protocol,
        "TargetPort": target,
        "PublishedPort": published,
        "PublishMode": mode,
    }


def service_spec(
    name: str,
    image: str,
    networks: Sequence[str] = (),
    *,
    replicas: int | None = 1,
    ports: Sequence[Json] = (),
    dnsrr: bool = False,
    constraints: Sequence[str] = (),
    aliases: Sequence[str] = (),
    stack: str | None = None,
) -> Json:
    """Return the body of `POST /services/create`.

    Args:
        name: The service's name.
        image: Its image.
        networks: Names or ids of its networks.
        replicas: None for one task on every suitable node.
        ports: From `port`.
        dnsrr: Resolve the name to the tasks, without virtual address.
        constraints: Such as "node.role==worker".
        aliases: More names on every network.
        stack: The stack that it belongs to.
    """
    labels = {STACK_LABEL: stack} if stack else {}
    container: Json = {
        "Image": image,
        "Init": False,
        "StopGracePeriod": 10_000_000_000,
        "DNSConfig": {},
        "Isolation": "default",
    }
    if labels:
        container["Labels"] = labels
    alias = {"Aliases": list(aliases)} if aliases else {}
    template: Json = {
        "ContainerSpec": container,
        "Resources": {"Limits": {}, "Reservations": {}},
        "Placement": {"Constraints": list(constraints)} if constraints else {},
        **({"Networks": [{"Target": each, **alias} for each in networks]} if networks else {}),
        "ForceUpdate": 0,
        "Runtime": "container",
    }
    endpoint: Json = {"Mode": "dnsrr" if dnsrr else "vip"}
    if ports:
        endpoint["Ports"] = list(ports)
    return {
        "Name": name,
        "Labels": labels,
        "TaskTemplate": template,
        "Mode": {"Global": {}} if replicas is None else {"Replicated": {"Replicas": replicas}},
        "EndpointSpec": endpoint,
    }
