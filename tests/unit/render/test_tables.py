from __future__ import annotations

import json
from dataclasses import replace

import pytest

from swarmtui.addressing import usage
from swarmtui.model import Network, NetworkId, Problem
from swarmtui.render import (
    ENDPOINT_COLUMNS,
    NETWORK_COLUMNS,
    NODE_COLUMNS,
    PEER_COLUMNS,
    POOL_COLUMNS,
    PORT_COLUMNS,
    PROBLEM_COLUMNS,
    SERVICE_COLUMNS,
    TASK_COLUMNS,
    Column,
    Row,
    endpoint_rows,
    network_rows,
    node_rows,
    peer_rows,
    peer_summary,
    pool_rows,
    port_rows,
    problem_rows,
    save_table,
    service_rows,
    task_rows,
)
from swarmtui.render.networks import used_cell
from swarmtui.render.text import bar
from tests.builders import (
    APP,
    INGRESS,
    NODES,
    NOW,
    SECURE,
    WEB,
    busy_snapshot,
    failing_snapshot,
    inspection,
    network,
    node,
    worker_snapshot,
)


def texts(rows: list[Row], column: int = 0) -> list[str]:
    return [str(row.cells[column]) for row in rows]


@pytest.mark.parametrize(
    ("columns", "rows"),
    [
        (NETWORK_COLUMNS, network_rows(failing_snapshot())),
        (ENDPOINT_COLUMNS, endpoint_rows(failing_snapshot(), APP)),
        (PEER_COLUMNS, peer_rows(failing_snapshot(), INGRESS)),
        (POOL_COLUMNS, pool_rows(failing_snapshot())),
        (SERVICE_COLUMNS, service_rows(failing_snapshot())),
        (NODE_COLUMNS, node_rows(failing_snapshot())),
        (TASK_COLUMNS, task_rows(failing_snapshot())),
        (PORT_COLUMNS, port_rows(failing_snapshot())),
        (PROBLEM_COLUMNS, problem_rows(failing_snapshot())),
    ],
    ids=lambda value: value[0].title if isinstance(value, tuple) else "",
)
def test_rows_fit_their_columns(columns: tuple[Column, ...], rows: list[Row]) -> None:
    assert rows
    for row in rows:
        assert len(row.cells) == len(row.sort_values) == len(columns)
    assert len({row.key for row in rows}) == len(rows)
    letters = [column.sort_key for column in columns if column.sort_key]
    assert len(set(letters)) == len(letters)
    assert len({column.key for column in columns}) == len(columns)


def test_overlays_come_first_and_the_ingress_before_them() -> None:
    assert texts(network_rows(failing_snapshot())) == [
        "ingress",
        "app",
        "overlap",
        "pay_secure",
        "tiny",
        "docker_gwbridge",
        "bridge",
        "host",
    ]


def test_the_count_of_endpoints_is_that_of_their_table() -> None:
    column = [column.key for column in NETWORK_COLUMNS].index("endpoints")
    for snapshot in (busy_snapshot(), failing_snapshot(), worker_snapshot()):
        for row in network_rows(snapshot):
            network = snapshot.network_by_id[NetworkId(row.key)]
            assert str(row.cells[column]) == str(len(endpoint_rows(snapshot, network)))


def test_a_network_says_how_full_it_is_in_words_and_as_a_bar() -> None:
    rows = network_rows(failing_snapshot())
    used = dict(zip(texts(rows), texts(rows, 2), strict=True))
    assert used["app"] == "13/64     █░░░"
    assert used["tiny"] == "10 wanted of 8"
    assert used["overlap"] == used["host"] == "–"
    assert texts(network_rows(worker_snapshot()), 2)[1] == "–/64"


def test_tasks_that_wait_are_counted_where_nothing_else_shows_it() -> None:
    app = usage(busy_snapshot())[APP.id]
    assert used_cell(app).plain == "13/64     █░░░"
    assert used_cell(app, 6).plain == "13/64 +6"
    tiny = replace(app, subnets=(replace(app.subnets[0], capacity=8, reported=8, computed=8),))
    assert used_cell(tiny, 6).plain == "8/8 6 waiting"


def test_a_bar_is_only_full_when_nothing_is_free() -> None:
    assert [bar(used, 64) for used in (0, 1, 32, 63, 64)] == [
        "░░░░",
        "█░░░",
        "██░░",
        "███░",
        "████",
    ]


