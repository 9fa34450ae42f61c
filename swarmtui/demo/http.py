"""Calls of the Engine API on one connection: HTTP/1.1, kept alive."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler
from typing import Any, Protocol
from urllib.parse import parse_qsl, unquote, urlsplit

from swarmtui.demo.calls import Call, encode
from swarmtui.demo.refusals import Refusal
from swarmtui.demo.release import Release


class Engine(Protocol):
    """Who answers the calls."""

    @property
    def release(self) -> Release:
        """Return which engine it pretends to be."""

    @property
    def swarm_header(self) -> str:
        """Return the node's standing as `/_ping` tells it."""

    def understand(self, call: Call) -> Call:
        """Return a call with its API version; raises Refusal."""

    def answer(self, call: Call) -> tuple[int, bytes]:
        """Return status and body; raises Refusal."""

    def listen(self, call: Call) -> Iterator[bytes]:
        """Return the lines of the event stream, empty ones at a pause; raises Refusal."""


def serve_connection(engine: Engine, connection: socket.socket) -> None:
    """Answer what comes on a connection until the other side closes it."""
    try:
        _Conversation(engine, connection)
    except ConnectionError:
        return


class _Conversation(BaseHTTPRequestHandler):
    """The standard library's HTTP parser, with the Engine API behind it."""

    protocol_version = "HTTP/1.1"

    def __init__(self, engine: Engine, connection: socket.socket) -> None:
        self._engine = engine
        super().__init__(connection, ("", 0), None)  # type: ignore[arg-type]

    def do_GET(self) -> None:
        self._serve()

    do_HEAD = do_POST = do_DELETE = do_PUT = do_GET  # noqa: N815

    def version_string(self) -> str:
        return f"Docker/{self._engine.release.version} (linux)"

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
        """Say nothing: the terminal belongs to somebody else."""

    def _serve(self) -> None:
        parts = urlsplit(self.path)
        length = self.headers.get("Content-Length") or "0"
        if not length.isdecimal():
            self.close_connection = True
            self._send(400, encode({"message": "malformed Content-Length"}))
            return
        call = Call(
            self.command,
            unquote(parts.path),
            "",
            dict(parse_qsl(parts.query, keep_blank_values=True)),
            self.rfile.read(int(length)),
        )
        try:
            call = self._engine.understand(call)
            if call.path == "/_ping" and call.method in ("GET", "HEAD"):
                self._ping()
            elif call.path == "/events" and call.method == "GET":
                self._stream(self._engine.listen(call))
            else:
                self._send(*self._engine.answer(call))
        except Refusal as refusal:
            self._send(refusal.status, encode({"message": refusal.message}))

    def _ping(self) -> None:
        self.send_response(200)
        self._send_engine_headers()
        self.send_header("Builder-Version", "2")
        self.send_header("Cache-Control", "no-cache, no-store, must-revalidate")
        self.send_header("Pragma", "no-cache")
        self.send_header("Swarm", self._engine.swarm_header)
        self.send_header("Content-Type", "text/plain; charset=utf-8")
        self.send_header("Content-Length", "2" if self.command == "GET" else "0")
        self.end_headers()
        if self.command == "GET":
            self.wfile.write(b"OK")

    def _send(self, status: int, body: bytes) -> None:
        self.send_response(status)
        self._send_engine_headers()
        if status not in (204, 304):
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def _stream(self, lines: Iterator[bytes]) -> None:
        self.send_response(200)
        self._send_engine_headers()
        self.send_header("Content-Type", "application/json")
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        for line in lines:
            if line:
                self.wfile.write(b"%x\r\n%s\r\n" % (len(line), line))
            elif self._is_gone():
                return
        self.wfile.write(b"0\r\n\r\n")

    def _is_gone(self) -> bool:
        """Tell whether the other side has closed the connection."""
        try:
            return not self.connection.recv(1, socket.MSG_PEEK | socket.MSG_DONTWAIT)
        except BlockingIOError:
            return False

    def _send_engine_headers(self) -> None:
        self.send_header("Api-Version", self._engine.release.api)
        self.send_header("Docker-Experimental", "false")
        self.send_header("Ostype", "linux")
