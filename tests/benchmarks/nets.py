"""Networks of a generated swarm in the shapes of an engine of 29.1."""

from __future__ import annotations

from hashlib import sha256
from typing import Any

from tests.benchmarks.nodes import written_at
from tests.benchmarks.swarms import INGRESS, SHARED, Net


def attached(net: Net) -> dict[str, object]:
    """Return a network as each attachment of each task repeats it."""
    asked: dict[str, object] = {"Driver": {"Name": "default"}}
    if net.name in (INGRESS, SHARED):
        asked["Configs"] = [_range(net)]
    ingress = {"Ingress": True} if net.name == INGRESS else {}
    return {
        "ID": net.id,
        "Version": {"Index": net.version},
        "CreatedAt": written_at(net.version),
        "UpdatedAt": written_at(net.version),
        "Spec": {
            "Name": net.name,
            "Labels": {},
            "DriverConfiguration": {"Name": "overlay"},
            **ingress,
            "IPAMOptions": asked,
            "Scope": "swarm",
        },
        "DriverState": {"Name": "overlay", "Options": _options(net)},
        "IPAMOptions": {"Driver": {"Name": "default"}, "Configs": [_range(net)]},
    }


def listed(net: Net) -> dict[str, Any]:
    """Return a network as the list has it."""
    return {
        "Name": net.name,
        "Id": net.id,
        "Created": written_at(net.version),
        "Scope": "swarm",
        "Driver": "overlay",
        "EnableIPv4": True,
        "EnableIPv6": False,
        "IPAM": {"Driver": "default", "Options": None, "Config": [_range(net)]},
        "Internal": False,
        "Attachable": False,
        "Ingress": net.name == INGRESS,
        "ConfigFrom": {"Network": ""},
        "ConfigOnly": False,
        "Options": _options(net),
        "Labels": None,
    }


def local_networks() -> list[dict[str, Any]]:
    """Return what the node that is read has besides the swarm's networks."""
    kinds = (
        ("bridge", "bridge", "172.17.0"),
        ("docker_gwbridge", "bridge", "172.18.0"),
        ("host", "host", ""),
        ("none", "null", ""),
    )
    return [
        {
            "Name": name,
            "Id": sha256(name.encode()).hexdigest(),
            "Created": written_at(0),
            "Scope": "local",
            "Driver": driver,
            "EnableIPv4": True,
            "EnableIPv6": False,
            "IPAM": {
                "Driver": "default",
                "Options": None,
                "Config": [{"Subnet": f"{block}.0/16", "Gateway": f"{block}.1"}] if block else None,
            },
            "Internal": False,
            "Attachable": False,
            "Ingress": False,
            "ConfigFrom": {"Network": ""},
            "ConfigOnly": False,
            "Options": {},
            "Labels": {},
        }
        for name, driver, block in kinds
    ]


def container(net: Net, name: str, address: int) -> dict[str, str]:
    """Return an endpoint that the node that is read holds."""
    return {
        "Name": name,
        "EndpointID": sha256(f"{net.id}{address}".encode()).hexdigest(),
        "MacAddress": "02:42:" + address.to_bytes(4, "big").hex(":"),
        "IPv4Address": net.cidr(address),
        "IPv6Address": "",
    }


def status(net: Net) -> dict[str, object]:
    """Return the leader's count of a network's addresses."""
    free = len(net.free)
    counts = {"IPsInUse": net.subnet.num_addresses - free, "DynamicIPsAvailable": free}
    return {"IPAM": {"Subnets": {str(net.subnet): counts}}}


def _range(net: Net) -> dict[str, str]:
    return {"Subnet": str(net.subnet), "Gateway": str(net.subnet[1])}


def _options(net: Net) -> dict[str, str]:
    mtu = {"com.docker.network.driver.mtu": str(net.mtu)} if net.mtu else {}
    return {**mtu, "com.docker.network.driver.overlay.vxlanid_list": str(net.vxlan)}
