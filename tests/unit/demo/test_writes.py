"""Calls that change something are answered as the engine answers them (engine-facts D.1, G)."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

import docker
import pytest

from swarmtui.demo import Swarm, network_spec, port, service_spec
from tests.unit.demo.asking import ask, refusal, send, service, states, updated
from tests.unit.demo.conftest import Serve
from tests.unit.demo.lab import IMAGE, empty_swarm, lab_swarm


@pytest.fixture
def lab() -> Swarm:
    return lab_swarm()


def created(swarm: Swarm, request: object) -> tuple[int, str]:
    return refusal(swarm, "POST", "/networks/create", request)


def test_a_network_is_created_then_allocated_and_removed(lab: Swarm) -> None:
    answer = send(lab, "POST", "/networks/create", network_spec("new"))
    assert answer == {"Id": answer["Id"], "Warning": ""}
    assert ask(lab, "/networks/new")["Driver"] == ""
    lab.step(1)
    assert ask(lab, "/networks/new")["IPAM"]["Config"] == [
        {"Subnet": "10.20.1.0/26", "Gateway": "10.20.1.1"}
    ]
    send(lab, "DELETE", f"/networks/{answer['Id']}")
    assert refusal(lab, "DELETE", "/networks/new")[0] == 404


@pytest.mark.parametrize("name", ["app", "host", "docker_gwbridge"])
def test_a_name_is_taken_once(lab: Swarm, name: str) -> None:
    assert created(lab, network_spec(name)) == (409, f"network with name {name} already exists")


def test_a_bad_name_is_refused(lab: Swarm) -> None:
    words = "name must be valid as a DNS name component"
    assert created(lab, network_spec("a b")) == (400, words)


@pytest.mark.parametrize(
    ("engine", "config", "answer"),
    [
        (
            "20.10.24",
            {"subnet": "10.9.0.5/99"},
            (500, "Invalid subnet 10.9.0.5/99 : invalid CIDR address: 10.9.0.5/99"),
        ),
        (
            "20.10.24",
            {"gateway": "10.9.0.1"},
            (500, "Invalid subnet  : invalid CIDR address: "),
        ),
        (
            "20.10.24",
            {"subnet": "10.9.0.0/24", "gateway": "10.8.0.1"},
            (400, "ipam configuration: subnet 10.9.0.0/24 does not contain gateway 10.8.0.1"),
        ),
        (
            "20.10.24",
            {"subnet": "10.9.0.0/24", "ip_range": "10.8.0.0/25"},
            (400, "ipam configuration: subnet 10.9.0.0/24 does not contain range 10.8.0.0/25"),
        ),
        (
            "29.9-dev",
            {"subnet": "10.77.1.5/24"},
            (
                400,
                "invalid network config:\ninvalid subnet 10.77.1.5/24: it should be 10.77.1.0/24",
            ),
        ),
        (
            "29.9-dev",
            {"subnet": "10.9.0.0/24", "gateway": "10.8.0.1"},
            (
                400,
                "invalid network config:\ninvalid gateway 10.8.0.1: parent subnet 10.9.0.0/24 "
                "doesn't contain this address",
            ),
        ),
    ],
)
def test_bad_addresses_are_refused(
    engine: str, config: dict[str, str], answer: tuple[int, str]
) -> None:
    assert created(empty_swarm(engine), network_spec("new", **config)) == answer  # type: ignore[arg-type]


def test_an_old_engine_keeps_host_bits() -> None:
    swarm = empty_swarm("20.10.24")
    swarm.create_network(network_spec("new", subnet="10.77.1.5/24"))
    swarm.step(1)
    assert ask(swarm, "/networks/new")["IPAM"]["Config"][0] == {
        "Subnet": "10.77.1.5/24",
        "Gateway": "10.77.1.1",
    }


def test_a_network_in_use_stays(lab: Swarm) -> None:
    app = ask(lab, "/networks/app")["Id"]
    users = [row["ID"] for row in ask(lab, "/services") if row["Spec"]["Name"] in ("web", "api")]
    status, message = refusal(lab, "DELETE", "/networks/app")
    assert status == 400
    assert message in [f"network {app} is in use by service {user}" for user in users]
    for name in ("web", "api", "rr"):
        lab.remove_service(name)
    lab.step(10)
    status, message = refusal(lab, "DELETE", "/networks/app")
    assert status == 400
    assert message.startswith(f"network {app} is in use by task ")


def test_the_ingress_stays_while_services_publish(lab: Swarm) -> None:
    mesh = ask(lab, "/networks/ingress")["Id"]
    status, message = refusal(lab, "DELETE", "/networks/ingress")
    assert (status, message.startswith("ingress network cannot be removed")) == (400, True)
    for name in ("web", "dual", "asleep"):
        updated(lab, name, EndpointSpec={"Mode": "vip"})
    lab.step(30)
    send(lab, "DELETE", "/networks/ingress")
    for row in ask(lab, "/services"):
        for vip in row["Endpoint"].get("VirtualIPs", ()):
            assert vip["NetworkID"] != mesh
    answer = (400, "service needs ingress network, but no ingress network is present")
    spec = service_spec("late", IMAGE, ports=(port(8081, 80),))
    assert refusal(lab, "POST", "/services/create", spec) == answer


def test_there_is_one_ingress(lab: Swarm) -> None:
    present = ask(lab, "/networks/ingress")["Id"]
    assert created(lab, network_spec("mesh", ingress=True)) == (
        409,
        f"ingress network ({present}) is already present",
    )
    swarm = empty_swarm()
    swarm.remove_network("ingress")
    assert created(swarm, network_spec("mesh", ingress=True, attachable=True)) == (
        400,
        "ingress network cannot be attachable",
    )


def test_workers_and_local_networks_refuse(lab: Swarm) -> None:
    status, message = refusal(lab, "POST", "/networks/create", network_spec("x"), "node3")
    assert (status, message[:44]) == (403, "Cannot create a multi-host network from a wo")
    mesh = ask(lab, "/networks/ingress")["Id"]
    assert refusal(lab, "DELETE", f"/networks/{mesh}", node="node3")[0] == 503
    assert refusal(lab, "DELETE", "/networks/ingress", node="node3") == (
        404,
        "network ingress not found",
    )
    assert refusal(lab, "DELETE", "/networks/quiet", node="node3") == (
        404,
        "network quiet not found",
    )
    status, message = refusal(lab, "DELETE", "/networks/docker_gwbridge")
    assert (status, "has active endpoints" in message) == (403, True)


@pytest.mark.parametrize(
    ("spec", "answer"),
    [
        (service_spec("new", IMAGE, ("nope",)), (500, "network nope not found")),
        (
            service_spec("new", IMAGE, ("ingress",)),
            (400, 'Service cannot be explicitly attached to the ingress network "ingress"'),
        ),
        (
            service_spec("new", IMAGE, ("app",), dnsrr=True, ports=(port(81, 80),)),
            (
                400,
                "EndpointSpec: port published with ingress mode can't be used with dnsrr mode",
            ),
        ),
        (
            service_spec("web", IMAGE),
            (409, "name conflicts with an existing object: service web already exists"),
        ),
    ],
)
def test_bad_services_are_refused(lab: Swarm, spec: object, answer: tuple[int, str]) -> None:
    assert refusal(lab, "POST", "/services/create", spec) == answer


def test_a_taken_port_names_its_owner(lab: Swarm) -> None:
    spec = service_spec("late", IMAGE, ports=(port(8080, 80),))
    owner = service(lab, "web")["ID"]
    assert refusal(lab, "POST", "/services/create", spec) == (
        400,
        f"port '8080' is already in use by service 'web' ({owner}) as an ingress port",
    )
    lab.create_service(service_spec("udp", IMAGE, ports=(port(8080, 80, protocol="udp"),)))


def test_a_port_without_number_gets_one_and_keeps_it(lab: Swarm) -> None:
    lab.create_service(service_spec("late", IMAGE, ports=(port(0, 80),)))
    lab.create_service(service_spec("later", IMAGE, ports=(port(0, 80),)))
    lab.step(10)
    assert service(lab, "late")["Endpoint"]["Ports"][0]["PublishedPort"] == 30000
    assert service(lab, "later")["Endpoint"]["Ports"][0]["PublishedPort"] == 30001
    updated(lab, "later", Labels={"a": "b"})
    lab.step(10)
    assert service(lab, "later")["Endpoint"]["Ports"][0]["PublishedPort"] == 30001


def test_an_update_must_know_the_latest_version(lab: Swarm) -> None:
    row = service(lab, "web")
    stale = str(row["Version"]["Index"] - 1)
    answer = refusal(lab, "POST", "/services/web/update", row["Spec"], version=stale)
    assert answer == (500, "update out of sequence")
    node = ask(lab, "/nodes/node3")
    answer = refusal(lab, "POST", f"/nodes/{node['ID']}/update", node["Spec"], version="1")
    assert answer == (500, "update out of sequence")
    assert refusal(lab, "POST", "/services/web/update", row["Spec"])[0] == 400


def test_what_cannot_change_is_refused(lab: Swarm) -> None:
    row = service(lab, "web")
    version = str(row["Version"]["Index"])

    def answer(**parts: object) -> tuple[int, str]:
        return refusal(
            lab, "POST", "/services/web/update", {**row["Spec"], **parts}, version=version
        )

    assert answer(Name="other") == (501, "renaming services is not supported")
    assert answer(Mode={"Global": {}}) == (501, "service mode change is not allowed")
    query = {"version": version, "rollback": "previous"}
    assert refusal(lab, "POST", "/services/web/update", row["Spec"], **query) == (
        400,
        f"service {row['ID']} does not have a previous spec",
    )


def test_addresses_on_untouched_networks_are_kept(lab: Swarm) -> None:
    before = {
        vip["NetworkID"]: vip["Addr"] for vip in service(lab, "web")["Endpoint"]["VirtualIPs"]
    }
    updated(lab, "web", EndpointSpec={"Mode": "vip"})
    lab.step(30)
    app = ask(lab, "/networks/app")["Id"]
    row = service(lab, "web")
    assert row["Endpoint"]["VirtualIPs"] == [{"NetworkID": app, "Addr": before[app]}]
    assert row["UpdateStatus"]["State"] == "completed"
    assert all(
        [each["Network"]["ID"] for each in task["NetworksAttachments"]] == [app]
        for task in ask(lab, "/tasks", filters='{"service":["web"],"desired-state":["running"]}')
    )


def test_a_network_added_to_a_service_gives_it_an_address_there(lab: Swarm) -> None:
    template = deepcopy(service(lab, "web")["Spec"]["TaskTemplate"])
    template["Networks"].append({"Target": "quiet", "Aliases": ["www"]})
    updated(lab, "web", TaskTemplate=template)
    lab.step(60)
    row = service(lab, "web")
    quiet = ask(lab, "/networks/quiet")
    assert row["Spec"]["TaskTemplate"]["Networks"][1] == {
        "Target": quiet["Id"],
        "Aliases": ["www"],
    }
    assert len(row["Endpoint"]["VirtualIPs"]) == 3
    in_use = quiet["Status"]["IPAM"]["Subnets"]["10.20.0.192/26"]["IPsInUse"]
    assert in_use == 3 + 1 + 4 + 3


def test_a_rollback_goes_one_level_back(lab: Swarm) -> None:
    updated(lab, "rr", Labels={"tier": "one"})
    lab.step(5)
    row = service(lab, "rr")
    version = str(row["Version"]["Index"])
    send(lab, "POST", "/services/rr/update", row["Spec"], version=version, rollback="previous")
    assert service(lab, "rr")["Spec"]["Labels"] == {}


def test_a_node_that_is_updated_gets_what_it_lacked(lab: Swarm) -> None:
    row = ask(lab, "/nodes/node3")
    spec = {**row["Spec"], "Availability": "drain"}
    version = str(row["Version"]["Index"])
    send(lab, "POST", f"/nodes/{row['ID']}/update", spec, version=version)
    lab.step(30)
    assert ask(lab, "/nodes/node3")["Spec"]["Availability"] == "drain"
    assert "running/running" in states(lab, "web")
    tasks = ask(lab, "/tasks", filters='{"node":["node3"],"desired-state":["running"]}')
    assert tasks == []


def test_the_sdk_writes_too(serve: Serve) -> None:
    engine, client = serve(lab_swarm())
    client.create_network("late", driver="overlay", attachable=True)
    engine.step(1)
    types: Any = docker.types
    client.create_service(
        types.TaskTemplate(types.ContainerSpec(IMAGE), networks=[{"Target": "late"}]),
        name="late",
        mode=types.ServiceMode("replicated", replicas=2),
        endpoint_spec=types.EndpointSpec(ports={8099: 80}),
    )
    engine.step(10)
    (row,) = [each for each in client.services() if each["Spec"]["Name"] == "late"]
    assert len(row["Endpoint"]["VirtualIPs"]) == 2
    assert len(client.tasks({"service": "late"})) == 2
    config = client.create_networking_config({"late": client.create_endpoint_config()})
    box = client.create_container(IMAGE, name="box", networking_config=config)["Id"]
    client.start(box)
    assert client.inspect_container("box")["State"]["Running"]
    assert box in client.inspect_network("late")["Containers"]
    with pytest.raises(docker.errors.APIError, match="container is running"):
        client.remove_container("box")
    client.stop("box")
    client.remove_container("box")
    client.remove_service("late")
    engine.step(5)
    client.remove_network("late")
    assert client.networks(names=["late"]) == []
