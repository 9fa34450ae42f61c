"""Who uses an object, for everything that others hang on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.text import Text

from swarmtui.model import short_id
from swarmtui.render.services import network_names, port_text
from swarmtui.render.sheet import SheetText
from swarmtui.render.text import NOTHING

if TYPE_CHECKING:
    from swarmtui.model import Network, Node, Service, Snapshot


def network_users(snapshot: Snapshot, network: Network) -> Text:
    """Return the services, tasks and containers that use a network."""
    sheet = SheetText(network.name, "used by")
    sheet.section("Services")
    users = snapshot.services_by_network.get(network.id, ())
    sheet.table((each.name, each.endpoint_mode.upper()) for each in sorted(users, key=_name))
    live = snapshot.live_tasks_by_network.get(network.id, ())
    sheet.section("Live tasks")
    tasks = [(task, held) for task, held in live if not task.is_attachment]
    sheet.table(
        (snapshot.task_name(task), snapshot.node_name(task.node_id), ", ".join(held))
        for task, held in sorted(tasks, key=lambda each: snapshot.task_name(each[0]))
    )
    sheet.section("Containers outside services")
    sheet.table(
        (short_id(task.container_id), snapshot.node_name(task.node_id), ", ".join(held))
        for task, held in live
        if task.is_attachment
    )
    if not snapshot.sees_cluster:
        sheet.line("Only a manager knows the users on other nodes.", tone="warning")
    return sheet.text


def service_uses(snapshot: Snapshot, service: Service) -> Text:
    """Return what a service uses and what depends on it being reachable."""
    sheet = SheetText(service.name, "uses")
    names = network_names(snapshot, service)
    sheet.section("Networks")
    sheet.table((name,) for name in names)
    sheet.section("Published ports")
    sheet.table((port_text(port), port.mode) for port in service.ports)
    sheet.section("Services on the same networks")
    by_id = snapshot.network_by_id
    mine = {key for key in snapshot.networks_of(service) if key in by_id and not by_id[key].ingress}
    others = {
        other.name: ", ".join(sorted(by_id[key].name for key in shared))
        for other in snapshot.services
        if other.id != service.id and (shared := mine.intersection(snapshot.networks_of(other)))
    }
    sheet.table(sorted(others.items()))
    return sheet.text


def node_users(snapshot: Snapshot, node: Node) -> Text:
    """Return the networks that a node's live tasks need, and the tasks."""
    sheet = SheetText(node.hostname or node.id, "runs")
    found: dict[str, list[str]] = {}
    for network in snapshot.networks:
        for task, _ in snapshot.live_tasks_by_network.get(network.id, ()):
            if task.node_id == node.id:
                name = snapshot.task_name(task) if task.service_id else short_id(task.container_id)
                found.setdefault(network.name, []).append(name)
    sheet.section("Networks and who is on them")
    sheet.table((name, ", ".join(sorted(users))) for name, users in sorted(found.items()))
    return sheet.text


def _name(service: Service) -> str:
    return service.name or NOTHING
