"""The docker CLI itself says which engine it would call."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path

import pytest

from swarmtui.engine.connection import DEFAULT_SOCKET, resolve_endpoint
from swarmtui.errors import SettingsError
from tests.recording import RecordingEngine
from tests.unit.engine.test_connection import add_context, use_context

DOCKER = shutil.which("docker")
pytestmark = pytest.mark.skipif(DOCKER is None, reason="there is no docker CLI to compare with")

ENGINES = ("flag", "env", "current", "other")
ADDRESSES = (
    "unix:///x.sock",
    " unix:///x.sock ",
    "unix://relative.sock",
    "unix://",
    "tcp://h",
    "tcp://h:99",
    "tcp://:99",
    "tcp://",
    "tcp://h:99/base/path",
    "tcp://h/base",
    "tcp://user@h:99",
    "tcp://h:99?x=1",
    "tcp://[::1]:99",
    "h",
    "h:99",
    "127.0.0.1",
    "::1",
    "/run/docker.sock",
    "ssh://h",
    "ssh://Me@H:22/run/d.sock",
    "http://h:1",
    "tcp://h:port",
    "nonsense://h",
)


def cli(arguments: tuple[str, ...], environ: Mapping[str, str]) -> subprocess.CompletedProcess[str]:
    assert DOCKER is not None
    return subprocess.run(
        (DOCKER, *arguments),
        env={"PATH": os.environ["PATH"], **environ},
        capture_output=True,
        text=True,
        timeout=20,
        check=False,
    )


@pytest.fixture(scope="module")
def engines() -> Iterator[Mapping[str, RecordingEngine]]:
    with ExitStack() as stack:
        yield {name: stack.enter_context(RecordingEngine()) for name in ENGINES}


@pytest.fixture(scope="module")
def folder(
    engines: Mapping[str, RecordingEngine], tmp_path_factory: pytest.TempPathFactory
) -> Path:
    folder = tmp_path_factory.mktemp("docker")
    for name in ("current", "other"):
        add_context(folder, name, engines[name].url)
    add_context(folder, "hostless", "")
    return folder


@pytest.mark.parametrize("current", ["", "current", "default", "gone"])
@pytest.mark.parametrize(
    ("arguments", "variables"),
    [
        ((), {}),
        ((), {"DOCKER_HOST": "env"}),
        ((), {"DOCKER_HOST": ""}),
        ((), {"DOCKER_CONTEXT": "other"}),
        ((), {"DOCKER_CONTEXT": "default"}),
        ((), {"DOCKER_CONTEXT": "gone"}),
        ((), {"DOCKER_CONTEXT": ""}),
        ((), {"DOCKER_CONTEXT": "other", "DOCKER_HOST": "env"}),
        (("-H", "flag"), {}),
        (("-H", "flag"), {"DOCKER_CONTEXT": "gone", "DOCKER_HOST": "env"}),
        (("-H", ""), {"DOCKER_HOST": "env"}),
        (("-c", "other"), {"DOCKER_HOST": "env"}),
        (("-c", "default"), {"DOCKER_HOST": "env"}),
        (("-c", ""), {"DOCKER_HOST": "env"}),
        (("-c", "gone"), {}),
        (("-c", "hostless"), {"DOCKER_HOST": "env"}),
        (("-c", "other", "-H", "flag"), {}),
        (("-c", "", "-H", "flag"), {}),
    ],
)
def test_the_same_engine_is_called(
    engines: Mapping[str, RecordingEngine],
    folder: Path,
    arguments: tuple[str, ...],
    variables: dict[str, str],
    current: str,
) -> None:
    use_context(folder, current)
    called = tuple(
        engines[word].url if word in engines and before == "-H" else word
        for before, word in zip(("", *arguments), arguments, strict=False)
    )
    environ = {"DOCKER_CONFIG": str(folder), "HOME": str(folder), **variables}
    if environ.get("DOCKER_HOST"):
        environ["DOCKER_HOST"] = engines[environ["DOCKER_HOST"]].url
    for engine in engines.values():
        engine.requests.clear()
    told = cli((*called, "version"), environ)
    theirs = [engine.url for engine in engines.values() if engine.requests]
    flags = dict(zip(called[::2], called[1::2], strict=True))
    try:
        ours = resolve_endpoint(flags.get("-H"), flags.get("-c"), environ).url
    except SettingsError:
        assert theirs == []
        assert "conflicting options" in told.stderr or "context not found" in told.stderr
    else:
        assert theirs == ([] if ours == DEFAULT_SOCKET else [ours])
        assert "conflicting" not in told.stderr
        assert "not found" not in told.stderr


@pytest.mark.parametrize("address", ADDRESSES)
def test_an_address_means_the_same(tmp_path: Path, address: str) -> None:
    environ = {"DOCKER_CONFIG": str(tmp_path), "DOCKER_HOST": address}
    words = ("context", "inspect", "default", "--format", "{{.Endpoints.docker.Host}}")
    told = cli(words, environ)
    try:
        ours = resolve_endpoint(None, None, environ).url
    except SettingsError:
        assert told.returncode != 0
    else:
        assert ours == told.stdout.strip()


@pytest.mark.parametrize(
    "variables",
    [
        {"DOCKER_TLS_VERIFY": "1"},
        {"DOCKER_TLS": "1"},
        {"DOCKER_TLS": "0"},
        {"DOCKER_TLS_VERIFY": "", "DOCKER_TLS": ""},
        {"DOCKER_TLS_VERIFY": "1", "DOCKER_HOST": "tcp://h"},
        {"DOCKER_TLS_VERIFY": "0", "DOCKER_TLS": "1", "DOCKER_HOST": "h:99"},
    ],
)
def test_tls_means_the_same(tmp_path: Path, variables: dict[str, str]) -> None:
    for part in ("ca", "cert", "key"):
        (tmp_path / f"{part}.pem").touch()
    environ = {"DOCKER_CONFIG": str(tmp_path), **variables}
    form = "{{.Endpoints.docker.Host}} {{.Endpoints.docker.SkipTLSVerify}} {{len .TLSMaterial}}"
    told = cli(("context", "inspect", "default", "--format", form), environ).stdout.split()
    ours = resolve_endpoint(None, None, environ)
    loose = ours.tls is not None and not ours.tls.verify
    assert told == [ours.url, str(loose).lower(), str(int(ours.tls is not None))]
