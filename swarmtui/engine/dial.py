"""Requests over sockets that somebody else dials: a unix socket, or the system's ssh."""

from __future__ import annotations

import os
import socket
import subprocess
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlsplit

from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection
from urllib3.connectionpool import HTTPConnectionPool

Dial = Callable[[float], socket.socket]
"""Returns a connected socket; the argument is the timeout in seconds."""

SSH_GRACE_SECONDS = 2.0


class SshFailed(OSError):
    """The ssh client ended; the words are its own."""


class DialledAdapter(HTTPAdapter):
    """Sends every request through one pool of dialled connections, which are kept open.

    The SDK's own adapter keeps a pool per URL, so that each path would need a new connection.
    """

    def __init__(self, dial: Dial, timeout_seconds: float) -> None:
        self._pool = _DialledPool(dial, timeout_seconds)
        super().__init__()

    def get_connection_with_tls_context(self, *_: Any, **__: Any) -> HTTPConnectionPool:
        """Return the one pool, whatever the request."""
        return self._pool

    def get_connection(self, *_: Any, **__: Any) -> HTTPConnectionPool:
        """Return the one pool to releases of requests before 2.32."""
        return self._pool

    def request_url(self, request: Any, proxies: Any) -> str:
        """Return the path alone: there is no host and no proxy."""
        return str(request.path_url)

    def close(self) -> None:
        """Close every connection."""
        super().close()
        self._pool.close()


class _DialledPool(HTTPConnectionPool):
    def __init__(self, dial: Dial, timeout_seconds: float) -> None:
        super().__init__("localhost", timeout=timeout_seconds, maxsize=4)
        self._dial = dial
        self._seconds = timeout_seconds

    def _new_conn(self) -> HTTPConnection:
        return _DialledConnection(self._dial, self._seconds)


class _DialledConnection(HTTPConnection):
    def __init__(self, dial: Dial, timeout_seconds: float) -> None:
        super().__init__("localhost", timeout=timeout_seconds)
        self._dial = dial
        self._seconds = timeout_seconds

    def connect(self) -> None:
        self.sock = self._dial(self._seconds)


def unix_dial(path: str) -> Dial:
    """Return a dial to a unix socket."""

    def dial(timeout_seconds: float) -> socket.socket:
        connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            connection.settimeout(timeout_seconds)
            connection.connect(path)
        except BaseException:
            connection.close()
            raise
        return connection

    return dial


def ssh_dial(url: str, environ: Mapping[str, str] = os.environ) -> Dial:
    """Return a dial that runs the system's ssh, as the docker CLI does.

    ssh reads the person's own configuration and agent. It runs in a session of its own without a
    terminal, so that it never asks a question on our screen; what it complains about is kept.
    """
    parts = urlsplit(url)
    command = ["ssh", "-o", "BatchMode=yes"]
    if parts.username:
        command += ["-l", parts.username]
    if parts.port:
        command += ["-p", str(parts.port)]
    remote = ["docker"]
    if parts.path not in ("", "/"):
        remote += ["--host", f"unix://{parts.path}"]
    command += ["--", parts.hostname or "", *remote, "system", "dial-stdio"]

    def dial(timeout_seconds: float) -> socket.socket:
        ours, theirs = socket.socketpair()
        with theirs:
            try:
                process = subprocess.Popen(
                    command,
                    stdin=theirs.fileno(),
                    stdout=theirs.fileno(),
                    stderr=subprocess.PIPE,
                    env=dict(environ),
                    start_new_session=True,
                )
            except OSError:
                ours.close()
                raise
        connection = _SshSocket(ours, process)
        connection.settimeout(timeout_seconds)
        return connection

    return dial


class _SshSocket(socket.socket):
    """Our end of the pipe to ssh; closing it ends ssh, and an early end of ssh is explained."""

    def __init__(self, ours: socket.socket, process: subprocess.Popen[bytes]) -> None:
        super().__init__(ours.family, ours.type, ours.proto, fileno=ours.detach())
        self._process = process

    def recv_into(self, *arguments: Any, **named: Any) -> int:
        count = super().recv_into(*arguments, **named)
        if count == 0:
            self._explain()
        return count

    def sendall(self, *arguments: Any) -> None:
        try:
            super().sendall(*arguments)
        except BrokenPipeError:
            self._explain()
            raise

    def close(self) -> None:
        super().close()
        self._process.terminate()
        self._wait()

    def _explain(self) -> None:
        """Raise what ssh says, if it has failed."""
        words = self._wait()
        if self._process.returncode:
            raise SshFailed(words or f"ssh ended with status {self._process.returncode}")

    def _wait(self) -> str:
        try:
            _, stderr = self._process.communicate(timeout=SSH_GRACE_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            _, stderr = self._process.communicate()
        except ValueError:  # asked a second time: its pipe is closed, and what it said is told
            return ""
        return stderr.decode(errors="replace").strip() if stderr else ""
