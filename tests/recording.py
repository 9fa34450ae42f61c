"""An engine that writes down every request and answers from a table."""

from __future__ import annotations

import json
import re
import socket
import ssl
import tempfile
import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Self

Script = Callable[[socket.socket, threading.Event], None]
"""Does with a connection what it likes; the event is set when the engine stops."""

Answer = bytes | Script
"""A whole HTTP response, or a script."""

_VERSION_PREFIX = re.compile(r"^/v[0-9.]+(?=/)")


@dataclass(frozen=True, slots=True)
class Request:
    """What arrived: the connection counts from 1, in the order of their opening."""

    method: str
    target: str
    headers: Mapping[str, str]
    connection: int

    @property
    def path(self) -> str:
        """Return the path without version prefix and query."""
        return _VERSION_PREFIX.sub("", self.target.partition("?")[0])


def reply(body: object, status: int = 200, *, headers: str = "") -> bytes:
    """Return a whole HTTP response; anything but bytes is sent as JSON."""
    payload = body if isinstance(body, bytes) else json.dumps(body).encode()
    head = f"HTTP/1.1 {status} Word\r\nContent-Length: {len(payload)}\r\n{headers}\r\n"
    return head.encode() + payload


_BAD_REQUEST = b"HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n400 Bad Request"
_GREETINGS: Mapping[str, Answer] = {
    "/_ping": reply(b"OK"),
    "/version": reply({"ApiVersion": "1.44", "MinAPIVersion": "1.24"}),
}


class RecordingEngine:
    """Listens on a unix socket, or on a TCP port of this machine, and answers from a table.

    Args:
        answers: By path without version prefix; `/_ping` and `/version` are known, everything else
            that is not listed is answered with 404.
        tcp: Listen on a free port of 127.0.0.1.
        tls: Secure the TCP connections.
    """

    def __init__(
        self,
        answers: Mapping[str, Answer] | None = None,
        *,
        tcp: bool = False,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self.answers: dict[str, Answer] = {**_GREETINGS, **(answers or {})}
        self.requests: list[Request] = []
        self._tls = tls
        self._stopping = threading.Event()
        self._open: list[socket.socket] = []
        self._threads: list[threading.Thread] = []
        self._folder = tempfile.TemporaryDirectory(prefix="recording-")
        if tcp or tls:
            self._listener = socket.create_server(("127.0.0.1", 0))
            self.port: int = self._listener.getsockname()[1]
            self.url = f"tcp://127.0.0.1:{self.port}"
        else:
            self.path = Path(self._folder.name) / "docker.sock"
            self._listener = socket.socket(socket.AF_UNIX)
            self._listener.bind(str(self.path))
            self._listener.listen()
            self.url = f"unix://{self.path}"

    def __enter__(self) -> Self:
        self._start(self._accept)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    @property
    def connections(self) -> int:
        """Return how many connections were opened."""
        return len(self._open)

    @property
    def asked(self) -> list[str]:
        """Return what was asked for, as `GET /path`, without version prefix and query."""
        return [f"{request.method} {request.path}" for request in self.requests]

    def hang_up(self) -> None:
        """Close every connection that is open now, as an engine that restarts."""
        for each in self._open:
            with suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)
        self.wait_until_idle()

    def wait_until_idle(self) -> None:
        """Wait until no connection is open any more."""
        for thread in self._threads[1:]:
            thread.join(5)
            assert not thread.is_alive()

    def stop(self) -> None:
        """Close everything and wait for the threads."""
        self._stopping.set()
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._threads[0].join()
        self.hang_up()
        self._folder.cleanup()

    def _start(self, work: Callable[..., None], *arguments: object) -> None:
        thread = threading.Thread(target=work, args=arguments, daemon=True)
        self._threads.append(thread)
        thread.start()

    def _accept(self) -> None:
        while not self._stopping.is_set():
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            self._open.append(connection)
            self._start(self._serve, connection, len(self._open))

    def _serve(self, connection: socket.socket, number: int) -> None:
        with suppress(OSError):
            if self._tls is not None:
                connection.settimeout(5)
                connection = self._tls.wrap_socket(connection, server_side=True)
                self._open[number - 1] = connection
                connection.settimeout(None)
            with connection.makefile("rb") as stream:
                while not self._stopping.is_set():
                    request = _request(stream, number)
                    if request is None:
                        connection.sendall(_BAD_REQUEST)
                        break
                    self.requests.append(request)
                    self._answer(request, connection)
        connection.close()

    def _answer(self, request: Request, connection: socket.socket) -> None:
        found = self.answers.get(request.path)
        if found is None:
            found = reply({"message": f"page not found: {request.path}"}, 404)
        if isinstance(found, bytes):
            head, _, body = found.partition(b"\r\n\r\n")
            connection.sendall(head + b"\r\n\r\n" + (b"" if request.method == "HEAD" else body))
        else:
            found(connection, self._stopping)


def _request(stream: BinaryIO, number: int) -> Request | None:
    """Read one request; None at the end of the stream and for what is no request."""
    first = stream.read(1)
    if not first.isalpha():  # TLS, whose greeting may hold no line break to wait for
        return None
    words = (first + stream.readline(4096)).decode(errors="replace").split(" ")
    if len(words) != 3:
        return None
    headers: dict[str, str] = {}
    while line := stream.readline().strip().decode(errors="replace"):
        name, _, value = line.partition(":")
        headers[name.lower()] = value.strip()
    stream.read(int(headers.get("content-length", "0")))
    return Request(words[0], words[1], headers, number)
