"""A unix socket on which every connection gets a thread."""

from __future__ import annotations

import errno
import os
import socket
import stat
from collections.abc import Callable
from pathlib import Path
from selectors import EVENT_READ, DefaultSelector
from threading import Lock, Thread

_BACKLOG = 128


class Listener:
    """Listens until it is closed.

    Args:
        path: The socket's path; a socket that nobody answers any more is replaced.
        serve: Serves one connection, and returns when it is over.

    Raises:
        OSError: Something else is there, or somebody answers there.
    """

    def __init__(self, path: Path, serve: Callable[[socket.socket], None]) -> None:
        self._path = path
        self._serve = serve
        self._lock = Lock()
        self._open: dict[socket.socket, Thread] = {}
        _make_way(path)
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            self._socket.bind(str(path))
            path.chmod(stat.S_IRUSR | stat.S_IWUSR)
            self._socket.listen(_BACKLOG)
        except OSError:
            self._socket.close()
            raise
        self._waker, self._wake = socket.socketpair()
        self._thread = Thread(target=self._accept, name="demo-engine-listener", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Stop listening, end every connection and remove the socket."""
        self._waker.send(b"x")
        self._thread.join()
        with self._lock:
            threads = list(self._open.values())
            for connection in self._open:
                try:
                    connection.shutdown(socket.SHUT_RDWR)
                except OSError:
                    continue  # the other side was faster
        for thread in threads:
            thread.join()
        for each in (self._socket, self._waker, self._wake):
            each.close()
        self._path.unlink(missing_ok=True)

    def _accept(self) -> None:
        with DefaultSelector() as selector:
            selector.register(self._socket, EVENT_READ)
            selector.register(self._wake, EVENT_READ, data="closed")
            while not any(key.data == "closed" for key, _ in selector.select()):
                connection, _ = self._socket.accept()
                thread = Thread(
                    target=self._run, args=(connection,), name="demo-engine-call", daemon=True
                )
                with self._lock:
                    self._open[connection] = thread
                thread.start()

    def _run(self, connection: socket.socket) -> None:
        try:
            self._serve(connection)
        finally:
            with self._lock:
                del self._open[connection]
            connection.close()


def _make_way(path: Path) -> None:
    try:
        mode = path.lstat().st_mode
    except FileNotFoundError:
        return
    if not stat.S_ISSOCK(mode):
        raise FileExistsError(errno.EEXIST, "This file is in the way of the socket", str(path))
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as probe:
        try:
            probe.connect(str(path))
        except ConnectionRefusedError:
            path.unlink()
        else:
            raise OSError(
                errno.EADDRINUSE, "An engine already answers at this socket", os.fspath(path)
            )
