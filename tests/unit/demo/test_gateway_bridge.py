"""The gateway bridge of the embedded engine does what a real one's did that had left its swarm."""

from __future__ import annotations

from typing import Any

import pytest

from swarmtui.demo import Swarm
from tests.unit.demo.asking import ask, refusal, send
from tests.unit.demo.lab import empty_swarm

OPTIONS = {"com.docker.network.bridge.name": "docker_gwbridge"}


@pytest.fixture
def left() -> Swarm:
    """A swarm that node1 has left."""
    swarm = empty_swarm()
    swarm.leave("node1")
    return swarm


def wanted(subnet: str = "10.11.0.0/16", **more: Any) -> dict[str, Any]:
    configs = [{"Subnet": subnet}]
    return {
        "Name": "docker_gwbridge",
        "Driver": "bridge",
        "IPAM": {"Config": configs},
        "Options": OPTIONS,
        **more,
    }


def bridge(swarm: Swarm) -> Any:
    return ask(swarm, "/networks/docker_gwbridge")


def test_it_outlives_leaving_without_anybody_on_it(left: Swarm) -> None:
    assert bridge(left)["Containers"] == {}
    assert bridge(left)["Id"] == ask(empty_swarm(), "/networks/docker_gwbridge")["Id"]


def test_it_is_removed_and_made_anew(left: Swarm) -> None:
    old = bridge(left)["Id"]
    send(left, "DELETE", f"/networks/{old}")
    assert refusal(left, "GET", "/networks/docker_gwbridge")[0] == 404
    made = send(left, "POST", "/networks/create", wanted())
    assert made["Id"] != old
    found = bridge(left)
    assert (found["Id"], found["Scope"], found["Driver"]) == (made["Id"], "local", "bridge")
    assert found["IPAM"]["Config"] == [{"Subnet": "10.11.0.0/16"}]
    assert found["Options"] == OPTIONS
    left.activate("node1")
    joined = bridge(left)
    assert joined["Id"] == made["Id"]
    assert joined["Containers"]["ingress-sbox"]["IPv4Address"] == "10.11.0.2/16"


def test_a_gateway_that_was_asked_for_is_told(left: Swarm) -> None:
    send(left, "DELETE", "/networks/docker_gwbridge")
    config = {"Subnet": "10.11.0.0/16", "Gateway": "10.11.0.9"}
    send(left, "POST", "/networks/create", wanted(IPAM={"Config": [config]}))
    assert bridge(left)["IPAM"]["Config"] == [config]


def test_joining_makes_one_where_is_none(left: Swarm) -> None:
    old = bridge(left)
    send(left, "DELETE", "/networks/docker_gwbridge")
    left.activate("node1")
    made = bridge(left)
    assert made["Id"] != old["Id"]
    assert made["IPAM"] == old["IPAM"]
    assert set(made["Containers"]) == {"ingress-sbox"}


def test_what_is_in_use_stays(left: Swarm) -> None:
    left.node("node1").gateway_bridge.join("c" * 64)
    status, message = refusal(left, "DELETE", "/networks/docker_gwbridge")
    assert status == 403
    assert message.endswith("has active endpoints")


@pytest.mark.parametrize(
    ("request_", "status", "words"),
    [
        (wanted("172.17.0.0/16"), 403, "Pool overlaps with other one on this address space"),
        (wanted("10.11.0.0"), 400, "invalid subnet"),
        (wanted(Driver="macvlan"), 501, "bridges only"),
        (wanted(Driver="overlay"), 503, "not a swarm manager"),
        (wanted(Driver="odd"), 404, 'plugin "odd" not found'),
    ],
)
def test_what_it_refuses(left: Swarm, request_: object, status: int, words: str) -> None:
    send(left, "DELETE", "/networks/docker_gwbridge")
    refused = refusal(left, "POST", "/networks/create", request_)
    assert refused[0] == status
    assert words in refused[1]


@pytest.mark.parametrize(
    ("engine", "more", "refused"),
    [
        ("29.9-dev", {}, (409, "network with name docker_gwbridge already exists")),
        (
            "20.10.24",
            {"CheckDuplicate": True},
            (409, "network with name docker_gwbridge already exists"),
        ),
        ("20.10.24", {}, (403, "networks have same bridge name")),
    ],
)
def test_there_is_one_only(engine: str, more: dict[str, Any], refused: tuple[int, str]) -> None:
    swarm = empty_swarm(engine)
    swarm.leave("node1")
    status, message = refusal(swarm, "POST", "/networks/create", wanted(**more))
    assert (status, message.rpartition(": ")[2]) == refused
