"""Which engine to talk to: the same answer that the docker CLI would give."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from swarmtui.errors import SettingsError

DEFAULT_SOCKET = "unix:///var/run/docker.sock"
_TCP_PORT = 2375
_TLS_PORT = 2376


@dataclass(frozen=True, slots=True)
class Tls:
    """How a tcp:// connection is secured.

    Attributes:
        ca, cert, key: Paths of PEM files; empty where there is none.
        verify: False accepts any certificate.
    """

    ca: str = ""
    cert: str = ""
    key: str = ""
    verify: bool = True


@dataclass(frozen=True, slots=True)
class Endpoint:
    """The address of an engine.

    Attributes:
        url: `unix://`, `tcp://` or `ssh://`.
        source: Who named it, in words.
    """

    url: str
    tls: Tls | None = None
    source: str = "default socket"

    @property
    def scheme(self) -> str:
        """Return the part of the address before `://`."""
        return self.url.partition("://")[0]


def resolve_endpoint(host: str | None, context: str | None, environ: Mapping[str, str]) -> Endpoint:
    """Choose the engine in the order of the docker CLI.

    `--host` or `--context`, then DOCKER_HOST, DOCKER_CONTEXT, the CLI's current context, and the
    default socket.

    Raises:
        SettingsError: Both flags are given, the context is not there, or an address makes no sense.
    """
    if host is not None and context is not None:
        raise SettingsError(
            "Conflicting options",
            "Both --host and --context name an engine.",
            "Give one of them.",
        )
    folder = _config_folder(environ)
    if host is not None:
        return _plain(host, environ, folder, "--host")
    if context is not None:
        return _of_context(context, environ, folder, "--context")
    if environ.get("DOCKER_HOST"):
        return _plain(environ["DOCKER_HOST"], environ, folder, "DOCKER_HOST")
    if environ.get("DOCKER_CONTEXT"):
        return _of_context(environ["DOCKER_CONTEXT"], environ, folder, "DOCKER_CONTEXT")
    current = _current_context(folder)
    if current:
        return _of_context(current, environ, folder, str(folder / "config.json"))
    return _plain("", environ, folder, "default socket")


def _config_folder(environ: Mapping[str, str]) -> Path:
    given = environ.get("DOCKER_CONFIG")
    return Path(given) if given else Path(environ.get("HOME") or Path.home()) / ".docker"


def _plain(host: str, environ: Mapping[str, str], folder: Path, source: str) -> Endpoint:
    verify = bool(environ.get("DOCKER_TLS_VERIFY"))
    tls = None
    if verify or environ.get("DOCKER_TLS"):
        certs = Path(environ.get("DOCKER_CERT_PATH") or folder)
        tls = _tls_of(certs, verify=verify)
    return _endpoint(host, tls, source)


def _of_context(name: str, environ: Mapping[str, str], folder: Path, source: str) -> Endpoint:
    if name == "default":
        return _plain(environ.get("DOCKER_HOST", ""), environ, folder, "context default")
    digest = hashlib.sha256(name.encode()).hexdigest()
    meta = _json_file(folder / "contexts" / "meta" / digest / "meta.json")
    if meta is None:
        raise SettingsError(
            f"There is no docker context named {name}",
            f"{source} asks for it, and {folder / 'contexts'} does not have it.",
            "List them with: docker context ls",
        )
    try:
        docker = meta["Endpoints"]["docker"]
        host = str(docker.get("Host") or "")
        skip_verify = bool(docker.get("SkipTLSVerify"))
    except (KeyError, TypeError, AttributeError) as error:
        raise SettingsError(
            f"The docker context {name} names no engine",
            f"Its file under {folder / 'contexts'} has no docker endpoint.",
        ) from error
    certs = folder / "contexts" / "tls" / digest / "docker"
    tls = _tls_of(certs, verify=not skip_verify) if certs.is_dir() or skip_verify else None
    return _endpoint(host, tls, f"context {name}")


def _tls_of(certs: Path, *, verify: bool) -> Tls:
    def found(name: str) -> str:
        return str(certs / name) if (certs / name).exists() else ""

    return Tls(found("ca.pem"), found("cert.pem"), found("key.pem"), verify)


def _endpoint(host: str, tls: Tls | None, source: str) -> Endpoint:
    host = host.strip()
    if not host:
        return Endpoint(DEFAULT_SOCKET, None, source)
    scheme, separator, rest = host.partition("://")
    if not separator:
        scheme, rest = "tcp", host
    if scheme == "unix":
        return Endpoint(f"unix://{rest}" if rest else DEFAULT_SOCKET, None, source)
    if scheme == "ssh":
        if not _host_of(f"ssh://{rest}"):
            raise _senseless(host, source)
        return Endpoint(f"ssh://{rest}", None, source)
    if scheme == "tcp":
        return Endpoint(_tcp_url(rest, host, source, secure=tls is not None), tls, source)
    raise _senseless(host, source)


def _tcp_url(rest: str, host: str, source: str, *, secure: bool) -> str:
    try:
        parts = urlsplit(f"tcp://{rest}")
        port = parts.port or (_TLS_PORT if secure else _TCP_PORT)
    except ValueError as error:
        raise _senseless(host, source) from error
    if parts.username is not None:
        raise _senseless(host, source)
    name = parts.hostname or "localhost"
    return f"tcp://{f'[{name}]' if ':' in name else name}:{port}{parts.path.rstrip('/')}"


def _host_of(url: str) -> str:
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""


def _senseless(host: str, source: str) -> SettingsError:
    return SettingsError(
        f"{host!r} is no address of a docker engine",
        f"It comes from {source}.",
        "Write unix:///path/to/docker.sock, tcp://host:port or ssh://user@host.",
    )


def _current_context(folder: Path) -> str:
    config = _json_file(folder / "config.json")
    current = config.get("currentContext", "") if isinstance(config, dict) else ""
    return current if isinstance(current, str) else ""


def _json_file(path: Path) -> Any:
    """Return the parsed file, None when it is not there."""
    try:
        return json.loads(path.read_bytes())
    except (FileNotFoundError, NotADirectoryError):
        return None
    except (OSError, ValueError) as error:
        raise SettingsError(
            "A file of the docker CLI cannot be read",
            f"{path}: {error}.",
            "Mend it, or name the engine with --host.",
        ) from error
