"""A service's spec comes back as it was posted; to an engine of tomorrow whatever it says."""

from __future__ import annotations

import json
from typing import Any

import pytest

from swarmtui.demo import Refusal, Swarm, port, service_spec
from swarmtui.demo.calls import Call, encode
from swarmtui.demo.routes import answer, with_version
from swarmtui.demo.view import NodeView
from tests.unit.demo.asking import ask, ask_bytes, send, service, states, tasks_named, updated
from tests.unit.demo.lab import IMAGE, empty_swarm

NEWER = b'"SomethingNew":{"a":1.50,"b":[0.0,-2.5E+3,12345678901234567890]}'


def newer_spec() -> bytes:
    """Return a spec with unknown fields at three places, their numbers as text."""
    spec = service_spec("web", IMAGE, ports=(port(8080, 80),))
    spec["Unheard"] = {"of": None}
    spec["EndpointSpec"]["Untold"] = "&"
    spec["TaskTemplate"]["SomethingNew"] = "HERE"
    return json.dumps(spec).encode().replace(b'"SomethingNew": "HERE"', NEWER)


def post(swarm: Swarm, path: str, body: bytes, **query: str) -> None:
    call = with_version(Call("POST", path, "", query, body), swarm.world.release)
    answer(NodeView(swarm.world, swarm.node("node1")), call)


def test_unknown_fields_survive_to_the_letter() -> None:
    swarm = empty_swarm(keeps_unknown_fields=True)
    post(swarm, "/services/create", newer_spec())
    swarm.step(10)
    told = ask_bytes(swarm, "/services")
    assert NEWER in told
    (row,) = json.loads(told)
    assert row["Spec"] == json.loads(newer_spec())
    assert NEWER in ask_bytes(swarm, "/tasks")
    body = newer_spec().replace(b"8080", b"8081")
    post(swarm, "/services/web/update", body, version=str(row["Version"]["Index"]))
    swarm.step(30)
    assert ask_bytes(swarm, "/services").count(NEWER) == 2
    row = service(swarm, "web")
    assert row["Spec"] == json.loads(body)
    assert row["PreviousSpec"] == json.loads(newer_spec())
    assert row["Endpoint"]["Spec"]["Untold"] == "&"


def test_the_same_unknown_fields_restart_nothing() -> None:
    swarm = empty_swarm(keeps_unknown_fields=True)
    post(swarm, "/services/create", newer_spec())
    swarm.step(10)
    version = str(service(swarm, "web")["Version"]["Index"])
    post(swarm, "/services/web/update", newer_spec(), version=version)
    swarm.step(30)
    assert states(swarm, "web") == ["running/running"]
    changed = newer_spec().replace(b"1.50", b"1.75")
    version = str(service(swarm, "web")["Version"]["Index"])
    post(swarm, "/services/web/update", changed, version=version)
    swarm.step(30)
    assert states(swarm, "web") == ["running/running", "shutdown/shutdown"]


def test_fields_that_no_engine_knows_are_dropped() -> None:
    swarm = empty_swarm()
    post(swarm, "/services/create", newer_spec())
    spec = service_spec("web", IMAGE, ports=(port(8080, 80),))
    assert service(swarm, "web")["Spec"] == spec


def test_names_of_fields_are_read_in_any_case() -> None:
    swarm = empty_swarm()
    spec = {
        "NAME": "web",
        "taskTemplate": {"containerspec": {"image": IMAGE}},
        "mode": {"replicated": {"replicas": 3}},
        "endpointspec": {"ports": [{"targetport": 80, "publishedport": 8080}]},
    }
    send(swarm, "POST", "/services/create", spec)
    told = service(swarm, "web")["Spec"]
    assert told["TaskTemplate"]["ContainerSpec"] == {"Image": IMAGE, "Isolation": "default"}
    assert told["Mode"] == {"Replicated": {"Replicas": 3}}
    assert told["EndpointSpec"] == {"Mode": "vip", "Ports": [port(8080, 80)]}


def test_text_is_no_number() -> None:
    for text in ("1.50", '"1.50"', "\\udfff1.50\\udfff", '"\\udfff1.50\\udfff"'):
        assert json.loads(encode({text: [text]})) == {text: [text]}


def test_a_number_that_cannot_be_is_refused() -> None:
    swarm = empty_swarm()
    body: dict[str, Any] = service_spec("web", IMAGE)
    body["Huge"] = "HERE"
    text = json.dumps(body).encode().replace(b'"HERE"', b"1e99999999999999999999")
    with pytest.raises(Refusal, match="invalid JSON"):
        post(swarm, "/services/create", text)


def test_a_port_without_mode_is_published_in_the_routing_mesh() -> None:
    swarm = empty_swarm()
    swarm.create_service(service_spec("web", IMAGE, ports=(port(8080, 80, mode="host"),)))
    swarm.step(10)
    assert "VirtualIPs" not in service(swarm, "web")["Endpoint"]
    updated(swarm, "web", EndpointSpec={"Ports": [{"TargetPort": 80, "PublishedPort": 8080}]})
    swarm.step(30)
    row = service(swarm, "web")
    assert row["Spec"]["EndpointSpec"]["Ports"] == row["Endpoint"]["Ports"] == [port(8080, 80)]
    (vip,) = row["Endpoint"]["VirtualIPs"]
    assert vip["NetworkID"] == ask(swarm, "/networks/ingress")["Id"]
    (task,) = (each for each in tasks_named(swarm, "web") if each.is_wanted)
    assert [each.network.ingress for each in task.attachments] == [True]
    updated(swarm, "web", EndpointSpec={"Ports": [port(8080, 80, mode="")]})
    swarm.step(30)
    assert states(swarm, "web").count("running/running") == 1
    assert send(swarm, "DELETE", "/services/web") is None
