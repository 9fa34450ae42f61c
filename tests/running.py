"""A small swarm, and runners on it whose time is the swarm's own."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest

from swarmtui.demo import DemoEngine, Swarm, network_spec, port, service_spec
from swarmtui.demo.calls import Call
from swarmtui.engine import Endpoint, Reader
from swarmtui.engine.writer import Writer
from swarmtui.model import Snapshot
from swarmtui.operations import (
    BuildIngress,
    Definition,
    Intent,
    Operation,
    Plan,
    Range,
    plan_operation,
)
from swarmtui.operations.journal import Journal
from swarmtui.operations.launch import begin_journal
from swarmtui.operations.lines import Line
from swarmtui.operations.operation import read_operation
from swarmtui.operations.running import dismiss_journal
from swarmtui.operations.running.engine_side import Writes
from swarmtui.operations.running.runner import Runner
from swarmtui.operations.running.world import World
from tests.unit.demo.asking import ask

IMAGE = "127.0.0.1:9/probe:1"
MTU = "com.docker.network.driver.mtu"
MESH = Definition(
    "mesh", (Range("10.77.0.0/24", "10.77.0.9"),), {MTU: "1400"}, {"team": "a&b"}, ingress=True
)
PUBLISHERS = ("auto", "glob", "idle", "mixed", "web")
NODES = ("node1", "node2", "node3")
_UNKNOWN = {"Number": 1.5, "Text": "<a> & b", "Nothing": None}


def empty_swarm(seed: int = 1, engine: str = "29.7.2") -> Swarm:
    """Return three nodes, two of them managers, that run nothing."""
    swarm = Swarm(
        seed,
        engine_version=engine,
        address_pools=("10.20.0.0/16",),
        subnet_size=26,
        keeps_unknown_fields=True,
    )
    for number, name in enumerate(NODES, 1):
        swarm.add_node(name, f"192.168.7.{number}", manager=number < 3)
        swarm.step(1)
    return swarm


def small_swarm(seed: int = 1) -> Swarm:
    """Return a swarm with every kind of published port, and with services that publish none."""
    swarm = empty_swarm(seed)
    swarm.create_network(network_spec("app"))
    swarm.step(1)
    for spec in (
        service_spec("web", IMAGE, ("app",), replicas=3, ports=(_odd(port(8080, 80)),)),
        service_spec(
            "auto", IMAGE, replicas=2, ports=(port(0, 90), _odd(port(0, 53, protocol="udp")))
        ),
        service_spec("glob", IMAGE, replicas=None, ports=(port(8443, 443),)),
        service_spec("idle", IMAGE, replicas=0, ports=(port(8081, 81),)),
        service_spec(
            "mixed",
            IMAGE,
            replicas=1,
            ports=(port(9000, 90), port(9100, 91, mode="host"), port(9001, 90)),
        ),
        service_spec("plain", IMAGE, replicas=2),
        service_spec("onapp", IMAGE, ("app",), replicas=2),
    ):
        # All at once, so that replacing a service's tasks takes one round.
        swarm.create_service({**spec, "UpdateConfig": {"Parallelism": 0}, "Future": _UNKNOWN})
        swarm.step(0.2)
    swarm.step(30)
    return swarm


def _odd(published: dict[str, Any]) -> dict[str, Any]:
    return {**published, "Future": _UNKNOWN}


class WatchedEngine(DemoEngine):
    """Writes down every call, by method and path, and lets somebody act before it is answered."""

    def __init__(self, swarm: Swarm, path: Path) -> None:
        super().__init__(swarm, path, live=False)
        self.asked: list[tuple[str, str]] = []
        self.before: Callable[[str, str], None] = lambda method, path: None

    def answer(self, call: Call) -> tuple[int, bytes]:
        self.asked.append((call.method, call.path))
        self.before(call.method, call.path)
        return super().answer(call)


class Killed(BaseException):
    """The process of a runner is no more."""


@dataclass
class Bench:
    """An engine of a swarm, and the operations that are run on it.

    Attributes:
        pace: By how many times the swarm is faster than the one who waits for it.
        wrap: Stands between a runner and its writer.
        before_sleep: Called with every wait; what is done in it happens in the middle of a run.
        cancelled: A person asked to stop.
    """

    swarm: Swarm
    engine: WatchedEngine
    folder: Path
    pace: float = 1.0
    wrap: Callable[[Writes], Writes] = field(default=lambda writer: writer)
    before_sleep: Callable[[], None] = field(default=lambda: None)
    cancelled: Callable[[], bool] = field(default=lambda: False)
    marks: int = 0

    @contextmanager
    def writer(self) -> Iterator[Writer]:
        """Connect as a runner does."""
        writer = Writer(Endpoint(self.engine.url), timeout_seconds=5)
        try:
            yield writer
        finally:
            writer.close()

    @property
    def now(self) -> datetime:
        return self.swarm.now

    def seconds(self) -> float:
        """Return the swarm's own time."""
        return self.swarm.world.elapsed / 1e9

    def sleep(self, seconds: float) -> None:
        """Let the swarm's time pass instead of one's own."""
        self.before_sleep()
        with self.engine.changing() as swarm:
            swarm.step(seconds * self.pace)

    def snapshot(self) -> Snapshot:
        """Read the swarm once, whole."""
        with self.writer() as writer:
            return self.reader(writer).read(every_network=True)

    def reader(self, writer: Writer) -> Reader:
        """Return a reader whose clocks are the swarm's."""
        return Reader(
            writer.fetch,
            writer.api_version,
            fetch_all=writer.fetch_all,
            now=lambda: self.now,
            monotonic=self.seconds,
        )

    def plan(self, intent: Intent | None = None, *, at_once: bool = True) -> Plan:
        """Plan a change that is not refused; to `MESH` if not said otherwise."""
        planned = plan_operation(self.snapshot(), intent or BuildIngress(MESH, at_once=at_once))
        assert isinstance(planned, Plan), planned
        return planned

    def begin(self, plan: Plan | None = None) -> Path:
        """Write the journal of a plan that was confirmed."""
        self.marks += 1
        return begin_journal(
            self.folder,
            plan or self.plan(),
            engine=self.engine.url,
            who="ann",
            host="desk",
            now=self.now,
            mark=f"{self.marks:04x}",
        )

    def run(self, path: Path, direction: str = "forward", take_over: str = "") -> Operation:
        """Run the operation of a journal as its process would."""
        with Journal(path) as journal, self.writer() as writer:
            world = World(
                reads=self.reader(writer),
                writes=self.wrap(writer),
                now=lambda: self.now,
                monotonic=self.seconds,
                sleep=self.sleep,
                cancelled=self.is_cancelled,
                process=7,
            )
            return Runner(journal, world, direction=direction, take_over=take_over).run()

    def dismiss(self, path: Path) -> Operation:
        """Leave an operation as it is."""
        dismiss_journal(path, Endpoint(self.engine.url), timeout_seconds=5)
        return read_operation(path)

    @property
    def written(self) -> list[tuple[str, str]]:
        """Return every call that was no read, those for the lock left out."""
        return [
            (method, path)
            for method, path in self.engine.asked
            if method != "GET" and not path.startswith("/configs")
        ]

    def is_cancelled(self) -> bool:
        return self.cancelled()

    def run_until(self, path: Path, wanted: Callable[[Line], bool]) -> None:
        """Run, and kill the runner just before it writes a certain line."""
        append = Journal.append

        def act(journal: Journal, line: Line) -> None:
            if wanted(line):
                raise Killed
            append(journal, line)

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(Journal, "append", act)
            with pytest.raises(Killed):
                self.run(path)

    def service(self, name: str) -> Any:
        """Return a service as the engine tells it."""
        return ask(self.swarm, f"/services/{name}")

    def update(self, name: str, edit: Callable[[Any], None]) -> None:
        """Change a service as somebody else does."""
        with self.engine.changing() as swarm:
            spec = deepcopy(ask(swarm, f"/services/{name}")["Spec"])
            edit(spec)
            swarm.update_service(name, spec)


