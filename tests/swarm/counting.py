"""Who holds which address of a network, counted from what docker says and by nothing of ours."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass, field
from urllib.parse import quote

from tests.swarm.calls import LIVE, Json
from tests.swarm.lab import Lab

_RUNTIMES = quote('{"runtime":["container","attachment",""]}')


@dataclass
class Count:
    """Who holds what on one network.

    Attributes:
        kinds: What each address is that anybody holds, load-balancers apart.
        on_nodes: The address of each node's load-balancer, as the node itself tells.
        wanted_nodes: The nodes that are to have one.
        every: All addresses of all subnets.
        handed_out: Those of them that endpoints may get.
        asked: The nodes that were asked themselves.
    """

    asked: tuple[str, ...] = ()
    kinds: dict[str, str] = field(default_factory=dict)
    on_nodes: dict[str, str] = field(default_factory=dict)
    wanted_nodes: set[str] = field(default_factory=set)
    every: set[str] = field(default_factory=set)
    handed_out: set[str] = field(default_factory=set)


def count(lab: Lab, name: str, asked: tuple[int, ...] = (1, 2, 3)) -> Count:
    """Count a network's holders, from lists of a manager and from what each node carries."""
    (row,) = (n for n in lab.get(1, "/networks") if n["Name"] == name and n["Scope"] == "swarm")
    found = Count(tuple(f"node{number}" for number in asked))
    for config in row["IPAM"]["Config"]:
        _take_subnet(found, config)
    for each in lab.get(1, "/services"):
        for vip in each["Endpoint"].get("VirtualIPs") or ():
            if vip["NetworkID"] == row["Id"] and vip.get("Addr"):
                found.kinds[plain(vip["Addr"])] = "vip"
    nodes = {each["ID"]: each["Description"]["Hostname"] for each in lab.get(1, "/nodes")}
    if row["Ingress"]:
        found.wanted_nodes |= set(nodes.values())
    for each in lab.get(1, f"/tasks?filters={_RUNTIMES}"):
        _take_task(found, row["Id"], nodes, each)
    for number in asked:
        _take_balancer(found, lab, row["Id"], number)
    return found


def plain(address: str) -> str:
    """Return an address without its prefix length."""
    return address.partition("/")[0]


def _take_subnet(found: Count, config: Json) -> None:
    subnet = ipaddress.ip_network(config["Subnet"], strict=False)
    given = ipaddress.ip_network(config.get("IPRange") or config["Subnet"], strict=False)
    found.every |= set(map(str, subnet))
    found.handed_out |= set(map(str, given))
    found.kinds[str(subnet.network_address)] = "network"
    found.kinds[str(subnet.broadcast_address)] = "broadcast"
    found.kinds[config["Gateway"]] = "gateway"


def _take_task(found: Count, network: str, nodes: dict[str, str], task: Json) -> None:
    attached = task.get("NetworksAttachments") or ()
    mine = [each for each in attached if each["Network"]["ID"] == network]
    if not mine or task["Status"]["State"] not in LIVE:
        return
    if task.get("NodeID"):
        found.wanted_nodes.add(nodes[task["NodeID"]])
    for each in mine:
        for address in each["Addresses"] or ():
            found.kinds[plain(address)] = "task" if task.get("ServiceID") else "container"


def _take_balancer(found: Count, lab: Lab, network: str, number: int) -> None:
    status, inspected = lab.call(number, "GET", f"/networks/{network}")
    containers: Json = (inspected.get("Containers") or {}) if status == 200 else {}
    for key, each in containers.items():
        if key.startswith("lb-") or key.endswith("-sbox"):
            found.on_nodes[f"node{number}"] = plain(each["IPv4Address"])
