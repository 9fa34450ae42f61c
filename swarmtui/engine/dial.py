"""Requests over sockets that are dialled here: unix, TCP, TLS, or the system's ssh."""

from __future__ import annotations

import math
import os
import socket
import ssl
import time
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection
from urllib3.connectionpool import HTTPConnectionPool
from urllib3.response import BaseHTTPResponse

from swarmtui.engine.connection import Tls

OVERALL_SHARE = 4
"""The head of an answer, and its body, may each take this many times the wait for next bytes."""


class AnswerDrips(TimeoutError):
    """Bytes of an answer keep coming, and it does not end."""


class _Deadline:
    """Cuts off who keeps sending a little: a timeout alone begins anew with every byte."""

    answer_by = math.inf

    def recv_into(self, *arguments: Any, **named: Any) -> int:
        if time.monotonic() > self.answer_by:
            raise AnswerDrips
        count: int = super().recv_into(*arguments, **named)  # type: ignore[misc]
        return count


class DialledSocket(_Deadline, socket.socket):
    """A connected socket in the clear."""

    answer_by: float


class TlsSocket(_Deadline, ssl.SSLSocket):
    """A connected socket that speaks TLS."""

    answer_by: float


Dial = Callable[[float], DialledSocket | TlsSocket]
"""Returns a connected socket; the argument is the timeout in seconds."""


class DialledAdapter(HTTPAdapter):
    """Sends every request through one pool of dialled connections, which are kept open.

    The SDK's own adapters for sockets keep a pool per URL, so that each path would need a new
    connection, and its adapter for ssh reads without a timeout.
    """

    def __init__(self, dial: Dial, host: str, timeout_seconds: float) -> None:
        self.connections = Connections(dial, host, timeout_seconds)
        super().__init__()

    def get_connection_with_tls_context(self, *_: Any, **__: Any) -> HTTPConnectionPool:
        """Return the one pool, whatever the request."""
        return self.connections

    def get_connection(self, *_: Any, **__: Any) -> HTTPConnectionPool:
        """Return the one pool to releases of requests before 2.32."""
        return self.connections

    def request_url(self, request: Any, proxies: Any) -> str:
        """Return the path alone: there is no proxy."""
        return str(request.path_url)

    def close(self) -> None:
        """Close every connection."""
        super().close()
        self.connections.close()


class Connections(HTTPConnectionPool):
    """The connections to one engine that are open, to be used again."""

    def __init__(self, dial: Dial, host: str, timeout_seconds: float) -> None:
        super().__init__(host, timeout=timeout_seconds, maxsize=4)
        self._dial = dial
        self._seconds = timeout_seconds

    def take(self) -> DialledConnection:
        """Return a connection, dialled where none is open.

        Raises:
            OSError: Nobody answers.
        """
        connection = self._get_conn()
        assert isinstance(connection, DialledConnection)
        if connection.sock is None:
            try:
                connection.connect()
            except BaseException:
                self.give_back(connection, usable=False)
                raise
        return connection

    def give_back(self, connection: DialledConnection, *, usable: bool) -> None:
        """Keep a connection for the next requests; close it where they cannot use it."""
        connection.was_used = usable
        if not usable:
            connection.close()
        self._put_conn(connection)

    def _new_conn(self) -> HTTPConnection:
        return DialledConnection(self._dial, self.host, self._seconds)


class DialledConnection(HTTPConnection):
    """Speaks HTTP on a dialled socket, whose answers have to end in time."""

    sock: DialledSocket | TlsSocket | None

    def __init__(self, dial: Dial, host: str, timeout_seconds: float) -> None:
        super().__init__(host, timeout=timeout_seconds)
        self._dial = dial
        self._seconds = timeout_seconds
        self._dialled: DialledSocket | TlsSocket | None = None
        self.was_used = False
        """Whether it was kept open, so that the other side may have closed it by now."""

    def connect(self) -> None:
        """Dial."""
        # Kept beside `sock`, which is gone as soon as a head says that the connection closes.
        self.sock = self._dialled = self._dial(self._seconds)

    def getresponse(self) -> BaseHTTPResponse:  # type: ignore[override]
        """Return the head of an answer, whose body has to end in time too."""
        self.answer_in_time()
        answer: BaseHTTPResponse = super().getresponse()
        self.answer_in_time()
        return answer

    def answer_in_time(self) -> None:
        """Cut off a head, or a body, that is still not complete after its time."""
        self._answer_within(self._seconds * OVERALL_SHARE)

    def answer_without_end(self) -> None:
        """Let the body of this answer go on for ever: it is a stream of events."""
        self._answer_within(math.inf)

    def _answer_within(self, seconds: float) -> None:
        if self._dialled is not None:
            self._dialled.answer_by = time.monotonic() + seconds


def unix_dial(path: str) -> Dial:
    """Return a dial to a unix socket."""

    def dial(timeout_seconds: float) -> DialledSocket:
        dialled = DialledSocket(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            dialled.settimeout(timeout_seconds)
            dialled.connect(path)
        except BaseException:
            dialled.close()
            raise
        return dialled

    return dial


def tcp_dial(url: str, tls: Tls | None) -> Dial:
    """Return a dial to `tcp://host:port`, through TLS where it is asked for.

    Raises:
        OSError: A file of TLS cannot be read; an ssl.SSLError where it holds nonsense.
    """
    parts = urlsplit(url)
    address = (parts.hostname or "", parts.port or 0)
    context = None if tls is None else _tls_context(tls)

    def dial(timeout_seconds: float) -> DialledSocket | TlsSocket:
        with socket.create_connection(address, timeout_seconds) as plain:
            # An engine that vanishes without a word ends the stream of events.
            plain.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
            if context is None:
                dialled = DialledSocket(fileno=plain.detach())
                dialled.settimeout(timeout_seconds)
                return dialled
            secured = context.wrap_socket(plain, server_hostname=address[0])
            assert isinstance(secured, TlsSocket)
            return secured

    return dial


def _tls_context(tls: Tls) -> ssl.SSLContext:
    for path in (tls.ca, tls.cert, tls.key):
        if path:
            os.stat(path)  # OpenSSL does not say which file is missing
    context = ssl.create_default_context(cafile=tls.ca or None)
    # Python 3.13 is stricter than the docker CLI with certificates that people make themselves.
    context.verify_flags &= ~ssl.VERIFY_X509_STRICT
    if not tls.verify:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    if tls.cert and tls.key:
        # Without a password OpenSSL would ask for one on our screen.
        context.load_cert_chain(tls.cert, tls.key, password="")
    context.sslsocket_class = TlsSocket
    return context
