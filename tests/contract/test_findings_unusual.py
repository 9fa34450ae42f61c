"""What is found of faults that three engines of one version never have.

The embedded engine is told to have them; what it answers is read and examined as any engine's.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from swarmtui.demo import DemoEngine, Swarm, demo_swarm, network_spec, port, service_spec
from tests.swarm.examining import Eyes, codes, evidence

SECRET = network_spec("secret", encrypted=True)


@contextmanager
def looking_at(swarm: Swarm, folder: Path) -> Iterator[Eyes]:
    """Yield somebody who reads the first manager of a swarm that stands still."""
    with DemoEngine(swarm, folder / "d.sock", live=False) as engine, Eyes(engine.url) as eyes:
        yield eyes


def made(
    version: str = "29.7.2",
    *,
    pool: str = "10.20.0.0/16",
    data_path_port: int = 4789,
) -> Swarm:
    """Return three nodes with an encrypted network."""
    swarm = Swarm(
        engine_version=version,
        address_pools=(pool,),
        subnet_size=26,
        data_path_port=data_path_port,
    )
    for number in (1, 2, 3):
        swarm.add_node(f"node{number}", f"192.168.40.{number}", manager=number < 3)
        swarm.step(1)
    swarm.create_network(SECRET)
    swarm.step(1)
    return swarm


def test_a_calm_swarm_with_a_long_history_has_nothing_critical(tmp_path: Path) -> None:
    with looking_at(demo_swarm(troubled=False), tmp_path) as eyes:
        found = eyes.findings().values()
    assert codes(found, "critical") == set()
    assert codes(found, "warning") == {"network-mtu-differs"}


@pytest.mark.parametrize(
    ("version", "data_path_port", "code", "severity"),
    [
        ("20.10.23", 4789, "encryption-accepts-clear-packets", "warning"),
        ("24.0.2", 7789, "encryption-silent-on-other-port", "critical"),
        ("29.1.0", 4789, "encryption-unsettled", "info"),
    ],
)
def test_engines_with_a_defect(
    tmp_path: Path, version: str, data_path_port: int, code: str, severity: str
) -> None:
    swarm = made(version, data_path_port=data_path_port)
    with looking_at(swarm, tmp_path) as eyes:
        found = eyes.findings()[code, "swarm"]
        assert found.severity == severity
        told = evidence(found)
        assert told["engines that have it"] == ", ".join(f"node{n} {version}" for n in (1, 2, 3))
        assert told["data path port"] == str(data_path_port)
        assert told["encrypted networks"] == "secret"
        swarm.remove_network("secret")
        swarm.step(1)
        assert (code, "swarm") not in eyes.findings()


def test_engines_that_disagree_about_keys(tmp_path: Path) -> None:
    swarm, key = made("29.7.2"), ("encryption-mixed-engines", "swarm")
    swarm.node("node3").engine_version = "29.2.0"
    with looking_at(swarm, tmp_path) as eyes:
        found = eyes.findings()[key]
        assert found.severity == "critical"
        assert evidence(found)["engines that have it"] == "node3 29.2.0"
        assert evidence(found)["other engines"] == "29.7.2"
        swarm.node("node3").engine_version = ""
        assert key not in eyes.findings()


def test_windows_beside_encrypted_networks(tmp_path: Path) -> None:
    swarm, key = made(), ("encryption-windows", "swarm")
    swarm.node("node3").os = "windows"
    with looking_at(swarm, tmp_path) as eyes:
        assert eyes.findings()[key].severity == "warning"
        there = ("node.hostname==node3",)
        swarm.create_service(service_spec("iis", "x:1", ("secret",), constraints=there))
        swarm.step(10)
        found = eyes.findings()[key]
        assert found.severity == "critical"
        assert evidence(found) == {
            "nodes that run Windows": "node3",
            "encrypted networks": "secret",
            "of these with tasks on such nodes": "secret",
        }


def test_addresses_that_nobody_holds(tmp_path: Path) -> None:
    swarm, key = made(), ("addresses-leaked", "secret")
    network = next(each for each in swarm.world.networks.values() if each.name == "secret")
    assert network.allocation is not None
    (space,) = network.allocation.spaces
    with looking_at(swarm, tmp_path) as eyes:
        leaked = [space.lease() for _ in range(2)]
        assert key not in eyes.findings()
        leaked.append(space.lease())
        found = eyes.findings()[key]
        assert found.title == "3 addresses of secret are taken and nobody holds them"
        assert key not in eyes.told_after(200)
        assert key in eyes.told_after(301)
        for each in leaked:
            assert each is not None
            each.release()
        assert key not in eyes.findings()


def test_two_ingress_networks(tmp_path: Path) -> None:
    swarm, key = made(), ("ingress-double", "swarm")
    swarm.create_service(service_spec("web", "x:1", ports=(port(80, 80),)))
    second = swarm.create_network(network_spec("mesh"))
    swarm.step(10)
    with looking_at(swarm, tmp_path) as eyes:
        assert key not in eyes.findings()
        swarm.world.networks[second].request["Ingress"] = True
        found = eyes.findings()[key]
        assert found.severity == "critical"
        assert sorted(evidence(found).values()) == ["none", "web"]
        assert found.trouble.remedy[0].command == f"docker network rm {second}"


def test_a_pool_around_the_nodes(tmp_path: Path) -> None:
    pool = "192.168.0.0/16"
    with looking_at(made(pool=pool), tmp_path) as eyes:
        found = eyes.findings()["pool-overlaps-node-addresses", pool]
    nodes = ", ".join(f"node{number} 192.168.40.{number}" for number in (1, 2, 3))
    assert evidence(found) == {"address pool": pool, "nodes with an address in it": nodes}


def test_an_ingress_that_nodes_have_forgotten_to_give_up(tmp_path: Path) -> None:
    swarm = made("20.10.24")
    web = service_spec("web", "x:1", replicas=None, ports=(port(80, 80),))
    swarm.create_service(web)
    swarm.step(20)
    service = next(iter(swarm.world.services.values()))
    swarm.update_service("web", {**service.spec, "EndpointSpec": {"Mode": "vip"}})
    swarm.remove_network("ingress")
    swarm.create_network(network_spec("mesh", ingress=True, subnet="10.75.0.0/24"))
    swarm.step(1)
    for number in (1, 2, 3):
        swarm.set_availability(f"node{number}", "active")
    swarm.step(60)
    with looking_at(swarm, tmp_path) as eyes:
        found = eyes.findings()["network-left-behind", "ingress"]
        assert found.severity == "critical"
        assert evidence(found)["ingress networks that node1 carries"] == "ingress"
