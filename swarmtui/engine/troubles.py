"""What went wrong on the way to an engine, in words that say why and what to do."""

from __future__ import annotations

import http.client
import re
import socket
import ssl
from collections.abc import Iterator

import msgspec
import requests
from urllib3 import exceptions as urllib3_errors

from swarmtui.engine.connection import Endpoint
from swarmtui.engine.dial import OVERALL_SHARE, AnswerDrips
from swarmtui.engine.ssh import SshFailed
from swarmtui.errors import (
    EngineAnswered,
    EngineError,
    EngineForbidden,
    EngineGarbled,
    EngineNotFound,
    EngineTimedOut,
    EngineTlsFailed,
    EngineTooOld,
)

_MESSAGE_CHARACTERS = 500
_RPC_PREFIX = re.compile(r"^rpc error: code = \w+ desc = ")
_WANTS_TLS = " An engine that wants TLS needs DOCKER_TLS_VERIFY=1."
_WANTS_CERTIFICATE = ("CERTIFICATE_REQUIRED", "HANDSHAKE_FAILURE")
_TLS_PORT_WORDS = "HTTP request to an HTTPS server"


class _Message(msgspec.Struct):
    message: str = ""


def answered(status: int, body: bytes, path: str) -> EngineError:
    """Return the error for an answer that is not a success, in the engine's own words."""
    message = _message(body)
    if _TLS_PORT_WORDS in message:
        return EngineTlsFailed(
            "The engine wants TLS",
            f"It says: {message}",
            "Set DOCKER_TLS_VERIFY=1 and DOCKER_CERT_PATH, or use a context with TLS.",
        )
    if "is too old. Minimum supported API version" in message:
        return EngineTooOld("The engine wants a newer client", f"It says: {message}", "")
    words = message or f"No explanation, status {status} for {path}."
    return EngineAnswered(
        f"The engine refuses to answer ({status})", words, "", status=status, message=message
    )


def too_old(version: str, oldest: tuple[int, ...]) -> EngineTooOld:
    """Return the error for an engine below the oldest API version."""
    needed = ".".join(map(str, oldest))
    return EngineTooOld(
        "The engine is too old",
        f"It speaks API {version or 'of no version'}, and swarmtui needs {needed} (Docker 19.03).",
        "Upgrade the engine, or read the swarm from a manager with a newer one.",
    )


def tls_files(error: OSError) -> EngineTlsFailed:
    """Return the error for certificates or keys that cannot be used."""
    where = f"{error.filename}: {error.strerror}" if error.filename else str(error)
    return EngineTlsFailed(
        "The files for TLS cannot be used",
        f"{where}.",
        "Put ca.pem, cert.pem and key.pem, without a passphrase, where DOCKER_CERT_PATH says.",
    )


def body_too_large(limit_bytes: int) -> EngineGarbled:
    """Return the error for an answer that does not end."""
    return EngineGarbled(
        "The engine's answer is too large",
        f"More than {limit_bytes >> 20} MiB came, and there was no end.",
        "Check that the address is a Docker engine's.",
    )


def drip_cut(seconds: float) -> EngineTimedOut:
    """Return the error for an answer that comes too slowly."""
    return EngineTimedOut(
        "The engine answers too slowly",
        f"An answer was not complete after {seconds:g} seconds.",
        "Try a longer --timeout.",
    )


def hung_up(error: BaseException) -> bool:
    """Tell whether the other side closed the connection before it sent anything."""
    return any(isinstance(each, (ConnectionResetError, BrokenPipeError)) for each in _causes(error))


def trouble_of(error: BaseException, endpoint: Endpoint, timeout_seconds: float) -> EngineError:
    """Return what an exception of the client libraries means."""
    chain = list(_causes(error))
    for cause in chain:
        if isinstance(cause, EngineError):
            return cause
    for cause in chain:
        found = _known(cause, endpoint, timeout_seconds)
        if found is not None:
            return found
    last = chain[-1]
    return EngineNotFound(
        f"The engine at {endpoint.url} cannot be reached",
        f"{type(last).__name__}: {last} (address from {endpoint.source}).",
        "Check the address.",
    )


def _known(cause: BaseException, endpoint: Endpoint, seconds: float) -> EngineError | None:
    if isinstance(cause, SshFailed):
        return _ssh(str(cause), endpoint)
    if isinstance(cause, ssl.SSLError):
        return _tls(cause, endpoint)
    if isinstance(cause, PermissionError):
        return EngineForbidden(
            f"You may not use {endpoint.url}",
            "The operating system denies access to the engine's socket.",
            "Run swarmtui with sudo, or join the docker group: sudo usermod -aG docker $USER",
        )
    if isinstance(cause, (socket.gaierror, urllib3_errors.NameResolutionError)):
        return EngineNotFound(
            f"The host of {endpoint.url} is not known",
            f"{cause} (address from {endpoint.source}).",
            "Check the name.",
        )
    return _by_kind(cause, endpoint, seconds)


