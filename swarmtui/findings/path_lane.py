"""One network over which a path may lead, and who is on it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property

from swarmtui.findings.path_end import End, EndKind
from swarmtui.model import (
    GossipService,
    GossipTask,
    Inspection,
    Network,
    NetworkId,
    Node,
    Snapshot,
    Task,
)

SHOWN = 4
"""How many of many are named."""
FRESH = timedelta(seconds=20)
"""How far apart tasks and gossip may be read, to hold the one against the other."""


@dataclass(frozen=True, slots=True)
class Held:
    """A task's address on a network, empty where it has none there."""

    task: Task
    address: str


@dataclass(frozen=True)
class Lane:
    """One network between two ends; the way from outside leads over the ingress."""

    snapshot: Snapshot
    network: Network
    a: End
    b: End

    @cached_property
    def a_held(self) -> tuple[Held, ...]:
        """Return who of A is on the network; of the outside nobody."""
        return self._held(self.a)

    @cached_property
    def b_held(self) -> tuple[Held, ...]:
        """Return who of B is on the network."""
        return self._held(self.b)

    @cached_property
    def a_nodes(self) -> tuple[Node, ...]:
        """Return the nodes where A is; the outside may come in on every Ready node."""
        if self.a.kind is EndKind.OUTSIDE:
            return by_name(node for node in self.snapshot.nodes if node.is_ready)
        return self._nodes(self.a_held)

    @cached_property
    def b_nodes(self) -> tuple[Node, ...]:
        """Return the nodes where B answers."""
        return self._nodes(self.b_held)

    @property
    def nodes(self) -> tuple[Node, ...]:
        """Return the nodes of both, each once."""
        return by_name({node.id: node for node in (*self.a_nodes, *self.b_nodes)}.values())

    @property
    def is_on_one_node(self) -> bool:
        """Tell whether nothing on this way leaves a node."""
        return len(self.nodes) == 1

    @property
    def b_answering(self) -> tuple[Task, ...]:
        """Return the tasks of B that answer."""
        return tuple(held.task for held in self.b_held if self.answers(held))

    @property
    def virtual_ip(self) -> str | None:
        """Return B's virtual address; empty where it should have one, None where it needs none."""
        service = self.b.service
        if self.b.kind is not EndKind.SERVICE or service is None:
            return None
        if service.endpoint_mode == "dnsrr":
            return None
        vips = (each for each in service.virtual_ips if each.network_id == self.network.id)
        return next((vip.address for vip in vips), "")

    def answers(self, held: Held) -> bool:
        """Tell whether a task runs, has its address, and its node is heard."""
        node = self.snapshot.node_by_id.get(held.task.node_id)
        return bool(
            held.task.state == "running" and held.address and node is not None and node.is_ready
        )

    @cached_property
    def inspection(self) -> Inspection | None:
        """Return this node's view of the network, None where it does not carry it."""
        found = self.snapshot.inspections.get(self.network.id)
        return found if found is not None and found.peers is not None else None

    @cached_property
    def gossip(self) -> Mapping[str, GossipService]:
        """Return what this node has heard of services on the network, by their names."""
        return {each.name: each for each in self.inspection.services} if self.inspection else {}

    @property
    def entries(self) -> tuple[GossipTask, ...]:
        """Return what this node has heard of B's tasks, or of the container."""
        name = self.b.service.name if self.b.service is not None else ""
        found = self.gossip[name].tasks if name in self.gossip else ()
        if self.b.kind is EndKind.SERVICE:
            return found
        if self.b.kind is EndKind.TASK:
            names = {f"{self.b.name}.{task.id}" for task in self.b.tasks}
            return tuple(entry for entry in found if entry.name in names)
        addresses = {held.address for held in self.b_held}
        return tuple(entry for entry in found if entry.address in addresses)

    @property
    def is_even(self) -> bool:
        """Tell whether tasks and gossip were read at about the same time."""
        if self.inspection is None:
            return False
        read = self.snapshot.tasks_at or self.snapshot.taken_at
        return abs(self.inspection.taken_at - read) <= FRESH

    def _held(self, end: End) -> tuple[Held, ...]:
        return tuple(Held(task, address_on(task, self.network.id)) for task in end.tasks)

    def _nodes(self, held: Iterable[Held]) -> tuple[Node, ...]:
        found = {each.task.node_id for each in held if self.answers(each)}
        return by_name(self.snapshot.node_by_id[each] for each in found)


def address_on(task: Task, network_id: NetworkId) -> str:
    """Return a task's address on a network, empty where it has none."""
    for each in task.attachments:
        if each.network_id == network_id and each.addresses:
            return each.addresses[0]
    return ""


def by_name(nodes: Iterable[Node]) -> tuple[Node, ...]:
    """Return nodes in the order of their names."""
    return tuple(sorted(nodes, key=lambda node: (node.hostname, node.id)))


def names_of(names: Iterable[str]) -> str:
    """Return some names of many, sorted, and how many more there are."""
    ordered = sorted(dict.fromkeys(names))
    rest = len(ordered) - SHOWN
    shown = ", ".join(ordered[:SHOWN])
    return f"{shown} and {rest} more" if rest > 0 else shown


def node_names(nodes: Iterable[Node]) -> str:
    """Return some of many nodes by name."""
    return names_of(node.hostname or node.id for node in nodes)
