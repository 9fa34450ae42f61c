"""What one node knows: its own networks and containers, and what gossip tells it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from swarmtui.demo.addresses import Lease
from swarmtui.demo.identity import hex_id
from swarmtui.demo.records import (
    Container,
    LocalState,
    Network,
    Node,
    Service,
    Task,
    TaskState,
)
from swarmtui.demo.refusals import LOCKED, NO_LEADER, NOT_A_MANAGER, NOT_IN_SWARM, Refusal
from swarmtui.demo.world import World


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Something with an address on a network.

    Attributes:
        key: Container id, or `lb-NAME` and `NAME-sbox` for the node's own endpoint.
    """

    key: str
    name: str
    endpoint_id: str
    lease: Lease
    node: Node
    task: Task | None = None
    service: Service | None = None


class NodeView:
    """The swarm as the engine of one node sees it.

    Args:
        world: The swarm.
        node: The node that is asked.
    """

    def __init__(self, world: World, node: Node) -> None:
        self.world = world
        self.node = node

    @property
    def in_swarm(self) -> bool:
        """Tell whether the node's engine takes part in the swarm."""
        return self.node.local_state is LocalState.ACTIVE

    @property
    def sees_cluster(self) -> bool:
        """Tell whether calls about the cluster are answered here."""
        return self.in_swarm and self.node.is_manager and self.world.has_leader

    def check_cluster(self) -> None:
        """Refuse what only a manager of a swarm with a leader can answer.

        Raises:
            Refusal: In the engine's words for the node's standing.
        """
        if self.node.local_state is LocalState.LOCKED:
            raise Refusal(503, LOCKED)
        if not self.in_swarm:
            raise Refusal(503, NOT_IN_SWARM)
        if not self.node.is_manager:
            raise Refusal(503, NOT_A_MANAGER)
        if not self.world.has_leader:
            raise Refusal(500, NO_LEADER)

    def carried(self) -> list[Network]:
        """Return the networks of the swarm that are realised on this node, removed ones too."""
        if not self.in_swarm:
            return []
        return [each.network for each in self.node.realised.values()]

    def carries(self, network: Network) -> bool:
        """Tell whether a network is realised on this node."""
        return self.in_swarm and network.id in self.node.realised

    def peers(self, network: Network) -> list[Node]:
        """Return the nodes that carry a network, as this node's gossip has it."""
        return [
            node
            for node in self.world.nodes.values()
            if network.id in node.realised and self._hears(node)
        ]

    def _hears(self, node: Node) -> bool:
        return node is self.node or not (node.down or node.deaf or self.node.deaf)

    def endpoints(self, network: Network) -> list[Endpoint]:
        """Return this node's endpoints on a network, its own one last."""
        return [each for each in self.cluster_endpoints(network) if each.node is self.node]

    def cluster_endpoints(self, network: Network) -> list[Endpoint]:
        """Return every endpoint on a network, on all nodes that gossip reaches."""
        found = list(self._task_endpoints(network))
        for node in self.peers(network):
            lease = node.realised[network.id].lease
            if lease is not None:
                key = f"{network.name}-sbox" if network.ingress else f"lb-{network.name}"
                identity = hex_id(self.world.seed, "endpoint", node.id, network.id)
                found.append(Endpoint(key, f"{network.name}-endpoint", identity, lease, node))
        return found

    def _task_endpoints(self, network: Network) -> Iterator[Endpoint]:
        for task in self.world.tasks.values():
            if task.state is not TaskState.RUNNING and task.id not in self.node.remembered:
                continue
            node = self.world.nodes[task.node_id]
            if not self._hears(node) or task.id in self.node.unheard:
                continue
            service = self.world.services.get(task.service_id)
            for each in task.attachments:
                if each.network is network:
                    yield Endpoint(
                        task.container_id,
                        self.name_of(task),
                        self.endpoint_id(task, network),
                        each.lease,
                        node,
                        task,
                        service,
                    )

    def endpoint_id(self, task: Task, network: Network) -> str:
        """Return the id of a task's endpoint on a network."""
        return hex_id(self.world.seed, "endpoint", task.id, network.id)

    def name_of(self, task: Task) -> str:
        """Return the name of a task's container."""
        if not task.service_id:
            container = self.world.containers.get(task.container_id)
            return container.name if container else task.container_id
        service = self.world.services.get(task.service_id)
        place = str(task.slot) if task.slot else task.node_id
        return f"{service.name if service else task.service_id}.{place}.{task.id}"

    def tasks_with_container(self) -> list[Task]:
        """Return the service tasks whose container exists on this node, newest first."""
        if not self.in_swarm:
            return []
        tasks = [
            task
            for task in self.world.tasks_on(self.node.id)
            if task.service_id and task.container_id
        ]
        return sorted(tasks, key=lambda task: task.created, reverse=True)

    def containers(self) -> list[Container]:
        """Return the containers outside services on this node, newest first."""
        found = [each for each in self.world.containers.values() if each.node_id == self.node.id]
        return sorted(found, key=lambda each: each.created, reverse=True)
