"""Typed shapes of services to the values of the model."""

from __future__ import annotations

from swarmtui.engine.shapes import (
    PortShape,
    ServiceMode,
    ServiceShape,
    ServiceSpec,
    UpdateConfig,
)
from swarmtui.engine.wire import bare_address
from swarmtui.model import (
    NetworkId,
    NetworkTarget,
    PublishedPort,
    Service,
    ServiceId,
    UpdatePolicy,
    VirtualIp,
)

_NANOSECONDS = 1e9


def service_of(shape: ServiceShape) -> Service:
    """Return a service."""
    spec = shape.spec
    mode, replicas = _mode(spec.mode or ServiceMode())
    endpoint, status, update = shape.endpoint, shape.service_status, shape.update_status
    wanted = spec.endpoint_spec
    template = spec.task_template
    asked = (wanted.ports if wanted else None) or ()
    ports = (endpoint.ports if endpoint else None) or asked
    named = template.networks if template else None
    targets = named or spec.networks or ()
    return Service(
        id=ServiceId(shape.id),
        version=(shape.version.index if shape.version else None) or 0,
        name=spec.name or "",
        mode=mode,
        replicas=replicas,
        endpoint_mode=(wanted.mode if wanted else None) or "vip",
        networks=tuple(
            NetworkTarget(each.target or "", tuple(each.aliases or ()), each.driver_opts or {})
            for each in targets
        ),
        ports=tuple(_port(each) for each in ports),
        asked_ports=tuple(_port(each) for each in asked),
        virtual_ips=tuple(
            VirtualIp(NetworkId(each.network_id or ""), bare_address(each.addr))
            for each in (endpoint.virtual_ips if endpoint else None) or ()
        ),
        image=_image_name(template.container_spec.image or "")
        if template and template.container_spec
        else "",
        labels=spec.labels or {},
        running=status.running_tasks or 0 if status else None,
        desired=status.desired_tasks or 0 if status else None,
        update_state=(update.state if update else None) or "",
        update_message=(update.message if update else None) or "",
        update_policy=_update_policy(spec),
        created=shape.created_at or "",
        updated=shape.updated_at or "",
        legacy_networks=bool(spec.networks and not named),
    )


def _mode(mode: ServiceMode) -> tuple[str, int | None]:
    if mode.global_ is not None:
        return "global", None
    if mode.global_job is not None:
        return "global-job", None
    if mode.replicated_job is not None:
        return "replicated-job", mode.replicated_job.total_completions
    return "replicated", mode.replicated.replicas if mode.replicated else None


def _update_policy(spec: ServiceSpec) -> UpdatePolicy:
    default, given = UpdatePolicy(), spec.update_config or UpdateConfig()
    container = spec.task_template.container_spec if spec.task_template else None
    grace = container.stop_grace_period if container else None
    return UpdatePolicy(
        parallelism=default.parallelism if given.parallelism is None else given.parallelism,
        delay_seconds=(given.delay or 0) / _NANOSECONDS,
        monitor_seconds=given.monitor / _NANOSECONDS if given.monitor else default.monitor_seconds,
        order=given.order or default.order,
        on_failure=given.failure_action or default.on_failure,
        stop_grace_seconds=default.stop_grace_seconds if grace is None else grace / _NANOSECONDS,
    )


def _port(shape: PortShape) -> PublishedPort:
    return PublishedPort(
        protocol=shape.protocol or "tcp",
        target=shape.target_port or 0,
        published=shape.published_port or 0,
        mode=shape.publish_mode or "ingress",
    )


def _image_name(reference: str) -> str:
    """Drop the digest that the engine pins an image to."""
    return reference.partition("@")[0]
