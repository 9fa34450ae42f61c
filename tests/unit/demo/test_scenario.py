"""The swarm of the demonstration has every trouble that it should show."""

from __future__ import annotations

import subprocess
import sys
from ipaddress import IPv4Network

import pytest

from swarmtui.demo import Swarm, demo_swarm
from tests.unit.demo.asking import EVERY_RUNTIME, ask, states, tasks_named


@pytest.fixture(scope="module")
def swarm() -> Swarm:
    return demo_swarm()


def test_it_is_as_large_as_promised(swarm: Swarm) -> None:
    networks = ask(swarm, "/networks", "manager-1")
    assert len(ask(swarm, "/nodes", "manager-1")) == 5
    assert sum(row["Scope"] == "swarm" for row in networks) == 12
    assert {row["Name"] for row in networks if row["Scope"] == "local"} == {
        "bridge",
        "host",
        "none",
        "docker_gwbridge",
    }
    assert 55 <= len(ask(swarm, "/tasks", "manager-1", filters=EVERY_RUNTIME)) <= 75


def test_a_node_is_down_and_its_tasks_run_elsewhere(swarm: Swarm) -> None:
    (down,) = [each for each in swarm.world.nodes.values() if each.down]
    stranded = [task for task in swarm.world.tasks_on(down.id) if task.is_live]
    assert stranded
    for task in stranded:
        assert (task.state.word, task.desired.word) == ("running", "shutdown")
        assert task.holds
    assert states(swarm, "shop_api").count("running/running") == 5


def test_the_small_subnet_is_full(swarm: Swarm) -> None:
    counts = ask(swarm, "/networks/cameras", "manager-1")["Status"]["IPAM"]["Subnets"]
    assert counts == {"10.50.0.0/29": {"IPsInUse": 8, "DynamicIPsAvailable": 0}}
    found = states(swarm, "camera")
    assert "new/running" in found
    assert "rejected/shutdown" in found


def test_a_network_overlaps_and_one_is_encrypted(swarm: Swarm) -> None:
    rows = {row["Name"]: row for row in ask(swarm, "/networks", "manager-1")}
    assert rows["partner"]["IPAM"]["Config"] is None
    asked = swarm.world.networks[rows["partner"]["Id"]].request["IPAM"]["Config"][0]["Subnet"]
    assert IPv4Network(asked).overlaps(
        IPv4Network(rows["analytics"]["IPAM"]["Config"][0]["Subnet"])
    )
    assert "encrypted" in rows["shop_data"]["Options"]
    assert rows["shop_data"]["Labels"] == {"com.docker.stack.namespace": "shop"}
    assert rows["branch-offices"]["Options"]["com.docker.network.driver.mtu"] == "1400"
    assert rows["vault"]["Internal"]


def test_services_are_of_every_kind(swarm: Swarm) -> None:
    services = {
        row["Spec"]["Name"]: row for row in ask(swarm, "/services", "manager-1", status="true")
    }
    ports = {
        (port["Protocol"], port["PublishMode"])
        for row in services.values()
        for port in row["Endpoint"].get("Ports", ())
    }
    assert ports == {("tcp", "ingress"), ("udp", "ingress"), ("tcp", "host")}
    assert "Global" in services["node-exporter"]["Spec"]["Mode"]
    assert services["mqtt"]["Endpoint"] == {"Spec": {}}
    assert services["shop_mail"]["ServiceStatus"]["DesiredTasks"] == 0
    assert services["shop_mail"]["Endpoint"]["VirtualIPs"]


def test_it_moves_by_itself_but_not_much(swarm: Swarm) -> None:
    moving = demo_swarm()
    before = {task.id: task.index for task in moving.world.tasks.values()}
    moving.step(15)
    after = {task.id: task.index for task in moving.world.tasks.values()}
    changed = {task_id for task_id in after if before.get(task_id) != after[task_id]}
    assert changed
    assert len(changed) < len(after) / 4


def test_it_can_be_well() -> None:
    swarm = demo_swarm(troubled=False)
    swarm.step(600)
    assert all(row["Driver"] for row in ask(swarm, "/networks", "manager-1"))
    for task in ask(swarm, "/tasks", "manager-1", filters=EVERY_RUNTIME):
        assert (task["Status"]["State"], task["DesiredState"]) == ("running", "running")
    assert {row["Status"]["State"] for row in ask(swarm, "/nodes", "manager-1")} == {"ready"}


def test_it_keeps_its_size_over_hours() -> None:
    swarm = demo_swarm()
    swarm.step(4 * 3600)
    assert len(swarm.world.tasks) < 120
    assert len(swarm.world.agenda) < 200
    assert len(tasks_named(swarm, "ledger-sync")) <= 5


def test_importing_it_needs_no_client_and_no_screen() -> None:
    script = (
        "import sys, swarmtui.demo;"
        "sys.exit(bool({'docker', 'textual', 'rich'} & sys.modules.keys()))"
    )
    assert subprocess.run([sys.executable, "-c", script], check=False).returncode == 0
