"""Configs of the swarm are kept and told as a manager does it."""

from __future__ import annotations

import json
from base64 import b64encode
from pathlib import Path
from typing import Any

import docker
import pytest

from swarmtui.demo import Swarm, service_spec
from tests.unit.demo.asking import ask, refusal, send
from tests.unit.demo.conftest import Serve
from tests.unit.demo.lab import IMAGE, empty_swarm
from tests.unit.demo.test_events import brief, remembered

CALLS = (
    ("GET", "/configs"),
    ("GET", "/configs/note"),
    ("POST", "/configs/create"),
    ("POST", "/configs/note/update"),
    ("DELETE", "/configs/note"),
)


def request(name: str, text: str = "hello", **labels: str) -> dict[str, Any]:
    return {"Name": name, "Labels": labels, "Data": b64encode(text.encode()).decode()}


def keep(swarm: Swarm, name: str, text: str = "hello", **labels: str) -> str:
    return str(send(swarm, "POST", "/configs/create", request(name, text, **labels))["ID"])


def names(swarm: Swarm, **filters: list[str]) -> set[str]:
    return {row["Spec"]["Name"] for row in ask(swarm, "/configs", filters=json.dumps(filters))}


def version(swarm: Swarm, name: str) -> str:
    return str(ask(swarm, f"/configs/{name}")["Version"]["Index"])


def test_a_config_is_kept_changed_and_removed() -> None:
    swarm = empty_swarm()
    assert ask(swarm, "/configs") == []
    identity = keep(swarm, "note", "hello", owner="me")
    (row,) = ask(swarm, "/configs")
    assert row == {
        "ID": identity,
        "Version": {"Index": swarm.world.index},
        "CreatedAt": row["UpdatedAt"],
        "UpdatedAt": row["UpdatedAt"],
        "Spec": {"Name": "note", "Labels": {"owner": "me"}, "Data": "aGVsbG8="},
    }
    for term in (identity, identity[:12], "note"):
        assert ask(swarm, f"/configs/{term}") == row
    swarm.step(5)
    other = request("note", owner="you")
    assert (
        send(swarm, "POST", "/configs/note/update", other, version=version(swarm, "note")) is None
    )
    changed = ask(swarm, "/configs/note")
    assert changed["Spec"] == other
    assert changed["CreatedAt"] == row["CreatedAt"] < changed["UpdatedAt"]
    assert changed["Version"]["Index"] > row["Version"]["Index"]
    assert send(swarm, "DELETE", f"/configs/{identity}") is None
    assert ask(swarm, "/configs") == []


def test_configs_are_filtered() -> None:
    swarm = empty_swarm()
    first = keep(swarm, "lock.1", kind="lock")
    keep(swarm, "lock.2", kind="lock", old="yes")
    keep(swarm, "my-lock")
    assert names(swarm, name=["lock"]) == {"lock.1", "lock.2"}
    assert names(swarm, id=[first[:20]]) == {"lock.1"}
    assert names(swarm, label=["kind=lock"], name=["lock.2", "my"]) == {"lock.2"}
    assert refusal(swarm, "GET", "/configs", filters='{"nope":["x"]}')[0] == 400


@pytest.mark.parametrize(
    ("body", "answer"),
    [
        (request("note"), (409, "config note already exists")),
        (request(""), (400, "name must be provided")),
        (
            request("a b"),
            (
                400,
                "invalid name, only 64 [a-zA-Z0-9-_.] characters allowed, and the start and end "
                "character must be [a-zA-Z0-9]",
            ),
        ),
        (
            request("new", ""),
            (400, "config data must be larger than 0 and less than 1024000 bytes"),
        ),
    ],
)
def test_bad_configs_are_refused(body: object, answer: tuple[int, str]) -> None:
    swarm = empty_swarm()
    keep(swarm, "note")
    assert refusal(swarm, "POST", "/configs/create", body) == answer


def test_what_is_no_base64_is_refused() -> None:
    body = {"Name": "note", "Data": "%"}
    assert refusal(empty_swarm(), "POST", "/configs/create", body)[0] == 400


def test_only_labels_change_and_only_from_the_latest_version() -> None:
    swarm = empty_swarm()
    keep(swarm, "note")
    latest = version(swarm, "note")
    for body in (request("note", "bye"), request("other")):
        answer = refusal(swarm, "POST", "/configs/note/update", body, version=latest)
        assert answer == (400, "only updates to Labels are allowed")
    stale = str(int(latest) - 1)
    answer = refusal(swarm, "POST", "/configs/note/update", request("note"), version=stale)
    assert answer == (500, "update out of sequence")
    nameless = {"Name": "note", "Labels": {"a": "b"}}
    send(swarm, "POST", "/configs/note/update", nameless, version=latest)
    assert ask(swarm, "/configs/note")["Spec"] == request("note", a="b")


@pytest.mark.parametrize(("method", "path"), CALLS[1:2] + CALLS[3:])
def test_an_unknown_config_is_not_found(method: str, path: str) -> None:
    answer = refusal(empty_swarm(), method, path, request("note"), version="1")
    assert answer == (404, "config note not found")


def test_a_config_in_use_stays() -> None:
    swarm = empty_swarm()
    identity = keep(swarm, "note")
    spec = service_spec("web", IMAGE)
    spec["TaskTemplate"]["ContainerSpec"]["Configs"] = [
        {"ConfigID": identity, "ConfigName": "note", "File": {"Name": "/note"}}
    ]
    swarm.create_service(spec)
    assert refusal(swarm, "DELETE", "/configs/note") == (
        400,
        "config 'note' is in use by the following service: web",
    )


@pytest.mark.parametrize(("method", "path"), CALLS)
def test_only_a_manager_with_a_leader_answers(method: str, path: str) -> None:
    swarm = empty_swarm()
    keep(swarm, "note")

    def answer(node: str) -> tuple[int, str]:
        return refusal(swarm, method, path, request("new"), node, version="1")

    status, message = answer("node3")
    assert (status, message[:35]) == (503, "This node is not a swarm manager. W")
    swarm.lose_quorum()
    status, message = answer("node1")
    assert (status, message[:34]) == (500, "The swarm does not have a leader. ")
    swarm.leave("node2")
    status, message = answer("node2")
    assert (status, message[:35]) == (503, "This node is not a swarm manager. U")


def test_events_tell_of_configs(serve: Serve, socket_path: Path) -> None:
    swarm = empty_swarm()
    keep(swarm, "other")
    identity = keep(swarm, "note")
    send(swarm, "POST", "/configs/note/update", request("note"), version=version(swarm, "note"))
    send(swarm, "DELETE", "/configs/note")
    swarm.step(1)
    serve(swarm)
    told = remembered(socket_path, swarm, config=["note"])
    assert [brief(event) for event in told] == [
        ("swarm", "config", action, "note") for action in ("create", "update", "remove")
    ]
    assert {event["Actor"]["ID"] for event in told} == {identity}
    assert len(remembered(socket_path, swarm, type=["config"])) == 4


def test_the_sdk_keeps_configs(serve: Serve) -> None:
    _, client = serve(empty_swarm())
    identity = client.create_config("note", b"hello", {"a": "b"})["ID"]
    assert client.inspect_config(identity)["Spec"] == request("note", a="b")
    assert [row["ID"] for row in client.configs({"name": "no"})] == [identity]
    assert client.remove_config(identity)
    with pytest.raises(docker.errors.NotFound, match="config note not found"):
        client.inspect_config("note")
