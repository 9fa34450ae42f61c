"""What leaves a runner: reads on the list, and the writes that were permitted, to the letter."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from typing import Any

import pytest
import requests

from swarmtui.engine import Endpoint
from swarmtui.engine.writer import Writer
from swarmtui.errors import EngineAnswered, EngineGarbled, EngineTimedOut, RequestRefused
from swarmtui.operations.definition import Definition
from swarmtui.operations.writes import (
    CreateNetwork,
    Publish,
    RemoveNetwork,
    TouchNode,
    Unpublish,
    permits,
)
from tests.recording import RecordingEngine, reply
from tests.unit.engine.test_guard import LISTED, TRICKS, UNLISTED

WRITES = (
    ("POST", "/services/abc/update"),
    ("POST", "/nodes/n1/update"),
    ("DELETE", "/networks/net1"),
    ("POST", "/networks/create"),
)
OTHER_WRITES = (
    ("POST", "/services/abcd/update"),
    ("POST", "/services/abc"),
    ("POST", "/services/create"),
    ("DELETE", "/services/abc"),
    ("PUT", "/services/abc/update"),
    ("DELETE", "/networks/net10"),
    ("DELETE", "/networks/net"),
    ("DELETE", "/networks/"),
    ("POST", "/networks/net1/connect"),
    ("POST", "/networks/prune"),
    ("DELETE", "/nodes/n1"),
    ("POST", "/swarm/leave"),
    ("POST", "/swarm/update"),
    ("POST", "/containers/create"),
    ("POST", "/configs/create"),
    ("DELETE", "/configs/abc"),
    ("PATCH", "/networks/create"),
    ("GET", "/swarm"),
    ("GET", "/swarm/unlockkey"),
    ("GET", "/configs/abc"),
    ("GET", "/configs"),
    ("GET", "/secrets"),
)


@pytest.fixture
def engine() -> Iterator[RecordingEngine]:
    answers = {path: reply({}) for path in (*LISTED, *(path for _, path in WRITES))}
    with RecordingEngine(answers) as engine:
        engine.answers["/version"] = reply({"ApiVersion": "1.44"})
        yield engine


@pytest.fixture
def writer(engine: RecordingEngine) -> Iterator[Writer]:
    writer = Writer(Endpoint(engine.url), timeout_seconds=0.5)
    writer.permit(WRITES)
    engine.requests.clear()
    yield writer
    writer.close()


@pytest.mark.parametrize(("method", "path"), WRITES)
def test_what_is_permitted_is_sent(
    engine: RecordingEngine, writer: Writer, method: str, path: str
) -> None:
    engine.answers[path] = reply({"Id": "x"}, 201)
    assert writer.write(method, path, {"version": "7"}, b'{"a": 1}') == b'{"Id": "x"}'
    (request,) = engine.requests
    assert (request.method, request.target) == (method, f"/v1.44{path}?version=7")
    assert request.headers["content-type"] == "application/json"
    assert request.headers["content-length"] == "8"


def test_a_write_without_body_has_none(engine: RecordingEngine, writer: Writer) -> None:
    engine.answers["/networks/net1"] = b"HTTP/1.1 204 No Content\r\n\r\n"
    assert writer.write("DELETE", "/networks/net1", {}, b"") == b""
    assert "content-type" not in engine.requests[0].headers


@pytest.mark.parametrize(("method", "path"), OTHER_WRITES)
def test_nothing_else_is_sent(
    engine: RecordingEngine, writer: Writer, method: str, path: str
) -> None:
    with pytest.raises(RequestRefused):
        writer.write(method, path, {}, b"{}" if method == "POST" else b"")
    assert engine.requests == []


def test_what_was_permitted_before_is_not_any_more(engine: RecordingEngine, writer: Writer) -> None:
    writer.permit([("POST", "/networks/create")])
    with pytest.raises(RequestRefused):
        writer.write("DELETE", "/networks/net1", {}, b"")
    writer.permit([])
    with pytest.raises(RequestRefused):
        writer.write("POST", "/networks/create", {}, b"{}")
    assert engine.requests == []


def test_a_read_beyond_the_list_can_be_permitted(engine: RecordingEngine, writer: Writer) -> None:
    engine.answers["/configs/abc"] = reply({"ID": "abc"})
    writer.permit([("GET", "/configs/abc")])
    assert writer.fetch("/configs/abc", {}) == b'{"ID": "abc"}'
    for path in ("/configs/abcd", "/configs", "/configs/abc/x"):
        with pytest.raises(RequestRefused):
            writer.fetch(path, {})
    assert engine.asked == ["GET /configs/abc"]


@pytest.mark.parametrize("path", LISTED)
def test_reads_on_the_list_pass(engine: RecordingEngine, writer: Writer, path: str) -> None:
    assert writer.get(writer.base_url + "/v1.44" + path).status_code == 200
    assert engine.asked == [f"GET {path}"]


@pytest.mark.parametrize("path", UNLISTED)
def test_other_reads_do_not(engine: RecordingEngine, writer: Writer, path: str) -> None:
    with pytest.raises(RequestRefused):
        writer.get(writer.base_url + path)
    assert engine.requests == []


DECORATED = (
    "/networks/net1/",
    "//networks/net1",
    "/networks//net1",
    "/networks/./net1",
    "/networks/x/../net2",
    "/networks/%6eet1",
    "/networks/net1%2f",
    "/networks/net1;x",
    "/networks/net1\\",
    "/networks/net1%0a",
    "/networks/net1%00",
    "/v1.44/v1.44/networks/net1",
    "/v1/networks/net1",
    "/vx.y/networks/net1",
    "/NETWORKS/net1",
    "/networks/net2?x=/networks/net1",
    "/networks/net2#/networks/net1",
    "?/networks/net1",
)


@pytest.mark.parametrize("path", [*TRICKS, *DECORATED])
@pytest.mark.parametrize("method", ["DELETE", "POST"])
def test_tricks_with_paths_write_nothing(
    engine: RecordingEngine, writer: Writer, method: str, path: str
) -> None:
    """Made by hand, so that the client library's own tidying of a URL does not help."""
    prepared = requests.PreparedRequest()
    prepared.prepare(method, writer.base_url + "/info")
    prepared.url = writer.base_url + path
    with pytest.raises(RequestRefused):
        writer.send(prepared)
    assert engine.requests == []


