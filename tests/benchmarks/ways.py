"""Ways to read an engine, each in a process of its own: swarmtui's, its floors, and the SDK's."""

from __future__ import annotations

import socket
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, BinaryIO, cast
from urllib.parse import parse_qs, urlsplit

import msgspec

from swarmtui.engine import Endpoint, inspector, session_opener
from swarmtui.engine.shapes import (
    ConfigShape,
    GossipServiceShape,
    InfoShape,
    InspectionShape,
    NetworkShape,
    NodeShape,
    ServiceShape,
    TaskShape,
)
from swarmtui.model import NetworkId, Snapshot
from tests.benchmarks.piped import answer

Act = Callable[[Sequence[str]], object]
TIMEOUT_SECONDS = 120.0
RUNTIMES = ["container", "attachment", ""]
_KINDS: Mapping[str, Any] = {
    "/info": InfoShape,
    "/nodes": list[NodeShape],
    "/networks": list[NetworkShape],
    "/services": list[ServiceShape],
    "/tasks": list[TaskShape],
    "/configs": list[ConfigShape],
}


class _WholeInspection(InspectionShape):
    """All of it in one go, as a client would have it that does not paint meanwhile."""

    services: dict[str, GossipServiceShape] | None = None  # type: ignore[assignment]


def answer_reads(way: str, url: str, focus: str) -> None:
    """Read an engine in one way whenever asked to, and tell what it cost.

    Args:
        way: `ours`, `raw`, `decoded` or `sdk`.
        url: Of the engine, a unix socket.
        focus: The id of the network under the cursor.
    """
    act = WAYS[way](url, focus)

    def measured(targets: Sequence[str]) -> dict[str, float]:
        cpu, began = time.process_time(), time.perf_counter()
        kept = act(targets)
        wall, cpu = time.perf_counter() - began, time.process_time() - cpu
        del kept  # what is read last through is freed outside of what is measured
        return {"ms": wall * 1e3, "cpu_ms": cpu * 1e3, "peak_mb": memory("VmHWM")}

    answer(measured)


def memory(field: str, process: int | str = "self") -> float:
    """Return a figure of a process's memory in MB: `VmRSS`, or `VmHWM` for its peak."""
    for line in Path(f"/proc/{process}/status").read_text().splitlines():
        if line.startswith(field):
            return int(line.split()[1]) / 1024
    raise ValueError(field)


def fetch_raw(stream: BinaryIO, out: socket.socket, target: str) -> bytes:
    """Send a GET over an open connection and return the body, undecoded."""
    out.sendall(f"GET {target} HTTP/1.1\r\nHost: docker\r\n\r\n".encode())
    length, chunked = 0, False
    while (line := stream.readline()) not in (b"\r\n", b""):
        name, _, value = line.lower().partition(b":")
        if name == b"content-length":
            length = int(value)
        chunked = chunked or (name == b"transfer-encoding" and b"chunked" in value)
    if not chunked:
        return stream.read(length)
    chunks = []
    while size := int(stream.readline(), 16):
        chunks.append(stream.read(size))
        stream.readline()
    stream.readline()
    return chunks[0] if len(chunks) == 1 else b"".join(chunks)


def _raw(url: str, focus: str) -> Act:
    stream, out = connected(url)
    return lambda targets: [fetch_raw(stream, out, target) for target in targets]


def _decoded(url: str, focus: str) -> Act:
    stream, out = connected(url)
    decoders = {path: msgspec.json.Decoder(kind) for path, kind in _KINDS.items()}
    inspection = msgspec.json.Decoder(_WholeInspection)

    def act(targets: Sequence[str]) -> object:
        found = []
        for target in targets:
            decoder = decoders.get(_path(target), inspection)
            found.append(decoder.decode(fetch_raw(stream, out, target)))
        return found

    return act


def _sdk(url: str, focus: str) -> Act:
    import docker  # noqa: PLC0415

    client = docker.APIClient(base_url=url, timeout=int(TIMEOUT_SECONDS))

    def get(target: str) -> object:
        path = _path(target)
        query = parse_qs(urlsplit(target).query)
        if path.startswith("/networks/"):
            return client.inspect_network(
                path.removeprefix("/networks/"), verbose="verbose" in query
            )
        calls: dict[str, Callable[[], object]] = {
            "/info": client.info,
            "/nodes": client.nodes,
            "/networks": client.networks,
            "/services": lambda: client.services(status=True),  # type: ignore[no-untyped-call]
            "/tasks": lambda: client.tasks({"runtime": RUNTIMES}),  # type: ignore[no-untyped-call]
            "/configs": client.configs,
        }
        return calls[path]()

    return lambda targets: [get(target) for target in targets]


def _ours(url: str, focus: str) -> Act:
    session = session_opener(Endpoint(url), timeout_seconds=TIMEOUT_SECONDS)()
    # Inspections in turn fill a given time however fast they are; here only those that must be.
    inspector.PASS_SECONDS = 0.0
    last: list[Snapshot] = []

    def act(targets: Sequence[str]) -> object:
        snapshot = session.reader.read(last[0] if last else None, focus=NetworkId(focus))
        _ = snapshot.live_tasks_by_network, snapshot.waiting_tasks_by_network
        _ = snapshot.services_by_network, snapshot.node_by_id
        last[:] = [snapshot]
        return None

    return act


def connected(url: str) -> tuple[BinaryIO, socket.socket]:
    """Connect to a unix socket: what to read from, and what to send to."""
    out = socket.socket(socket.AF_UNIX)
    out.connect(url.removeprefix("unix://"))
    return cast("BinaryIO", out.makefile("rb", buffering=1 << 16)), out


def _path(target: str) -> str:
    path = urlsplit(target).path
    return path[path.find("/", 1) :] if path.startswith("/v1.") else path


WAYS: Mapping[str, Callable[[str, str], Act]] = {
    "raw": _raw,
    "decoded": _decoded,
    "sdk": _sdk,
    "ours": _ours,
}