def test_members_of_a_round_robin_service_say_so() -> None:
    kinds = {str(row.cells[1]): str(row.cells[2]) for row in endpoint_rows(busy_snapshot(), APP)}
    assert kinds["rr.1"] == "DNSRR"
    assert kinds["web.1"] == "task"
    assert kinds["web"] == "VIP"


def test_what_is_not_known_is_said() -> None:
    rows = endpoint_rows(busy_snapshot(), APP)
    assert texts(rows)[-2:] == ["not shown", "not shown"]
    unknown = replace(inspection(INGRESS, NODES[:1]), peers=())
    assert peer_rows(replace(busy_snapshot(), inspections={INGRESS.id: unknown}), INGRESS)


@pytest.mark.parametrize(
    ("of", "summary"),
    [(INGRESS, "3 of 3"), (SECURE, "2 nodes expected, not carried by this one")],
)
def test_peers_in_a_word(of: Network, summary: str) -> None:
    assert peer_summary(of, peer_rows(busy_snapshot(), of)) == summary


def test_a_pool_shows_its_blocks_and_who_is_outside() -> None:
    pool, outside = pool_rows(failing_snapshot())
    assert str(pool.cells[2]) == "3 of 1,024 blocks"
    assert (str(outside.cells[2]), str(outside.cells[4])) == ("1 network", "tiny")


def test_services_show_discovery_networks_and_ports() -> None:
    web = next(row for row in service_rows(busy_snapshot()) if row.key == WEB.id)
    cells = [str(cell) for cell in web.cells]
    assert cells[:6] == ["web", "replicated", "3/3", "vip", "app, ingress", "8080→80/tcp"]


def test_a_network_that_a_service_names_and_nobody_has() -> None:
    busy = busy_snapshot()
    gone = replace(busy, networks=(INGRESS,))
    web = next(row for row in service_rows(gone) if row.key == WEB.id)
    assert str(web.cells[4]) == f"?{APP.id[:12]}, ingress"


def test_old_engines_count_no_tasks_so_we_do() -> None:
    busy = busy_snapshot()
    uncounted = tuple(replace(each, running=None, desired=None) for each in busy.services)
    rows = service_rows(replace(busy, services=uncounted))
    assert {str(row.cells[0]): str(row.cells[2]) for row in rows}["web"] == "3/3"


def test_nodes_say_who_leads_and_what_is_wrong() -> None:
    lost = replace(NODES[1], reachability="unreachable")
    rows = node_rows(replace(failing_snapshot(), nodes=(*NODES[:1], lost, node(3, state="down"))))
    assert texts(rows, 1) == ["manager, leader", "manager, unreachable", "worker"]
    assert texts(rows, 2) == ["ready", "ready", "down"]


def test_tasks_put_the_living_first_and_show_why_others_failed() -> None:
    rows = task_rows(failing_snapshot())
    assert str(rows[-1].cells[1]) == "rejected"
    assert "ip addresses may be exhausted" in str(rows[-1].cells[4])
    assert "node down" in texts(rows, 1)


def test_ports_say_where_they_answer() -> None:
    (row,) = port_rows(busy_snapshot())
    assert [str(cell) for cell in row.cells] == [
        "8080",
        "tcp",
        "ingress",
        "web",
        "80",
        "every node",
        "3/3",
    ]


def test_problems_say_since_when_what_is_shown_is_old() -> None:
    stale = Problem("tasks", "", "timed out", NOW)
    (row,) = problem_rows(replace(busy_snapshot(), problems=(stale,)))
    assert [str(cell) for cell in row.cells] == ["tasks", "–", "timed out", "12:00:00"]


def test_a_saved_table_holds_all_columns_and_no_formula() -> None:
    rows = network_rows(
        replace(busy_snapshot(), networks=(network("x", labels={"=cmd": "1"}), APP))
    )
    text = save_table(NETWORK_COLUMNS, rows, "csv")
    assert text.splitlines()[0].startswith("NAME,SUBNET,USED")
    assert "'=cmd=1" in text
    objects = json.loads(save_table(NETWORK_COLUMNS, rows, "json"))
    assert objects[0]["name"] == "app"
    assert objects[1]["labels"] == "=cmd=1"
