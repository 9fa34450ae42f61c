"""What an engine answers about a generated swarm, as its first node tells it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import msgspec

from tests.benchmarks.nets import attached, container, listed, local_networks, status
from tests.benchmarks.nodes import engine_object, node_object, version_object
from tests.benchmarks.objects import gossip, service_object, task_object
from tests.benchmarks.swarms import GeneratedSwarm

_HERE = 0
_encode = msgspec.json.Encoder().encode


@dataclass(frozen=True, slots=True)
class Answers:
    """The bodies of one generation, by path without version and query."""

    generation: int
    lists: Mapping[str, bytes]
    inspections: Mapping[str, tuple[bytes, bytes]] = field(repr=False)
    """Of networks, by id and by name: plain and verbose."""
    objects: Mapping[str, bytes] = field(repr=False)
    """Of nodes, services and tasks, by path."""

    def body(self, path: str, *, verbose: bool = False) -> bytes | None:
        """Return the body for a path, None for what there is not."""
        if path.startswith("/networks/"):
            pair = self.inspections.get(path.removeprefix("/networks/"))
            return pair and pair[verbose]
        return self.lists.get(path) or self.objects.get(path)


class Teller:
    """Tells a swarm generation by generation, encoding anew only what has changed."""

    def __init__(self, swarm: GeneratedSwarm) -> None:
        self.swarm = swarm
        self._attached = [msgspec.Raw(_encode(attached(net))) for net in swarm.networks]
        self._fixed = {
            "/version": _encode(version_object()),
            "/info": _encode(engine_object(swarm)),
            "/nodes": _encode(
                [node_object(node, leader=place == 0) for place, node in enumerate(swarm.nodes)]
            ),
            "/networks": self._networks(),
            "/configs": b"[]\n",
            "/containers/json": b"[]\n",
        }
        self._objects = {
            f"/nodes/{node.id}": _encode(node_object(node, leader=place == 0))
            for place, node in enumerate(swarm.nodes)
        }
        self._inspections: dict[str, tuple[bytes, bytes]] = {}
        for local in local_networks():
            body = _encode({**local, "Containers": {}})
            self._inspections[local["Id"]] = self._inspections[local["Name"]] = (body, body)
        self._gossip: dict[tuple[int, int], bytes] = {}
        self._on: list[list[int]] = [[] for _ in swarm.networks]
        for place, service in enumerate(swarm.services):
            for network in service.networks:
                self._on[network].append(place)
        self._encode_changed(swarm.tasks, range(len(swarm.services)))

    def now(self) -> Answers:
        """Return the answers of this generation."""
        swarm, objects = self.swarm, self._objects
        tasks = b",".join([objects[f"/tasks/{task_id}"] for task_id in swarm.order])
        services = b",".join([objects[f"/services/{each.id}"] for each in swarm.services])
        lists = {**self._fixed, "/tasks": b"[%b]\n" % tasks, "/services": b"[%b]\n" % services}
        return Answers(swarm.generation, lists, dict(self._inspections), dict(objects))

    def advance(self) -> Answers:
        """Let the swarm live on, and return the answers of its next generation."""
        tasks, services = self.swarm.advance()
        self._encode_changed(tasks, services)
        return self.now()

    def touch(self, place: int) -> Answers:
        """Change the MTU of a network, which no other object tells of, and return the answers."""
        net = self.swarm.networks[place]
        net.mtu = 1450 if net.mtu != 1450 else 1400
        self._fixed["/networks"] = self._networks()
        self._inspect(place)
        return self.now()

    def _networks(self) -> bytes:
        return _encode([*map(listed, self.swarm.networks), *local_networks()])

    def _encode_changed(self, tasks: Iterable[str], services: Iterable[int]) -> None:
        swarm = self.swarm
        networks = set(range(len(swarm.networks))) if swarm.generation == 0 else set()
        for task_id in tasks:
            task = swarm.tasks.get(task_id)
            if task is None:
                del self._objects[f"/tasks/{task_id}"]
            else:
                self._objects[f"/tasks/{task_id}"] = _encode(
                    task_object(swarm, task, self._attached)
                )
        for place in services:
            service = swarm.services[place]
            self._objects[f"/services/{service.id}"] = _encode(service_object(swarm, service))
            networks.update(service.networks)
            for position, network in enumerate(service.networks):
                self._gossip[network, place] = gossip(swarm, service, position)
        for network in networks:
            self._inspect(network)

    def _inspect(self, place: int) -> None:
        net = self.swarm.networks[place]
        told = listed(net)
        if _HERE in net.balancers:
            peers = sorted(net.balancers if place == 0 else net.carriers)
            nodes = self.swarm.nodes
            told["Labels"] = {}
            told["Peers"] = [
                {"Name": nodes[each].peer, "IP": nodes[each].address} for each in peers
            ]
            told["Containers"] = self._containers(place)
        else:
            told["Containers"] = {}
        told["Status"] = status(net)
        plain = _encode(told)
        verbose = plain
        if _HERE in net.balancers:
            gossip = b",".join(self._gossip[place, service] for service in self._on[place])
            verbose = plain[:-1] + b',"Services":{' + gossip + b"}}"
        self._inspections[net.id] = self._inspections[net.name] = (plain, verbose)

    def _containers(self, place: int) -> dict[str, object]:
        swarm, net = self.swarm, self.swarm.networks[place]
        found: dict[str, object] = {}
        for each in self._on[place]:
            service = swarm.services[each]
            position = service.networks.index(place)
            for task in service.live.values():
                if task.node == _HERE and task.state == "running":
                    name = f"{service.name}.{task.slot}.{task.id}"
                    found[task.container] = container(net, name, task.addresses[position])
        key = f"{net.name}-sbox" if place == 0 else f"lb-{net.name}"
        found[key] = container(net, f"{net.name}-endpoint", net.balancers[_HERE])
        return found
