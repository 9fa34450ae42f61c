from __future__ import annotations

import inspect
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import docker
import pytest
import requests
from docker.types import ContainerSpec, TaskTemplate
from requests.adapters import HTTPAdapter

from swarmtui.engine.connection import Endpoint
from swarmtui.engine.transport import ReadOnlyClient
from swarmtui.errors import RequestRefused
from tests.recording import RecordingEngine, reply

LISTED = (
    "/_ping",
    "/version",
    "/info",
    "/nodes",
    "/nodes/abc",
    "/networks",
    "/networks/my_net-1.x",
    "/services",
    "/services/abc",
    "/tasks",
    "/tasks/abc",
    "/containers/json",
    "/events",
)
UNLISTED = (
    "/swarm",
    "/swarm/unlockkey",
    "/secrets",
    "/configs",
    "/system/df",
    "/containers/abc/json",
    "/containers/abc/logs",
    "/services/abc/logs",
    "/tasks/abc/logs",
    "/networks/abc/",
    "/networks/abc/connect",
    "/networks/",
    "/images/json",
    "/exec/abc/json",
    "/",
    "",
    "/infox",
    "/INFO",
    "/v1.44/v1.44/info",
    "/v1/info",
    "/session",
    "/grpc",
)
TRICKS = (
    "/networks/..",
    "/networks/../swarm",
    "/networks/%2e%2e/swarm",
    "/networks/%2e%2e%2fswarm",
    "/networks/..%2fswarm",
    "//swarm",
    "//networks",
    "/networks//",
    "/networks/./x",
    "/networks/a%2fb",
    "/networks/a;b",
    "/networks/a\\b",
    "/%73warm",
    "/info/../swarm",
    "/./swarm",
    "/info#/../swarm",
    "/info\n/swarm",
    "/swarm?/info",
    "/info%0d%0aGET%20/swarm",
)


@pytest.fixture
def engine() -> Iterator[RecordingEngine]:
    with RecordingEngine({path: reply({}) for path in LISTED}) as engine:
        engine.answers["/version"] = reply({"ApiVersion": "1.44"})
        yield engine


@pytest.fixture
def client(engine: RecordingEngine) -> Iterator[ReadOnlyClient]:
    client = ReadOnlyClient(Endpoint(engine.url), timeout_seconds=5)
    engine.requests.clear()
    yield client
    client.close()


@pytest.mark.parametrize("path", LISTED)
@pytest.mark.parametrize("prefix", ["", "/v1.44"])
@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_what_is_listed_passes(
    engine: RecordingEngine, client: ReadOnlyClient, path: str, prefix: str, method: str
) -> None:
    assert client.request(method, client.base_url + prefix + path).status_code == 200
    assert engine.asked == [f"{method} {path}"]


@pytest.mark.parametrize("path", UNLISTED)
@pytest.mark.parametrize("prefix", ["", "/v1.44"])
def test_nothing_else_is_read(
    engine: RecordingEngine, client: ReadOnlyClient, path: str, prefix: str
) -> None:
    with pytest.raises(RequestRefused):
        client.get(client.base_url + prefix + path)
    assert engine.requests == []


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "OPTIONS", "CONNECT", "GETX"])
def test_nothing_is_written(engine: RecordingEngine, client: ReadOnlyClient, method: str) -> None:
    with pytest.raises(RequestRefused):
        client.request(method, client.base_url + "/networks")
    assert engine.requests == []


@pytest.mark.parametrize("path", TRICKS)
def test_tricks_with_paths_reach_nothing(
    engine: RecordingEngine, client: ReadOnlyClient, path: str
) -> None:
    """Made by hand, so that the client library's own tidying of a URL does not help."""
    prepared = requests.PreparedRequest()
    prepared.prepare("GET", client.base_url + "/info")
    prepared.url = client.base_url + path
    try:
        client.send(prepared)
    except RequestRefused:
        assert engine.requests == []
    else:
        assert [request.target for request in engine.requests] == ["/info"]  # cut at the fragment


@pytest.mark.parametrize("path", TRICKS)
def test_tricks_with_paths_reach_nothing_when_tidied(
    engine: RecordingEngine, client: ReadOnlyClient, path: str
) -> None:
    try:
        client.get(client.base_url + path)
    except RequestRefused:
        assert engine.requests == []
    else:
        assert engine.asked[0].removeprefix("GET ") in LISTED


@pytest.mark.parametrize(
    "url",
    [
        "http://example.org/info",
        "https://localhost/info",
        "http+docker://elsewhere/info",
        "http+docker://localhost:99/info",
        "unix:///var/run/docker.sock/info",
        "ftp://localhost/info",
    ],
)
def test_no_other_host_is_asked(engine: RecordingEngine, client: ReadOnlyClient, url: str) -> None:
    with pytest.raises(RequestRefused):
        client.get(url)
    assert engine.requests == []


