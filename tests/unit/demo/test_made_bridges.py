"""Bridges that a person makes on an embedded engine, as a real one makes them."""

from __future__ import annotations

from typing import Any

import pytest

from swarmtui.demo import Swarm
from tests.unit.demo.asking import ask, refusal, send
from tests.unit.demo.lab import empty_swarm


@pytest.fixture
def swarm() -> Swarm:
    return empty_swarm("20.10.24")


def wanted(name: str = "mine", subnet: str = "10.95.0.0/24", driver: str = "bridge") -> Any:
    configs = [{"Subnet": subnet}] if subnet else []
    return {"Name": name, "Driver": driver, "IPAM": {"Config": configs}}


def names(swarm: Swarm, node: str = "node1") -> set[str]:
    return {each["Name"] for each in ask(swarm, "/networks", node) if each["Scope"] == "local"}


def test_one_is_made_listed_and_removed(swarm: Swarm) -> None:
    before = names(swarm)
    made = send(swarm, "POST", "/networks/create", wanted())["Id"]
    row = ask(swarm, f"/networks/{made}")
    assert (row["Name"], row["Scope"], row["Driver"]) == ("mine", "local", "bridge")
    assert row["IPAM"]["Config"] == [{"Subnet": "10.95.0.0/24"}]
    assert names(swarm) == before | {"mine"}
    assert names(swarm, "node2") == before
    send(swarm, "DELETE", f"/networks/{made}")
    assert names(swarm) == before
    assert send(swarm, "POST", "/networks/create", wanted())["Id"] != made


def test_without_a_subnet_it_gets_the_next_of_the_local_pools(swarm: Swarm) -> None:
    send(swarm, "POST", "/networks/create", wanted(subnet=""))
    config = {"Subnet": "172.19.0.0/16", "Gateway": "172.19.0.1"}
    assert ask(swarm, "/networks/mine")["IPAM"]["Config"] == [config]


def test_networks_of_the_swarm_are_not_in_its_way(swarm: Swarm) -> None:
    send(swarm, "POST", "/networks/create", wanted(subnet="10.20.0.0/16"))
    assert "mine" in names(swarm)


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (wanted(subnet="172.17.4.0/24"), 403),
        (wanted("docker_gwbridge"), 403),
        (wanted("ingress"), 409),
        (wanted(driver="macvlan"), 501),
    ],
)
def test_refused(swarm: Swarm, body: Any, status: int) -> None:
    assert refusal(swarm, "POST", "/networks/create", body)[0] == status


def test_what_was_there_from_the_beginning_stays(swarm: Swarm) -> None:
    assert refusal(swarm, "DELETE", "/networks/bridge")[0] == 403
