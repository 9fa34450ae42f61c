"""Everything about one network, with where each number comes from."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from rich.text import Text

from swarmtui.addressing import endpoints, usage
from swarmtui.model import carrying_nodes
from swarmtui.render.endpoints import kind_word
from swarmtui.render.networks import SOURCE_WORDS, network_kind, used_text
from swarmtui.render.services import port_text
from swarmtui.render.sheet import SheetText
from swarmtui.render.text import NOTHING, clock_time, counted, when

if TYPE_CHECKING:
    from swarmtui.addressing import SubnetUse
    from swarmtui.model import Network, Snapshot

FRESH = timedelta(seconds=30)
"""An older view of a network says when it was taken."""

LISTED = 500
"""As many endpoints are written on a sheet; their table has them all, and can be searched."""


def network_sheet(snapshot: Snapshot, network: Network) -> Text:
    """Return a sheet about a network."""
    sheet = SheetText(network.name, network_kind(network))
    _facts(sheet, network)
    if network.is_allocated:
        _addresses(sheet, snapshot, network)
    if network.is_overlay and network.is_allocated:
        _mtu(sheet, network)
    if network.is_swarm:
        _services(sheet, snapshot, network)
        _peers(sheet, snapshot, network)
    _endpoints(sheet, snapshot, network)
    sheet.section("Options")
    sheet.table(sorted(network.options.items()))
    sheet.section("Labels")
    sheet.table(sorted(network.labels.items()))
    return sheet.text


def _facts(sheet: SheetText, network: Network) -> None:
    sheet.value("Id", network.id)
    sheet.value("Scope", network.scope, note="the whole swarm" if network.is_swarm else "this node")
    sheet.value("Driver", network.driver or NOTHING)
    sheet.value("Created (UTC)", when(network.created))
    if not network.is_allocated:
        sheet.value("State", "not allocated", tone="error")
        sheet.line("The engine accepted this network and never gave it addresses: its subnet")
        sheet.line("overlaps another's, its VXLAN id is taken, or the address pool is empty.")
        sheet.line("Only the leader's log says which. Remove it and create it anew.")
    encrypted = network.options.get("encrypted", "")
    remark = f"the option says {encrypted!r}, but its presence encrypts" if encrypted else ""
    sheet.value("Encrypted", "yes" if network.is_encrypted else "no", note=remark)
    sheet.value("Attachable", "yes" if network.attachable else "no")
    sheet.value("Internal", "yes" if network.internal else "no")
    if network.ipv6:
        sheet.value("IPv6", "asked for", note="the swarm allocates IPv4 addresses only")
    if network.is_swarm:
        sheet.value("VXLAN ids", ", ".join(map(str, network.vxlan_ids)))
    if network.stack:
        sheet.value("Stack", network.stack)


def _addresses(sheet: SheetText, snapshot: Snapshot, network: Network) -> None:
    sheet.section("Addresses")
    use = usage(snapshot).get(network.id)
    if use is None:
        sheet.table(
            (subnet.cidr, f"gateway {subnet.gateway or NOTHING}") for subnet in network.subnets
        )
        return
    for each in use.subnets:
        _subnet(sheet, each)
    waiting = snapshot.waiting_tasks_by_network.get(network.id, ())
    if waiting:
        sheet.value("Waiting", counted(len(waiting), "task"), note="in state new", tone="error")
        names = sorted(snapshot.task_name(task) for task in waiting)
        sheet.line(", ".join(names[:12]) + (" ..." if len(names) > 12 else ""))


def _subnet(sheet: SheetText, use: SubnetUse) -> None:
    sheet.value("Subnet", use.subnet.cidr)
    sheet.value("Gateway", use.subnet.gateway)
    if use.subnet.ip_range:
        sheet.value("Range", use.subnet.ip_range, note="only these are handed out")
    tone = "error" if use.wanted is not None else ""
    sheet.value("Used", used_text(use), note=SOURCE_WORDS[use.source], tone=tone)
    if use.reported is not None and use.computed is not None and use.reported != use.computed:
        note = "from tasks and services"
        sheet.value("Computed", f"{use.computed}/{use.capacity}", note=note)
    if use.free is not None:
        sheet.value("Free", str(use.free))


def _mtu(sheet: SheetText, network: Network) -> None:
    sheet.section("MTU")
    origin = "option" if network.mtu_option else "engine default"
    sheet.value("Between nodes", f"{network.outer_mtu} bytes", note=origin)
    cost = "VXLAN takes 50, encryption 26" if network.is_encrypted else "VXLAN takes 50"
    sheet.value("In containers", f"{network.inner_mtu} bytes", note=cost)


def _services(sheet: SheetText, snapshot: Snapshot, network: Network) -> None:
    if not snapshot.sees_cluster:
        return
    sheet.section("Services")
    rows = []
    for service in snapshot.services_by_network.get(network.id, ()):
        vips = [each.address for each in service.virtual_ips if each.network_id == network.id]
        aliases = [
            alias
            for target in service.networks
            if target.target in (network.id, network.name)
            for alias in target.aliases
        ]
        ports = ", ".join(port_text(port) for port in service.ports) if network.ingress else ""
        rows.append(
            (
                service.name,
                service.endpoint_mode.upper(),
                ", ".join(vips) or NOTHING,
                f"aliases {', '.join(aliases)}" if aliases else ports,
            )
        )
    sheet.table(sorted(rows))


def _peers(sheet: SheetText, snapshot: Snapshot, network: Network) -> None:
    sheet.section("Peers")
    inspection = snapshot.inspections.get(network.id)
    if inspection is None or inspection.peers is None:
        sheet.line("This node does not carry the network, so it does not know its peers.")
    else:
        age = snapshot.taken_at - inspection.taken_at
        old = f"at {clock_time(inspection.taken_at)} UTC" if age > FRESH else ""
        sheet.value("Seen from", snapshot.engine.name, note=old)
    sheet.table(
        (
            peer.node.hostname if peer.node else NOTHING,
            peer.address,
            str(peer.state),
            counted(peer.endpoints, "endpoint") if snapshot.sees_cluster else "",
        )
        for peer in carrying_nodes(snapshot, network)
    )


def _endpoints(sheet: SheetText, snapshot: Snapshot, network: Network) -> None:
    sheet.section("Endpoints")
    found = endpoints(snapshot, network)
    sheet.table(
        (
            each.address or "not shown",
            each.name,
            kind_word(each),
            each.node or NOTHING,
            "node down" if each.node_is_down else each.state,
        )
        for each in found[:LISTED]
    )
    if len(found) > LISTED:
        sheet.line(f"and {len(found) - LISTED:,} more: Enter on the network shows all of them.")
