"""The only way out of the explorer: reads on a list of paths, and nothing else."""

from __future__ import annotations

import re
import socket
import time
from collections.abc import Callable, Mapping
from selectors import EVENT_READ, DefaultSelector
from typing import Any
from urllib.parse import urlsplit

import docker
import requests
from docker.tls import TLSConfig
from requests.adapters import BaseAdapter
from urllib3.exceptions import HTTPError

from swarmtui.engine.connection import Endpoint
from swarmtui.engine.decode import decode_object
from swarmtui.engine.dial import Dial, DialledAdapter, ssh_dial, unix_dial
from swarmtui.engine.shapes import Shape
from swarmtui.engine.troubles import answered, body_too_large, drip_cut, too_old, trouble_of
from swarmtui.errors import EngineError, EngineTlsFailed, RequestRefused

OLDEST_API = (1, 40)
BODY_LIMIT_BYTES = 512 << 20
OVERALL_SHARE = 4
"""A whole answer may take this many times as long as one wait for its next bytes."""

_CHUNK_BYTES = 1 << 20
_NAME = r"[A-Za-z0-9][A-Za-z0-9_.-]*"
_READABLE = re.compile(
    r"(?:/v[0-9]+\.[0-9]+)?/(?:"
    r"_ping|version|info|events|containers/json"
    rf"|(?:nodes|networks|services|tasks)(?:/{_NAME})?"
    r")\Z"
)


class VersionShape(Shape):
    """What an engine says about itself before anything is agreed."""

    api_version: str | None = None


class ReadOnlyClient(docker.APIClient):
    """A docker client that cannot write, whatever method of it is called.

    Every request of the session passes `get_adapter`, so the guard stands there: also before
    adapters that somebody mounts later.

    Args:
        endpoint: The engine's address.
        timeout_seconds: Longest wait for the next bytes of an answer.

    Raises:
        EngineError: The engine cannot be reached, or is too old.
    """

    def __init__(self, endpoint: Endpoint, *, timeout_seconds: float) -> None:
        dial = _dial_of(endpoint)
        self._dialled = DialledAdapter(dial, timeout_seconds) if dial else None
        self.endpoint = endpoint
        try:
            super().__init__(
                # The SDK would import paramiko for ssh://; a dialled client never uses this path.
                base_url="unix:///dialled" if dial else endpoint.url,
                version=".".join(map(str, OLDEST_API)),
                timeout=timeout_seconds,  # type: ignore[arg-type]
                tls=_tls_of(endpoint),
            )
        except docker.errors.DockerException as error:
            raise trouble_of(error, endpoint, timeout_seconds) from error
        self.trust_env = False
        try:
            self._version = self._negotiate()
        except EngineError:
            self.close()
            raise

    def get_adapter(self, url: str | bytes) -> BaseAdapter:
        """Return the adapter for a URL, behind the guard."""
        return _Guard(self._dialled or super().get_adapter(str(url)), self.base_url)

    def close(self) -> None:
        """Close every connection."""
        super().close()
        if self._dialled is not None:
            self._dialled.close()

    def fetch(self, path: str, params: Mapping[str, str]) -> bytes:
        """Return the body of a successful GET.

        Args:
            path: Of the Engine API, without version prefix.
            params: The query.

        Raises:
            EngineError: Anything but success; see `troubles`.
            RequestRefused: The path is not one that may be read.
        """
        return self._get_body(f"{self.base_url}/v{self.api_version}{path}", params)

    def open_events(self) -> EventStream:
        """Open the engine's stream of changes of networks, services and nodes.

        Raises:
            EngineError: The engine does not open it.
        """
        url = f"{self.base_url}/v{self.api_version}/events"
        params = {"filters": '{"type":["network","service","node"]}'}
        try:
            response = self.get(
                url,
                params=params,
                stream=True,
                allow_redirects=False,
                timeout=self.timeout,
            )
        except (requests.RequestException, HTTPError, OSError) as error:
            raise trouble_of(error, self.endpoint, self.timeout) from error
        if response.status_code != 200:
            response.close()
            raise answered(response.status_code, b"", "/events")
        return EventStream(response)

    def _negotiate(self) -> str:
        body = self._get_body(f"{self.base_url}/version", {})
        version = decode_object(body, VersionShape, "Answer to /version").api_version or ""
        if tuple(int(part) for part in re.findall(r"[0-9]+", version)) < OLDEST_API:
            raise too_old(version, OLDEST_API)
        return version

    def _get_body(self, url: str, params: Mapping[str, str]) -> bytes:
        try:
            response = self.get(
                url,
                params=params,
                stream=True,
                allow_redirects=False,
                timeout=self.timeout,
                headers={"Accept-Encoding": "identity"},
            )
            with response:
                body = self._read(response, time.monotonic)
        except (requests.RequestException, HTTPError, OSError, ValueError) as error:
            raise trouble_of(error, self.endpoint, self.timeout) from error
        if response.status_code != 200:
            raise answered(response.status_code, body, urlsplit(url).path)
        return body

    def _read(self, response: requests.Response, monotonic: Callable[[], float]) -> bytes:
        deadline = monotonic() + self.timeout * OVERALL_SHARE
        chunks: list[bytes] = []
        size = 0
        while chunk := response.raw.read1(_CHUNK_BYTES):
            chunks.append(chunk)
            size += len(chunk)
            if size > BODY_LIMIT_BYTES:
                raise body_too_large(BODY_LIMIT_BYTES)
            if monotonic() > deadline:
                raise drip_cut(self.timeout * OVERALL_SHARE)
        return chunks[0] if len(chunks) == 1 else b"".join(chunks)


