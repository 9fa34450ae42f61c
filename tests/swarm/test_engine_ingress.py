"""How engines take the removal of the ingress network, and a new one in its place."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from tests.swarm.calls import (
    ALL_NODES,
    Json,
    await_allocated,
    await_everywhere,
    await_nowhere,
    await_running,
    bring,
    carrying,
    clear,
    create_ingress,
    create_network,
    create_service,
    done,
    ingress_row,
    live_tasks,
    network,
    port,
    publishing,
    remove_ingress,
    rpc,
    said,
    service,
    tasks,
    touch,
    unpublish,
    update,
)
from tests.swarm.findings import look
from tests.swarm.lab import Lab
from tests.swarm.waiting import wait_until

pytestmark = pytest.mark.swarm

NEEDS_INGRESS = (
    400,
    rpc("FailedPrecondition", "service needs ingress network, but no ingress network is present"),
)


@pytest.fixture
def whole(bare_lab: Lab) -> Iterator[Lab]:
    """Three nodes with an ingress, which they have again afterwards."""
    await_everywhere(bare_lab, str(ingress_row(bare_lab)["Id"]))
    yield bare_lab
    clear(bare_lab)


def publish(*ports: Json) -> Callable[[Json], None]:
    return lambda spec: spec.update(EndpointSpec=publishing(*ports))


def await_rejections(lab: Lab, network_id: str) -> None:
    """Wait until every node has rejected a task on an ingress network beside another one."""
    nodes = {each["ID"] for each in lab.get(1, "/nodes")}

    def rejected() -> bool:
        return nodes == {
            task["NodeID"]
            for task in tasks(lab, "web")
            if task["Status"]["State"] == "rejected"
            and task["Status"]["Err"] == "ingress sandbox already present"
            and [each["Network"]["ID"] for each in task["NetworksAttachments"]] == [network_id]
        }

    wait_until(rejected, "tasks rejected on all nodes", 60)


@pytest.mark.parametrize("replicas", [0, 1])
@pytest.mark.parametrize("mode", ["", "ingress"])
def test_the_ingress_stays_while_a_service_publishes(whole: Lab, mode: str, replicas: int) -> None:
    published = port(8080, PublishMode=mode)
    if not mode:
        del published["PublishMode"]
    mesh = ingress_row(whole)["Id"]
    web = create_service(whole, "web", replicas=replicas, EndpointSpec=publishing(published))
    assert said(whole, 1, "DELETE", f"/networks/{mesh}") == (
        400,
        rpc(
            "FailedPrecondition",
            f"ingress network cannot be removed because service {web} depends on it",
        ),
    )
    assert ingress_row(whole)["Id"] == mesh


def test_the_ingress_goes_while_a_service_publishes_on_nodes_only(whole: Lab) -> None:
    local = publishing(port(8080, PublishMode="host"))
    create_service(whole, "web", replicas=1, EndpointSpec=local)
    await_running(whole, "web", 1)
    (task,) = (each["ID"] for each in tasks(whole, "web"))
    remove_ingress(whole)
    assert [(each["ID"], each["Status"]["State"]) for each in tasks(whole, "web")] == [
        (task, "running")
    ]


def test_without_an_ingress_nothing_can_be_published(whole: Lab) -> None:
    lab = whole
    remove_ingress(lab)
    create_service(lab, "plain")
    local = port(9100, PublishMode="host")
    create_service(lab, "local", EndpointSpec=publishing(local))
    create = "/services/create"

    def created(name: str, *ports: Json) -> tuple[int, str]:
        return said(lab, 1, "POST", create, service(name, EndpointSpec=publishing(*ports)))

    assert created("new", port(8080, PublishMode="ingress")) == NEEDS_INGRESS
    assert created("new", port(8080)) == NEEDS_INGRESS
    assert created("plain", port(8080)) == NEEDS_INGRESS
    for behind in (0, 1):
        answer = update(lab, "services", "plain", publish(port(8080)), behind=behind)
        assert answer == NEEDS_INGRESS
    assert update(lab, "services", "local", publish(local, port(8080))) == NEEDS_INGRESS
    assert update(lab, "services", "plain", lambda spec: spec.update(Labels={"a": "b"}))[0] == 200
    assert {each["Spec"]["Name"] for each in lab.get(1, "/services")} == {"plain", "local"}
    missing = (404, "network ingress not found")
    for number in (1, 3):
        for method in ("GET", "DELETE"):
            assert said(lab, number, method, "/networks/ingress") == missing
    attachable = network("mesh", Ingress=True, Attachable=True)
    assert said(lab, 1, "POST", "/networks/create", attachable) == (
        400,
        rpc("InvalidArgument", "ingress network cannot be attachable"),
    )
    for driver in ("macvlan", ""):
        asked = network("mesh", Ingress=True) | {"Driver": driver}
        words = "Ingress network can only be global scope network"
        assert said(lab, 1, "POST", "/networks/create", asked) == (403, words)


def test_a_removal_is_answered_before_nodes_act_and_a_new_one_needs_a_touch(whole: Lab) -> None:
    lab = whole
    old = str(ingress_row(lab)["Id"])
    assert lab.call(1, "DELETE", f"/networks/{old}") == (204, None)
    # Nodes take half a second; that one of them still has it is seen in a hundredth of that.
    assert carrying(lab, old)
    listed = [each["Id"] for each in lab.get(1, "/networks") if each["Ingress"]]
    assert listed == [old]
    assert said(lab, 1, "DELETE", f"/networks/{old}") == (500, f"network {old} not found")
    assert said(lab, 1, "DELETE", "/networks/ingress") == (404, "network ingress not found")
    await_nowhere(lab, old)
    assert said(lab, 1, "DELETE", f"/networks/{old}") == (404, f"network {old} not found")

    new = create_network(lab, "mesh", {"Subnet": "10.71.0.0/24"}, Ingress=True)
    await_allocated(lab, new)
    reached: set[int] = set()
    for number in (3, 1, 2):
        assert set(carrying(lab, new)) == reached
        bring(lab, new, number)
        reached.add(number)
    await_everywhere(lab, new)


def test_a_removal_and_a_new_one_at_once_are_done_in_turn(whole: Lab) -> None:
    lab = whole
    old = str(ingress_row(lab)["Id"])
    done(lab, "DELETE", f"/networks/{old}")
    new = create_network(lab, "ingress", {"Subnet": "10.72.0.0/24"}, Ingress=True)
    for number in ALL_NODES:
        touch(lab, number)
    await_nowhere(lab, old)
    for number in ALL_NODES:
        bring(lab, new, number)
    await_everywhere(lab, new)


def test_publishing_on_an_ingress_without_subnet_takes_the_service_down(whole: Lab) -> None:
    lab = whole
    create_network(lab, "app", {"Subnet": "10.73.0.0/24"})
    create_service(lab, "web", replicas=2, EndpointSpec=publishing(port(8080)))
    await_running(lab, "web", 2, str(ingress_row(lab)["Id"]))
    assert update(lab, "services", "web", unpublish)[0] == 200
    await_running(lab, "web", 2)
    remove_ingress(lab)
    bad = create_network(lab, "ingress", {"Subnet": "10.73.0.128/25"}, Ingress=True)

    assert update(lab, "services", "web", publish(port(8080)))[0] == 200

    down = [("new/running", list[str]())] * 2
    wait_until(lambda: live_tasks(lab, "web") == down, "service that is down", 60)
    for number in ALL_NODES:
        touch(lab, number)
    assert live_tasks(lab, "web") == down
    for task in tasks(lab, "web"):
        if task["Status"]["State"] == "new":
            assert not task.get("NodeID")
            assert not task["Status"].get("Err")
    row = lab.get(1, "/services/web")
    assert row["Endpoint"] == {"Spec": {"Mode": "vip"}}
    assert row["UpdateStatus"]["State"] == "updating"
    assert ingress_row(lab)["Driver"] == ""
    assert carrying(lab, bad) == {}

    assert update(lab, "services", "web", unpublish)[0] == 200
    await_running(lab, "web", 2)
    assert remove_ingress(lab) == bad
    good = create_ingress(lab, "10.74.0.0/24")
    assert update(lab, "services", "web", publish(port(8080)))[0] == 200
    await_running(lab, "web", 2, good)
    (vip,) = lab.get(1, "/services/web")["Endpoint"]["VirtualIPs"]
    assert (vip["NetworkID"], vip["Addr"][:8]) == (good, "10.74.0.")


def test_an_ingress_that_is_removed_from_under_tasks_stays_beside_the_next_one(
    fresh_lab: Lab,
) -> None:
    lab = fresh_lab
    old = str(ingress_row(lab)["Id"])
    create_service(lab, "web", replicas=3, EndpointSpec=publishing(port(8080)))
    await_running(lab, "web", 3, old)
    assert {each["NodeID"] for each in tasks(lab, "web")} == {
        each["ID"] for each in lab.get(1, "/nodes")
    }
    # As the documentation has it: the ports are closed, so the ingress can be removed.
    assert update(lab, "services", "web", unpublish)[0] == 200
    done(lab, "DELETE", f"/networks/{old}")
    new = create_network(lab, "mesh", {"Subnet": "10.75.0.0/24"}, Ingress=True)
    await_allocated(lab, new)
    for number in ALL_NODES:
        touch(lab, number)
    assert update(lab, "services", "web", publish(port(8080)))[0] == 200

    await_rejections(lab, new)
    assert set(carrying(lab, old)) == set(ALL_NODES)
    assert carrying(lab, new) == {}
    assert lab.call(3, "GET", f"/networks/{new}")[0] == 404
    # Nothing that can be written frees the nodes of it.
    assert update(lab, "services", "web", unpublish)[0] == 200
    await_running(lab, "web", 3)
    done(lab, "DELETE", f"/networks/{new}")
    third = create_network(lab, "third", {"Subnet": "10.76.0.0/24"}, Ingress=True)
    await_allocated(lab, third)
    for number in ALL_NODES:
        touch(lab, number)
    assert update(lab, "services", "web", publish(port(8080)))[0] == 200
    await_rejections(lab, third)
    assert set(carrying(lab, old)) == set(ALL_NODES)
    names = {f"node{number}" for number in ALL_NODES}
    assert set(look(lab, "ingress-sandbox-left")) == names
    # But this does.
    lab.stop_engine(3)
    lab.start_engine(3)
    wait_until(
        lambda: set(look(lab, "ingress-sandbox-left")) < names, "node that is free again", 60
    )
    assert set(carrying(lab, third)) == {3}
