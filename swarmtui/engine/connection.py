"""Which engine to talk to: the same answer that the docker CLI would give."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, urlsplit

from swarmtui.errors import SettingsError

DEFAULT_SOCKET = "unix:///var/run/docker.sock"
DEFAULT_TLS_ADDRESS = "tcp://localhost:2376"
_DAEMON_PORT = 2375
_HTTP_PORT = 80
_HTTPS_PORT = 443


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
        url: `unix://`, `tcp://` (with a port) or `ssh://`.
        tls: How a `tcp://` address is secured; None elsewhere and where it is not.
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
    if host is not None and context:
        raise SettingsError(
            "Conflicting options",
            "Both --host and --context name an engine.",
            "Give one of them.",
        )
    folder = _config_folder(environ)
    if host is not None:
        return _plain(host, environ, folder, "--host")
    if context:
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
    """Read an address as --host and DOCKER_HOST may write it."""
    host = host.strip()
    verify = bool(environ.get("DOCKER_TLS_VERIFY"))
    tls = None
    if verify or environ.get("DOCKER_TLS"):
        # The CLI goes on without cert.pem and key.pem, and never without ca.pem.
        certs = Path(environ.get("DOCKER_CERT_PATH") or folder)
        tls = Tls(str(certs / "ca.pem"), _found(certs, "cert"), _found(certs, "key"), verify)
    if not host:
        return Endpoint(DEFAULT_TLS_ADDRESS if tls else DEFAULT_SOCKET, tls, source)
    if "://" not in host:
        host = f"tcp://{host}"
    return _endpoint(host, tls, source, default_port=_DAEMON_PORT)


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
    tls = None
    if certs.is_dir() or skip_verify:
        ca, cert, key = (_found(certs, part) for part in ("ca", "cert", "key"))
        tls = Tls(ca, cert, key, not skip_verify)
    # A context's address is no flag: the CLI takes it as a URL with the ports of a URL.
    port = _HTTPS_PORT if tls else _HTTP_PORT
    return _endpoint(host or DEFAULT_SOCKET, tls, f"context {name}", default_port=port)


def _found(folder: Path, part: str) -> str:
    path = folder / f"{part}.pem"
    return str(path) if path.exists() else ""


def _endpoint(address: str, tls: Tls | None, source: str, *, default_port: int) -> Endpoint:
    scheme, separator, rest = address.partition("://")
    if scheme == "unix" and separator:
        return Endpoint(f"unix://{rest}" if rest else DEFAULT_SOCKET, None, source)
    if scheme == "ssh":
        return Endpoint(_ssh_url(address, source), None, source)
    if scheme == "tcp" and separator:
        return Endpoint(_tcp_url(rest, source, default_port), tls, source)
    raise _senseless(address, source)


def _tcp_url(rest: str, source: str, default_port: int) -> str:
    netloc, slash, path = rest.partition("/")
    if netloc.count(":") > 1 and not netloc.startswith("["):
        netloc = f"[{netloc}]"
    parts = _split(f"tcp://{netloc}{slash}{path}", source)
    name = parts.hostname or "localhost"
    port = parts.port or default_port
    return f"tcp://{f'[{name}]' if ':' in name else name}:{port}{parts.path.rstrip('/')}"


def _ssh_url(address: str, source: str) -> str:
    parts = _split(address, source)
    if not parts.hostname or parts.password is not None or parts.query or parts.fragment:
        raise _senseless(address, source)
    return address


def _split(url: str, source: str) -> SplitResult:
    try:
        parts = urlsplit(url)
        _ = parts.port  # raises where it is no number
    except ValueError as error:
        raise _senseless(url, source) from error
    return parts


def _senseless(address: str, source: str) -> SettingsError:
    return SettingsError(
        f"{address!r} is no address of a docker engine",
        f"It comes from {source}.",
        "Write unix:///path/to/docker.sock, tcp://host:port or ssh://user@host.",
    )


def _current_context(folder: Path) -> str:
    path = folder / "config.json"
    config = _json_file(path)
    if config is None:
        return ""
    current = config.get("currentContext") or "" if isinstance(config, dict) else None
    if not isinstance(current, str):
        raise _unreadable(path, "it is not what the docker CLI writes")
    return current


def _json_file(path: Path) -> Any:
    """Return the parsed file, None when it is not there or empty."""
    try:
        text = path.read_bytes()
        return json.loads(text) if text.strip() else None
    except (FileNotFoundError, NotADirectoryError):
        return None
    except (OSError, ValueError) as error:
        raise _unreadable(path, str(error)) from error


def _unreadable(path: Path, why: str) -> SettingsError:
    return SettingsError(
        "A file of the docker CLI cannot be read",
        f"{path}: {why}.",
        "Mend it, or name the engine with --host.",
    )
