"""The fastest honest engine: whole bodies, made beforehand, over a unix socket.

It answers as dockerd does (Go's net/http): keep-alive, HTTP/1.1, a body above two kilobytes as one
chunk and without its length. All it costs a client is what the bytes cost.
"""

from __future__ import annotations

import json
import os
import signal
import socket
import threading
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from tests.benchmarks.answers import Answers, Teller
from tests.benchmarks.nodes import API, ENGINE
from tests.benchmarks.piped import answer
from tests.benchmarks.swarms import SIZES, GeneratedSwarm

_UNCHUNKED_BYTES = 2048
_TOUCHED = 3
_CHUNKED = "Transfer-Encoding: chunked\r\n"
_HEAD = (
    f"Api-Version: {API}\r\nContent-Type: application/json\r\nDocker-Experimental: false\r\n"
    f"Ostype: linux\r\nServer: Docker/{ENGINE} (linux)\r\nDate: Fri, 27 Nov 2026 00:00:00 GMT\r\n"
)


class SwarmServer:
    """Serves a generated swarm, which stands still until it is told to live on.

    Args:
        teller: Tells the swarm.
        path: Of the unix socket.
        content_length: Tell the length of every body, instead of sending it as a chunk.
    """

    def __init__(self, teller: Teller, path: Path, *, content_length: bool = False) -> None:
        self._teller = teller
        self._content_length = content_length
        self._answers = teller.now()
        self._prepared: Answers | None = None
        self._preparing = threading.Lock()
        self._counting = threading.Lock()
        self._requests: Counter[str] = Counter()
        self._sent: Counter[str] = Counter()
        self._asked: list[str] = []
        self._listeners: set[socket.socket] = set()
        self._listener = socket.socket(socket.AF_UNIX)
        self._path = path
        path.unlink(missing_ok=True)
        self._listener.bind(str(path))
        self._listener.listen(64)
        threading.Thread(target=self._accept, daemon=True).start()

    def prepare(self) -> None:
        """Make the bodies of the next generation, so that changing to it takes no time."""
        with self._preparing:
            if self._prepared is None:
                self._prepared = self._teller.advance()

    def next(self) -> int:
        """Change to the next generation, and return its number."""
        self.prepare()
        assert self._prepared is not None
        self._answers, self._prepared = self._prepared, None
        return self._answers.generation

    def touch(self) -> str:
        """Change the MTU of one network and nothing else, and return the network's name."""
        with self._preparing:
            self._prepared = None
            self._answers = self._teller.touch(_TOUCHED)
        return self._teller.swarm.networks[_TOUCHED].name

    def asked(self) -> list[str]:
        """Return the targets of the requests since this was called last."""
        with self._counting:
            asked, self._asked = self._asked, []
        return asked

    def emit(self) -> None:
        """Tell everyone who listens of an event: the shared network was updated."""
        net = self._teller.swarm.networks[1]
        actor = {"ID": net.id, "Attributes": {"name": net.name}}
        event = {"Type": "network", "Action": "update", "Actor": actor, "scope": "swarm"}
        line = json.dumps({**event, "time": 1_795_000_000}).encode() + b"\n"
        for listener in list(self._listeners):
            with suppress(OSError):
                listener.sendall(b"%x\r\n%b\r\n" % (len(line), line))
                self._count("/events", len(line), requests=0)

    def counts(self) -> dict[str, dict[str, int]]:
        """Return how many requests were answered so far, and with how many bytes, by path."""
        with self._counting:
            return {"requests": dict(self._requests), "bytes": dict(self._sent)}

    def close(self) -> None:
        """Listen no more."""
        self._listener.close()
        self._path.unlink(missing_ok=True)

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                client, _ = self._listener.accept()
                threading.Thread(target=self._serve, args=(client,), daemon=True).start()

    def _serve(self, client: socket.socket) -> None:
        received = b""
        with client, suppress(OSError):
            while data := client.recv(65536):
                received += data
                while (end := received.find(b"\r\n\r\n")) >= 0:
                    method, target, _ = received[:end].split(b"\r\n", 1)[0].decode().split(" ", 2)
                    received = received[end + 4 :]
                    self._answer(client, method, target)
        self._listeners.discard(client)

    def _answer(self, client: socket.socket, method: str, target: str) -> None:
        url = urlsplit(target)
        path = url.path
        if path.startswith("/v1."):
            path = path[path.find("/", 1) :]
        if path == "/events":
            client.sendall(f"HTTP/1.1 200 OK\r\n{_HEAD}{_CHUNKED}\r\n".encode())
            self._listeners.add(client)
            self._count(path, 0)
            return
        query = parse_qs(url.query)
        verbose = query.get("verbose") in (["true"], ["1"])
        body = b"OK" if path == "/_ping" else self._answers.body(path, verbose=verbose)
        status = "200 OK"
        unknown = set(json.loads(query.get("filters", ["{}"])[0])) - {"runtime"}
        if method not in ("GET", "HEAD"):
            status, body = "405 Method Not Allowed", b'{"message":"this engine is read only"}\n'
        elif unknown and path != "/configs":
            words = f"the server of the benchmarks knows no filter {', '.join(unknown)}"
            status, body = "400 Bad Request", json.dumps({"message": words}).encode()
        elif body is None:
            status, body = "404 Not Found", b'{"message":"not found"}\n'
        with self._counting:
            self._asked.append(target)
        self._count(_kind(path), self._send(client, status, b"" if method == "HEAD" else body))

    def _send(self, client: socket.socket, status: str, body: bytes) -> int:
        chunked = len(body) > _UNCHUNKED_BYTES and not self._content_length
        framing = _CHUNKED if chunked else f"Content-Length: {len(body)}\r\n"
        head = f"HTTP/1.1 {status}\r\n{_HEAD}{framing}\r\n".encode()
        before, after = (b"%x\r\n" % len(body), b"\r\n0\r\n\r\n") if chunked else (b"", b"")
        if len(body) < 65536:
            client.sendall(head + before + body + after)
        else:
            client.sendall(head + before)
            client.sendall(body)
            client.sendall(after)
        return len(head) + len(before) + len(body) + len(after)

    def _count(self, kind: str, sent: int, requests: int = 1) -> None:
        with self._counting:
            self._requests[kind] += requests
            self._sent[kind] += sent


