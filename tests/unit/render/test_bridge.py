"""What is said of a gateway bridge, and of the way to another one."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from swarmtui.model import Inspection, LocalEndpoint, Snapshot, Subnet
from swarmtui.operations import BridgeDraft, Runbook, bridge_runbook
from swarmtui.render import bridge_document, bridge_facts, bridge_sheet, runbook_text
from tests.builders import (
    APP,
    GATEWAY,
    LOCALS,
    NOW,
    alone_snapshot,
    busy_snapshot,
    empty_snapshot,
    worker_snapshot,
)


def with_bridge(base: Snapshot, *endpoints: LocalEndpoint, **changes: Any) -> Snapshot:
    """Return a snapshot with another bridge, and who is on it."""
    bridge = replace(GATEWAY, **changes)
    others = tuple(each for each in base.networks if not each.is_gateway_bridge)
    found = Inspection(bridge.id, NOW, None, endpoints)
    inspections = {**base.inspections, bridge.id: found}
    return replace(base, networks=(*others, bridge), inspections=inspections)


def test_the_sheet_says_what_it_is_and_what_it_does() -> None:
    text = bridge_sheet(alone_snapshot()).plain
    for words in (
        "of node1",
        "Subnet           172.18.0.0/16",
        "Gateway          172.18.0.1",
        "Containers       kept apart  enable_icc=false",
        "Outbound         masqueraded  enable_ip_masquerade=true",
        "MTU              1500  engine default",
        "0 of 1024",
        "none with other networks",
        "in no swarm: e plans another bridge",
    ):
        assert words in text
    assert "not read yet" in bridge_sheet(busy_snapshot()).plain
    assert "e writes the runbook" in bridge_sheet(busy_snapshot()).plain


def test_what_nobody_said_is_the_engines_default() -> None:
    options = {"com.docker.network.driver.mtu": "1400"}
    snapshot = with_bridge(alone_snapshot(), options=options, subnets=(Subnet("10.11.0.0/16"),))
    text = bridge_sheet(snapshot).plain
    assert "Containers       reach one another  enable_icc, engine default" in text
    assert "Outbound         masqueraded  enable_ip_masquerade, engine default" in text
    assert "MTU              1400  option" in text
    assert "Gateway          10.11.0.1  the first address, by itself" in text


@pytest.mark.parametrize(
    ("count", "tone"), [(1, "good"), (800, "warning"), (1000, "error"), (1024, "error")]
)
def test_its_ports_can_run_out(count: int, tone: str) -> None:
    endpoints = (LocalEndpoint(f"{n:064}", f"gateway_{n}", "", "") for n in range(count))
    sheet = bridge_sheet(with_bridge(busy_snapshot(), *endpoints))
    start = sheet.plain.index(f"{count} of 1024")
    assert any(span.style == tone and span.start == start for span in sheet.spans)


def test_who_is_on_it_has_the_name_of_the_task_or_container() -> None:
    busy = busy_snapshot()
    web = busy.tasks[0].container_id
    box = "b" * 64
    app = replace(
        busy.inspections[APP.id], endpoints=(LocalEndpoint(box, "probe-box", "10.20.0.80", ""),)
    )
    snapshot = with_bridge(
        replace(busy, inspections={**busy.inspections, APP.id: app}),
        LocalEndpoint(web, "gateway_1", "172.18.0.3", "02:42:03"),
        LocalEndpoint(box, "gateway_2", "172.18.0.4", "02:42:04"),
        LocalEndpoint("ep-1", "", "172.18.0.5", ""),
    )
    text = bridge_sheet(snapshot).plain
    assert "web.1      172.18.0.3  02:42:03" in text
    assert "probe-box  172.18.0.4  02:42:04" in text
    assert "ep-1       172.18.0.5" in text


def test_every_conflict_is_named_but_not_the_bridge_itself() -> None:
    subnets = (Subnet("10.20.0.0/16"),)
    text = bridge_sheet(
        with_bridge(busy_snapshot(), subnets=subnets), lan_ranges=("10.20.200.0/24",)
    ).plain
    assert "✗ It overlaps network app (10.20.0.64/26)." in text
    assert "✗ It overlaps the LAN range (10.20.200.0/24)." in text
    assert "! A later overlay may meet it: 10.20.0.0/16 is a pool." in text
    assert "docker_gwbridge (" not in text
    node = bridge_sheet(with_bridge(busy_snapshot(), subnets=(Subnet("192.168.77.0/24"),))).plain
    assert "✗ It overlaps the address of node2 (192.168.77.2)." in node


def test_a_worker_says_that_it_knows_a_part_only() -> None:
    assert "only those are known that this node carries" in bridge_sheet(worker_snapshot()).plain
    assert "only those are known" not in bridge_sheet(alone_snapshot()).plain


def test_without_one_it_says_what_joining_would_do() -> None:
    text = bridge_sheet(empty_snapshot()).plain
    assert "This node has none." in text
    assert "e makes one with yours before that." in text
    worker = replace(worker_snapshot(), networks=LOCALS[1:])
    assert "e makes" not in bridge_sheet(worker).plain


def test_hostile_names_do_nothing() -> None:
    evil = "\x1b[31m[/red]\n"
    endpoint = LocalEndpoint("c" * 64, evil, evil, evil)
    snapshot = with_bridge(
        alone_snapshot(), endpoint, options={"com.docker.network.bridge.name": evil}
    )
    text = bridge_sheet(replace(snapshot, engine=replace(snapshot.engine, name=evil))).plain
    assert "\x1b" not in text
    assert text.count("[/red]") == 5


def test_the_document() -> None:
    assert bridge_document(empty_snapshot()) == {"node": "node1", "bridge": None}
    found = bridge_document(alone_snapshot("box"))["bridge"]
    assert found["subnets"] == [{"cidr": "172.18.0.0/16", "gateway": "172.18.0.1"}]
    assert found["options"] == GATEWAY.options
    assert found["ports"] == 1024
    assert found["endpoints"] == [
        {"name": "box", "address": "172.18.0.2", "mac": "02:42:ac:12:00:02"}
    ]
    assert found["conflicts"] == []
    assert bridge_document(busy_snapshot())["bridge"]["endpoints"] is None


def test_the_facts_beside_the_form() -> None:
    assert bridge_facts(empty_snapshot())[0] == "this node has no docker_gwbridge"
    now, then = bridge_facts(alone_snapshot("box"))
    assert now == "172.18.0.0/16, MTU 1500, 1 endpoint"
    assert "a plan" in then
    assert "a runbook" in bridge_facts(busy_snapshot())[1]


def test_a_runbook_shows_where_and_why_each_step_is_done() -> None:
    draft = BridgeDraft("172.30.0.0/16", "", "", icc=False, masquerade=True)
    made = bridge_runbook(busy_snapshot(), draft.definition)
    assert isinstance(made, Runbook)
    text = runbook_text(made).plain
    for step in made.steps:
        assert f"{step.title}\n     on {step.where}\n     {step.why}\n" in text
        for command in step.commands:
            assert f"$ {command.splitlines()[0]}" in text
    assert all(risk in text for risk in made.risks)
