"""A service: what it runs, on which networks, and the ports that it publishes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import msgspec

from swarmtui.model.ids import NetworkId, ServiceId
from swarmtui.model.network import STACK_LABEL


@dataclass(frozen=True, slots=True)
class PublishedPort:
    """A published port.

    Attributes:
        published: The port on the nodes; 0 while the engine has not assigned one.
        mode: `ingress` (the default of the engine) or `host`.
    """

    protocol: str
    target: int
    published: int
    mode: str


class NetworkTarget(msgspec.Struct, frozen=True, gc=False):
    """A network named by a service's specification, by id or by name."""

    target: str
    aliases: tuple[str, ...] = ()
    driver_options: Mapping[str, str] = msgspec.field(default_factory=dict)


class VirtualIp(msgspec.Struct, frozen=True, gc=False):
    """A service's virtual address on one network, without its prefix length."""

    network_id: NetworkId
    address: str


@dataclass(frozen=True, slots=True)
class UpdatePolicy:
    """How the engine replaces a service's tasks, with the engine's defaults.

    Attributes:
        parallelism: Tasks replaced at a time; 0 for all.
        monitor_seconds: How long the engine watches the last new task before an update is over.
        order: `stop-first` or `start-first`.
        on_failure: `pause`, `continue` or `rollback`.
        stop_grace_seconds: How long a task may take to stop.
    """

    parallelism: int = 1
    delay_seconds: float = 0.0
    monitor_seconds: float = 5.0
    order: str = "stop-first"
    on_failure: str = "pause"
    stop_grace_seconds: float = 10.0


@dataclass(frozen=True, slots=True)
class Service:
    """A swarm service.

    Attributes:
        version: The engine's `Version.Index`; unchanged means that the object is unchanged.
        mode: `replicated`, `global`, `replicated-job` or `global-job`.
        replicas: How many tasks are asked for; None for global services.
        ports: As the engine publishes them, numbers that it assigned included.
        asked_ports: As the specification asks for them; 0 where the engine is to assign a number.
        endpoint_mode: `vip` or `dnsrr`.
        running, desired: Task counts by the engine; None below API 1.41.
        legacy_networks: The specification names its networks in `Spec.Networks` alone, as
            early engines wanted it (engine-facts B.2).
        update_state: Empty before the first update.
    """

    id: ServiceId
    version: int
    name: str
    mode: str = "replicated"
    replicas: int | None = None
    endpoint_mode: str = "vip"
    networks: tuple[NetworkTarget, ...] = ()
    ports: tuple[PublishedPort, ...] = ()
    asked_ports: tuple[PublishedPort, ...] = ()
    virtual_ips: tuple[VirtualIp, ...] = ()
    image: str = ""
    labels: Mapping[str, str] = field(default_factory=dict)
    running: int | None = None
    desired: int | None = None
    update_state: str = ""
    update_message: str = ""
    update_policy: UpdatePolicy = UpdatePolicy()
    created: str = ""
    updated: str = ""
    legacy_networks: bool = False

    @property
    def publishes_on_ingress(self) -> bool:
        """Tell whether the service depends on the ingress network (engine-facts D.1)."""
        return any(port.mode == "ingress" for port in self.asked_ports)

    @property
    def is_job(self) -> bool:
        """Tell whether the service runs to completion, and runs again when it is changed."""
        return self.mode.endswith("-job")

    @property
    def stack(self) -> str:
        """Return the name of the stack that owns the service, empty without one."""
        return self.labels.get(STACK_LABEL, "")