def _kind(path: str) -> str:
    """Return a path with its id, if it has one, left out."""
    first, _, rest = path[1:].partition("/")
    return f"/{first}/{{id}}" if rest and first != "containers" else path


def serve(
    size: str, path: Path, *, seed: int, changing: float | None, content_length: bool, control: bool
) -> None:
    """Serve until asked to end, by SIGINT, SIGTERM or, with `control`, the end of stdin.

    SIGUSR1 changes to the next generation, SIGUSR2 emits an event. With `control`, lines of stdin
    call the server's methods, and each is answered by a line of JSON.

    Args:
        changing: Change to the next generation whenever so many seconds have passed.
    """
    asked = {signal.SIGINT, signal.SIGTERM, signal.SIGUSR1, signal.SIGUSR2}
    # Before any thread starts, since each inherits what is blocked.
    signal.pthread_sigmask(signal.SIG_BLOCK, asked)
    server = SwarmServer(
        Teller(GeneratedSwarm(SIZES[size], seed)), path, content_length=content_length
    )
    if changing:
        threading.Thread(target=_change, args=(server, changing), daemon=True).start()
    if control:
        threading.Thread(target=_obey, args=(server,), daemon=True).start()
    else:
        print(f"Serving the {size} swarm at unix://{path}", flush=True)  # noqa: T201
    while (number := signal.sigwait(asked)) in (signal.SIGUSR1, signal.SIGUSR2):
        if number == signal.SIGUSR1:
            server.next()
        else:
            server.emit()
    server.close()


def _change(server: SwarmServer, seconds: float) -> None:
    pause = threading.Event()
    while True:
        server.prepare()
        pause.wait(seconds)
        server.next()


def _obey(server: SwarmServer) -> None:
    words: dict[str, Callable[[], object]] = {
        "prepare": server.prepare,
        "next": server.next,
        "touch": server.touch,
        "emit": server.emit,
        "counts": server.counts,
        "asked": server.asked,
    }
    answer(lambda word: words[word]())
    os.kill(os.getpid(), signal.SIGTERM)
