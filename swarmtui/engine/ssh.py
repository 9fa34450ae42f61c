"""The system's ssh as a socket: `ssh … docker system dial-stdio`, as the docker CLI runs it."""

from __future__ import annotations

import math
import os
import shlex
import socket
import subprocess
import tempfile
from collections.abc import Mapping
from typing import IO, Any
from urllib.parse import unquote, urlsplit

from swarmtui.engine.dial import Dial, DialledSocket

GRACE_SECONDS = 2.0
"""How long ssh may take to end once its connection has."""

_WORDS_BYTES = 2000


class SshFailed(OSError):
    """The ssh client ended; the words are its own."""


def ssh_command(url: str, timeout_seconds: float) -> tuple[str, ...]:
    """Return the command that connects to the engine behind an `ssh://` address.

    ssh never asks a question on our screen: what needs an answer fails instead.
    """
    parts = urlsplit(url)
    patience = f"ConnectTimeout={math.ceil(timeout_seconds)}"
    command = ["ssh", "-o", patience, "-o", "BatchMode=yes", "-T"]
    if parts.username:
        command += ["-l", unquote(parts.username)]
    if parts.port:
        command += ["-p", str(parts.port)]
    remote = ["docker"]
    if parts.path not in ("", "/"):
        # The shell of the other side reads these words.
        remote += ["--host", shlex.quote(f"unix://{unquote(parts.path)}")]
    return (*command, "--", _host(parts.netloc), *remote, "system", "dial-stdio")


def ssh_dial(url: str, environ: Mapping[str, str] = os.environ) -> Dial:
    """Return a dial that runs the system's ssh, which reads the person's own configuration."""

    def dial(timeout_seconds: float) -> DialledSocket:
        ours, theirs = socket.socketpair()
        complaints = tempfile.TemporaryFile()  # noqa: SIM115 (closed with the socket)
        with theirs:
            try:
                process = subprocess.Popen(
                    ssh_command(url, timeout_seconds),
                    stdin=theirs.fileno(),
                    stdout=theirs.fileno(),
                    stderr=complaints,
                    env=dict(environ),
                    start_new_session=True,
                )
            except BaseException:
                ours.close()
                complaints.close()
                raise
        dialled = _SshSocket(ours, process, complaints)
        dialled.settimeout(timeout_seconds)
        return dialled

    return dial


class _SshSocket(DialledSocket):
    """Our end of the pipe to ssh; closing it ends ssh, and an early end of ssh is explained.

    What ssh complains about goes to a file: a pipe would have to be read all the time, and stays
    open where ssh leaves a master connection behind.
    """

    def __init__(
        self, ours: socket.socket, process: subprocess.Popen[bytes], complaints: IO[bytes]
    ) -> None:
        super().__init__(ours.family, ours.type, ours.proto, fileno=ours.detach())
        self._process = process
        self._complaints = complaints

    def recv_into(self, *arguments: Any, **named: Any) -> int:
        try:
            count = super().recv_into(*arguments, **named)
        except ConnectionError:
            self._explain()
            raise
        if count == 0:
            self._explain()
        return count

    def sendall(self, *arguments: Any) -> None:
        try:
            super().sendall(*arguments)
        except ConnectionError:
            self._explain()
            raise

    def close(self) -> None:
        super().close()
        # A response may still read from a socket that its connection has closed.
        if self.fileno() < 0 and not self._complaints.closed:
            self._process.terminate()
            self._wait()
            self._complaints.close()

    def _explain(self) -> None:
        """Raise what ssh says, if it has failed."""
        if self._wait() and not self._complaints.closed:
            size = self._complaints.seek(0, os.SEEK_END)
            self._complaints.seek(max(0, size - _WORDS_BYTES))
            words = self._complaints.read().decode(errors="replace").strip()
            raise SshFailed(words or f"ssh ended with status {self._process.returncode}")

    def _wait(self) -> int:
        try:
            return self._process.wait(GRACE_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            return self._process.wait()


def _host(netloc: str) -> str:
    """Return the host as it is written: ssh_config distinguishes upper and lower case."""
    host = netloc.rpartition("@")[2]
    return host[1:].partition("]")[0] if host.startswith("[") else host.partition(":")[0]
