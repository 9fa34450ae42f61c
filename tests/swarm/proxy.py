"""A stand-in for an engine's socket that passes everything on and writes down what was asked."""

from __future__ import annotations

import re
import select
import socket
import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from socketserver import BaseRequestHandler, ThreadingMixIn, UnixStreamServer
from tempfile import TemporaryDirectory
from typing import Self

_REQUEST = re.compile(rb"^([A-Z]+) (/\S*) HTTP/1\.[01]\r$", re.MULTILINE)


class Proxy(ThreadingMixIn, UnixStreamServer):
    """Passes connections on to an engine.

    Args:
        engine: The engine's socket.
        connection: Serves one connection.
    """

    daemon_threads = True

    def __init__(
        self, engine: Path, connection: Callable[..., BaseRequestHandler] | None = None
    ) -> None:
        self.engine = engine
        self.sent: list[bytearray] = []
        self._folder = TemporaryDirectory(prefix="proxy-")
        self.path = Path(self._folder.name) / "p.sock"
        super().__init__(str(self.path), connection or _Connection)

    def __enter__(self) -> Self:
        threading.Thread(target=self.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self.shutdown()
        self.server_close()
        self._folder.cleanup()

    @property
    def url(self) -> str:
        """Return its address."""
        return f"unix://{self.path}"

    @property
    def asked(self) -> list[str]:
        """Return every request as `GET /path`, without version prefix and query."""
        found = (match for sent in list(self.sent) for match in _REQUEST.findall(bytes(sent)))
        return [
            f"{method.decode()} {re.sub(r'^/v[0-9.]+|[?].*', '', path.decode())}"
            for method, path in found
        ]

    @property
    def methods(self) -> set[str]:
        """Return the methods of all requests."""
        return {each.partition(" ")[0] for each in self.asked}


class _Connection(BaseRequestHandler):
    server: Proxy

    def handle(self) -> None:
        sent = bytearray()
        self.server.sent.append(sent)
        with socket.socket(socket.AF_UNIX) as engine, suppress(OSError):
            engine.connect(str(self.server.engine))
            other = {self.request: engine, engine: self.request}
            while True:
                for ready in select.select(list(other), [], [])[0]:
                    data = ready.recv(65536)
                    if not data:
                        return
                    if ready is self.request:
                        sent += data
                    other[ready].sendall(data)
