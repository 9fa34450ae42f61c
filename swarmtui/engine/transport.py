"""The only way out of the explorer: reads on a list of paths, and nothing else."""

from __future__ import annotations

import re
import socket
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from functools import lru_cache
from http.client import HTTPException, IncompleteRead
from io import BytesIO
from selectors import EVENT_READ, DefaultSelector
from typing import Any, Protocol
from urllib.parse import urlsplit

import docker
import requests
from docker.auth import AuthConfig
from docker.utils.proxy import ProxyConfig
from requests.adapters import BaseAdapter
from urllib3.exceptions import HTTPError

from swarmtui import __version__
from swarmtui.engine.connection import Endpoint
from swarmtui.engine.decode import decode_object
from swarmtui.engine.dial import OVERALL_SHARE, Dial, DialledConnection, tcp_dial, unix_dial
from swarmtui.engine.guard import Guard
from swarmtui.engine.pipeline import Answer, PipeliningAdapter
from swarmtui.engine.shapes import Shape
from swarmtui.engine.ssh import ssh_dial
from swarmtui.engine.troubles import (
    answered,
    body_too_large,
    drip_cut,
    hung_up,
    tls_files,
    too_old,
    trouble_of,
)
from swarmtui.engine.wave import Ask, Outcome
from swarmtui.errors import EngineError, RequestRefused, SwarmtuiError

OLDEST_API = (1, 40)
LIST_LIMIT_BYTES = 512 << 20
BODY_LIMIT_BYTES = 64 << 20
"""For what is no list: the largest is a network with all that gossip tells of it."""

_OLDEST = ".".join(map(str, OLDEST_API))
_VERSION = re.compile(r"([0-9]{1,4})\.([0-9]{1,4})")
_LISTS = ("/networks", "/nodes", "/services", "/tasks")
_CHUNK_BYTES = 1 << 20
_KEPT_REQUESTS = 256
_Params = tuple[tuple[str, str], ...]
TROUBLES = (requests.RequestException, HTTPError, HTTPException, OSError, ValueError)


