"""Faults of the way to an engine: what comes instead of the answer to a request."""

from __future__ import annotations

import json
import select
import socket
import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

DRIP_SECONDS = 0.02
_OK = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
_CHUNKED = _OK + b"Transfer-Encoding: chunked\r\n\r\n"


class HungUp(Exception):
    """The fault has ended the connection."""


@dataclass(frozen=True, slots=True)
class Exchange:
    """A request that a fault answers.

    Attributes:
        client: Where the answer goes; the last byte of the request is still unread.
        body: What the engine would have answered.
        other: Asks it for what it answers to another request.
        over: Set when the fault has passed.
        ended: Set when the proxy ends.
    """

    client: socket.socket
    body: bytes
    other: Callable[[], bytes]
    over: threading.Event
    ended: threading.Event

    def send(self, *parts: bytes) -> None:
        """Send some bytes as they are."""
        for part in parts:
            self.client.sendall(part)

    def reply(self, body: bytes, status: str = "200 OK", *headers: str) -> None:
        """Send a whole answer as an engine does."""
        self.send(whole(body, status, *headers))

    def hang_up(self, *parts: bytes) -> None:
        """Send some bytes, then close the connection in good order."""
        self.client.recv(1)
        self.send(*parts)
        raise HungUp

    def keep_quiet(self, *parts: bytes) -> None:
        """Send some bytes, and then nothing until the other side has had enough."""
        self.send(*parts)
        gone = select.poll()
        gone.register(self.client, select.POLLRDHUP)
        while not self.ended.is_set() and not gone.poll(50):
            pass
        raise HungUp

    def drip(self, head: bytes, drop: bytes) -> None:
        """Send a drop again and again after some bytes, until the other side has had enough."""
        self.send(head)
        while not self.ended.wait(DRIP_SECONDS):
            self.send(drop)
        raise HungUp

    def flood(self, head: bytes, piece: bytes) -> None:
        """Send a piece again and again after some bytes, as fast as it is taken."""
        self.send(head)
        while not self.ended.is_set():
            self.send(piece)
        raise HungUp


Fault = Callable[[Exchange], None]


def whole(body: bytes, status: str = "200 OK", *headers: str) -> bytes:
    """Return an answer as an engine sends it."""
    lines = (f"HTTP/1.1 {status}", *headers, f"Content-Length: {len(body)}", "", "")
    return "\r\n".join(lines).encode() + body


