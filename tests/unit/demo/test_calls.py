"""What is asked of a node, and refused, in the engine's words."""

from __future__ import annotations

import json
from typing import Any

import pytest

from swarmtui.demo import Refusal, Swarm, network_spec
from tests.unit.demo.asking import EVERY_RUNTIME, ask, send
from tests.unit.demo.lab import empty_swarm, lab_swarm

CLUSTER_PATHS = ("/nodes", "/services", "/tasks", "/swarm", "/nodes/self", "/services/web")


@pytest.fixture(scope="module")
def lab() -> Swarm:
    return lab_swarm()


def refusal(swarm: Swarm, path: str, node: str = "node1", **query: str) -> tuple[int, str]:
    with pytest.raises(Refusal) as refused:
        ask(swarm, path, node, **query)
    return refused.value.status, refused.value.message


def names(rows: list[dict[str, Any]]) -> set[str]:
    return {str(row.get("Name") or row["Spec"]["Name"]) for row in rows}


def filtered(swarm: Swarm, path: str, **filters: list[str]) -> Any:
    return ask(swarm, path, filters=json.dumps(filters))


def test_networks_are_filtered(lab: Swarm) -> None:
    everything = names(ask(lab, "/networks"))
    local = {"bridge", "host", "none", "docker_gwbridge"}
    assert names(filtered(lab, "/networks", scope=["swarm"])) == everything - local
    assert names(filtered(lab, "/networks", driver=["bridge"])) == {"bridge", "docker_gwbridge"}
    assert names(filtered(lab, "/networks", name=["pay"])) == {"pay_secure"}
    label = ["com.docker.stack.namespace=pay"]
    assert names(filtered(lab, "/networks", label=label)) == {"pay_secure"}
    assert names(filtered(lab, "/networks", type=["builtin"])) == local - {"docker_gwbridge"} | {
        "ingress"
    }


def test_tasks_are_filtered_and_containers_outside_services_hidden(lab: Swarm) -> None:
    plain = ask(lab, "/tasks")
    assert all("ServiceID" in task for task in plain)
    assert len(ask(lab, "/tasks", filters=EVERY_RUNTIME)) == len(plain) + 2
    assert filtered(lab, "/tasks", runtime=["network-attachment"]) == []
    web = filtered(lab, "/tasks", service=["web"])
    assert sorted(task["Slot"] for task in web) == [1, 2, 3, 4]
    there = filtered(lab, "/tasks", service=["web"], node=["node2"])
    assert 0 < len(there) < 4
    assert filtered(lab, "/tasks", **{"desired-state": ["shutdown"]})
    assert len(filtered(lab, "/tasks", name=["web.3"])) == 1


def test_filters_of_old_clients_are_understood(lab: Swarm) -> None:
    assert names(ask(lab, "/networks", filters='{"name":{"tiny":true}}')) == {"tiny"}


def test_services_and_nodes_are_filtered(lab: Swarm) -> None:
    assert names(filtered(lab, "/services", mode=["global"])) == {"agent"}
    assert names(filtered(lab, "/services", name=["pay"])) == {"pay_db"}
    managers = filtered(lab, "/nodes", role=["manager"])
    assert {row["Description"]["Hostname"] for row in managers} == {"node1", "node2"}


def test_nonsense_is_refused(lab: Swarm) -> None:
    assert refusal(lab, "/networks", filters='{"nope":["x"]}') == (400, "invalid filter 'nope'")
    assert refusal(lab, "/networks", filters="{") == (400, "invalid filter")
    assert refusal(lab, "/nothing") == (404, "page not found")
    assert refusal(lab, "/networks/nope") == (404, "network nope not found")
    assert refusal(lab, "/services/nope") == (404, "service nope not found")
    assert refusal(lab, "/containers/nope/json") == (404, "No such container: nope")


def test_versions_are_negotiated(lab: Swarm) -> None:
    status, message = refusal(lab, "/v1.57/info")
    assert (status, "too new" in message) == (400, True)
    assert ask(lab, "/v1.44/info")["Name"] == "node1"
    old = Swarm(engine_version="29.0.1")
    old.add_node("node1", "192.168.196.1", manager=True)
    assert refusal(old, "/v1.43/info") == (
        400,
        "client version 1.43 is too old. Minimum supported API version is 1.44, "
        "please upgrade your client to a newer version",
    )


def test_networks_are_found_by_id_name_and_prefix(lab: Swarm) -> None:
    app = ask(lab, "/networks/app")
    for term in (app["Id"], app["Id"][:9]):
        assert ask(lab, f"/networks/{term}")["Name"] == "app"
    assert ask(lab, "/networks/app", scope="swarm")["Id"] == app["Id"]
    assert refusal(lab, "/networks/app", scope="local") == (404, "network app not found")
    assert refusal(lab, "/networks/quiet", "node3") == (404, "network quiet not found")