def words(operation: Operation) -> str:
    """Return why a run stopped."""
    assert operation.stopped is not None
    return f"{operation.stopped.title}: {operation.stopped.explanation}"


class Between:
    """Stands between a runner and its writer, and has something done around its writes.

    Args:
        inner: Sends the requests.
        act: Given the number of the write, and what sends it.
    """

    def __init__(self, inner: Writes, act: Callable[[int, Callable[[], bytes]], bytes]) -> None:
        self.inner, self.act, self.writes = inner, act, 0

    def permit(self, permits: Iterable[tuple[str, str]]) -> None:
        self.inner.permit(permits)

    def fetch(self, path: str, params: Mapping[str, str]) -> bytes:
        return self.inner.fetch(path, params)

    def write(self, method: str, path: str, params: Mapping[str, str], body: bytes) -> bytes:
        self.writes += 1
        return self.act(self.writes, lambda: self.inner.write(method, path, params, body))


@contextmanager
def bench(swarm: Swarm | None = None, *, pace: float = 10.0) -> Iterator[Bench]:
    """Serve a swarm, the small one if none is given."""
    # A folder of pytest can be too long for the address of a unix socket.
    with TemporaryDirectory(prefix="bench-") as folder:
        served = swarm or small_swarm()
        engine = WatchedEngine(served, Path(folder) / "e.sock")
        with engine:
            yield Bench(served, engine, Path(folder) / "journals", pace=pace)
