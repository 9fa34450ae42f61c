"""Swarms of three sizes, made up by seed, that live on by replacing a share of their tasks."""

from __future__ import annotations

from bisect import bisect_left, insort
from collections import Counter, deque
from dataclasses import dataclass, field, replace
from ipaddress import IPv4Network
from random import Random
from socket import inet_ntoa
from string import ascii_lowercase, digits


@dataclass(frozen=True, slots=True)
class Size:
    """How many objects a swarm has; networks are those of the swarm, the ingress among them."""

    nodes: int
    networks: int
    services: int
    tasks: int


SIZES = {
    "small": Size(3, 8, 20, 100),
    "large": Size(100, 300, 1_000, 10_000),
    "huge": Size(500, 2_000, 5_000, 50_000),
}
INGRESS, SHARED = "ingress", "backbone"
"""The first two networks in every table: all services of a swarm are on the shared one.

In the huge swarm 50,500 endpoints are on it: 45,000 live tasks, 5,000 virtual addresses and 500
load-balancers.
"""

HISTORY_SHARE = 0.1
PUBLISHED_SHARE = 0.3
CHANGED_SHARE = 0.01
_LETTERS = ascii_lowercase + digits


@dataclass(frozen=True, slots=True)
class Node:
    id: str
    name: str
    address: str
    peer: str
    manager: bool


@dataclass(slots=True)
class Net:
    """A network of the swarm, and the addresses on it that nobody holds."""

    id: str
    name: str
    subnet: IPv4Network
    vxlan: int
    version: int
    free: deque[int] = field(repr=False)
    mtu: int = 0
    carriers: Counter[int] = field(default_factory=Counter)
    balancers: dict[int, int] = field(default_factory=dict)

    def take(self) -> int:
        """Return an address; those given back come last, as the engine hands them out."""
        return self.free.popleft()

    def cidr(self, address: int) -> str:
        """Return an address on this network as the engine writes it."""
        return f"{dotted(address)}/{self.subnet.prefixlen}"


@dataclass(slots=True)
class Service:
    """A replicated service; `networks` are positions, and so are those of its addresses."""

    id: str
    name: str
    networks: tuple[int, ...]
    virtual_ips: tuple[int, ...]
    published: int
    version: int
    live: dict[str, Task] = field(default_factory=dict, repr=False)


@dataclass(frozen=True, slots=True)
class Task:
    id: str
    version: int
    service: int
    slot: int
    node: int
    state: str
    container: str
    addresses: tuple[int, ...]

    @property
    def is_live(self) -> bool:
        return self.state in ("starting", "running")