@pytest.mark.parametrize(
    "headers",
    [
        {"Connection": "Upgrade", "Upgrade": "tcp"},
        {"upgrade": "h2c"},
        {"Transfer-Encoding": "chunked"},
        {"Content-Length": "5"},
    ],
)
def test_no_request_becomes_more_than_a_read(
    engine: RecordingEngine, client: ReadOnlyClient, headers: dict[str, str]
) -> None:
    with pytest.raises(RequestRefused):
        client.get(client.base_url + "/info", headers=headers)
    assert engine.requests == []


def test_a_read_carries_no_body(engine: RecordingEngine, client: ReadOnlyClient) -> None:
    with pytest.raises(RequestRefused):
        client.get(client.base_url + "/info", data="x")
    assert engine.requests == []


@pytest.mark.parametrize("target", ["/swarm", "http://example.org/info", "//example.org/info"])
def test_redirects_lead_to_nothing_that_is_unlisted(
    engine: RecordingEngine, client: ReadOnlyClient, target: str
) -> None:
    engine.answers["/info"] = reply({}, 302, headers=f"Location: {target}\r\n")
    with pytest.raises(RequestRefused):
        client.info()
    assert engine.asked == ["GET /info"]


def test_a_mounted_adapter_is_guarded_too(engine: RecordingEngine, client: ReadOnlyClient) -> None:
    client.mount("http://", HTTPAdapter())
    client.mount(client.base_url, HTTPAdapter())
    with pytest.raises(RequestRefused):
        client.get(client.base_url + "/swarm")
    with pytest.raises(RequestRefused):
        client.post("http://127.0.0.1:1/networks/create")
    assert engine.requests == []


def test_join_tokens_are_never_asked_for(engine: RecordingEngine, client: ReadOnlyClient) -> None:
    with pytest.raises(RequestRefused):
        client.inspect_swarm()
    with pytest.raises(RequestRefused):
        client.get_unlock_key()
    assert engine.requests == []


READ = re.compile(
    r"(GET|HEAD) /(_ping|version|info|events|containers/json"
    r"|(nodes|networks|services|tasks)(/[A-Za-z0-9._-]+)?)"
)
OFFLINE = frozenset(
    (
        "create_container_config",
        "create_endpoint_config",
        "create_host_config",
        "create_networking_config",
        "create_swarm_spec",
        "reload_config",
    )
)


GIVEN = {"build": ("path",), "import_image": ("image",)}
"""Parameters that are optional in the signature and not in the code."""


def _methods_of_the_sdk() -> list[str]:
    own = {"get_adapter", "fetch", "open_events", "close"}
    inherited = {name for name, _ in inspect.getmembers(requests.Session, callable)}
    return [
        name
        for name, _ in inspect.getmembers(docker.APIClient, callable)
        if not name.startswith("_") and name not in own | inherited
    ]


def _dummy(name: str, tar: Path) -> Any:
    """Return a value that an SDK method accepts for a parameter of this name."""
    known: dict[str, Any] = {
        "task_template": TaskTemplate(ContainerSpec("image")),
        "host_config": {},
        "options": {},
        "node_spec": {},
        "path": str(tar.parent),
        "filename": str(tar),
        "resource_type": "volume",
        "height": 1,
        "width": 1,
        "version": 1,
        "data": b"data",
        "src": "image",
        "registry": "registry.invalid",
        "remote": "image",
        "privileges": [],
        "plugin_data_dir": str(tar.parent),
        "image": "image",
    }
    return known.get(name, "name")


@pytest.mark.filterwarnings("ignore:unclosed file:ResourceWarning")  # the SDK's build contexts
@pytest.mark.parametrize("name", _methods_of_the_sdk())
def test_no_method_of_the_sdk_gets_past(
    engine: RecordingEngine,
    client: ReadOnlyClient,
    name: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Every public method, writing or not: only listed reads arrive."""
    monkeypatch.setenv("DOCKER_CONFIG", str(tmp_path))
    tar = tmp_path / "Dockerfile"
    tar.write_text("FROM scratch")
    method = getattr(client, name)
    arguments = {
        parameter.name: _dummy(parameter.name, tar)
        for parameter in inspect.signature(method).parameters.values()
        if parameter.name in GIVEN.get(name, ())
        or (
            parameter.default is parameter.empty
            and parameter.kind is parameter.POSITIONAL_OR_KEYWORD
        )
    }
    told = ""
    try:
        outcome = method(**arguments)
        if inspect.isgenerator(outcome):
            list(outcome)
    except Exception as error:
        told = repr(error)
    assert all(READ.fullmatch(request) for request in engine.asked)
    if name in OFFLINE:
        assert engine.requests == []
    elif not engine.requests:
        assert told.startswith("RequestRefused"), told


def test_the_models_of_the_sdk_are_guarded_too(
    engine: RecordingEngine, client: ReadOnlyClient
) -> None:
    engine.answers["/networks"] = reply([{"Id": "abc", "Name": "app"}])
    sdk = docker.DockerClient.__new__(docker.DockerClient)
    sdk.api = client
    (network,) = sdk.networks.list()
    with pytest.raises(RequestRefused):
        network.remove()
    with pytest.raises(RequestRefused):
        sdk.containers.run("image")
    assert engine.asked == ["GET /networks"]
