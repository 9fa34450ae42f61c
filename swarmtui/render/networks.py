"""The table of networks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.text import Text

from swarmtui.addressing import Source, address_value, endpoints, usage
from swarmtui.render.table import Column, Row
from swarmtui.render.text import NOTHING, bar, tone_of_share, toned, when

if TYPE_CHECKING:
    from swarmtui.addressing import NetworkUse, SubnetUse
    from swarmtui.model import Network, Snapshot
    from swarmtui.render.table import SortValue

USED_WIDTH = 14
SOURCE_WORDS = {
    Source.REPORTED: "reported by the swarm leader",
    Source.COMPUTED: "computed from tasks and services",
    Source.UNKNOWN: "not known on this node",
}

NETWORK_COLUMNS = (
    Column("name", "NAME", 14, "N", flex=1, min_width=9),
    Column("subnet", "SUBNET", 18, "S", min_width=13),
    Column("used", "USED", USED_WIDTH, "U", min_width=USED_WIDTH, priority=1),
    Column("mtu", "MTU", 4, "M", justify="right", min_width=4, priority=3),
    Column("encrypted", "E", 1, "E", min_width=1, priority=2),
    Column("driver", "DRIVER", 14, "D", wide=True),
    Column("flags", "FLAGS", 20, "F", wide=True),
    Column("vxlan", "VXLAN", 9, "V", wide=True),
    Column("services", "SERVICES", 8, "R", justify="right", wide=True),
    Column("endpoints", "ENDPOINTS", 9, "P", justify="right", wide=True),
    Column("created", "CREATED (UTC)", 16, "C", wide=True),
    Column("stack", "STACK", 14, "T", wide=True),
    Column("labels", "LABELS", 30, wide=True),
)


def network_rows(snapshot: Snapshot) -> list[Row]:
    """Return a row for every network: ingress, overlays, then what is local to the node."""
    uses = usage(snapshot)
    return [
        _row(snapshot, network, uses.get(network.id))
        for network in sorted(snapshot.networks, key=_order)
    ]


def used_text(use: NetworkUse | SubnetUse | None) -> str:
    """Return `19/64`, `11 wanted of 8`, or a dash when nobody knows."""
    if use is None or not use.capacity:
        return NOTHING
    if use.wanted is not None:
        return f"{use.wanted} wanted of {use.capacity}"
    return f"{NOTHING if use.used is None else use.used}/{use.capacity}"


def used_cell(use: NetworkUse | None, waiting: int = 0) -> Text:
    """Return how full a network is: with a bar, or with how many tasks wait for an address."""
    text = used_text(use)
    if waiting and (use is None or use.wanted is None):
        words = f"{text} {waiting} waiting"
        return toned(words if len(words) <= USED_WIDTH else f"{text} +{waiting}", "error")
    if use is None or use.used is None or not use.capacity:
        return toned(text, "dim")
    if use.wanted is not None:
        return toned(text, "error")
    count = f"{text:<9} {bar(use.used, use.capacity)}" if len(text) <= 9 else text
    return toned(count, tone_of_share(use.used / use.capacity))


def network_kind(network: Network) -> str:
    """Return what a network is to people: ingress, overlay, gateway bridge, bridge..."""
    if network.ingress:
        return "ingress"
    if network.is_gateway_bridge:
        return "gateway bridge"
    return network.driver or "not allocated"


def _order(network: Network) -> tuple[bool, bool, bool, str, str]:
    return (
        not network.is_swarm,
        not network.ingress,
        not network.is_gateway_bridge and not network.is_swarm,
        network.name.lower(),
        network.id,
    )


def _row(snapshot: Snapshot, network: Network, use: NetworkUse | None) -> Row:
    waiting = len(snapshot.waiting_tasks_by_network.get(network.id, ()))
    subnets = ", ".join(subnet.cidr for subnet in network.subnets)
    first = address_value(network.subnets[0].cidr.partition("/")[0]) if network.subnets else None
    services = len(snapshot.services_by_network.get(network.id, ()))
    flags = _flags(network)
    labels = ", ".join(f"{key}={value}" for key, value in sorted(network.labels.items()))
    vxlan = ",".join(map(str, network.vxlan_ids))
    counted = use.endpoints if use is not None else None
    shown = len(endpoints(snapshot, network)) if counted is None else counted
    mtu = network.outer_mtu if network.is_overlay else network.mtu_option
    cells: tuple[tuple[Text | str, SortValue], ...] = (
        (network.name, network.name.lower()),
        (_subnet(network, subnets), first),
        (used_cell(use, waiting), _share(use)),
        (str(mtu) if mtu and network.is_allocated else NOTHING, mtu),
        ("●" if network.is_encrypted else " ", int(network.is_encrypted)),
        (f"{network.scope}/{network.driver or NOTHING}", f"{network.scope}/{network.driver}"),
        (flags or NOTHING, flags),
        (vxlan or NOTHING, network.vxlan_ids[0] if network.vxlan_ids else None),
        (str(services) if network.is_swarm else NOTHING, services),
        (str(shown), shown),
        (when(network.created), network.created),
        (network.stack or NOTHING, network.stack),
        (labels or NOTHING, labels),
    )
    style = "" if network.is_swarm else "dim"
    return Row(network.id, tuple(c for c, _ in cells), tuple(s for _, s in cells), style)


def _subnet(network: Network, subnets: str) -> Text | str:
    if not network.is_allocated:
        return toned("not allocated", "error")
    return subnets or NOTHING


def _share(use: NetworkUse | None) -> float | None:
    if use is None or use.used is None or not use.capacity:
        return None
    return (use.wanted or use.used) / use.capacity


def _flags(network: Network) -> str:
    words = (
        (network.ingress, "ingress"),
        (network.is_gateway_bridge, "gateway bridge"),
        (network.attachable, "attachable"),
        (network.internal, "internal"),
        (network.is_encrypted, "encrypted"),
        (network.ipv6, "ipv6"),
    )
    return " ".join(word for flag, word in words if flag)
