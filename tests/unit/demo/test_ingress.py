"""What becomes of services and nodes when the ingress network is replaced (engine-facts D, I)."""

from __future__ import annotations

from typing import Any

import pytest

from swarmtui.demo import Swarm, network_spec, port, service_spec
from tests.unit.demo.asking import (
    ask,
    refusal,
    send,
    service,
    states,
    tasks_named,
    touched,
    updated,
)
from tests.unit.demo.lab import IMAGE, empty_swarm

NODES = ("node1", "node2", "node3")
RUNNING = "running/running"
UNPUBLISHED = {"Mode": "vip"}
PUBLISHED = {"Mode": "vip", "Ports": [port(8080, 80)]}
CONFLICT = "ingress sandbox already present"


def publishing(replicas: int = 2, engine: str = "20.10.24") -> Swarm:
    swarm = empty_swarm(engine)
    swarm.create_service(service_spec("web", IMAGE, replicas=replicas, ports=(port(8080, 80),)))
    swarm.step(10)
    return swarm


def created(swarm: Swarm, subnet: str = "10.11.0.0/16", name: str = "ingress") -> str:
    request = network_spec(name, ingress=True, subnet=subnet)
    return str(send(swarm, "POST", "/networks/create", request)["Id"])


def meshes(swarm: Swarm, node: str) -> list[str]:
    """Return the ids of the ingress networks that a node lists."""
    return sorted(row["Id"] for row in ask(swarm, "/networks", node) if row["Ingress"])


def errors(swarm: Swarm) -> list[str]:
    return [task.error for task in tasks_named(swarm, "web") if task.state.word == "rejected"]


def hasty(swarm: Swarm, name: str = "mesh") -> tuple[str, str]:
    """Replace the ingress as soon as the swarm lets one; return the ids of both."""
    (old,) = meshes(swarm, "node1")
    updated(swarm, "web", EndpointSpec=UNPUBLISHED)
    swarm.step(0.1)
    send(swarm, "DELETE", f"/networks/{old}")
    new = created(swarm, name=name)
    touched(swarm, *NODES)
    updated(swarm, "web", EndpointSpec=PUBLISHED)
    swarm.step(1)
    return old, new


def patient(swarm: Swarm, subnet: str = "10.11.0.0/16") -> str:
    """Replace the ingress after the last task left it; return the id of the new one."""
    (old,) = meshes(swarm, "node1")
    updated(swarm, "web", EndpointSpec=UNPUBLISHED)
    swarm.step(40)
    removed(swarm, old)
    assert [meshes(swarm, node) for node in NODES] == [[], [], []]
    new = created(swarm, subnet)
    swarm.step(1)
    return new


def removed(swarm: Swarm, network: str) -> None:
    """Remove a network, and let the nodes hear of it."""
    send(swarm, "DELETE", f"/networks/{network}")
    swarm.step(1)


def busy_nodes(swarm: Swarm) -> set[str]:
    return {swarm.world.nodes[task.node_id].hostname for task in tasks_named(swarm, "web")}


def test_nodes_give_a_removed_ingress_up_a_little_later() -> None:
    swarm = empty_swarm("20.10.24")
    (old,) = meshes(swarm, "node1")
    send(swarm, "DELETE", f"/networks/{old}")
    for node in NODES:
        assert meshes(swarm, node) == [old]
        assert list(ask(swarm, f"/networks/{old}", node)["Containers"]) == ["ingress-sbox"]
    assert refusal(swarm, "DELETE", f"/networks/{old}") == (500, f"network {old} not found")
    assert refusal(swarm, "DELETE", "/networks/ingress") == (404, "network ingress not found")
    swarm.step(0.3)
    assert [meshes(swarm, node) for node in NODES] == [[old]] * 3
    swarm.step(0.3)
    assert [meshes(swarm, node) for node in NODES] == [[], [], []]


def test_the_next_ingress_waits_until_a_node_has_given_the_last_one_up() -> None:
    swarm = empty_swarm("20.10.24")
    (old,) = meshes(swarm, "node1")
    send(swarm, "DELETE", f"/networks/{old}")
    new = created(swarm)
    touched(swarm, *NODES)
    assert meshes(swarm, "node3") == [old]
    swarm.step(1)
    assert [meshes(swarm, node) for node in NODES] == [[new]] * 3
    assert len(ask(swarm, f"/networks/{new}")["Peers"]) == 3


