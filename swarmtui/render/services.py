"""The table of services."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.text import Text

from swarmtui.model import short_id
from swarmtui.render.table import Column, Row
from swarmtui.render.text import NOTHING, toned

if TYPE_CHECKING:
    from swarmtui.model import PublishedPort, Service, Snapshot

SERVICE_COLUMNS = (
    Column("name", "NAME", 18, "N", flex=2, min_width=10),
    Column("mode", "MODE", 10, "M", min_width=10, priority=3),
    Column("replicas", "TASKS", 7, "R", justify="right", min_width=5),
    Column("endpoint", "VIP/RR", 6, "E", min_width=6, priority=2),
    Column("networks", "NETWORKS", 16, "W", flex=2, min_width=8),
    Column("ports", "PORTS", 20, "P", flex=2, min_width=10, priority=1),
    Column("update", "UPDATE", 18, "U", wide=True),
    Column("image", "IMAGE", 30, "I", wide=True),
    Column("stack", "STACK", 14, "T", wide=True),
    Column("id", "ID", 25, wide=True),
)


def service_rows(snapshot: Snapshot) -> list[Row]:
    """Return a row for every service, by name."""
    ordered = sorted(snapshot.services, key=lambda each: (each.name.lower(), each.id))
    return [service_row(snapshot, each) for each in ordered]


def service_row(snapshot: Snapshot, service: Service) -> Row:
    """Return the row of a service."""
    running, desired = task_counts(snapshot, service)
    names = ", ".join(network_names(snapshot, service))
    ports = ", ".join(port_text(port) for port in service.ports)
    tone = "good" if running >= desired else "error" if not running else "warning"
    count: Text = toned(f"{running}/{desired}", tone if desired else "dim")
    update: Text | str = service.update_state.replace("_", " ") or NOTHING
    if service.update_state.endswith("paused"):
        update = toned(str(update), "error")
    return Row(
        service.id,
        (
            service.name,
            service.mode,
            count,
            service.endpoint_mode,
            names or NOTHING,
            ports or NOTHING,
            update,
            service.image or NOTHING,
            service.stack or NOTHING,
            service.id,
        ),
        (
            service.name.lower(),
            service.mode,
            running,
            service.endpoint_mode,
            names,
            min((port.published for port in service.ports), default=None),
            service.update_state,
            service.image,
            service.stack,
            service.id,
        ),
    )


def port_text(port: PublishedPort) -> str:
    """Return `8080→80/tcp`, with a word for host mode."""
    published = str(port.published) if port.published else "unassigned"
    host = " host" if port.mode == "host" else ""
    return f"{published}→{port.target}/{port.protocol}{host}"


def network_names(snapshot: Snapshot, service: Service) -> list[str]:
    """Return the names of a service's networks, those where it only has a VIP last."""
    by_id = snapshot.network_by_id
    return [
        by_id[key].name if key in by_id else f"?{short_id(key)}"
        for key in snapshot.networks_of(service)
    ]


def task_counts(snapshot: Snapshot, service: Service) -> tuple[int, int]:
    """Return running and desired tasks: the engine's count, or ours where it gives none."""
    if service.running is not None and service.desired is not None:
        return service.running, service.desired
    mine = [task for task in snapshot.tasks if task.service_id == service.id]
    running = sum(1 for task in mine if task.state == "running")
    wanted = sum(1 for task in mine if task.desired_state == "running")
    return running, service.replicas if service.replicas is not None else wanted