class EventStream:
    """The engine's events as wake-ups; what they say is read anyway."""

    def __init__(self, response: requests.Response) -> None:
        self._response = response
        self._waker, self._wake = socket.socketpair()
        self._selector = DefaultSelector()
        self._selector.register(response.raw.fileno(), EVENT_READ)
        self._selector.register(self._wake, EVENT_READ, data="closed")

    def wait(self) -> bool:
        """Block until an event arrives; False when the stream has ended."""
        try:
            ready = self._selector.select()
            if any(key.data == "closed" for key, _ in ready):
                return False
            return bool(self._response.raw.read1(_CHUNK_BYTES))
        except (HTTPError, OSError, ValueError):
            return False

    def close(self) -> None:
        """End the stream; may be called from another thread, which alone wakes the waiting one."""
        try:
            self._waker.send(b"x")
        except OSError:
            return  # released before

    def release(self) -> None:
        """Free what the stream holds, in the thread that waited."""
        self._selector.close()
        self._waker.close()
        self._wake.close()
        self._response.close()


class _Guard(BaseAdapter):
    """Lets reads pass and raises for everything else before a byte is sent."""

    def __init__(self, inner: BaseAdapter, base_url: str) -> None:
        super().__init__()
        self._inner = inner
        self._origin = urlsplit(base_url)[:2]

    def send(self, request: requests.PreparedRequest, *arguments: Any, **named: Any) -> Any:
        """Send a request that may pass.

        Raises:
            RequestRefused: It may not.
        """
        parts = urlsplit(request.url or "")
        if request.method not in ("GET", "HEAD") or request.body or _upgrades(request):
            raise _refused(request, "it is no plain read")
        if parts[:2] != self._origin:
            raise _refused(request, "it goes to another host")
        if not _READABLE.match(parts.path):
            raise _refused(request, "its path is not on the list")
        return self._inner.send(request, *arguments, **named)

    def close(self) -> None:
        """Close the guarded adapter."""
        self._inner.close()


def _upgrades(request: requests.PreparedRequest) -> bool:
    return any(name.lower() == "upgrade" for name in request.headers)


def _refused(request: requests.PreparedRequest, why: str) -> RequestRefused:
    return RequestRefused(
        f"swarmtui does not send {request.method} {urlsplit(request.url or '').path}",
        f"The explorer only reads, and {why}.",
    )


def _dial_of(endpoint: Endpoint) -> Dial | None:
    if endpoint.scheme == "unix":
        return unix_dial(endpoint.url.removeprefix("unix://"))
    if endpoint.scheme == "ssh":
        return ssh_dial(endpoint.url)
    return None


def _tls_of(endpoint: Endpoint) -> TLSConfig | bool:
    tls = endpoint.tls
    if tls is None:
        return False
    if bool(tls.cert) != bool(tls.key):
        raise EngineTlsFailed(
            "TLS needs both a certificate and its key",
            f"Only {tls.cert or tls.key} was found.",
            "Put cert.pem and key.pem into the same folder.",
        )
    pair = (tls.cert, tls.key) if tls.cert else None
    return TLSConfig(client_cert=pair, ca_cert=tls.ca or None, verify=tls.verify)
