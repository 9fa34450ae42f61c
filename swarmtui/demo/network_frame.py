"""What the JSON of all networks has in common."""

from __future__ import annotations

from swarmtui.demo.addresses import AddressSpace
from swarmtui.demo.records import Json
from swarmtui.demo.release import Release, api_number

_STATUS_SINCE_API = (1, 52)


def has_status(api: str) -> bool:
    """Tell whether inspections count addresses in an API version."""
    return api_number(api) >= _STATUS_SINCE_API


def in_order(release: Release, shape: Json) -> Json:
    """Return a network with its fields in the release's order."""
    tail = (
        ("Options", "Labels", "Peers", "Containers", "Services", "Status")
        if release.split_inspect
        else ("Containers", "Options", "Labels", "Peers", "Services")
    )
    return {key: value for key, value in shape.items() if key not in tail} | {
        key: shape[key] for key in tail if key in shape
    }


def frame(release: Release, name: str, identity: str, created: str, scope: str) -> Json:
    """Return how every network begins."""
    shape: Json = {"Name": name, "Id": identity, "Created": created, "Scope": scope, "Driver": ""}
    if release.tells_ipv4:
        shape["EnableIPv4"] = True
    return shape


def config_shape(space: AddressSpace, *, with_gateway: bool = True) -> Json:
    """Return a subnet of the `IPAM.Config`."""
    shape: Json = {"Subnet": space.text}
    if space.ip_range is not None:
        shape["IPRange"] = str(space.ip_range)
    if with_gateway:
        shape["Gateway"] = str(space.gateway)
    return shape


def status_shape(counts: dict[str, tuple[int, int]]) -> Json:
    """Return a `Status` from used addresses and size of each subnet."""
    subnets = {
        text: {"IPsInUse": used, "DynamicIPsAvailable": size - used}
        for text, (used, size) in counts.items()
    }
    return {"IPAM": {"Subnets": subnets}}
