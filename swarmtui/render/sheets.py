"""Sheets about services, tasks, nodes, peers, endpoints, pools and ports."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.text import Text

from swarmtui.addressing import outside_pools
from swarmtui.model import PeerState
from swarmtui.render.endpoints import kind_word
from swarmtui.render.nodes import role_text
from swarmtui.render.pools import block_map
from swarmtui.render.services import network_names, port_text, task_counts
from swarmtui.render.sheet import SheetText
from swarmtui.render.text import NOTHING, when

if TYPE_CHECKING:
    from swarmtui.addressing import PoolUse
    from swarmtui.model import CarryingNode, Endpoint, Network, Node, Service, Snapshot, Task


def service_sheet(snapshot: Snapshot, service: Service) -> Text:
    """Return a sheet about a service."""
    sheet = SheetText(service.name, f"{service.mode} service")
    running, desired = task_counts(snapshot, service)
    sheet.value("Id", service.id)
    sheet.value("Image", service.image)
    sheet.value("Tasks", f"{running} of {desired} running")
    sheet.value("Updated (UTC)", when(service.updated))
    if service.update_state:
        sheet.value("Last update", service.update_state, note=service.update_message)
    if service.stack:
        sheet.value("Stack", service.stack)
    sheet.section("Discovery")
    if service.endpoint_mode == "dnsrr":
        sheet.value("Mode", "DNSRR", note="the name resolves to the tasks' addresses")
    else:
        sheet.value("Mode", "VIP", note="the name resolves to one virtual address per network")
    sheet.section("Networks")
    vips = {each.network_id: each.address for each in service.virtual_ips}
    aliases = {snapshot.target_id(each.target): each.aliases for each in service.networks}
    sheet.table(
        (
            name,
            f"VIP {vips[key]}" if vips.get(key) else "no VIP",
            f"aliases {', '.join(aliases[key])}" if aliases.get(key) else "",
        )
        for name, key in zip(
            network_names(snapshot, service), snapshot.networks_of(service), strict=True
        )
    )
    sheet.section("Published ports")
    sheet.table((port_text(port), port.mode) for port in service.ports)
    sheet.section("Tasks")
    mine = (task for task in snapshot.tasks if task.service_id == service.id and task.is_live)
    sheet.table(
        (snapshot.task_name(task), task.state, snapshot.node_name(task.node_id) or NOTHING)
        for task in sorted(mine, key=lambda task: (task.slot, task.id))
    )
    return sheet.text


def task_sheet(snapshot: Snapshot, task: Task) -> Text:
    """Return a sheet about a task."""
    kind = "container outside services" if task.is_attachment else "task"
    sheet = SheetText(snapshot.task_name(task) or task.id, kind)
    sheet.value("Id", task.id)
    sheet.value("State", task.state, note=f"wanted: {task.desired_state}")
    sheet.value("Since (UTC)", when(task.since))
    sheet.value("Node", snapshot.node_name(task.node_id))
    sheet.value("Container", task.container_id)
    if task.message:
        sheet.value("Message", task.message)
    if task.error:
        sheet.value("Error", task.error, tone="error")
    sheet.section("Addresses")
    by_id = snapshot.network_by_id
    sheet.table(
        (
            by_id[each.network_id].name if each.network_id in by_id else "removed network",
            ", ".join(each.addresses),
            "" if task.is_live else "no longer held",
        )
        for each in task.attachments
    )
    return sheet.text


def node_sheet(snapshot: Snapshot, node: Node) -> Text:
    """Return a sheet about a node."""
    sheet = SheetText(node.hostname or node.id, role_text(node))
    sheet.value("Id", node.id)
    sheet.value("State", node.state, note=node.message, tone="" if node.is_ready else "error")
    sheet.value("Availability", node.availability)
    sheet.value("Address", node.address)
    if node.manager_address:
        sheet.value("Manager at", node.manager_address)
    sheet.value("Engine", node.engine_version)
    sheet.value("Platform", f"{node.os}/{node.architecture}")
    sheet.section("Live tasks")
    mine = [task for task in snapshot.tasks if task.node_id == node.id and task.is_live]
    sheet.table(
        (
            snapshot.task_name(task),
            task.state,
            ", ".join(address for each in task.attachments for address in each.addresses),
        )
        for task in sorted(mine, key=snapshot.task_name)
    )
    sheet.section("Labels")
    sheet.table(sorted(node.labels.items()))
    return sheet.text


def peer_sheet(snapshot: Snapshot, network: Network, peer: CarryingNode) -> Text:
    """Return a sheet about a node's relation to a network."""
    name = peer.node.hostname if peer.node else peer.address
    sheet = SheetText(name, f"peer of {network.name}")
    sheet.value("Carries it", str(peer.state), tone="error" if _is_missing(peer) else "")
    if _is_missing(peer):
        sheet.line("The node should carry this network and is not among its peers.")
        if network.ingress:
            sheet.line("A re-created ingress leaves nodes out of the mesh (moby#40184).")
    sheet.value("Address", peer.address)
    sheet.value("Endpoints", str(peer.endpoints))
    if peer.node is None and snapshot.sees_cluster:
        sheet.line("No node advertises this address: it may be a data path of its own.")
    if peer.node is not None:
        sheet.value("Node id", peer.node.id)
        sheet.value("State", peer.node.state)
        sheet.value("Advertises", ", ".join(peer.node.addresses))
    return sheet.text


def endpoint_sheet(snapshot: Snapshot, network: Network, endpoint: Endpoint) -> Text:
    """Return a sheet about a holder of an address."""
    sheet = SheetText(endpoint.name, f"{kind_word(endpoint)} on {network.name}")
    note = "" if endpoint.address else "this engine does not tell it"
    sheet.value("Address", endpoint.address or "not shown", note=note)
    mac_note = "" if endpoint.mac else f"known for endpoints on {snapshot.engine.name} only"
    sheet.value("MAC", endpoint.mac, note=mac_note)
    sheet.value("Service", endpoint.service)
    sheet.value("Node", endpoint.node)
    sheet.value("State", endpoint.state)
    if endpoint.node_is_down:
        sheet.line("The node is down; the swarm keeps the address for it.", tone="error")
    sheet.value("Id", endpoint.identity)
    return sheet.text


def pool_sheet(snapshot: Snapshot, pool: PoolUse) -> Text:
    """Return a sheet about a default address pool."""
    sheet = SheetText(pool.cidr, "default address pool")
    sheet.value("Block size", f"/{pool.block_prefix}", note="what a network gets without a subnet")
    sheet.value("Blocks", f"{pool.used} of {pool.blocks} taken, {pool.free} free")
    sheet.line(block_map(pool))
    sheet.line("Pools are settled when the swarm is made, and cannot be changed later.", tone="dim")
    sheet.section("Networks in this pool")
    sheet.table(_name_and_subnets(network) for network in _by_name(pool.networks))
    sheet.section("Networks outside the pools")
    sheet.table(_name_and_subnets(network) for network in _by_name(outside_pools(snapshot)))
    return sheet.text


def _is_missing(peer: CarryingNode) -> bool:
    return peer.state is PeerState.MISSING


def _by_name(networks: tuple[Network, ...]) -> list[Network]:
    return sorted(networks, key=lambda network: network.name)


def _name_and_subnets(network: Network) -> tuple[str, str]:
    return network.name, ", ".join(subnet.cidr for subnet in network.subnets)
