"""What a network is to be: enough to create it, and to tell whether one is it."""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from typing import Any

import msgspec

from swarmtui.addressing import first_host
from swarmtui.model import Network

VXLAN_OPTION = "com.docker.network.driver.overlay.vxlanid_list"
MTU_OPTION = "com.docker.network.driver.mtu"
ENCRYPTED_OPTION = "encrypted"


class Range(msgspec.Struct, frozen=True):
    """A wanted address range; the engine chooses whatever is left empty."""

    subnet: str = ""
    gateway: str = ""
    ip_range: str = ""


class Definition(msgspec.Struct, frozen=True):
    """A network as it is wanted, without what the engine assigns."""

    name: str
    ranges: tuple[Range, ...] = ()
    options: dict[str, str] = {}
    labels: dict[str, str] = {}
    ingress: bool = False
    attachable: bool = False
    internal: bool = False
    ipv6: bool = False
    driver: str = "overlay"

    @property
    def mtu(self) -> str:
        """Return the MTU option, empty without one."""
        return self.options.get(MTU_OPTION, "")

    @property
    def is_encrypted(self) -> bool:
        """Tell whether data is to be encrypted."""
        return ENCRYPTED_OPTION in self.options


def definition_of(network: Network) -> Definition:
    """Return what would create a network like this one; its VXLAN ids are the engine's to give."""
    return Definition(
        name=network.name,
        ranges=tuple(
            Range(subnet.cidr, subnet.gateway, subnet.ip_range) for subnet in network.subnets
        ),
        options={key: value for key, value in network.options.items() if key != VXLAN_OPTION},
        labels=dict(network.labels),
        ingress=network.ingress,
        attachable=network.attachable,
        internal=network.internal,
        ipv6=network.ipv6,
        # A network that the swarm has not taken up tells none.
        driver=network.driver or "overlay",
    )


def fits(network: Network, wanted: Definition) -> bool:
    """Tell whether a network is allocated and what is wanted; what was left open fits always."""
    present = definition_of(network)
    if not network.is_allocated:
        return False
    asked = dict(wanted.options)
    if asked.pop(VXLAN_OPTION, None) not in (None, network.options.get(VXLAN_OPTION)):
        return False
    if asked != present.options:
        return False
    plain = ("name", "labels", "ingress", "attachable", "internal")
    if any(getattr(present, each) != getattr(wanted, each) for each in plain):
        return False
    if not wanted.ranges:
        return True
    return len(wanted.ranges) == len(present.ranges) and all(
        each.subnet in ("", has.subnet)
        and each.gateway in ("", has.gateway)
        and each.ip_range == has.ip_range
        for each, has in zip(wanted.ranges, present.ranges, strict=True)
    )


def creation(wanted: Definition) -> dict[str, Any]:
    """Return the body of `POST /networks/create` (engine-facts D.4)."""
    body: dict[str, Any] = {"Name": wanted.name, "Driver": wanted.driver}
    if wanted.driver != "overlay":
        # Else engines below 25 take a second one of the same name.
        body["CheckDuplicate"] = True
    if wanted.ingress:
        body["Ingress"] = True
    if wanted.attachable:
        body["Attachable"] = True
    if wanted.internal:
        body["Internal"] = True
    if wanted.ipv6:
        body["EnableIPv6"] = True
    names = {"Subnet": "subnet", "Gateway": "gateway", "IPRange": "ip_range"}
    configs = [
        {key: getattr(each, name) for key, name in names.items() if getattr(each, name)}
        for each in wanted.ranges
    ]
    if any(configs):
        body["IPAM"] = {"Driver": "default", "Config": configs}
    if wanted.options:
        body["Options"] = wanted.options
    if wanted.labels:
        body["Labels"] = wanted.labels
    return body


def create_command(wanted: Definition) -> str:
    """Return the `docker` command that creates the network."""
    words = ["docker", "network", "create", "--driver", wanted.driver]
    flags = ("ingress", "attachable", "internal", "ipv6")
    words += [f"--{flag}" for flag in flags if getattr(wanted, flag)]
    for each in wanted.ranges:
        for flag, value in (
            ("--subnet", each.subnet),
            ("--gateway", each.gateway),
            ("--ip-range", each.ip_range),
        ):
            if value:
                words += [flag, value]
    for key, value in wanted.options.items():
        words += ["--opt", f"{key}={value}" if value else key]
    for key, value in wanted.labels.items():
        words += ["--label", f"{key}={value}"]
    return shlex.join([*words, wanted.name])


def first_range(base: Definition) -> tuple[str, str]:
    """Return subnet and gateway, the latter empty where it is the one that comes by itself."""
    if not base.ranges:
        return "", ""
    subnet, gateway = base.ranges[0].subnet, base.ranges[0].gateway
    return subnet, "" if gateway == first_host(subnet) else gateway


def options_with(kept: Mapping[str, str], mtu: str, *, encrypted: bool) -> dict[str, str]:
    """Return driver options with another MTU and encryption, all others as they were.

    Args:
        kept: The options of before.
        mtu: As it was typed; empty or `0` for the engine's default.
        encrypted: Whether data is to be encrypted.
    """
    options = {key: kept[key] for key in kept if key not in (MTU_OPTION, ENCRYPTED_OPTION)}
    if mtu.strip() not in ("", "0"):
        options[MTU_OPTION] = mtu.strip()
    if encrypted:
        # Any value encrypts (engine-facts B.2), so the one that is there is kept.
        options[ENCRYPTED_OPTION] = kept.get(ENCRYPTED_OPTION, "")
    return options