@pytest.mark.parametrize(
    "suffix", ["?version=1", "?force=1&x=/../y", "#fragment", "?a=%2f..%2fswarm"]
)
def test_a_query_changes_nothing_about_the_path(
    engine: RecordingEngine, writer: Writer, suffix: str
) -> None:
    writer.request("DELETE", f"{writer.base_url}/v1.44/networks/net1{suffix}")
    assert engine.asked == ["DELETE /networks/net1"]


@pytest.mark.parametrize(
    "url",
    [
        "http://example.org/networks/net1",
        "https://localhost/networks/net1",
        "http+docker://elsewhere/networks/net1",
        "http+docker://localhost:99/networks/net1",
        "http+docker://localhost@elsewhere/networks/net1",
        "unix:///run/x.sock/networks/net1",
    ],
)
def test_no_other_host_is_written_to(engine: RecordingEngine, writer: Writer, url: str) -> None:
    with pytest.raises(RequestRefused):
        writer.request("DELETE", url)
    assert engine.requests == []


def test_no_redirect_is_followed(engine: RecordingEngine, writer: Writer) -> None:
    location = "Location: /networks/create\r\n"
    engine.answers["/networks/net1"] = reply({"message": "elsewhere"}, 307, headers=location)
    with pytest.raises(EngineAnswered) as answered:
        writer.write("DELETE", "/networks/net1", {}, b"")
    assert answered.value.status == 307
    assert engine.asked == ["DELETE /networks/net1"]


def test_the_methods_of_the_sdk_write_no_more_than_is_permitted(
    engine: RecordingEngine, writer: Writer
) -> None:
    sdk: Any = writer  # its stubs leave half of the methods untyped
    for call, words in (
        (sdk.leave_swarm, ()),
        (sdk.remove_service, ("abc",)),
        (sdk.create_container, ("image",)),
        (sdk.prune_networks, ()),
    ):
        with pytest.raises(RequestRefused):
            call(*words)
    assert engine.requests == []


def test_a_refusal_has_the_engines_words(engine: RecordingEngine, writer: Writer) -> None:
    message = "rpc error: code = Unknown desc = update out of sequence"
    engine.answers["/nodes/n1/update"] = reply({"message": message}, 500)
    with pytest.raises(EngineAnswered) as answered:
        writer.write("POST", "/nodes/n1/update", {}, b"{}")
    assert (answered.value.status, answered.value.message) == (500, "update out of sequence")


def test_an_answer_that_does_not_come_is_unknown(engine: RecordingEngine, writer: Writer) -> None:
    def silent(_: socket.socket, stopping: threading.Event) -> None:
        stopping.wait(5)

    engine.answers["/networks/create"] = silent
    with pytest.raises(EngineTimedOut):
        writer.write("POST", "/networks/create", {}, b"{}")
    assert engine.asked == ["POST /networks/create"]


def test_a_connection_that_breaks_is_unknown_and_is_not_tried_again(
    engine: RecordingEngine, writer: Writer
) -> None:
    engine.answers["/networks/create"] = lambda connection, _: connection.close()
    with pytest.raises((EngineGarbled, EngineTimedOut)):
        writer.write("POST", "/networks/create", {}, b"{}")
    assert engine.asked == ["POST /networks/create"]


def test_permits_are_the_paths_of_the_writes() -> None:
    asked = permits(
        (
            Unpublish("abc", "web", ()),  # type: ignore[arg-type]
            Publish("abc", "web", ()),  # type: ignore[arg-type]
            TouchNode("n1", "node1", "active"),  # type: ignore[arg-type]
            RemoveNetwork("net1", "ingress"),  # type: ignore[arg-type]
            CreateNetwork(Definition("mesh")),
        )
    )
    assert asked == set(WRITES)