def _half(body: bytes) -> bytes:
    return body[: len(body) // 2]


def _head(length: int) -> bytes:
    return _OK + b"Content-Length: %d\r\n\r\n" % length


def _reset(exchange: Exchange) -> None:
    exchange.send(_head(len(exchange.body)), _half(exchange.body))
    # Closing with a byte unread is a reset for the other side.
    raise HungUp


def _stall(exchange: Exchange) -> None:
    exchange.over.wait()
    exchange.reply(exchange.body)


def _half_closed(exchange: Exchange) -> None:
    exchange.send(_head(len(exchange.body)), _half(exchange.body))
    exchange.client.shutdown(socket.SHUT_WR)
    exchange.keep_quiet()


def _deaf(exchange: Exchange) -> None:
    exchange.reply(exchange.body)
    exchange.client.shutdown(socket.SHUT_RD)
    exchange.ended.wait(DRIP_SECONDS)
    raise HungUp


def _mistyped(value: Any) -> Any:
    """Return JSON with a number in the place of each text."""
    if isinstance(value, dict):
        return {key: _mistyped(each) for key, each in value.items()}
    if isinstance(value, list):
        return [_mistyped(each) for each in value]
    return 7 if isinstance(value, str) else value


def _turned(body: bytes) -> bytes:
    """Return an object where a list is expected, and the other way round."""
    value = json.loads(body)
    return json.dumps({"a": value} if isinstance(value, list) else [value]).encode()


FAULTS: Mapping[str, Fault] = {
    "cut before the answer": lambda each: each.hang_up(),
    "cut in the status line": lambda each: each.hang_up(b"HTTP/1.1 2"),
    "cut in the head": lambda each: each.hang_up(b"HTTP/1.1 200 OK\r\nContent-Le"),
    "cut in the body": lambda each: each.hang_up(_head(len(each.body)), _half(each.body)),
    "reset in the body": _reset,
    "stall": _stall,
    "dead": lambda each: each.keep_quiet(),
    "stall in the body": lambda each: each.keep_quiet(_head(len(each.body)), _half(each.body)),
    "half-closed": _half_closed,
    "garbage for a status line": lambda each: each.hang_up(bytes(range(128, 256)) + b"\r\n\r\n"),
    "another protocol": lambda each: each.hang_up(b"SSH-2.0-OpenSSH_9.2\r\n"),
    "HTTP/0.9": lambda each: each.hang_up(each.body),
    "garbage for JSON": lambda each: each.reply(b"<html>\xff\xfe"),
    "half of the JSON": lambda each: each.reply(_half(each.body)),
    "nothing for JSON": lambda each: each.reply(b""),
    "null": lambda each: each.reply(b"null"),
    "numbers for texts": lambda each: each.reply(
        json.dumps(_mistyped(json.loads(each.body))).encode()
    ),
    "list for object": lambda each: each.reply(_turned(each.body)),
    "nesting without end": lambda each: each.reply(b'[{"a":' * 50_000),
    "the answer to another request": lambda each: each.reply(each.other()),
    "500": lambda each: each.reply(b'{"message":"rpc error: code = Unknown desc = oh"}', "500 Oh"),
    "500 at length": lambda each: each.reply(b'{"message":"%s"}' % (b"x" * 999_999), "500 Oh"),
    "503": lambda each: each.reply(b"<h1>no server is available</h1>", "503 Service Unavailable"),
    "no content": lambda each: each.send(b"HTTP/1.1 204 No Content\r\n\r\n"),
    "redirect": lambda each: each.reply(b"", "302 Found", "Location: http://127.0.0.1:9/info"),
    "length too long": lambda each: each.hang_up(_head(len(each.body) + 9), each.body),
    "length too short": lambda each: each.send(_head(len(each.body) - 9), each.body),
    "length that is no number": lambda each: each.hang_up(
        _OK + b"Content-Length: many\r\n\r\n", _half(each.body)
    ),
    "body without end": lambda each: each.flood(_head(1 << 50), b" " * 65536),
    "chunks without end": lambda each: each.flood(_CHUNKED, b"10000\r\n" + b" " * 65536 + b"\r\n"),
    "trailer without end": lambda each: each.flood(
        _CHUNKED + b"%x\r\n%s\r\n0\r\n" % (len(each.body), each.body), b"x: y\r\n" * 999
    ),
    "broken chunks": lambda each: each.hang_up(_CHUNKED + b"zz\r\n" + each.body),
    "chunks cut": lambda each: each.hang_up(_CHUNKED + b"ffff\r\n" + _half(each.body)),
    "drip of the head": lambda each: each.drip(_OK + b"X: ", b"x"),
    "drip of the body": lambda each: each.drip(_head(99_999), b" "),
    "drip of a chunk's size": lambda each: each.drip(_CHUNKED, b"0"),
    "head too long": lambda each: each.hang_up(_OK + b"X: " + b"x" * 99_999 + b"\r\n\r\n"),
    "too many headers": lambda each: each.hang_up(_OK + b"X: x\r\n" * 999 + b"\r\n"),
    "wait without end": lambda each: each.flood(b"", b"HTTP/1.1 100 Continue\r\n\r\n"),
}
"""By name; an endless one ends with the proxy or when the other side gives up."""

HARMLESS: Mapping[str, Fault] = {
    "closed after the answer": lambda each: each.hang_up(whole(each.body)),
    "answered twice": lambda each: each.send(whole(each.body) * 2),
    "deaf after the answer": _deaf,
}
"""What is no way to answer either, and costs a reader nothing."""


def serve(fault: Fault, exchange: Exchange) -> bool:
    """Answer a request by a fault; tell whether its connection is still of use."""
    with suppress(OSError, HungUp):
        fault(exchange)
        exchange.client.recv(1)
        return True
    return False
