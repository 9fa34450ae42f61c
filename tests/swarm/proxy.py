"""A stand-in for an engine's socket that passes everything on and writes down what was asked."""

from __future__ import annotations

import re
import socket
import threading
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Self

_REQUEST = re.compile(rb"^([A-Z]+) (/\S*) HTTP/1\.[01]\r$", re.MULTILINE)


class Proxy:
    """Passes connections on to an engine.

    Args:
        engine: The engine's socket.
    """

    def __init__(self, engine: Path) -> None:
        self._engine = engine
        self._folder = TemporaryDirectory(prefix="proxy-")
        self._path = Path(self._folder.name) / "p.sock"
        self._listener = socket.socket(socket.AF_UNIX)
        self._sent: list[bytearray] = []

    def __enter__(self) -> Self:
        self._listener.bind(str(self._path))
        self._listener.listen()
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._folder.cleanup()

    @property
    def url(self) -> str:
        """Return its address."""
        return f"unix://{self._path}"

    @property
    def asked(self) -> list[str]:
        """Return every request, as `GET /path`, whatever its version prefix and query."""
        found = (match for sent in list(self._sent) for match in _REQUEST.findall(bytes(sent)))
        return [
            f"{method.decode()} {re.sub(r'^/v[0-9.]+|[?].*', '', path.decode())}"
            for method, path in found
        ]

    @property
    def methods(self) -> set[str]:
        """Return the methods of all requests."""
        return {each.partition(" ")[0] for each in self.asked}

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._listener.accept()
                engine = socket.socket(socket.AF_UNIX)
                engine.connect(str(self._engine))
            except OSError:
                return
            sent = bytearray()
            self._sent.append(sent)
            for source, target, kept in ((client, engine, sent), (engine, client, bytearray())):
                threading.Thread(target=_pass_on, args=(source, target, kept), daemon=True).start()


def _pass_on(source: socket.socket, target: socket.socket, kept: bytearray) -> None:
    with suppress(OSError):
        while data := source.recv(65536):
            kept += data
            target.sendall(data)
        target.shutdown(socket.SHUT_WR)
