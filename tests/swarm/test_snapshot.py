"""`swarmtui snapshot --json` against what docker says on each of three real nodes."""

from __future__ import annotations

import ipaddress
import json
import os
import subprocess
import sys
from collections import Counter
from typing import Any

import pytest

from tests.swarm.lab import Lab
from tests.swarm.scenario import BOXES, POOL_MEMBERS, RUNNING

pytestmark = pytest.mark.swarm

Json = dict[str, Any]

LIVE = (
    *("new", "allocated", "pending", "assigned", "accepted", "ready"),
    *("preparing", "starting", "running"),
)


def swarmtui(lab: Lab, node: int, *arguments: str) -> subprocess.CompletedProcess[str]:
    environ = {name: value for name, value in os.environ.items() if not name.startswith("DOCKER_")}
    return subprocess.run(
        [sys.executable, "-m", "swarmtui", "--host", lab.url(node), *arguments],
        capture_output=True,
        text=True,
        check=False,
        env=environ,
    )


def document(lab: Lab, node: int) -> Json:
    done = swarmtui(lab, node, "snapshot", "--json")
    assert done.returncode == 0, done.stderr
    found: Json = json.loads(done.stdout)
    return found


@pytest.fixture(scope="module", params=[1, 2], ids=["leader", "other manager"])
def manager(request: pytest.FixtureRequest) -> int:
    number: int = request.param
    return number


@pytest.fixture(scope="module")
def snapshot(lab: Lab, manager: int) -> Json:
    return document(lab, manager)


def named(objects: list[Json], name: str) -> Json:
    return next(each for each in objects if each["name"] == name)


def test_the_engine_and_the_nodes(lab: Lab, manager: int, snapshot: Json) -> None:
    assert snapshot["schema"] == 1
    assert snapshot["engine"]["node"] == f"node{manager}"
    assert snapshot["engine"]["role"] == "manager"
    assert snapshot["engine"]["api"] == lab.get(manager, "/version")["ApiVersion"]
    assert {each["hostname"]: each["address"] for each in snapshot["nodes"]} == {
        f"node{number}": lab.address(number) for number in (1, 2, 3)
    }
    assert [each["hostname"] for each in snapshot["nodes"] if each["leader"]] == ["node1"]


def test_no_secret_is_in_it(lab: Lab, snapshot: Json) -> None:
    text = json.dumps(snapshot)
    assert "SWMTKN" not in text
    for role in ("worker", "manager"):
        assert lab.docker(1, "swarm", "join-token", "-q", role) not in text


def test_every_container_of_every_node_appears_once(lab: Lab, snapshot: Json) -> None:
    """Each running container's address on each overlay, as its own node tells it."""
    expected: list[tuple[str, str, str]] = []
    overlays = {each["name"] for each in snapshot["networks"] if each["scope"] == "swarm"}
    for number in (1, 2, 3):
        for container in lab.get(number, "/containers/json"):
            for network, settings in container["NetworkSettings"]["Networks"].items():
                if network in overlays:
                    expected.append((network, settings["IPAddress"], f"node{number}"))
    stable = [each for each in expected if each[0] != "tiny"]
    assert len(stable) >= sum(RUNNING.values()) + len(BOXES)
    shown = Counter(
        (each["network"], each["address"], each["node"])
        for each in snapshot["endpoints"]
        if each["kind"] in ("task", "container") and each["network"] != "tiny"
    )
    assert shown == Counter(stable)


def test_containers_outside_services_have_their_names(snapshot: Json) -> None:
    boxes = {
        each["node"]: each["name"] for each in snapshot["endpoints"] if each["kind"] == "container"
    }
    assert boxes == {f"node{number}": name for number, name in BOXES.items()}


def test_every_virtual_address_is_the_engines(lab: Lab, snapshot: Json) -> None:
    names = {each["id"]: each["name"] for each in snapshot["networks"]}
    expected = {
        (names[vip["NetworkID"]], vip["Addr"].partition("/")[0], service["Spec"]["Name"])
        for service in lab.get(1, "/services")
        for vip in service["Endpoint"].get("VirtualIPs", ())
        if vip.get("Addr")
    }
    shown = {
        (each["network"], each["address"], each["service"])
        for each in snapshot["endpoints"]
        if each["kind"] == "vip"
    }
    assert shown == expected
    assert not any(service == "rr" for _, _, service in shown)


def test_node_load_balancers_are_where_the_nodes_say(lab: Lab, snapshot: Json) -> None:
    real = {}
    for number in (1, 2, 3):
        for each in lab.get(number, "/networks"):
            if each["Scope"] != "swarm" or each["Name"] == "tiny":
                continue
            inspected = lab.get(number, f"/networks/{each['Id']}")
            for key, endpoint in (inspected.get("Containers") or {}).items():
                if key.startswith("lb-") or key.endswith("-sbox"):
                    address = endpoint["IPv4Address"].partition("/")[0]
                    real[each["Name"], f"node{number}"] = address
    shown = {
        (each["network"], each["node"]): each["address"]
        for each in snapshot["endpoints"]
        if each["kind"] == "node-lb" and each["network"] != "tiny"
    }
    assert shown.keys() == real.keys()
    assert {key: address for key, address in shown.items() if address} == {
        key: real[key] for key, address in shown.items() if address
    }
    assert all(address for (network, _), address in shown.items() if network == "ingress")


