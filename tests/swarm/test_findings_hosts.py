"""Findings about what goes wrong on a node itself, from the fault to its repair."""

from __future__ import annotations

import json
from collections.abc import Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from urllib.parse import quote

import pytest

from swarmtui.findings import Severity
from tests.swarm.calls import (
    Json,
    await_allocated,
    await_running,
    clear,
    create_network,
    done,
    service,
)
from tests.swarm.decline import Stages
from tests.swarm.examining import evidence
from tests.swarm.findings import await_finding, await_nothing, everything, look
from tests.swarm.lab import Lab
from tests.swarm.waiting import wait_until

pytestmark = pytest.mark.swarm

VXLAN_IDS = "com.docker.network.driver.overlay.vxlanid_list"
DIAGNOSTICS = 2000
OLD = 40.0
"""As if so many seconds had passed, where a rule gives news its time to spread."""


@pytest.fixture(scope="module")
def lab(bare_lab: Lab, decline: Future[Stages]) -> Iterator[Lab]:
    """Three nodes on which afterwards nothing is left; meanwhile another swarm declines."""
    assert decline
    yield bare_lab
    clear(bare_lab)


def network(lab: Lab, name: str, subnet: str) -> str:
    identity = create_network(lab, name, {"Subnet": subnet})
    await_allocated(lab, identity)
    return identity


def run_on(lab: Lab, number: int, name: str, network: str) -> None:
    """Create a service that only runs on one node."""
    body = service(name, network, replicas=1, EndpointSpec={"Mode": "vip"})
    body["TaskTemplate"]["Placement"] = {"Constraints": [f"node.hostname==node{number}"]}
    done(lab, "POST", "/services/create", body)


def test_an_interface_was_left_behind(lab: Lab) -> None:
    identity = network(lab, "left", "10.94.0.0/24")
    (row,) = (each for each in lab.get(1, "/networks") if each["Id"] == identity)
    vxlan_id = row["Options"][VXLAN_IDS]
    link = f"vx-stray type vxlan id {vxlan_id} dstport 4789 dev eth0"
    lab.on_host(3, "ip", "link", "add", *link.split())
    run_on(lab, 3, "web", "left")

    finding = await_finding(lab, "vxlan-interface-exists", "node3")

    assert finding.severity is Severity.CRITICAL
    told = evidence(finding)
    assert told["error of tasks on node3"].endswith("error creating vxlan interface: file exists")
    assert told["networks of these tasks"] == "left (10.94.0.0/24)"
    search, delete, _ = finding.trouble.remedy
    assert vxlan_id in search.words
    assert "vx-stray" in lab.on_host(3, *search.command.split())
    lab.on_host(3, *delete.command.replace("NAME", "vx-stray").split())
    await_running(lab, "web", 1, identity)
    assert look(lab, "vxlan-interface-exists") == {}


def test_a_network_of_the_node_has_the_same_subnet(lab: Lab) -> None:
    identity = network(lab, "twice", "10.94.1.0/24")
    lab.docker(3, "network", "create", "--subnet", "10.94.1.0/25", "own")
    run_on(lab, 3, "pay", "twice")

    finding = await_finding(lab, "node-pool-overlap", "node3")

    told = evidence(finding)
    words = "Pool overlaps with other one on this address space"
    assert told["error of tasks on node3"] == words
    assert told["services of these tasks"] == "pay"
    search = finding.trouble.remedy[0].command.replace("docker", f"docker -H {lab.url(3)}")
    assert "own local [{10.94.1.0/25" in lab.on_host(3, "sh", "-c", search)
    lab.docker(3, "network", "rm", "own")
    await_running(lab, "pay", 1, identity)
    assert look(lab, "node-pool-overlap") == {}


def test_the_gateway_bridge_has_no_port_left(lab: Lab) -> None:
    identity = network(lab, "wide", "10.94.2.0/24")
    wait_until(lambda: lab.call(3, "GET", "/networks/docker_gwbridge")[0] == 200, "bridge")
    flags = "group 7 master docker_gwbridge type veth peer name"
    links = [f"link add d{each} {flags} e{each} group 7" for each in range(1023)]
    with pytest.raises(AssertionError, match="Exchange full"):
        lab.on_host(3, "ip", "-force", "-batch", "-", given="\n".join(links))
    run_on(lab, 3, "many", "wide")

    finding = await_finding(lab, "bridge-exhausted", "node3")

    assert evidence(finding)["error of tasks on node3"].endswith("exchange full")
    assert int(lab.on_host(3, "sh", "-c", finding.trouble.remedy[0].command)) == 1023
    lab.on_host(3, "ip", "link", "del", "group", "7")
    await_running(lab, "many", 1, identity)
    assert look(lab, "bridge-exhausted") == {}


