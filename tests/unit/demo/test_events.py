"""The event stream: what is told, to whom, and when it ends."""

from __future__ import annotations

import json
import threading
from pathlib import Path
from queue import SimpleQueue
from typing import Any
from urllib.parse import urlencode

from swarmtui.demo import Swarm, network_spec, service_spec
from tests.unit.demo.conftest import Serve
from tests.unit.demo.lab import empty_swarm, lab_swarm
from tests.unit.demo.test_engine import connected


def brief(event: dict[str, Any]) -> tuple[str, str, str, str]:
    name = event["Actor"]["Attributes"].get("name", "")
    return event["scope"], event["Type"], event["Action"], name


def test_changes_of_the_swarm_are_told_as_they_happen(serve: Serve) -> None:
    engine, client = serve(empty_swarm())
    told: SimpleQueue[dict[str, Any]] = SimpleQueue()
    stream = client.events(decode=True, filters={"scope": ["swarm"]})

    def listen() -> None:
        for event in stream:
            told.put(event)

    listener = threading.Thread(target=listen)
    listener.start()
    with engine.changing() as swarm:
        swarm.create_network(network_spec("net"))
        swarm.step(1)
        swarm.create_service(service_spec("app", "app:1", ("net",), replicas=2))
        swarm.step(10)
        swarm.scale("app", 3)
        swarm.fail_node("node3")
        swarm.remove_service("app")
        swarm.step(10)
        swarm.remove_network("net")
    expected = [
        ("swarm", "network", "create", "net"),
        ("swarm", "network", "update", "net"),
        ("swarm", "service", "create", "app"),
        ("swarm", "service", "update", "app"),
        ("swarm", "service", "update", "app"),
        ("swarm", "node", "update", "node3"),
        ("swarm", "service", "remove", "app"),
        ("swarm", "network", "remove", "net"),
    ]
    events = [told.get(timeout=10) for _ in expected]
    engine.stop()
    listener.join()
    assert [brief(event) for event in events] == expected
    attributes = [event["Actor"]["Attributes"] for event in events]
    assert attributes[4]["replicas.old"] == "2"
    assert attributes[4]["replicas.new"] == "3"
    assert attributes[5]["state.new"] == "down"
    assert all(event["timeNano"] // 10**9 == event["time"] for event in events)


def remembered(path: Path, swarm: Swarm, **filters: list[str]) -> list[dict[str, Any]]:
    """Return the events that an engine remembers, up to now."""
    query = {
        "since": "1",
        "until": str(int(swarm.now.timestamp())),
        "filters": json.dumps(filters),
    }
    with connected(path) as connection:
        connection.request("GET", "/events?" + urlencode(query))
        body = connection.getresponse().read()
    return [json.loads(line) for line in body.splitlines()]


def test_the_past_is_remembered_and_the_stream_ends(serve: Serve, socket_path: Path) -> None:
    swarm = lab_swarm()
    serve(swarm)
    created = remembered(socket_path, swarm, type=["service"], event=["create"])
    assert [brief(event)[3] for event in created] == [
        "web",
        "api",
        "rr",
        "agent",
        "pay_db",
        "crowd",
        "dual",
        "asleep",
    ]
    local = remembered(socket_path, swarm, scope=["local"], network=["app"])
    assert {brief(event)[2] for event in local} >= {"create", "connect"}
    assert {event["Type"] for event in local} == {"network"}


def test_no_event_tells_of_tasks(serve: Serve, socket_path: Path) -> None:
    swarm = lab_swarm()
    serve(swarm)
    kinds = {event["Type"] for event in remembered(socket_path, swarm)}
    assert kinds == {"network", "service", "node"}


def test_a_node_tells_only_its_own_and_a_worker_nothing_of_the_swarm(
    serve: Serve, socket_path: Path
) -> None:
    swarm = lab_swarm()
    serve(swarm, node="node3")
    events = remembered(socket_path, swarm)
    assert {event["scope"] for event in events} == {"local"}
    boxes = [event for event in events if event["Type"] == "container"]
    assert {brief(event)[3] for event in boxes} == {"edge-box"}


def test_a_listener_that_went_away_is_let_go(serve: Serve, socket_path: Path) -> None:
    engine, _ = serve(empty_swarm())

    before = set(threading.enumerate())
    with connected(socket_path) as connection:
        connection.request("GET", "/events?filters=%7B%22type%22:[%22container%22]%7D")
        connection.getresponse().close()
        (caller,) = set(threading.enumerate()) - before
    with engine.changing() as swarm:
        swarm.create_network(network_spec("net"))
    caller.join(timeout=10)
    assert not caller.is_alive()


def test_nonsense_is_refused(serve: Serve, socket_path: Path) -> None:
    serve(lab_swarm())
    with connected(socket_path) as connection:
        for query in ("since=yesterday", "filters={", "filters=%7B%22x%22:[%22y%22]%7D"):
            connection.request("GET", f"/events?{query}")
            response = connection.getresponse()
            assert response.status == 400
            response.read()