def test_peer_lists_are_the_engines(lab: Lab, manager: int, snapshot: Json) -> None:
    checked = 0
    for network in snapshot["networks"]:
        if network["scope"] != "swarm":
            continue
        engines = lab.get(manager, f"/networks/{network['id']}").get("Peers")
        assert network["peers_known"] is (engines is not None)
        shown = {each["address"] for each in network["peers"]}
        assert shown == {each["IP"] for each in engines or ()}
        for peer in network["peers"]:
            assert lab.address(int(peer["node"][-1])) == peer["address"]
        if network["name"] != "tiny":
            assert network["missing_peers"] == []
        checked += engines is not None
    assert checked >= 4


def test_used_counts_equal_an_independent_count(lab: Lab, snapshot: Json) -> None:
    services = lab.get(1, "/services")
    runtimes = "%7B%22runtime%22%3A%5B%22container%22%2C%22attachment%22%2C%22%22%5D%7D"
    tasks = [
        task for task in lab.get(1, f"/tasks?filters={runtimes}") if task["Status"]["State"] in LIVE
    ]
    for network in snapshot["networks"]:
        if network["scope"] != "swarm" or not network["allocated"] or network["name"] == "tiny":
            continue
        used = 3
        for service in services:
            for vip in service["Endpoint"].get("VirtualIPs", ()):
                used += vip["NetworkID"] == network["id"] and bool(vip.get("Addr"))
        nodes = set()
        for task in tasks:
            for attachment in task.get("NetworksAttachments") or ():
                if attachment["Network"]["ID"] == network["id"]:
                    used += len(attachment["Addresses"])
                    nodes.add(task["NodeID"])
        used += 3 if network["ingress"] else len(nodes)
        (subnet,) = network["subnets"]
        size = ipaddress.ip_network(subnet["cidr"]).num_addresses
        assert (subnet["used"], subnet["capacity"]) == (used, size), network["name"]
        assert subnet["free"] == size - used
        assert subnet["source"] == "computed"


def test_an_exhausted_network_shows_that_more_is_wanted(snapshot: Json) -> None:
    (subnet,) = named(snapshot["networks"], "tiny")["subnets"]
    assert subnet["capacity"] == 8
    assert subnet["used"] >= 5


def test_options_are_read_right(lab: Lab, manager: int, snapshot: Json) -> None:
    networks = snapshot["networks"]
    assert [each["name"] for each in networks if each["encrypted"]] == ["pay_secure"]
    assert named(networks, "custom")["mtu"] == 1400
    assert named(networks, "custom")["subnets"][0]["gateway"] == "10.0.9.99"
    assert named(networks, "quiet")["internal"] is True
    assert named(networks, "app")["attachable"] is True
    assert named(networks, "pay_secure")["stack"] == "pay"
    assert [each["name"] for each in networks if each["ingress"]] == ["ingress"]
    overlap = named(networks, "overlap")
    assert (overlap["allocated"], overlap["subnets"], overlap["driver"]) == (False, [], "")
    listed = {each["Id"]: each["Options"] or {} for each in lab.get(manager, "/networks")}
    for network in networks:
        ids = listed[network["id"]].get("com.docker.network.driver.overlay.vxlanid_list", "")
        assert ",".join(map(str, network["vxlan_ids"])) == ids


def test_pools(snapshot: Json) -> None:
    assert snapshot["pools"] == [
        {
            "cidr": "10.20.0.0/16",
            "block_size": 26,
            "blocks": 1024,
            "used": POOL_MEMBERS,
            "free": 1024 - POOL_MEMBERS,
        }
    ]


def test_published_ports_and_discovery(snapshot: Json) -> None:
    dual = named(snapshot["services"], "dual")
    assert {(p["protocol"], p["published"], p["target"], p["mode"]) for p in dual["ports"]} == {
        ("tcp", 8443, 443, "ingress"),
        ("udp", 8053, 53, "ingress"),
    }
    assert [p["mode"] for p in named(snapshot["services"], "agent")["ports"]] == ["host"]
    assert named(snapshot["services"], "rr")["endpoint_mode"] == "dnsrr"


def test_a_worker_shows_its_own_view(lab: Lab) -> None:
    done = swarmtui(lab, 3, "snapshot", "--json")
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert found["engine"]["role"] == "worker"
    assert {each.partition(":")[0] for each in found["engine"]["managers"]} == {
        lab.address(1),
        lab.address(2),
    }
    app = named(found["networks"], "app")
    assert {each["address"] for each in app["peers"]} == {lab.address(n) for n in (1, 2, 3)}
    own = {
        settings["IPAddress"]
        for container in lab.get(3, "/containers/json")
        for network, settings in container["NetworkSettings"]["Networks"].items()
        if network == "app"
    }
    shown = {e["address"] for e in found["endpoints"] if e["network"] == "app"}
    assert own <= shown
    tables = swarmtui(lab, 3, "snapshot")
    assert "This node is a worker" in tables.stderr
    assert lab.address(1) in tables.stderr


def test_tables_name_every_network(lab: Lab, snapshot: Json) -> None:
    printed = swarmtui(lab, 1, "snapshot").stdout
    assert all(each["name"] in printed for each in snapshot["networks"])


def test_without_a_terminal_the_explorer_is_a_snapshot(lab: Lab) -> None:
    done = swarmtui(lab, 1)
    assert done.returncode == 0
    assert "no terminal" in done.stderr
    assert "pay_secure" in done.stdout
