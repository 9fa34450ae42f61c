"""The rich swarm of three nodes whose real answers were captured, simulated."""

from __future__ import annotations

from swarmtui.demo import Swarm, network_spec, port, service_spec

RELEASES = {"20.10.24": ("20.10.24", None), "29.9-dev": ("29.9.0", "1.56")}
"""Captured engines by name: version and API version to simulate."""

IMAGE = "127.0.0.1:9/probe:1"


def empty_swarm(engine: str = "29.9-dev", *, keeps_unknown_fields: bool = False) -> Swarm:
    """Return the three nodes, with nothing on them."""
    version, api = RELEASES[engine]
    swarm = Swarm(
        engine_version=version,
        api_version=api,
        address_pools=("10.20.0.0/16",),
        subnet_size=26,
        keeps_unknown_fields=keeps_unknown_fields,
    )
    for number in (1, 2, 3):
        swarm.add_node(f"node{number}", f"192.168.196.{number}", manager=number < 3)
        swarm.step(1)
    return swarm


def lab_swarm(engine: str = "29.9-dev") -> Swarm:
    """Return the swarm with the networks, services and containers of the captures."""
    swarm = empty_swarm(engine)
    for request in (
        network_spec("app", attachable=True),
        network_spec("pay_secure", encrypted=True, stack="pay"),
        network_spec("custom", subnet="10.0.9.0/24", gateway="10.0.9.99", mtu=1400),
        network_spec("tiny", subnet="10.50.0.0/29", gateway="10.50.0.1"),
        network_spec("wide", subnet="10.60.0.0/22", gateway="10.60.0.1"),
        network_spec("quiet", internal=True),
        network_spec("overlap", subnet="10.50.0.0/24"),
    ):
        swarm.create_network(request)
        swarm.step(1)
    for spec in (
        service_spec("web", IMAGE, ("app",), replicas=4, ports=(port(8080, 80),)),
        service_spec("api", IMAGE, ("app", "pay_secure"), replicas=3),
        service_spec("rr", IMAGE, ("app",), replicas=2, dnsrr=True),
        service_spec(
            "agent", IMAGE, ("custom",), replicas=None, ports=(port(9100, 9100, mode="host"),)
        ),
        service_spec("pay_db", IMAGE, ("pay_secure",), replicas=2, aliases=("db",), stack="pay"),
        service_spec("crowd", IMAGE, ("tiny",), replicas=9),
        service_spec(
            "dual",
            IMAGE,
            ("wide",),
            replicas=2,
            ports=(port(8443, 443), port(8053, 53, protocol="udp")),
        ),
        service_spec("asleep", IMAGE, ("wide",), replicas=0, ports=(port(9000, 9000),)),
    ):
        swarm.create_service(spec)
        swarm.step(0.1)
    swarm.step(10)
    swarm.run_container("node2", "probe-box", ("app",))
    swarm.step(1)
    swarm.run_container("node3", "edge-box", ("app",))
    swarm.step(40)
    return swarm
