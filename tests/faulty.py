"""A proxy before an engine that answers some requests, or all of them, by a fault."""

from __future__ import annotations

import http.client
import re
import select
import socket
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from socketserver import BaseRequestHandler

from tests.faults import Exchange, Fault, serve, whole
from tests.swarm.proxy import Proxy

EVERYTHING = ""
INSPECTION = "/networks/"
PATHS = (
    *("/version", "/info", "/nodes", "/networks", "/services", "/tasks", "/configs"),
    *(INSPECTION, "/events"),
)
"""What a reader asks for; the fault of a path is that of all that begin with it."""

_HEAD_END = b"\r\n\r\n"
_HEAD_BYTES = 65536
_NEXT = {"/info": "/version", "/version": "/info", "/configs": "/nodes"}
_LISTS = ("/nodes", "/networks", "/services", "/tasks")
_EVENT = b'{"Type":"node","Action":"update"}\n'


class FaultyProxy(Proxy):
    """Passes requests on to an engine until a fault begins, and again once it is over.

    Args:
        engine: The engine's socket.
    """

    def __init__(self, engine: Path) -> None:
        super().__init__(engine, _Connection)
        self._fault: Fault | None = None
        self._path = EVERYTHING
        self._over = threading.Event()
        self._ended = threading.Event()
        self._streams: set[socket.socket] = set()
        self.faults = 0
        """How many requests were answered by a fault."""

        self.infos = 0
        """How many readings have begun whose first answer was the engine's own."""

    def __exit__(self, *_: object) -> None:
        self.end()
        self._ended.set()
        super().__exit__()

    def begin(self, fault: Fault, path: str = EVERYTHING) -> None:
        """Answer by a fault from now on; a stream of events that it concerns ends."""
        self._fault, self._path, self._over = fault, path, threading.Event()
        if path in (EVERYTHING, "/events"):
            for stream in list(self._streams):
                with suppress(OSError):
                    stream.shutdown(socket.SHUT_RDWR)

    def end(self) -> None:
        """Let the fault be over; who was answered by it keeps what it got."""
        self._fault = None
        self._over.set()

    @contextmanager
    def failing(self, fault: Fault, path: str = EVERYTHING) -> Iterator[None]:
        """Answer by a fault for a while."""
        self.begin(fault, path)
        try:
            yield
        finally:
            self.end()

    def fault_for(self, path: str) -> Fault | None:
        """Return the fault that answers a path, None where the engine does."""
        wanted = self._path
        hit = wanted in (EVERYTHING, path) or (wanted == INSPECTION and path.startswith(INSPECTION))
        return self._fault if hit else None

    def answer(self, client: socket.socket, target: str, path: str, fault: Fault) -> bool:
        """Answer a request by a fault; tell whether its connection is still of use."""
        self.faults += 1
        body = _EVENT if path == "/events" else self.ask(target)[1]
        exchange = Exchange(
            client, body, lambda: self.ask(self._other(target, path))[1], self._over, self._ended
        )
        return serve(fault, exchange)

    def ask(self, target: str) -> tuple[str, bytes]:
        """Return status and body of the engine's own answer."""
        with closing(_Engine(self.engine)) as engine:
            engine.request("GET", target)
            answer = engine.getresponse()
            return f"{answer.status} {answer.reason}", answer.read()

    def stream(self, client: socket.socket, target: str) -> None:
        """Pass the engine's events on until somebody hangs up."""
        with socket.socket(socket.AF_UNIX) as engine:
            engine.connect(str(self.engine))
            engine.sendall(f"GET {target} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
            self._streams.add(client)
            try:
                while True:
                    ready, _, _ = select.select([client, engine], [], [])
                    data = ready[0].recv(65536)
                    if not data or ready[0] is client:
                        return
                    client.sendall(data)
            finally:
                self._streams.discard(client)

    def _other(self, target: str, path: str) -> str:
        version = target.partition(path)[0]
        if path in _LISTS:
            return version + _LISTS[(_LISTS.index(path) + 1) % len(_LISTS)]
        if path.startswith(INSPECTION):
            return f"{version}/networks/ingress"
        if path == "/events":
            return f"{version}/info"
        return (version if path != "/version" else "") + _NEXT[path]


class _Connection(BaseRequestHandler):
    server: FaultyProxy

    def handle(self) -> None:
        with suppress(OSError, http.client.HTTPException):
            while (target := self._target()) is not None:
                path = re.sub(r"^/v[0-9.]+(?=/)|[?].*", "", target)
                fault = self.server.fault_for(path)
                if fault is not None:
                    if not self.server.answer(self.request, target, path, fault):
                        return
                    continue
                self.request.recv(1)
                if path == "/events":
                    self.server.stream(self.request, target)
                    return
                status, body = self.server.ask(target)
                self.request.sendall(whole(body, status))
                self.server.infos += path == "/info"

    def _target(self) -> str | None:
        """Read a request but for its last byte."""
        head = b""
        while _HEAD_END not in head:
            head = self.request.recv(_HEAD_BYTES, socket.MSG_PEEK)
            if not head:
                return None
        self.request.recv(head.index(_HEAD_END) + len(_HEAD_END) - 1)
        return head.split(b" ", 2)[1].decode()


class _Engine(http.client.HTTPConnection):
    def __init__(self, path: Path) -> None:
        super().__init__("localhost", timeout=30)
        self._path = path

    def connect(self) -> None:
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.settimeout(self.timeout)
        self.sock.connect(str(self._path))