def test_an_ambiguous_network_is_refused() -> None:
    swarm = empty_swarm()
    for number in range(40):
        swarm.create_network(network_spec(f"net{number}"))
    firsts = [row["Id"][0] for row in ask(swarm, "/networks")]
    twice = next(each for each in firsts if firsts.count(each) == 2)
    words = f"2 matches found based on ID prefix: network {twice} is ambiguous"
    assert refusal(swarm, f"/networks/{twice}") == (400, words)


def test_without_a_leader_only_local_networks_are_told() -> None:
    swarm = lab_swarm()
    everything = names(ask(swarm, "/networks"))
    swarm.lose_quorum()
    words = "The swarm does not have a leader. It's possible that too few managers are online."
    for path in CLUSTER_PATHS:
        status, message = refusal(swarm, path)
        assert (status, words in message) == (500, True)
    left = names(ask(swarm, "/networks"))
    assert {"bridge", "ingress", "app"} <= left
    assert "overlap" not in left
    assert refusal(swarm, "/networks/overlap") == (404, "network overlap not found")
    info = ask(swarm, "/info")["Swarm"]
    assert words in info["Error"]
    assert (info["ControlAvailable"], info["LocalNodeState"]) == (True, "active")
    assert info["Cluster"]["DefaultAddrPool"] is None
    with pytest.raises(Refusal, match="does not have a leader"):
        send(swarm, "POST", "/networks/create", network_spec("new"))
    swarm.regain_quorum()
    assert names(ask(swarm, "/networks")) == everything


def test_nothing_moves_without_a_leader() -> None:
    swarm = lab_swarm()
    swarm.lose_quorum()
    index = swarm.world.index
    swarm.step(600)
    assert swarm.world.index == index
    swarm.regain_quorum()
    swarm.step(10)
    assert swarm.world.index > index or not swarm.world.agenda


def test_too_many_managers_down_are_no_leader() -> None:
    swarm = lab_swarm()
    swarm.fail_node("node2")
    assert refusal(swarm, "/nodes")[0] == 500
    swarm.recover_node("node2")
    assert len(ask(swarm, "/nodes")) == 3


def test_another_manager_leads_when_the_leader_is_gone() -> None:
    swarm = empty_swarm()
    swarm.add_node("node4", "192.168.196.4", manager=True)
    swarm.fail_node("node1")
    leaders = [
        row["Description"]["Hostname"]
        for row in ask(swarm, "/nodes", "node2")
        if row.get("ManagerStatus", {}).get("Leader")
    ]
    assert leaders == ["node2"]


def test_a_worker_tells_its_managers() -> None:
    info = ask(lab_swarm(), "/info", "node3")["Swarm"]
    assert "Cluster" not in info
    assert not info["ControlAvailable"]
    assert [each["Addr"] for each in info["RemoteManagers"]] == [
        "192.168.196.1:2377",
        "192.168.196.2:2377",
    ]


def test_a_locked_manager_waits_for_its_key() -> None:
    swarm = lab_swarm()
    swarm.lock("node1")
    assert ask(swarm, "/info")["Swarm"]["LocalNodeState"] == "locked"
    for path in CLUSTER_PATHS:
        status, message = refusal(swarm, path)
        assert (status, "needs to be unlocked" in message) == (503, True)
    assert names(ask(swarm, "/networks")) == {"bridge", "docker_gwbridge", "host", "none"}
    swarm.activate("node1")
    assert ask(swarm, "/nodes")


def test_a_node_outside_a_swarm_says_so() -> None:
    swarm = lab_swarm()
    swarm.leave("node3")
    info = ask(swarm, "/info", "node3")["Swarm"]
    assert (info["LocalNodeState"], info["NodeID"], info["RemoteManagers"]) == (
        "inactive",
        "",
        None,
    )
    status, message = refusal(swarm, "/nodes", "node3")
    assert status == 503
    assert message.startswith('This node is not a swarm manager. Use "docker swarm init"')
    assert names(ask(swarm, "/networks", "node3")) == {"bridge", "docker_gwbridge", "host", "none"}
    down = [row["Status"]["State"] for row in ask(swarm, "/nodes")]
    assert sorted(down) == ["down", "ready", "ready"]


def test_the_routing_mesh_is_seen_whole_from_every_node(lab: Swarm) -> None:
    for number in (1, 2, 3):
        mesh = ask(lab, "/networks/ingress", f"node{number}", verbose="1")
        assert len(mesh["Peers"]) == 3
        assert len(mesh["Services"]["web"]["Tasks"]) == 4
        assert mesh["Services"]["web"]["Ports"] == ["Target: 80, Publish: 8080"]
