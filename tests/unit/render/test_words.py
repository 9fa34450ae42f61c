from __future__ import annotations

import io
import json
import sys
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from swarmtui.addressing import endpoints, pool_usage
from swarmtui.findings import Told
from swarmtui.model import Lost, Problem, Snapshot, Standing
from swarmtui.render import (
    document,
    document_json,
    network_sheet,
    network_users,
    node_sheet,
    node_users,
    notice_text,
    pool_sheet,
    printable,
    service_sheet,
    service_uses,
    stale_words,
    tables,
    task_sheet,
    title_line,
)
from tests.builders import (
    APP,
    DB,
    NODES,
    NOW,
    SECURE,
    WEB,
    busy_snapshot,
    empty_snapshot,
    engine,
    failing_snapshot,
    lost_engine,
    unallocated,
    worker_snapshot,
)


@given(st.text())
def test_nothing_that_a_terminal_obeys_is_left(text: str) -> None:
    made = printable(text)
    assert not any(ord(each) < 32 or 0x7F <= ord(each) < 0xA0 for each in made)
    assert not any(0x202A <= ord(each) <= 0x202E for each in made)
    assert len(made) == len(text)


def header(snapshot: Snapshot | None, lost: Lost | None = None, width: int = 120) -> str:
    line = title_line(snapshot, lost, Told(), read_only=True, source="unix:///x", width=width)
    assert line.cell_len <= max(width, 12)
    return line.plain


def test_the_header_says_what_is_read_and_whether_it_is_live() -> None:
    assert "node1 · manager, leader · engine 29.1.0 · 3 nodes" in header(busy_snapshot())
    assert header(busy_snapshot()).endswith("read-only  ● live")
    assert "worker" in header(worker_snapshot())
    assert "no swarm" in header(empty_snapshot())
    assert "lost since 12:00:00" in header(busy_snapshot(), lost_engine())
    assert "connecting" in header(None)
    stale = Problem("tasks", "", "x", NOW)
    assert "partly stale" in header(replace(busy_snapshot(), problems=(stale,)))


@pytest.mark.parametrize(
    ("source", "origin", "width", "shown"),
    [
        ("unix:///var/run/docker.sock", "default socket", 120, "node1 · manager"),
        ("unix:///var/run/docker.sock", "DOCKER_HOST", 120, "node1 · manager"),
        ("unix:///tmp/demo.sock", "", 120, "node1 · manager"),
        ("unix:///run/user/7/docker.sock", "--host", 120, "node1 via /run/user/7/docker.sock · "),
        (
            "ssh://ops@mgr1.example.com:22",
            "DOCKER_HOST",
            120,
            "via ssh://ops@mgr1.example.com:22 ·",
        ),
        ("ssh://ops@mgr1.example.com:22", "DOCKER_HOST", 80, "via ssh://ops@mgr1.example.com:22"),
        ("ssh://ops@mgr1.example.com:22", "DOCKER_HOST", 48, "node1 via mgr1.example.com"),
        ("ssh://ops@mgr1.example.com:22", "DOCKER_HOST", 38, "node1"),
        ("tcp://[fd00::1]:2376", "--host", 120, "node1 via tcp://[fd00::1]:2376 · "),
        ("ssh://ops@mgr1", "context prod", 80, "node1 via context prod · "),
        ("tcp://localhost:2375", "context default", 80, "via tcp://localhost:2375 · "),
        ("unix:///tmp/\x1b[31mx", "--host", 80, "node1 via /tmp/␛[31mx"),
    ],
)
def test_the_header_names_the_engine_that_somebody_chose(
    source: str, origin: str, width: int, shown: str
) -> None:
    line = title_line(
        busy_snapshot(), None, Told(), read_only=False, source=source, origin=origin, width=width
    )
    assert line.cell_len <= width
    assert shown in line.plain


@pytest.mark.parametrize(
    ("seconds", "interval", "words"),
    [
        (4.9, 1.0, ""),
        (5.0, 1.0, "5 s"),
        (5.9, 2.0, ""),
        (9.9, 2.0, "5 s"),
        (10.0, 2.0, "10 s"),
        (29.0, 60.0, ""),
        (119.9, 2.0, "1 min"),
        (3599.0, 2.0, "30 min"),
        (7300.0, 2.0, "2 h"),
    ],
)
def test_an_answer_tells_its_age_once_it_is_older_than_it_should_be(
    seconds: float, interval: float, words: str
) -> None:
    assert stale_words(seconds, interval) == words
    for width, shown in ((120, f"◐ answer {words} old"), (40, f"◐ {words} old")):
        line = title_line(
            busy_snapshot(), None, Told(), read_only=False, source="", age=words, width=width
        )
        assert ("● live" in line.plain) is not bool(words)
        assert (shown in line.plain) is bool(words)
        lost = title_line(
            busy_snapshot(), lost_engine(), Told(), read_only=False, source="", width=width
        )
        assert "○ lost" in lost.plain


@pytest.mark.parametrize("width", [12, 20, 30, 40, 60, 80, 200])
def test_the_header_fits_and_keeps_what_matters(width: int) -> None:
    line = header(failing_snapshot(), width=width)
    assert "RO" in line or "read-only" in line
    assert "live" in line


@pytest.mark.parametrize(
    ("standing", "words"),
    [
        (Standing.NO_SWARM, "in no swarm"),
        (Standing.JOINING, "joining"),
        (Standing.LOCKED, "docker swarm unlock"),
        (Standing.FAILED, "cannot take part"),
        (Standing.NO_LEADER, "no leader"),
        (Standing.WORKER, "192.168.77.1, 192.168.77.2"),
    ],
)
def test_every_standing_has_words_of_its_own(standing: Standing, words: str) -> None:
    told = replace(engine(standing), error="so says the engine")
    text = notice_text(Snapshot(NOW, told), None, source="").plain
    assert words in text
    assert standing is Standing.WORKER or "so says the engine" in text


