"""What is found of faults of nodes, engines and gossip that the embedded engine is told to have.

tests/swarm/test_findings_hosts.py and the end of test_findings_nodes.py there have real nodes come
to most of them.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest

from swarmtui.demo import DemoEngine, Swarm, network_spec, port, service_spec
from tests.contract.test_findings_unusual import looking_at
from tests.swarm.examining import Eyes, evidence

_JOIN = 'network sandbox join failed: subnet sandbox join failed for "10.20.0.64/26": '
ERRORS = {
    "vxlan-interface-exists": _JOIN + "error creating vxlan interface: file exists",
    "node-pool-overlap": "Pool overlaps with other one on this address space",
    "bridge-exhausted": "adding interface veth6451e97 to bridge docker_gwbridge failed: "
    "exchange full",
    "local-pools-exhausted": "could not find an available, non-overlapping IPv4 address pool among "
    "the defaults to assign to the network",
    "ingress-sandbox-left": "ingress sandbox already present",
    "sandbox-join-failed": _JOIN + "error creating bridge: no such device",
}
OLD = 40.0


def made(*addresses: str, version: str = "29.7.2", managers: int = 2) -> Swarm:
    """Return nodes at addresses, three if none are given, with a network and a service on it."""
    swarm = Swarm(engine_version=version, address_pools=("10.20.0.0/16",), subnet_size=26)
    found = addresses or tuple(f"192.168.40.{number}" for number in (1, 2, 3))
    for number, address in enumerate(found, 1):
        swarm.add_node(f"node{number}", address, manager=number <= managers)
        swarm.step(1)
    swarm.create_network(network_spec("app"))
    swarm.create_service(service_spec("web", "x:1", ("app",), replicas=3))
    swarm.step(20)
    return swarm


def settle(swarm: Swarm) -> None:
    """Let the time pass that news have to spread."""
    swarm.step(OLD)


@contextmanager
def in_time(swarm: Swarm, folder: Path) -> Iterator[Eyes]:
    """Yield somebody whose clock shows the time of the swarm, which stands still."""
    swarm.begin_now(datetime.now(UTC))
    with looking_at(swarm, folder) as eyes:
        yield eyes


@pytest.mark.parametrize("code", ERRORS)
def test_a_node_cannot_connect_tasks(tmp_path: Path, code: str) -> None:
    swarm, key = made(), (code, "node3")
    with in_time(swarm, tmp_path) as eyes:
        assert key not in eyes.findings()
        swarm.node("node3").broken["app"] = ERRORS[code]
        pinned = ("node.hostname==node3",)
        swarm.create_service(service_spec("pay", "x:1", ("app",), constraints=pinned))
        swarm.step(10)
        found = eyes.findings()
        assert {each for each, _ in found} & set(ERRORS) == {code}
        assert found[key].severity == "critical"
        assert evidence(found[key])["services of these tasks"] == "pay"
        assert evidence(found[key])["networks of these tasks"] == "app (10.20.0.64/26)"
        swarm.node("node3").broken.clear()
        swarm.step(30)
        assert key not in eyes.findings()


def test_engines_of_two_versions(tmp_path: Path) -> None:
    swarm, key = made(), ("engines-mixed", "swarm")
    swarm.node("node3").engine_version = "28.5.2"
    with looking_at(swarm, tmp_path) as eyes:
        assert evidence(eyes.findings()[key]) == {
            "engine 28.5.2": "node3",
            "engine 29.7.2": "node1, node2",
        }
        swarm.node("node3").engine_version = "29.7.2+build1"
        assert key not in eyes.findings()
        swarm.node("node3").engine_version = "17.03.2-ce"
        old = eyes.findings()["engine-too-old-for-ingress", "swarm"]
        assert evidence(old) == {"engine of node3": "17.03.2-ce"}


@pytest.mark.parametrize("address", ["127.0.0.1", "169.254.3.3", "172.17.0.3"])
def test_a_node_at_an_address_of_its_own(tmp_path: Path, address: str) -> None:
    with looking_at(made("192.168.40.1", "192.168.40.2", address), tmp_path) as eyes:
        found = eyes.findings()["node-address-unusable", "node3"]
    assert (found.severity, evidence(found)["address that node3 advertises"]) == (
        "critical",
        address,
    )


def test_a_swarm_of_one_that_nobody_can_join(tmp_path: Path) -> None:
    with looking_at(made("127.0.0.1"), tmp_path) as eyes:
        found = {code: each.severity for (code, _), each in eyes.findings().items()}
    assert found["node-address-unusable"] == found["manager-single"] == "info"
    assert "critical" not in found.values()


def test_private_and_public_addresses(tmp_path: Path) -> None:
    swarm = made("192.168.40.1", "192.168.40.2", "93.184.216.34")
    with looking_at(swarm, tmp_path) as eyes:
        found = eyes.findings()["node-addresses-mixed", "swarm"]
    assert evidence(found)["nodes with public addresses"] == "node3 93.184.216.34"


def test_a_node_vanishes_and_comes_back(tmp_path: Path) -> None:
    swarm, key = made(managers=3), ("node-down-holds-addresses", "node3")
    with looking_at(swarm, tmp_path) as eyes:
        assert ("managers-even", "swarm") not in eyes.findings()
        swarm.fail_node("node3")
        swarm.step(20)
        found = eyes.findings()
        assert found[key].severity == "info"
        words = "addresses of tasks and of the load-balancer on node3"
        assert evidence(found[key])[words] == "2 of app"
        assert found["manager-unreachable", "node3"].severity == "warning"
        assert {key, ("manager-unreachable", "node3")} <= eyes.told_after(60)
        swarm.recover_node("node3")
        swarm.step(20)
        assert not {key, ("manager-unreachable", "node3")} & set(eyes.findings())


def test_no_leader_and_a_lock(tmp_path: Path) -> None:
    swarm = made()
    with looking_at(swarm, tmp_path) as eyes:
        assert ("managers-even", "swarm") in eyes.findings()
        swarm.lose_quorum()
        assert set(eyes.findings()) == {("swarm-without-leader", "swarm")}
        assert eyes.told_after(5) == {("swarm-without-leader", "swarm")}
        swarm.regain_quorum()
        swarm.lock("node1")
        assert set(eyes.findings()) == {("swarm-locked", "node1")}
        swarm.activate("node1")
        assert ("managers-even", "swarm") in eyes.findings()


def test_the_bridge_of_the_node_fills_up(tmp_path: Path) -> None:
    swarm, key = made(), ("bridge-nearly-full", "node1")
    bridge = swarm.node("node1").gateway_bridge
    with looking_at(swarm, tmp_path) as eyes:
        for number in range(899 - len(bridge.leases)):
            bridge.join(f"{number:064x}")
        assert key not in eyes.findings()
        bridge.join("f" * 64)
        assert eyes.findings()[key].severity == "warning"
        for number in range(100):
            bridge.join(f"{number + 10000:064x}")
        assert eyes.findings()[key].severity == "critical"
        assert eyes.look().engine.name == "node1"


def test_the_bridge_holds_the_address_of_a_node(tmp_path: Path) -> None:
    swarm = made("192.168.40.1", "192.168.40.2", "172.18.0.99")
    with looking_at(swarm, tmp_path) as eyes:
        found = eyes.findings()["bridge-overlaps", "node1"]
    assert evidence(found)["the address of node3"] == "172.18.0.99"


def task_on(swarm: Swarm, node: str) -> str:
    """Return the id of a task that runs on a node."""
    return next(each.id for each in swarm.world.tasks_on(swarm.node(node).id) if each.is_live)


def test_an_endpoint_was_not_heard_of(tmp_path: Path) -> None:
    swarm, key = made(), ("gossip-missing", "app")
    settle(swarm)
    with in_time(swarm, tmp_path) as eyes:
        assert key not in eyes.findings()
        swarm.node("node1").unheard.add(task_on(swarm, "node3"))
        found = eyes.findings()[key]
        assert found.severity == "critical"
        assert evidence(found)["nodes that run them"] == "node3"
        swarm.node("node1").unheard.clear()
        assert key not in eyes.findings()


def test_an_endpoint_is_told_of_long_after_its_end(tmp_path: Path) -> None:
    swarm, key = made(), ("gossip-stale", "app")
    gone = task_on(swarm, "node3")
    swarm.node("node1").remembered.add(gone)
    name = f"web.{swarm.world.tasks[gone].slot}"
    with in_time(swarm, tmp_path) as eyes:
        assert key not in eyes.findings()
    swarm.fail_task(name)
    swarm.step(10)
    with in_time(swarm, tmp_path) as eyes:
        assert key not in eyes.findings()
    settle(swarm)
    with in_time(swarm, tmp_path) as eyes:
        found = eyes.findings()[key]
        assert found.severity == "warning"
        words = "endpoints of app that node1 knows and no live task has"
        assert evidence(found)[words].startswith(name)
        swarm.node("node1").remembered.clear()
        assert key not in eyes.findings()


def test_gossip_reaches_a_node_no_more(tmp_path: Path) -> None:
    swarm = made()
    swarm.create_service(service_spec("pub", "x:1", ports=(port(8080, 80),)))
    settle(swarm)
    keys = {("peers-missing", "app"), ("ingress-not-everywhere", "ingress")}
    with in_time(swarm, tmp_path) as eyes:
        assert not keys & set(eyes.findings())
        swarm.node("node3").deaf = True
        found = eyes.findings()
        assert keys <= set(found)
        assert ("gossip-missing", "app") not in found
        missing = evidence(found["peers-missing", "app"])
        assert missing["their addresses"] == "192.168.40.3"
        swarm.node("node3").deaf = False
        assert not keys & set(eyes.findings())


def test_networks_named_in_the_old_way(tmp_path: Path) -> None:
    swarm, key = made(version="20.10.24"), ("service-legacy-networks", "old")
    spec = service_spec("old", "x:1")
    swarm.create_service({**spec, "Networks": [{"Target": "app"}]})
    swarm.step(10)
    with looking_at(swarm, tmp_path) as eyes:
        assert eyes.findings()[key].severity == "info"


def test_an_ingress_port_of_a_service_without_virtual_addresses(tmp_path: Path) -> None:
    swarm, key = made(), ("service-dnsrr-with-ingress-port", "pub")
    swarm.create_service(service_spec("pub", "x:1", ports=(port(8080, 80),)))
    swarm.step(10)
    (service,) = (each for each in swarm.world.services.values() if each.name == "pub")
    with DemoEngine(swarm, tmp_path / "d.sock", live=False) as engine, Eyes(engine.url) as eyes:
        assert key not in eyes.findings()
        # Engines refuse it; older ones may have let it pass.
        service.spec["EndpointSpec"]["Mode"] = "dnsrr"
        assert evidence(eyes.findings()[key])["ports published in ingress mode"] == "8080:80/tcp"
