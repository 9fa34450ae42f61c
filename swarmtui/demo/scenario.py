"""The swarm of the demonstration: five nodes, a dozen networks, some troubles."""

from __future__ import annotations

from datetime import UTC, datetime

from swarmtui.demo.specs import network_spec, port, service_spec
from swarmtui.demo.swarm import DEFAULT_ENGINE, Swarm
from swarmtui.demo.unrest import Unrest

DEMO_NOW = datetime(2026, 3, 5, 9, 30, tzinfo=UTC)

_DAYS = 86400.0
_MINUTES = 60.0


def demo_swarm(
    seed: int = 1,
    now: datetime | None = None,
    *,
    engine_version: str = DEFAULT_ENGINE,
    troubled: bool = True,
) -> Swarm:
    """Return a swarm with three days of history that goes on misbehaving when it is stepped.

    Args:
        seed: Chooses all ids and the small irregularities of time.
        now: The present; a fixed moment if not given, so that pictures are alike.
        engine_version: Which engine all nodes run.
        troubled: False for one in which all is well and stays so.
    """
    swarm = Swarm(
        seed, engine_version=engine_version, address_pools=("10.20.0.0/16",), subnet_size=24
    )
    _add_nodes(swarm)
    _add_networks(swarm)
    swarm.step(20)
    _add_services(swarm)
    swarm.step(3 * _DAYS)
    _add_containers(swarm)
    swarm.step(0.1 * _DAYS)
    if troubled:
        _add_troubles(swarm)
    swarm.begin_now(now or DEMO_NOW)
    return swarm


def _add_nodes(swarm: Swarm) -> None:
    for hostname, address, manager, labels in (
        ("manager-1", "192.168.40.11", True, {"zone": "a"}),
        ("manager-2", "192.168.40.12", True, {"zone": "b"}),
        ("manager-3", "192.168.40.13", True, {"zone": "c"}),
        ("worker-1", "192.168.40.21", False, {"zone": "a", "disk": "ssd"}),
        ("worker-2", "192.168.40.22", False, {"zone": "b", "disk": "ssd"}),
    ):
        swarm.add_node(hostname, address, manager=manager, labels=labels)
        swarm.step(4)


def _add_networks(swarm: Swarm) -> None:
    for request in (
        network_spec("edge"),
        network_spec("shop_default", stack="shop"),
        network_spec("shop_data", encrypted=True, stack="shop"),
        network_spec("monitoring", attachable=True),
        network_spec("ci", attachable=True),
        network_spec("iot"),
        network_spec("branch-offices", subnet="10.90.4.0/24", gateway="10.90.4.254", mtu=1400),
        network_spec("analytics", subnet="10.64.0.0/20"),
        network_spec("cameras", subnet="10.50.0.0/29"),
        network_spec("vault", internal=True),
    ):
        swarm.create_network(request)
        swarm.step(2)


def _add_services(swarm: Swarm) -> None:
    for spec in (
        service_spec(
            "gateway",
            "traefik:3.2",
            ("edge",),
            replicas=3,
            ports=(port(80, 8000), port(443, 8443)),
        ),
        service_spec(
            "shop_web", "shop/web:4.1", ("edge", "shop_default"), replicas=6, stack="shop"
        ),
        service_spec(
            "shop_api",
            "shop/api:4.1",
            ("shop_default", "shop_data"),
            replicas=5,
            aliases=("api",),
            stack="shop",
        ),
        service_spec(
            "shop_db", "postgres:16", ("shop_data",), replicas=2, aliases=("db",), stack="shop"
        ),
        service_spec(
            "shop_cache", "redis:7", ("shop_default",), replicas=2, dnsrr=True, stack="shop"
        ),
        service_spec(
            "shop_mail",
            "shop/mail:2.0",
            ("shop_default",),
            replicas=0,
            ports=(port(2525, 25),),
            stack="shop",
        ),
        service_spec(
            "node-exporter",
            "prom/node-exporter:v1.9.0",
            ("monitoring",),
            replicas=None,
            ports=(port(9100, 9100, mode="host"),),
        ),
        service_spec(
            "prometheus",
            "prom/prometheus:v3.1.0",
            ("monitoring",),
            ports=(port(9090, 9090),),
            constraints=("node.role==manager",),
        ),
        service_spec("grafana", "grafana/grafana:11.4.0", ("monitoring", "edge")),
        service_spec(
            "syslog",
            "balabit/syslog-ng:4.8",
            ("monitoring",),
            replicas=2,
            ports=(port(514, 514, protocol="udp"), port(6514, 6514)),
        ),
        service_spec("mqtt", "eclipse-mosquitto:2", ("iot",), replicas=3, dnsrr=True),
        service_spec(
            "crunch",
            "analytics/crunch:0.9",
            ("analytics",),
            replicas=6,
            constraints=("node.labels.disk==ssd",),
        ),
        service_spec("vpn", "branch/vpn:1.8", ("branch-offices",), replicas=2),
    ):
        swarm.create_service(spec)
        swarm.step(8)


def _add_containers(swarm: Swarm) -> None:
    swarm.run_container("manager-1", "debug-box", ("monitoring",), image="nicolaka/netshoot:v0.13")
    swarm.step(70)
    swarm.run_container("manager-2", "runner-a", ("ci",), image="gitlab/gitlab-runner:v17.7.0")
    swarm.run_container("worker-1", "runner-b", ("ci",), image="gitlab/gitlab-runner:v17.7.0")
    swarm.step(30)
    swarm.run_container("manager-1", "registry-mirror", ("bridge",), image="registry:2")


def _add_troubles(swarm: Swarm) -> None:
    """Let a subnet overlap, one overflow, a node vanish and a service fail again and again."""
    swarm.create_network(network_spec("partner", subnet="10.64.8.0/24"))
    swarm.create_service(
        service_spec("ledger-sync", "finance/ledger-sync:0.3", ("shop_data", "iot"))
    )
    swarm.create_service(service_spec("camera", "cameras/ingest:1.2", ("cameras",), replicas=8))
    swarm.step(3 * _MINUTES)
    swarm.fail_node("worker-2")
    swarm.step(1 * _MINUTES)
    Unrest(swarm).begin()
    swarm.step(3 * _MINUTES)