def test_a_healthy_manager_needs_no_words() -> None:
    assert notice_text(busy_snapshot(), None, source="").plain == ""


def test_a_lost_engine_says_what_why_and_what_to_do() -> None:
    text = notice_text(None, lost_engine(3), source="").plain
    assert "There is no engine at" in text
    assert "The socket does not exist" in text
    assert "sudo systemctl start docker" in text
    assert "attempt 3, next in 4 s" in text
    assert "from before" not in text


def test_a_sheet_tells_sources_and_defects() -> None:
    text = network_sheet(busy_snapshot(), APP).plain
    assert "reported by the swarm leader" in text
    assert "aliases" not in text
    secure = network_sheet(busy_snapshot(), SECURE).plain
    assert "1424 bytes" in secure
    assert "does not carry the network" in secure
    assert "computed from tasks and services" in secure
    assert "never gave it addresses" in network_sheet(busy_snapshot(), unallocated()).plain
    odd = replace(SECURE, options={**SECURE.options, "encrypted": "false"})
    assert "its presence encrypts" in network_sheet(busy_snapshot(), odd).plain


def test_a_sheet_says_when_an_old_view_was_taken() -> None:
    busy = busy_snapshot()
    assert "12:00:00" not in network_sheet(busy, APP).plain
    later = replace(busy, taken_at=NOW + timedelta(minutes=2))
    assert "at 12:00:00 UTC" in network_sheet(later, APP).plain


def test_a_sheet_says_how_many_endpoints_it_leaves_out(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = network_sheet(busy_snapshot(), APP).plain
    assert "more:" not in whole
    found = endpoints(busy_snapshot(), APP)
    monkeypatch.setattr(sys.modules["swarmtui.render.network_sheets"], "LISTED", 2)
    short = network_sheet(busy_snapshot(), APP).plain
    assert found[1].name in short
    assert len(short) < len(whole)
    assert f"and {len(found) - 2} more: Enter" in short


def test_tasks_that_wait_are_named() -> None:
    failing = failing_snapshot()
    tiny = next(each for each in failing.networks if each.name == "tiny")
    text = network_sheet(failing, tiny).plain
    assert "10 wanted of 8" in text
    assert "crowd.6, crowd.7, crowd.8, crowd.9" in text


def test_sheets_of_everything_else() -> None:
    busy = busy_snapshot()
    assert "VIP 10.20.0.66" in service_sheet(busy, WEB).plain
    assert "10.20.0.131" in node_sheet(busy, NODES[1]).plain
    assert "manager, leader" in node_sheet(busy, NODES[0]).plain
    assert "10.20.0.67" in task_sheet(busy, busy.tasks[0]).plain
    assert "cannot be changed later" in pool_sheet(busy, pool_usage(busy)[0]).plain


def test_users_and_uses() -> None:
    busy = busy_snapshot()
    assert "web.2" in network_users(busy, APP).plain
    assert "rr" in service_uses(busy, WEB).plain
    assert "pay_secure" in service_uses(busy, DB).plain
    assert "ingress" in node_users(busy, NODES[0]).plain
    assert "Only a manager knows" in network_users(worker_snapshot(), APP).plain


@pytest.mark.parametrize(
    "snapshot", [busy_snapshot(), failing_snapshot(), empty_snapshot(), worker_snapshot()]
)
def test_the_document_has_its_schema_everywhere(snapshot: Snapshot) -> None:
    found = json.loads(document_json(snapshot))
    assert list(found) == [
        *("schema", "taken_at", "engine", "nodes", "services"),
        *("networks", "endpoints", "ledger", "pools", "findings", "problems"),
    ]
    assert found["schema"] == 1
    for network in found["networks"]:
        assert {
            *("id", "name", "driver", "scope", "allocated", "subnets", "encrypted", "mtu"),
            *("vxlan_ids", "ingress", "attachable", "internal", "peers", "missing_peers"),
            "peers_known",
        } <= network.keys()
        for subnet in network["subnets"]:
            assert subnet.keys() >= {"cidr", "gateway", "used", "capacity", "free", "source"}
    for endpoint in found["endpoints"]:
        assert endpoint.keys() == {
            *("network", "address", "mac", "kind", "name", "service", "node", "state"),
        }
        assert endpoint["kind"] in ("vip", "task", "container", "node-lb")


def test_the_document_of_a_busy_swarm() -> None:
    found = document(busy_snapshot())
    app = next(each for each in found["networks"] if each["name"] == "app")
    assert app["subnets"] == [
        {
            "cidr": "10.20.0.64/26",
            "gateway": "10.20.0.65",
            "used": 13,
            "wanted": None,
            "capacity": 64,
            "free": 51,
            "source": "reported",
        }
    ]
    totals = next(each for each in found["ledger"] if each["network"] == "app")
    assert (totals["computed"], totals["reported"], totals["capacity"]) == (13, 13, 64)
    assert sum(totals["holders"].values()) == totals["computed"]
    assert {"address": "192.168.77.3", "node": "node3"} in app["peers"]
    assert found["pools"][0]["free"] == 1021


@pytest.mark.parametrize("width", [80, 160])
def test_tables_name_everything_at_any_width(width: int) -> None:
    console = Console(width=width, file=io.StringIO(), record=True)
    for table in tables(failing_snapshot()):
        console.print(table)
    text = console.export_text()
    for word in ("ingress", "pay_secure", "not allocated", "10.20.0.66"):
        assert word in text