class GeneratedSwarm:
    """A swarm in the middle of its life.

    Args:
        size: How large.
        seed: The same seed makes the same swarm, and the same generations of it.
    """

    def __init__(self, size: Size, seed: int = 1) -> None:
        self.size = size
        self.generation = 0
        self.version = 1000
        self._random = Random(seed)
        managers = 3 if size.nodes <= 100 else 5
        self.cluster_id = self._id()
        self.nodes = [
            Node(
                self._id(),
                f"node{number + 1}",
                f"192.168.{number // 250}.{number % 250 + 1}",
                f"{self._random.getrandbits(48):012x}",
                number < managers,
            )
            for number in range(size.nodes)
        ]
        self.networks = [self._network(number) for number in range(size.networks)]
        self.services = [self._service(number) for number in range(size.services)]
        self.tasks: dict[str, Task] = {}
        self.order: list[str] = []
        """Ids of tasks in the order in which the engine lists them."""
        self._history: deque[str] = deque()
        self._starting: list[str] = []
        for net in self.networks[:1]:
            for node in range(size.nodes):
                net.balancers[node] = net.take()
        self._fill()

    def advance(self, share: float = CHANGED_SHARE) -> tuple[set[str], set[int]]:
        """Replace a share of the live tasks, and let those replaced before run.

        Returns:
            The ids of tasks that are new, changed or gone, and the positions of their services.
        """
        self.generation += 1
        changed = {self._change(task_id, state="running") for task_id in self._starting}
        self._starting = []
        live = [task_id for task_id in self.order if self.tasks[task_id].is_live]
        for task_id in self._random.sample(live, max(1, int(share * len(live)))):
            forgotten = self._history.popleft()
            del self.tasks[forgotten], self.order[bisect_left(self.order, forgotten)]
            before = self.tasks[task_id]
            self._change(task_id, state=self._random.choice(("failed", "shutdown")))
            self._history.append(task_id)
            after = self._start(before.service, before.slot, "starting")
            self._starting.append(after.id)
            changed |= {forgotten, task_id, after.id}
        services = {self.tasks[each].service for each in changed if each in self.tasks}
        return changed, services

    def _fill(self) -> None:
        size = self.size
        past = max(1, int(size.tasks * HISTORY_SHARE))
        weights = [min(self._random.paretovariate(1.5), 4.0) for _ in self.services]
        more = self._random.choices(range(size.services), weights, k=size.tasks - past)
        replicas = Counter(more[size.services :]) + Counter(range(size.services))
        for service in range(size.services):
            for slot in range(1, replicas[service] + 1):
                self._start(service, slot, "running")
        live = list(self.tasks.values())
        for now in self._random.choices(live, k=past):
            gone = replace(
                now,
                id=self._id(),
                version=self._next_version(),
                node=self._random.randrange(size.nodes),
                state=self._random.choice(("failed", "shutdown", "complete")),
                container=self._container(),
            )
            self._keep(gone)
            self._history.append(gone.id)

    def _start(self, service: int, slot: int, state: str) -> Task:
        node = self._random.randrange(self.size.nodes)
        places = self.services[service].networks
        for place in places:
            net = self.networks[place]
            net.carriers[node] += 1
            if node not in net.balancers:
                net.balancers[node] = net.take()
        addresses = tuple(self.networks[place].take() for place in places)
        version = self._next_version()
        task = Task(self._id(), version, service, slot, node, state, self._container(), addresses)
        self.services[service].live[task.id] = task
        self._keep(task)
        return task

    def _keep(self, task: Task) -> None:
        self.tasks[task.id] = task
        insort(self.order, task.id)

    def _change(self, task_id: str, *, state: str) -> str:
        task = replace(self.tasks[task_id], state=state, version=self._next_version())
        self.tasks[task_id] = task
        live = self.services[task.service].live
        if task.is_live:
            live[task_id] = task
        else:
            del live[task_id]
            self._release(task)
        return task_id

    def _release(self, task: Task) -> None:
        places = self.services[task.service].networks
        for place, address in zip(places, task.addresses, strict=True):
            net = self.networks[place]
            net.free.append(address)
            net.carriers[task.node] -= 1
            if not net.carriers[task.node]:
                del net.carriers[task.node]
                if place:  # the ingress keeps a load-balancer on every node
                    net.free.append(net.balancers.pop(task.node))

    def _network(self, number: int) -> Net:
        name, subnet = f"net-{number:04}", f"10.{number >> 8}.{number & 255}.0/24"
        if number < 2:
            name, subnet = ((INGRESS, "10.255.0.0/16"), (SHARED, "10.254.0.0/16"))[number]
        block = IPv4Network(subnet)
        first = int(block.network_address)
        free = deque(range(first + 2, first + block.num_addresses - 1))
        return Net(self._id(), name, block, 4096 + number, self._next_version(), free)

    def _service(self, number: int) -> Service:
        published = 10_000 + number if self._random.random() < PUBLISHED_SHARE else 0
        own = 2 + number % (self.size.networks - 2)
        networks = (0, 1, own) if published else (1, own)
        addresses = tuple(self.networks[place].take() for place in networks)
        name = f"stack{number // 5:03}_{('web', 'api', 'db', 'cache', 'worker')[number % 5]}"
        return Service(self._id(), name, networks, addresses, published, self._next_version())

    def _next_version(self) -> int:
        self.version += 1
        return self.version

    def _container(self) -> str:
        return f"{self._random.getrandbits(256):064x}"

    def _id(self) -> str:
        return "".join(self._random.choices(_LETTERS, k=25))


def dotted(address: int) -> str:
    """Return an IPv4 address as text; several times as fast as the standard library's class."""
    return inet_ntoa(address.to_bytes(4, "big"))