@pytest.mark.parametrize("engine", ["20.10.24", "29.9-dev"])
def test_a_new_ingress_beside_the_old_one_rejects_tasks_without_end(engine: str) -> None:
    swarm = publishing(engine=engine)
    busy = busy_nodes(swarm)
    old, new = hasty(swarm)
    for node in busy:
        assert meshes(swarm, node) == sorted((old, new))
    (idle,) = set(NODES) - busy
    assert meshes(swarm, idle) == [new]
    seen: set[str] = set()
    for _ in range(60):
        swarm.step(1)
        seen |= {task.id for task in tasks_named(swarm, "web") if task.state.word == "rejected"}
    assert set(errors(swarm)) == {CONFLICT}
    # Each waits for the restart delay of five seconds.
    assert 9 <= len(seen) <= 13
    assert service(swarm, "web")["UpdateStatus"]["State"] == "paused"


def test_a_node_takes_an_old_ingress_of_the_same_name_for_the_new_one() -> None:
    swarm = publishing(replicas=3)
    updated(swarm, "web", UpdateConfig={"Parallelism": 0})
    old, new = hasty(swarm, name="ingress")
    swarm.step(30)
    assert errors(swarm) == []
    assert [meshes(swarm, node) for node in NODES] == [sorted((old, new))] * 2 + [[old]]
    words = "2 matches found based on name: network ingress is ambiguous"
    assert refusal(swarm, "GET", "/networks/ingress") == (400, words)
    assert states(swarm, "web").count("starting/running") == 3
    assert service(swarm, "web")["UpdateStatus"]["State"] == "updating"
    updated(swarm, "web", EndpointSpec=UNPUBLISHED)
    swarm.step(30)
    # They cannot even be stopped, and their successors wait for a minute.
    assert states(swarm, "web").count("starting/shutdown") == 3
    assert RUNNING not in states(swarm, "web")
    swarm.step(40)
    assert states(swarm, "web").count(RUNNING) == 3


def test_the_managers_tell_both_and_only_the_old_one_is_there() -> None:
    swarm = publishing(replicas=3)
    old, new = hasty(swarm)
    assert "ingress-sbox" in ask(swarm, f"/networks/{old}")["Containers"]
    assert len(ask(swarm, f"/networks/{old}")["Peers"]) == 3
    assert "Peers" not in ask(swarm, f"/networks/{new}")
    assert refusal(swarm, "DELETE", f"/networks/{old}") == (500, f"network {old} not found")
    assert meshes(swarm, "node3") == [old]


def test_only_beginning_anew_frees_a_node_of_the_old_ingress() -> None:
    swarm = publishing(replicas=3)
    old, new = hasty(swarm)
    swarm.step(60)
    updated(swarm, "web", EndpointSpec=UNPUBLISHED)
    swarm.step(60)
    assert states(swarm, "web").count(RUNNING) == 3
    removed(swarm, new)
    assert [meshes(swarm, node) for node in NODES] == [[old]] * 3
    last = created(swarm, "10.12.0.0/16", "third")
    swarm.step(1)
    touched(swarm, *NODES)
    updated(swarm, "web", EndpointSpec=PUBLISHED)
    swarm.step(30)
    assert CONFLICT in errors(swarm)
    for node in NODES:
        swarm.fail_node(node)
        swarm.step(30)
        swarm.recover_node(node)
        swarm.step(30)
    assert [meshes(swarm, node) for node in NODES] == [[last]] * 3
    assert states(swarm, "web").count(RUNNING) == 3


def test_the_old_ingress_does_not_go_with_its_last_task() -> None:
    swarm = publishing(replicas=1)
    (busy,) = busy_nodes(swarm)
    (old,) = meshes(swarm, busy)
    updated(swarm, "web", EndpointSpec=UNPUBLISHED)
    swarm.step(0.1)
    removed(swarm, old)
    for _ in range(2):
        assert [meshes(swarm, node) == [old] for node in NODES] == [node == busy for node in NODES]
        swarm.step(60)
    assert states(swarm, "web").count(RUNNING) == 1
    new = created(swarm, name="mesh")
    swarm.step(1)
    touched(swarm, *NODES)
    assert [new in meshes(swarm, node) for node in NODES] == [True, True, busy != "node3"]
    assert len(ask(swarm, f"/networks/{new}", "node2")["Peers"]) == 2


