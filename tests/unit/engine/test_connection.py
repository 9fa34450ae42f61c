from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path

import pytest

from swarmtui.engine.connection import DEFAULT_SOCKET, Endpoint, Tls, resolve_endpoint
from swarmtui.errors import SettingsError


def add_context(
    folder: Path, name: str, host: str, *, skip_verify: bool = False, files: tuple[str, ...] = ()
) -> Path:
    """Add a context as `docker context create` does; return where its certificates are."""
    digest = hashlib.sha256(name.encode()).hexdigest()
    meta = folder / "contexts" / "meta" / digest / "meta.json"
    meta.parent.mkdir(parents=True)
    docker = {"Host": host, "SkipTLSVerify": skip_verify}
    meta.write_text(json.dumps({"Name": name, "Metadata": {}, "Endpoints": {"docker": docker}}))
    certs = folder / "contexts" / "tls" / digest / "docker"
    for file in files:
        certs.mkdir(parents=True, exist_ok=True)
        (certs / file).touch()
    return certs


def use_context(folder: Path, name: object) -> None:
    (folder / "config.json").write_text(json.dumps({"auths": {}, "currentContext": name}))


def resolved(
    folder: Path,
    environ: Mapping[str, str] | None = None,
    *,
    host: str | None = None,
    context: str | None = None,
) -> Endpoint:
    return resolve_endpoint(host, context, {"DOCKER_CONFIG": str(folder), **(environ or {})})


def test_without_any_word_it_is_the_default_socket(tmp_path: Path) -> None:
    assert resolved(tmp_path) == Endpoint(DEFAULT_SOCKET, None, "default socket")


def test_the_configuration_of_the_cli_is_under_home(tmp_path: Path) -> None:
    (tmp_path / ".docker").mkdir()
    add_context(tmp_path / ".docker", "prod", "unix:///prod.sock")
    use_context(tmp_path / ".docker", "prod")
    endpoint = resolve_endpoint(None, None, {"HOME": str(tmp_path)})
    assert endpoint == Endpoint("unix:///prod.sock", None, "context prod")


def test_both_flags_conflict(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="Conflicting options"):
        resolved(tmp_path, host="unix:///a", context="default")


def test_the_source_is_told(tmp_path: Path) -> None:
    environ = {"DOCKER_HOST": "unix:///b"}
    assert resolved(tmp_path, environ, host="unix:///a").source == "--host"
    assert resolved(tmp_path, environ).source == "DOCKER_HOST"
    assert resolved(tmp_path, environ, context="default").source == "context default"


@pytest.mark.parametrize(
    "address",
    [
        "fd://",
        "npipe:////./pipe/docker_engine",
        "http://h:1",
        "TCP://h:1",
        "tcp://h:port",
        "tcp://h:99999",
        "tcp://[::1",
        "ssh://",
        "ssh:host",
        "ssh://user:secret@h",
        "ssh://h?q",
        "ssh://h#f",
        "ssh://h:port",
    ],
)
def test_what_is_no_address_is_refused_in_words(tmp_path: Path, address: str) -> None:
    with pytest.raises(SettingsError) as caught:
        resolved(tmp_path, {"DOCKER_HOST": address})
    assert "is no address of a docker engine" in caught.value.title
    assert "DOCKER_HOST" in caught.value.explanation
    assert caught.value.hint


def test_a_context_that_is_not_there(tmp_path: Path) -> None:
    use_context(tmp_path, "gone")
    with pytest.raises(SettingsError) as caught:
        resolved(tmp_path)
    assert caught.value.title == "There is no docker context named gone"
    assert "config.json" in caught.value.explanation
    with pytest.raises(SettingsError, match="named away"):
        resolved(tmp_path, {"DOCKER_CONTEXT": "away"})


@pytest.mark.parametrize("meta", ["[]", "{}", '{"Endpoints": {}}', '{"Endpoints": {"docker": 1}}'])
def test_a_context_without_an_engine(tmp_path: Path, meta: str) -> None:
    add_context(tmp_path, "odd", "unix:///x")
    (file,) = tmp_path.glob("contexts/meta/*/meta.json")
    file.write_text(meta)
    with pytest.raises(SettingsError, match="context odd names no engine"):
        resolved(tmp_path, context="odd")


@pytest.mark.parametrize("text", ["{", "[]", '"prod"', '{"currentContext": 5}', "\xff"])
def test_a_broken_configuration_is_told_and_avoidable(tmp_path: Path, text: str) -> None:
    (tmp_path / "config.json").write_bytes(text.encode("latin-1"))
    with pytest.raises(SettingsError) as caught:
        resolved(tmp_path)
    assert str(tmp_path / "config.json") in caught.value.explanation
    assert resolved(tmp_path, host="unix:///a").url == "unix:///a"


@pytest.mark.parametrize("text", ["", "null", "{}", '{"currentContext": null}'])
def test_a_configuration_that_names_no_context(tmp_path: Path, text: str) -> None:
    (tmp_path / "config.json").write_text(text)
    assert resolved(tmp_path).url == DEFAULT_SOCKET


def test_certificates_of_the_environment(tmp_path: Path) -> None:
    certs = tmp_path / "certs"
    certs.mkdir()
    for name in ("cert.pem", "key.pem"):
        (certs / name).touch()
    environ = {"DOCKER_HOST": "tcp://h:1", "DOCKER_CERT_PATH": str(certs)}
    ca, cert, key = (str(certs / name) for name in ("ca.pem", "cert.pem", "key.pem"))
    assert resolved(tmp_path, environ).tls is None
    assert resolved(tmp_path, environ | {"DOCKER_TLS_VERIFY": "0"}).tls == Tls(ca, cert, key)
    loose = resolved(tmp_path, environ | {"DOCKER_TLS": "1"}).tls
    assert loose == Tls(ca, cert, key, verify=False)


def test_certificates_are_looked_for_beside_the_configuration(tmp_path: Path) -> None:
    endpoint = resolved(tmp_path, {"DOCKER_TLS_VERIFY": "1"})
    assert endpoint.url == "tcp://localhost:2376"
    assert endpoint.tls == Tls(ca=str(tmp_path / "ca.pem"))


def test_certificates_of_a_context(tmp_path: Path) -> None:
    certs = add_context(tmp_path, "prod", "tcp://h:1", files=("ca.pem",))
    assert resolved(tmp_path, context="prod").tls == Tls(ca=str(certs / "ca.pem"))
    add_context(tmp_path, "loose", "tcp://h:1", skip_verify=True)
    assert resolved(tmp_path, context="loose").tls == Tls(verify=False)
    add_context(tmp_path, "plain", "tcp://h:1")
    assert resolved(tmp_path, {"DOCKER_TLS_VERIFY": "1"}, context="plain").tls is None


def test_a_context_has_the_ports_of_a_url(tmp_path: Path) -> None:
    add_context(tmp_path, "plain", "tcp://h")
    add_context(tmp_path, "tls", "tcp://h", files=("ca.pem",))
    assert resolved(tmp_path, context="plain").url == "tcp://h:80"
    assert resolved(tmp_path, context="tls").url == "tcp://h:443"


def test_sockets_and_ssh_have_no_tls_of_ours(tmp_path: Path) -> None:
    environ = {"DOCKER_TLS_VERIFY": "1"}
    assert resolved(tmp_path, environ, host="unix:///a") == Endpoint("unix:///a", None, "--host")
    assert resolved(tmp_path, environ, host="ssh://Me@Host:22/run/d.sock") == Endpoint(
        "ssh://Me@Host:22/run/d.sock", None, "--host"
    )