def test_the_bridge_is_in_the_way_of_what_the_person_names(lab: Lab) -> None:
    (bridge,) = lab.get(1, "/networks/docker_gwbridge")["IPAM"]["Config"]
    found = everything(lab, lan_ranges=(bridge["Subnet"],))
    (finding,) = (each for each in found if each.code == "bridge-overlaps")
    assert evidence(finding) == {
        "subnet of docker_gwbridge on node1": bridge["Subnet"],
        "the LAN range": bridge["Subnet"],
    }
    assert look(lab, "bridge-overlaps") == {}


def test_gossip_has_lost_an_entry_and_kept_another_one(lab: Lab) -> None:
    identity = network(lab, "told", "10.94.3.0/24")
    for number in (1, 3):
        run_on(lab, number, f"on{number}", "told")
        await_running(lab, f"on{number}", 1, identity)
    await_nothing(lab, "gossip-missing", later=OLD)
    lost = endpoint_on(lab, 3, identity)
    with diagnostics(lab, 3):
        value = diagnose(lab, 3, "getentry", identity, lost)["details"]["value"]
        diagnose(lab, 3, "deleteentry", identity, lost)

        finding = await_finding(lab, "gossip-missing", "told", later=OLD)

        assert finding.severity is Severity.CRITICAL
        assert evidence(finding)["tasks that run on told for long"] == "on3.1"
        assert evidence(finding)["nodes that run them"] == "node3"
        forcing = finding.trouble.remedy[0].command
        assert forcing == "docker service update --force on3"
        lab.docker(1, *forcing.split()[1:], "--detach")
        await_nothing(lab, "gossip-missing", later=OLD)
        await_running(lab, "on3", 1, identity)
        assert look(lab, "gossip-stale", later=OLD) == {}

        # The old entry comes back, under a key that was not deleted.
        diagnose(lab, 3, "createentry", identity, lost[::-1], value)
        told = evidence(await_finding(lab, "gossip-stale", "told", later=OLD))
        stale = told["endpoints of told that node1 knows and no live task has"]
        assert stale.startswith("on3.1 10.94.3.")
        diagnose(lab, 3, "deleteentry", identity, lost[::-1])
        await_nothing(lab, "gossip-stale", later=OLD)


def endpoint_on(lab: Lab, number: int, network_id: str) -> str:
    """Return the id of the endpoint of the only task of a node on a network."""
    rows = lab.get(number, f"/networks/{network_id}")["Containers"]
    (found,) = (each for key, each in rows.items() if not key.startswith("lb-"))
    return str(found["EndpointID"])


@contextmanager
def diagnostics(lab: Lab, number: int) -> Iterator[None]:
    """Let an engine be asked about its gossip, and be told of it."""
    lab.reload_engine(number, {"network-diagnostic-port": DIAGNOSTICS})
    listening = f":{DIAGNOSTICS:04X} "
    wait_until(lambda: listening in lab.on_host(number, "cat", "/proc/net/tcp"), "diagnostics")
    yield
    lab.reload_engine(number, {})


def diagnose(lab: Lab, number: int, what: str, network_id: str, key: str, value: str = "") -> Json:
    """Return what an engine answers to a question about an entry of its gossip."""
    query = f"nid={network_id}&tname=endpoint_table&key={key}&value={quote(value, safe='')}&json"
    url = f"http://127.0.0.1:{DIAGNOSTICS}/{what}?{query}"
    script = "import sys, urllib.request as u; print(u.urlopen(sys.argv[1]).read().decode())"
    answer: Json = json.loads(lab.on_host(number, "python3", "-c", script, url))
    assert answer["message"] == "OK", answer
    return answer


def test_the_gossip_of_a_node_is_blocked(lab: Lab) -> None:
    identity = network(lab, "deaf", "10.94.4.0/24")
    for number in (1, 3):
        run_on(lab, number, f"deaf{number}", "deaf")
        await_running(lab, f"deaf{number}", 1, identity)
    await_nothing(lab, "peers-missing", later=OLD)
    rules = [
        f"{chain} -p {protocol} --dport 7946 -j DROP".split()
        for chain in ("INPUT", "OUTPUT")
        for protocol in ("tcp", "udp")
    ]
    for rule in rules:
        lab.on_host(3, "iptables", "-I", *rule)
    found = wait_until(lambda: look(lab, "peers-missing", later=OLD).get("deaf"), "missing peer")
    assert found is not None
    assert evidence(found) == {
        "peers of deaf as node1 knows them": lab.address(1),
        "Ready nodes that run its tasks and are not among them": "node3",
        "their addresses": lab.address(3),
    }
    assert set(look(lab, "ingress-not-everywhere")) == {"ingress"}
    assert look(lab, "gossip-missing", later=OLD) == {}
    for rule in rules:
        lab.on_host(3, "iptables", "-D", *rule)
    # The port is open; without this the nodes may take half a minute to find one another.
    lab.stop_engine(3)
    lab.start_engine(3)
    await_running(lab, "deaf3", 1, identity)
    await_nothing(lab, "peers-missing", later=OLD)
    await_nothing(lab, "ingress-not-everywhere")