@pytest.mark.parametrize("engine", ["20.10.24", "29.9-dev"])
def test_patience_meets_no_conflict(engine: str) -> None:
    swarm = publishing(replicas=3, engine=engine)
    new = patient(swarm)
    assert "Peers" not in ask(swarm, f"/networks/{new}")
    touched(swarm, *NODES)
    assert len(ask(swarm, f"/networks/{new}")["Peers"]) == 3
    updated(swarm, "web", EndpointSpec=PUBLISHED)
    swarm.step(60)
    assert errors(swarm) == []
    assert states(swarm, "web").count(RUNNING) == 3
    (vip,) = service(swarm, "web")["Endpoint"]["VirtualIPs"]
    assert (vip["NetworkID"], vip["Addr"][:6]) == (new, "10.11.")


def test_a_node_that_was_away_comes_back_without_the_old_ingress() -> None:
    swarm = publishing(replicas=3)
    (old,) = meshes(swarm, "node3")
    swarm.fail_node("node3")
    swarm.step(20)
    updated(swarm, "web", EndpointSpec=UNPUBLISHED)
    swarm.step(60)
    send(swarm, "DELETE", f"/networks/{old}")
    new = created(swarm)
    swarm.step(1)
    assert meshes(swarm, "node3") == [old]
    swarm.recover_node("node3")
    swarm.step(5)
    assert meshes(swarm, "node3") == [new]


def test_an_unallocated_ingress_kills_the_service_and_can_be_repaired() -> None:
    swarm = publishing(replicas=1)
    swarm.create_network(network_spec("app", subnet="10.11.4.0/24"))
    swarm.step(1)
    bad = patient(swarm)
    row = ask(swarm, f"/networks/{bad}")
    assert (row["Driver"], row["IPAM"]["Config"], row["Options"]) == ("", None, None)
    touched(swarm, *NODES)
    updated(swarm, "web", EndpointSpec=PUBLISHED)
    swarm.step(600)
    (task,) = (each for each in tasks_named(swarm, "web") if each.is_wanted)
    assert (task.state.word, task.error, task.attachments) == ("new", "", ())
    assert RUNNING not in states(swarm, "web")
    assert service(swarm, "web")["Endpoint"] == {"Spec": UNPUBLISHED}
    updated(swarm, "web", EndpointSpec=UNPUBLISHED)
    swarm.step(30)
    assert states(swarm, "web").count(RUNNING) == 1
    send(swarm, "DELETE", f"/networks/{bad}")
    good = created(swarm, "10.12.0.0/16")
    swarm.step(1)
    touched(swarm, *NODES)
    updated(swarm, "web", EndpointSpec=PUBLISHED)
    swarm.step(30)
    assert states(swarm, "web").count(RUNNING) == 1
    (vip,) = service(swarm, "web")["Endpoint"]["VirtualIPs"]
    assert vip["NetworkID"] == good
    assert len(ask(swarm, f"/networks/{good}")["Peers"]) == 3


@pytest.mark.parametrize("engine", ["20.10.24", "29.9-dev"])
def test_an_ingress_is_told_as_it_was_asked_for(engine: str) -> None:
    swarm = empty_swarm(engine)
    swarm.remove_network("ingress")
    request: dict[str, Any] = {
        "Name": "mesh",
        "Driver": "overlay",
        "Ingress": True,
        "Labels": {"owner": "me"},
        "Options": {"com.docker.network.driver.mtu": "1200", "encrypted": ""},
        "IPAM": {"Config": [{"Subnet": "10.11.0.0/16", "Gateway": "10.11.0.2"}]},
    }
    identity = send(swarm, "POST", "/networks/create", request)["Id"]
    swarm.step(1)
    touched(swarm, "node1")
    (listed,) = (row for row in ask(swarm, "/networks") if row["Ingress"])
    for row in (listed, *(ask(swarm, f"/networks/{identity}", node) for node in NODES[:2])):
        assert (row["Name"], row["Id"], row["Driver"]) == ("mesh", identity, "overlay")
        assert row["Labels"] == request["Labels"]
        assert row["IPAM"]["Config"] == request["IPAM"]["Config"]
        vxlan = {"com.docker.network.driver.overlay.vxlanid_list": "4097"}
        assert row["Options"] == request["Options"] | vxlan
    assert list(ask(swarm, "/networks/mesh")["Containers"]) == ["mesh-sbox"]
