"""What a refresh costs beside the same requests read raw, decoded, and through the SDK."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import ExitStack

from tests.benchmarks.engines import Asked
from tests.benchmarks.piped import Piped
from tests.benchmarks.rows import Row, Target, row
from tests.benchmarks.serving import Serving
from tests.benchmarks.swarms import SHARED
from tests.benchmarks.ways import connected, fetch_raw

ROUNDS = {"small": 15, "large": 9, "huge": 5}
SDK_ROUNDS = {"small": 15, "large": 5, "huge": 2}
MILLISECONDS = "ms"


def measure_refresh(asked: Asked) -> Iterator[Row]:
    """Measure a refresh of which one in a hundred tasks has changed, and one of none."""
    size, takes = asked.size, Takes()
    with ExitStack() as stack:
        serving = stack.enter_context(Serving(size))
        focus = shared_id(serving.url)
        ways = {
            way: stack.enter_context(Piped("read", way, serving.url, focus))
            for way in ("ours", "raw", "decoded", "sdk")
        }
        serving.asked()
        first = ways["ours"].ask([])
        targets = again = serving.asked()
        for way in ("raw", "decoded"):
            ways[way].ask(targets)
        for number in range(ROUNDS[size]):
            serving.prepare()
            serving.next()
            serving.asked()
            takes.add("changed", ways["ours"].ask([]))
            targets = serving.asked()
            for way in ("raw", "decoded"):
                takes.add(way, ways[way].ask(targets))
            if number < SDK_ROUNDS[size]:
                takes.add("sdk", ways["sdk"].ask(targets))
            serving.asked()
            takes.add("unchanged", ways["ours"].ask([]))
            again = serving.asked()
            takes.add("raw again", ways["raw"].ask(again))
    aims = size != "small"
    requests = f"{len(targets)} requests, 1 % of the tasks changed"
    yield row(
        "refresh, nothing known",
        size,
        MILLISECONDS,
        [first["ms"]],
        floors=takes.ms("decoded"),
        floor_is="raw read and typed decoding",
    )
    yield row(
        "refresh, changed",
        size,
        MILLISECONDS,
        takes.ms("changed"),
        floors=takes.ms("decoded"),
        floor_is="raw read and typed decoding",
        cpu=(takes.cpu("changed"), takes.cpu("decoded")),
        target=Target(2.0, "ratio") if aims else None,
        note=requests,
    )
    compared = len(takes.ms("sdk"))
    yield row(
        "refresh, changed, times faster",
        size,
        MILLISECONDS,
        takes.ms("changed")[:compared],
        floors=takes.ms("sdk"),
        floor_is="the docker SDK as it comes",
        cpu=(takes.cpu("changed")[:compared], takes.cpu("sdk")),
        inverse=True,
        target=Target(8.0, "ratio", at_least=True) if aims else None,
    )
    yield row(
        "refresh, nothing changed",
        size,
        MILLISECONDS,
        takes.ms("unchanged"),
        floors=takes.ms("raw again"),
        floor_is="raw read",
        cpu=(takes.cpu("unchanged"), takes.cpu("raw again")),
        target=Target(1.3, "ratio") if aims else None,
        note=f"{len(again)} requests",
    )
    yield row(
        "peak memory of reading",
        size,
        "MB",
        takes.of("changed", "peak_mb")[-1:],
        floors=takes.of("decoded", "peak_mb")[-1:],
        floor_is="raw read and typed decoding",
        target=Target(160) if size == "large" else None,
        note=f"the SDK {takes.of('sdk', 'peak_mb')[-1]:.0f} MB",
    )


class Takes:
    """Several takes of several things."""

    def __init__(self) -> None:
        self._found: dict[str, list[Mapping[str, float]]] = {}

    def add(self, what: str, take: Mapping[str, float]) -> None:
        """Keep a take."""
        self._found.setdefault(what, []).append(take)

    def of(self, what: str, figure: str) -> list[float]:
        """Return one figure of all takes."""
        return [take[figure] for take in self._found[what]]

    def ms(self, what: str) -> list[float]:
        """Return what the takes lasted."""
        return self.of(what, "ms")

    def cpu(self, what: str) -> list[float]:
        """Return the processor time of the takes."""
        return self.of(what, "cpu_ms")


def shared_id(url: str, name: str = SHARED) -> str:
    """Return the id of the network that is looked at: the shared one of generated swarms."""
    stream, out = connected(url)
    with stream, out:
        networks = json.loads(fetch_raw(stream, out, "/v1.41/networks"))
    found = {network["Name"]: network["Id"] for network in networks}
    return str(found.get(name) or found["ingress"])