class Readable(Protocol):
    """A body that arrives."""

    def read1(self, amt: int, /) -> bytes:
        """Return what is there, nothing at the end."""


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
        # Not the SDK's own constructor: it reads the registries' credentials, follows proxies, and
        # chooses adapters that are never used here.
        requests.Session.__init__(self)
        self.trust_env = False
        self.headers["User-Agent"] = f"swarmtui/{__version__}"
        self.headers["Accept-Encoding"] = "identity"
        self._general_configs: dict[str, Any] = {}
        self._proxy_configs = ProxyConfig()
        self._auth_configs = AuthConfig({})
        self.credstore_env = None
        self.endpoint = endpoint
        self.timeout = timeout_seconds  # type: ignore[assignment]
        tcp = urlsplit(endpoint.url) if endpoint.scheme == "tcp" else None
        self.base_url = f"http+docker://localhost{tcp.path if tcp else ''}"
        host = tcp.netloc if tcp else "localhost"
        inner = PipeliningAdapter(_dial_of(endpoint), host, timeout_seconds)
        self._custom_adapter = self._guarded(inner)
        self._version = _OLDEST
        self._lists: dict[str, bytes] = {}
        # Most are the same in each pass.
        self._prepared = lru_cache(_KEPT_REQUESTS)(self._prepare)
        try:
            self._version = self._negotiate()
        except EngineError:
            self.close()
            raise

    def _guarded(self, inner: PipeliningAdapter) -> Guard:
        return Guard(inner, self.base_url)

    def get_adapter(self, url: str | bytes) -> BaseAdapter:
        """Return the guarded adapter, whatever the URL."""
        return self._custom_adapter

    def close(self) -> None:
        """Close every connection."""
        super().close()
        self._custom_adapter.close()

    def fetch(self, path: str, params: Mapping[str, str]) -> bytes:
        """Return the body of a successful GET.

        Args:
            path: Of the Engine API, without version prefix.
            params: The query.

        Raises:
            EngineError: Anything but success; see `troubles`.
            RequestRefused: The path is not one that may be read.
        """
        return self._get_body(f"/v{self.api_version}{path}", params)

    def fetch_all(self, asks: Sequence[Ask]) -> Iterator[Outcome]:
        """Send several reads together, and yield the bodies, or what is in their place, in order.

        Args:
            asks: Paths without version prefix, and queries.

        Yields:
            An error as `fetch` raises it, where there is no body.
        """
        prepared = [self._prepared(path, tuple(params.items())) for path, params in asks]
        with closing(self._custom_adapter.pipeline(prepared)) as answers:
            for (path, _), answer in zip(asks, answers, strict=True):
                try:
                    yield self._body_of(answer, path)
                except SwarmtuiError as error:
                    yield error
                except TROUBLES as error:
                    yield trouble_of(error, self.endpoint, self.timeout)

    def open_events(self) -> EventStream:
        """Open the engine's stream of changes of networks, services and nodes.

        Raises:
            EngineError: The engine does not open it.
        """
        params = {"filters": '{"type":["network","service","node"]}'}
        path = f"/v{self.api_version}/events"
        try:
            response = self._send(path, params)
            if response.status_code != 200:
                with response:
                    raise answered(response.status_code, self.read_body(response.raw), path)
            return EventStream(response)
        except TROUBLES as error:
            raise trouble_of(error, self.endpoint, self.timeout) from error

    def _negotiate(self) -> str:
        body = self._get_body("/version", {})
        version = decode_object(body, VersionShape, "Answer to /version").api_version or ""
        numbers = _VERSION.fullmatch(version)
        if numbers is None or tuple(map(int, numbers.groups())) < OLDEST_API:
            raise too_old(version, OLDEST_API)
        return version

    def _get_body(self, path: str, params: Mapping[str, str]) -> bytes:
        try:
            with self._send(path, params) as response:
                body = self.read_body(response.raw, _limit_bytes(path))
        except TROUBLES as error:
            raise trouble_of(error, self.endpoint, self.timeout) from error
        if response.status_code != 200:
            raise answered(response.status_code, body, path)
        return body

    def _prepare(self, path: str, params: _Params) -> requests.PreparedRequest:
        url = f"{self.base_url}/v{self.api_version}{path}"
        return self.prepare_request(requests.Request("GET", url, params=dict(params)))

    def _body_of(self, answer: Answer | RequestRefused, path: str) -> bytes:
        if isinstance(answer, Exception):
            raise answer
        body = self.read_body(answer, _limit_bytes(path), self._lists.get(path, b""))
        if answer.length:
            raise IncompleteRead(body)
        if answer.status != 200:
            raise answered(answer.status, body, path)
        if path in _LISTS:
            self._lists[path] = body
        return body

    def _send(self, path: str, params: Mapping[str, str]) -> requests.Response:
        try:
            return self._get_once(path, params)
        except requests.ConnectionError as error:
            # Who closes a connection that was kept may do so just as it is used again.
            if not hung_up(error):
                raise
            return self._get_once(path, params)

    def _get_once(self, path: str, params: Mapping[str, str]) -> requests.Response:
        return self.get(
            self.base_url + path,
            params=params,
            stream=True,
            allow_redirects=False,
            timeout=self.timeout,
        )

    def read_body(
        self, body: Readable, limit_bytes: int = BODY_LIMIT_BYTES, before: bytes = b""
    ) -> bytes:
        """Return a whole body, which may neither be endless nor drip for ever.

        Args:
            body: What arrives.
            limit_bytes: It may not be longer.
            before: What it was the last time; the very same where nothing has changed, so that
                it is neither held twice nor looked through again.
        """
        deadline = time.monotonic() + self.timeout * OVERALL_SHARE
        same = 0
        # Unlike chunks that are joined, it never holds the body twice.
        read: BytesIO | None = None
        while chunk := body.read1(_CHUNK_BYTES):
            if time.monotonic() > deadline:
                raise drip_cut(self.timeout * OVERALL_SHARE)
            if read is None and before.startswith(chunk, same):
                same += len(chunk)
                continue
            if read is None:
                read = BytesIO()
                read.write(memoryview(before)[:same])
            read.write(chunk)
            if read.tell() > limit_bytes:
                raise body_too_large(limit_bytes)
        if read is not None:
            return read.getvalue()
        return before if same == len(before) else before[:same]


class EventStream:
    """The engine's events as wake-ups; what they say is read anyway."""

    def __init__(self, response: requests.Response) -> None:
        self._response = response
        connection = response.raw.connection
        if isinstance(connection, DialledConnection):
            connection.answer_without_end()
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


def _limit_bytes(path: str) -> int:
    return LIST_LIMIT_BYTES if path.endswith(_LISTS) else BODY_LIMIT_BYTES


def _dial_of(endpoint: Endpoint) -> Dial:
    if endpoint.scheme == "unix":
        return unix_dial(endpoint.url.removeprefix("unix://"))
    if endpoint.scheme == "ssh":
        return ssh_dial(endpoint.url)
    try:
        return tcp_dial(endpoint.url, endpoint.tls)
    except OSError as error:
        raise tls_files(error) from error
