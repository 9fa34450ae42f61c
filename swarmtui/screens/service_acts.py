"""What commands on services do on a screen of tables."""

from __future__ import annotations

from typing import TYPE_CHECKING

from swarmtui import operations, screens
from swarmtui.model import ServiceId
from swarmtui.screens.acting import ActingScreen
from swarmtui.screens.lookup import service_of_port

if TYPE_CHECKING:
    from swarmtui.model import Network, Service


class ServiceActs(ActingScreen):
    """A screen of panes with services among the rows."""

    @property
    def service(self) -> Service | None:
        """The service that is meant by the row."""
        pane, snapshot = self.pane, self.host.snapshot
        if snapshot is None or pane.kind not in ("services", "ports"):
            return None
        key = pane.selected_key or ""
        identity = ServiceId(key) if pane.kind == "services" else ServiceId(service_of_port(key))
        return snapshot.service_by_id.get(identity)

    @property
    def has_service(self) -> bool:
        """Is a service of the swarm meant by the row?"""
        return self.sees_cluster and self.service is not None

    @property
    def _shared(self) -> Network | None:
        """The network whose services are the rows; the ingress is none to come onto by itself."""
        network = self.network if self.pane.kind == "services" else None
        return network if network is not None and not network.ingress else None

    @property
    def leads_to_services(self) -> bool:
        """Is a network meant whose services are not on screen already?"""
        return self.has_overlay and self.pane.kind != "services"

    @property
    def can_attach(self) -> bool:
        """Is a service meant, or a network whose services these are?"""
        if not self.sees_cluster or self.pane.kind != "services":
            return False
        return self._shared is not None if self.pane.subject else self.has_service

    @property
    def can_detach(self) -> bool:
        """Is a service meant that is on a network which it could leave?"""
        service = self.service
        if service is None or not self.can_attach:
            return False
        return self._shared is not None or bool(service.networks)

    def show_services(self) -> None:
        """Go to the services of the network."""
        network = self.network
        if network is not None:
            title = f"services on {network.name}"
            self.host.visit(self.place.below("services", f"network:{network.id}", title))

    def attach(self) -> None:
        """Open the form that puts a service on a network."""
        snapshot, network, service = self.host.snapshot, self._shared, self.service
        if snapshot is None:
            return
        if network is not None:
            draft = operations.AttachDraft(network=network.name)
        elif service is not None:
            draft = operations.AttachDraft(service=service.name)
        else:
            return
        self.app.push_screen(screens.AttachScreen(snapshot, draft))

    def detach(self) -> None:
        """Review that the service leaves the network, or ask which one."""
        snapshot, network, service = self.host.snapshot, self._shared, self.service
        if snapshot is None or service is None:
            return
        if network is None:
            self.app.push_screen(screens.DetachScreen(snapshot, service.name))
            return
        intent = operations.DetachDraft(service.name, network.name).intent(snapshot)
        self.app.push_screen(
            screens.ReviewScreen(
                "Review", lambda newest: operations.plan_operation(newest, intent), self.host.begin
            )
        )

    def reach(self) -> None:
        """Open the form for how the service is reached."""
        snapshot, service = self.host.snapshot, self.service
        draft = operations.reach_draft(snapshot, service.name) if snapshot and service else None
        if snapshot is not None and draft is not None:
            self.app.push_screen(screens.ReachScreen(snapshot, draft))