def _by_kind(cause: BaseException, endpoint: Endpoint, seconds: float) -> EngineError | None:
    origin = f"address from {endpoint.source}"
    if isinstance(cause, FileNotFoundError):
        if endpoint.scheme == "ssh":
            return EngineNotFound("There is no ssh here", "ssh:// needs the ssh client.", "")
        return EngineNotFound(
            f"There is no engine at {endpoint.url}",
            f"The socket does not exist ({origin}).",
            "Start Docker (sudo systemctl start docker), or name another engine with --host.",
        )
    if isinstance(cause, ConnectionRefusedError):
        return EngineNotFound(
            f"Nothing listens at {endpoint.url}",
            f"The connection was refused ({origin}).",
            "Start Docker (sudo systemctl start docker), or name another engine with --host.",
        )
    if isinstance(cause, AnswerDrips):
        return drip_cut(seconds * OVERALL_SHARE)
    if isinstance(cause, (TimeoutError, requests.Timeout, urllib3_errors.TimeoutError)):
        return EngineTimedOut(
            "The engine does not answer in time",
            f"{endpoint.url} was given {seconds:g} seconds.",
            "Try again, or with a longer --timeout.",
        )
    return _cut_or_garbage(cause, endpoint)


def _cut_or_garbage(cause: BaseException, endpoint: Endpoint) -> EngineError | None:
    if isinstance(
        cause,
        (ConnectionError, http.client.IncompleteRead, urllib3_errors.InvalidChunkLength),
    ):
        in_the_clear = endpoint.scheme == "tcp" and endpoint.tls is None
        return EngineGarbled(
            "The engine hung up",
            f"{endpoint.url} closed the connection before its answer was complete.",
            f"It may be restarting: try again.{_WANTS_TLS if in_the_clear else ''}",
        )
    if isinstance(cause, http.client.HTTPException):
        return EngineGarbled(
            "This is no docker engine",
            f"{endpoint.url} does not answer in HTTP: {str(cause)[:100]!r}.",
            f"Check the address.{_WANTS_TLS}",
        )
    return None


def _tls(error: ssl.SSLError, endpoint: Endpoint) -> EngineTlsFailed:
    hint = "Check DOCKER_CERT_PATH, or the context's certificates."
    # Whether an engine's word that it wants a certificate arrives is a matter of luck in TLS 1.3.
    named = endpoint.tls is not None and endpoint.tls.cert and endpoint.tls.key
    if isinstance(error, ssl.SSLCertVerificationError):
        hint = "The certificate must be signed by ca.pem and name this host."
    elif any(words in str(error) for words in ("WRONG_VERSION_NUMBER", "RECORD_LAYER_FAILURE")):
        hint = "The engine does not speak TLS at this port: unset DOCKER_TLS_VERIFY."
    elif not named or any(words in str(error) for words in _WANTS_CERTIFICATE):
        hint = "The engine wants a certificate of yours: cert.pem and key.pem beside ca.pem."
    return EngineTlsFailed(f"TLS with {endpoint.url} failed", f"{error}.", hint)


def _ssh(words: str, endpoint: Endpoint) -> EngineError:
    told = f"It says: {words}"
    if "connect to the docker" in words.lower() and "permission denied" in words.lower():
        return EngineForbidden(
            f"You may not use the engine at {endpoint.url}",
            told,
            "Log in as a member of the docker group there: ssh://user@host",
        )
    if "Permission denied (" in words:
        return EngineForbidden(
            f"ssh to {endpoint.url} was not let in",
            told,
            "swarmtui never asks for passwords: load your key with ssh-add, or name the user.",
        )
    by_hand = endpoint.url.removeprefix("ssh://").partition("/")[0]
    return EngineNotFound(
        f"ssh to {endpoint.url} failed", told, f"Try: ssh ssh://{by_hand} docker version"
    )


def _message(body: bytes) -> str:
    try:
        text = msgspec.json.decode(body, type=_Message).message
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        text = body[: 4 * _MESSAGE_CHARACTERS].decode(errors="replace")
    return _RPC_PREFIX.sub("", text.strip())[:_MESSAGE_CHARACTERS]


def _causes(error: BaseException) -> Iterator[BaseException]:
    """Yield an exception and all that it wraps: causes, contexts, reasons and arguments."""
    waiting = [error]
    seen: set[int] = set()
    while waiting:
        each = waiting.pop(0)
        if id(each) in seen:
            continue
        seen.add(id(each))
        yield each
        inner = [each.__cause__, each.__context__, getattr(each, "reason", None), *each.args]
        waiting += [one for one in inner if isinstance(one, BaseException)]
