"""The docker SDK talks to the embedded engine as to any other."""

from __future__ import annotations

import errno
import http.client
import json
import socket
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import docker
import pytest

from swarmtui.demo import DemoEngine, demo_swarm
from tests.unit.demo.conftest import Serve
from tests.unit.demo.lab import lab_swarm


@contextmanager
def connected(path: Path) -> Iterator[http.client.HTTPConnection]:
    """Open one connection on which calls can be made one after the other."""
    with closing(http.client.HTTPConnection("engine")) as connection:
        connection.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        connection.sock.settimeout(10)
        connection.sock.connect(str(path))
        yield connection


def test_the_sdk_negotiates_and_reads(serve: Serve) -> None:
    _, client = serve(lab_swarm())
    assert client.ping()
    assert client.version()["ApiVersion"] == client.api_version == "1.56"
    assert client.info()["Swarm"]["ControlAvailable"]
    assert {row["Name"] for row in client.networks(names=["app"])} == {"app"}
    assert len(client.nodes()) == 3
    assert len(client.services()) == 8
    assert client.inspect_network("app", verbose=True)["Services"]["web"]["VIP"] == "10.20.0.66"
    assert client.inspect_node("node2")["Status"]["Addr"] == "192.168.196.2"
    assert client.inspect_service("web")["Spec"]["Name"] == "web"
    task = client.tasks({"service": "web"})[0]
    assert client.inspect_task(task["ID"])["ID"] == task["ID"]
    assert client.containers(all=True)


def test_an_old_engine_speaks_its_old_api(serve: Serve) -> None:
    _, client = serve(lab_swarm("20.10.24"))
    assert client.api_version == "1.41"
    assert "EnableIPv4" not in client.inspect_network("app")


def test_refusals_reach_the_sdk(serve: Serve) -> None:
    engine, client = serve(lab_swarm(), node="node3")
    with pytest.raises(docker.errors.APIError) as refused:
        client.nodes()
    assert refused.value.status_code == 503
    assert "not a swarm manager" in str(refused.value.explanation)
    assert engine.swarm_header == "active/worker"


def test_ping_tells_versions(serve: Serve, socket_path: Path) -> None:
    serve(lab_swarm())
    with connected(socket_path) as connection:
        for method, body in (("HEAD", b""), ("GET", b"OK")):
            connection.request(method, "/_ping")
            response = connection.getresponse()
            assert (response.status, response.read()) == (200, body)
            assert response.headers["Api-Version"] == "1.56"
            assert response.headers["Swarm"] == "active/manager"
            assert response.headers["Server"] == "Docker/29.9.0 (linux)"


def test_a_connection_is_kept_for_many_calls(serve: Serve, socket_path: Path) -> None:
    serve(lab_swarm())
    with connected(socket_path) as connection:
        before = connection.sock
        for path in ("/version", "/nothing", "/networks/nope", "/v1.44/info"):
            connection.request("GET", path)
            response = connection.getresponse()
            assert json.loads(response.read())
        connection.request("DELETE", "/networks/quiet")
        response = connection.getresponse()
        assert (response.status, response.read()) == (204, b"")
        connection.request("GET", "/networks/quiet")
        assert connection.getresponse().status == 404
        assert connection.sock is before


@pytest.mark.parametrize("body", ["", "[]", "{", '{"Name":3,"Driver":"overlay","IPAM":7}'])
def test_malformed_bodies_are_refused(serve: Serve, socket_path: Path, body: str) -> None:
    serve(lab_swarm())
    with connected(socket_path) as connection:
        connection.request("POST", "/networks/create", body)
        response = connection.getresponse()
        assert response.status in (400, 501)
        assert json.loads(response.read())["message"]
        connection.request("POST", "/networks/create", headers={"Content-Length": "many"})
        assert connection.getresponse().status == 400


def test_time_stands_still_unless_stepped(serve: Serve) -> None:
    engine, client = serve(demo_swarm())
    first = client.info()["SystemTime"]
    assert client.info()["SystemTime"] == first
    engine.step(1.5)
    assert client.info()["SystemTime"] > first


def test_a_live_swarm_moves_with_the_clock(socket_path: Path) -> None:
    moment = [100.0]
    now = datetime(2026, 6, 1, 12, tzinfo=UTC)
    engine = DemoEngine(demo_swarm(), socket_path, now=lambda: now, monotonic=lambda: moment[0])
    with engine, connected(socket_path) as connection:

        def system_time() -> str:
            connection.request("GET", "/info")
            return str(json.loads(connection.getresponse().read())["SystemTime"])

        assert system_time() == "2026-06-01T12:00:00Z"
        moment[0] += 61.5
        assert system_time() == "2026-06-01T12:01:01.5Z"


def test_many_ask_at_once(serve: Serve) -> None:
    engine, client = serve(demo_swarm())
    failures: list[Exception] = []

    def read() -> None:
        mine: Any = docker.APIClient(base_url=engine.url, version="auto")
        try:
            for _ in range(10):
                assert len(mine.nodes()) == 5
                assert mine.tasks()
        except Exception as error:
            failures.append(error)
        finally:
            mine.close()

    threads = [threading.Thread(target=read) for _ in range(6)]
    for thread in threads:
        thread.start()
    for _ in range(20):
        engine.step(5)
    for thread in threads:
        thread.join()
    assert not failures
    assert client.ping()


def test_the_socket_is_removed_and_calls_end(socket_path: Path) -> None:
    engine = DemoEngine(demo_swarm(), socket_path)
    with connected_after(engine, socket_path) as connection:
        assert socket_path.stat().st_mode & 0o077 == 0
        connection.request("GET", "/events")
        response = connection.getresponse()
        engine.stop()
        with suppress(http.client.IncompleteRead):
            assert not response.read()
    assert not socket_path.exists()
    engine.stop()


@contextmanager
def connected_after(engine: DemoEngine, path: Path) -> Iterator[http.client.HTTPConnection]:
    engine.start()
    try:
        with connected(path) as connection:
            yield connection
    finally:
        engine.stop()


def test_a_stale_socket_is_replaced(socket_path: Path) -> None:
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as left_over:
        left_over.bind(str(socket_path))
    with DemoEngine(demo_swarm(), socket_path), connected(socket_path) as connection:
        connection.request("GET", "/_ping")
        assert connection.getresponse().status == 200


def test_a_socket_in_use_and_a_file_are_left_alone(socket_path: Path) -> None:
    with DemoEngine(demo_swarm(), socket_path):
        other = DemoEngine(demo_swarm(), socket_path)
        with pytest.raises(OSError, match="already answers") as refused:
            other.start()
        assert refused.value.errno == errno.EADDRINUSE
        other.stop()
        with connected(socket_path) as connection:
            connection.request("GET", "/_ping")
            assert connection.getresponse().status == 200
    socket_path.write_text("precious")
    with pytest.raises(FileExistsError, match="in the way"):
        DemoEngine(demo_swarm(), socket_path).start()
    assert socket_path.read_text() == "precious"
