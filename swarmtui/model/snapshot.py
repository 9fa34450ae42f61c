"""One consistent picture of the swarm: a value that never changes once it is made."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from functools import cached_property

from swarmtui.model.activity import Activity
from swarmtui.model.ids import NetworkId, NodeId, ServiceId, TaskId
from swarmtui.model.inspection import Inspection
from swarmtui.model.network import Network
from swarmtui.model.node import Node
from swarmtui.model.service import Service
from swarmtui.model.task import Task

DEFAULT_POOLS = ("10.0.0.0/8",)
DEFAULT_POOL_PREFIX = 24
DEFAULT_DATA_PATH_PORT = 4789


class Standing(StrEnum):
    """What the node that is read is to the swarm, and so how much it can tell."""

    MANAGER = "manager"
    WORKER = "worker"
    NO_LEADER = "no-leader"
    LOCKED = "locked"
    NO_SWARM = "no-swarm"
    JOINING = "joining"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class RemoteManager:
    """A manager that the read node knows: `address` holds its control port too."""

    node_id: NodeId
    address: str


@dataclass(frozen=True, slots=True)
class Engine:
    """The engine that is read.

    Attributes:
        api: The negotiated version of the Engine API.
        error: The engine's own words about its place in the swarm, empty when all is well.
        id: Its own id, which it keeps in and out of swarms.
    """

    version: str
    api: str
    name: str
    standing: Standing
    node_id: NodeId = NodeId("")
    node_address: str = ""
    error: str = ""
    managers: tuple[RemoteManager, ...] = ()
    id: str = ""


@dataclass(frozen=True, slots=True)
class Cluster:
    """What was settled when the swarm was made (engine-facts C.4).

    Attributes:
        pools: The default address pools in CIDR notation.
        pool_prefix: The prefix length of the blocks handed out from them.
    """

    id: str
    pools: tuple[str, ...] = DEFAULT_POOLS
    pool_prefix: int = DEFAULT_POOL_PREFIX
    data_path_port: int = DEFAULT_DATA_PATH_PORT


@dataclass(frozen=True, slots=True)
class Problem:
    """Something that could not be read or understood.

    Attributes:
        part: What was read: `nodes`, `networks`, `services`, `tasks`, `operations` or `inspect`.
        subject: The name or id of the object, empty when the whole part failed.
        stale_since: When the part was last read well, for a part that is shown all the same.
    """

    part: str
    subject: str
    text: str
    stale_since: datetime | None = None


_MADE_OF: Mapping[str, tuple[str, ...]] = {
    "node_by_id": ("nodes",),
    "ready_node_ids": ("nodes",),
    "node_by_advertised": ("nodes",),
    "network_by_id": ("networks",),
    "service_by_id": ("services",),
    "task_by_id": ("tasks",),
    "live_tasks_by_network": ("tasks",),
    "busy_nodes_by_network": ("tasks",),
    "failed_tasks": ("tasks",),
    "_task_by_address": ("tasks",),
    "virtual_ips_by_network": ("services",),
    "live_tasks_by_service": ("tasks",),
    "waiting_tasks_by_network": ("tasks", "networks"),
    "chosen_subnets": ("tasks",),
    "services_by_network": ("services", "networks"),
    "_swarm_network_ids": ("networks",),
}
"""Every index, and the lists that it is made of."""


@dataclass(frozen=True, eq=False)
class Snapshot:
    """Everything that one pass of reading found.

    Attributes:
        tasks_at: When the tasks were read; older than `taken_at` while they are read seldom.
        cluster: None where the engine does not tell (workers, no swarm).
        inspections: By network id, each with its own age.
        problems: What is missing, stale or not understood.
        leftovers: Networks that the swarm has removed and the node still carries.
        activity: The operation that holds the swarm's lock; None while there is none.
    """

    taken_at: datetime
    engine: Engine
    cluster: Cluster | None = None
    nodes: tuple[Node, ...] = ()
    networks: tuple[Network, ...] = ()
    services: tuple[Service, ...] = ()
    tasks: tuple[Task, ...] = ()
    inspections: Mapping[NetworkId, Inspection] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()
    tasks_at: datetime | None = None
    activity: Activity | None = None
    leftovers: tuple[Network, ...] = ()

    def with_indexes_of(self, other: Snapshot | None) -> Snapshot:
        """Return this snapshot, with the other's indexes where both are of the very same lists."""
        made = vars(other) if other is not None else {}
        for index, lists in _MADE_OF.items():
            if index in made and all(getattr(self, each) is made[each] for each in lists):
                vars(self).setdefault(index, made[index])
        return self

    @property
    def sees_cluster(self) -> bool:
        """Tell whether nodes, services and tasks of the whole swarm are in this picture."""
        return bool(self.nodes)

    @property
    def realm(self) -> str:
        """Return what a change is of: the swarm's id, out of a swarm the engine's; else empty."""
        if self.engine.standing is Standing.NO_SWARM:
            return self.engine.id
        return self.cluster.id if self.cluster else ""

    @property
    def data_path_port(self) -> int:
        """Return the UDP port on which nodes exchange packets of overlays."""
        return self.cluster.data_path_port if self.cluster else DEFAULT_DATA_PATH_PORT

    @property
    def gateway_bridge(self) -> Network | None:
        """Return the bridge that ties overlays to the node's own network, None where none is."""
        return next((each for each in self.networks if each.is_gateway_bridge), None)

    @cached_property
    def node_by_id(self) -> Mapping[NodeId, Node]:
        """Index the nodes."""
        return {node.id: node for node in self.nodes}

    @cached_property
    def ready_node_ids(self) -> frozenset[NodeId]:
        """Return the nodes that the managers hear."""
        return frozenset(node.id for node in self.nodes if node.is_ready)

    @cached_property
    def node_by_advertised(self) -> Mapping[str, Node]:
        """Index the nodes by every address that they advertise."""
        found = {address: node for node in self.nodes for address in node.addresses}
        found.pop("0.0.0.0", None)
        return found

    @cached_property
    def network_by_id(self) -> Mapping[NetworkId, Network]:
        """Index the networks."""
        return {network.id: network for network in self.networks}

    @cached_property
    def service_by_id(self) -> Mapping[ServiceId, Service]:
        """Index the services."""
        return {service.id: service for service in self.services}

    @cached_property
    def task_by_id(self) -> Mapping[TaskId, Task]:
        """Index the tasks."""
        return {task.id: task for task in self.tasks}

    @cached_property
    def live_tasks_by_network(self) -> Mapping[NetworkId, tuple[tuple[Task, tuple[str, ...]], ...]]:
        """Index live tasks with their addresses by the network they are attached to."""
        found: dict[NetworkId, list[tuple[Task, tuple[str, ...]]]] = {}
        for task in self.tasks:
            if task.is_live:
                for attachment in task.attachments:
                    found.setdefault(attachment.network_id, []).append((task, attachment.addresses))
        return {network_id: tuple(holders) for network_id, holders in found.items()}

    @cached_property
    def busy_nodes_by_network(self) -> Mapping[NetworkId, frozenset[NodeId]]:
        """Index the nodes with live tasks by the networks that these are attached to."""
        return {
            network_id: frozenset(task.node_id for task, _ in holders if task.node_id)
            for network_id, holders in self.live_tasks_by_network.items()
        }

    @cached_property
    def failed_tasks(self) -> tuple[Task, ...]:
        """Return the tasks of which the engine tells an error."""
        return tuple(task for task in self.tasks if task.error)

    @cached_property
    def _task_by_address(self) -> dict[NetworkId, Mapping[str, Task]]:
        return {}

    def task_by_address(self, network_id: NetworkId) -> Mapping[str, Task]:
        """Index the live tasks of one network by their addresses."""
        found = self._task_by_address.get(network_id)
        if found is None:
            holders = self.live_tasks_by_network.get(network_id, ())
            found = {address: task for task, addresses in holders for address in addresses}
            self._task_by_address[network_id] = found
        return found

    @cached_property
    def virtual_ips_by_network(self) -> Mapping[NetworkId, tuple[tuple[Service, str], ...]]:
        """Index services by the networks on which they hold a virtual address, with it."""
        found: dict[NetworkId, list[tuple[Service, str]]] = {}
        for service in self.services:
            for vip in service.virtual_ips:
                if vip.address:
                    found.setdefault(vip.network_id, []).append((service, vip.address))
        return {network_id: tuple(holders) for network_id, holders in found.items()}

    @cached_property
    def live_tasks_by_service(self) -> Mapping[ServiceId, tuple[Task, ...]]:
        """Index live tasks by their service; containers outside services are of none."""
        found: dict[ServiceId, list[Task]] = {}
        for task in self.tasks:
            if task.is_live and task.service_id:
                found.setdefault(task.service_id, []).append(task)
        return {service_id: tuple(tasks) for service_id, tasks in found.items()}

    @cached_property
    def waiting_tasks_by_network(self) -> Mapping[NetworkId, tuple[Task, ...]]:
        """Index tasks that wait for an address by the networks they name (engine-facts C.3)."""
        found: dict[NetworkId, list[Task]] = {}
        for task in self.tasks:
            if task.state == "new" and not task.attachments:
                for target in task.targets:
                    found.setdefault(self.target_id(target), []).append(task)
        return {network_id: tuple(tasks) for network_id, tasks in found.items()}

    @cached_property
    def chosen_subnets(self) -> Mapping[NetworkId, bool]:
        """Tell of networks with tasks whether somebody asked for their subnets."""
        return {
            attachment.network_id: attachment.chosen
            for task in self.tasks
            for attachment in task.attachments
            if attachment.chosen is not None
        }

    @cached_property
    def services_by_network(self) -> Mapping[NetworkId, tuple[Service, ...]]:
        """Index services by the networks that their specification names or that hold their VIP."""
        found: dict[NetworkId, list[Service]] = {}
        for service in self.services:
            for network_id in self.networks_of(service):
                found.setdefault(network_id, []).append(service)
        return {network_id: tuple(services) for network_id, services in found.items()}

    @cached_property
    def _swarm_network_ids(self) -> Mapping[str, NetworkId]:
        return {network.name: network.id for network in self.networks if network.is_swarm}

    def target_id(self, target: str) -> NetworkId:
        """Return the network that a specification means by an id or a name."""
        return self._swarm_network_ids.get(target, NetworkId(target))

    def networks_of(self, service: Service) -> tuple[NetworkId, ...]:
        """Return the networks that a service names, then those where it only has a VIP."""
        named = [self.target_id(each.target) for each in service.networks]
        return tuple(dict.fromkeys((*named, *(vip.network_id for vip in service.virtual_ips))))

    def service_name(self, task: Task) -> str:
        """Return the name of a task's service, or its short id when the service is not known."""
        service = self.service_by_id.get(task.service_id)
        return service.name if service else task.service_id[:12]

    def wanted_tasks(self, service: Service) -> int:
        """Return how many tasks a service is to have."""
        if service.replicas is not None:
            return service.replicas
        if service.desired is not None:
            return service.desired
        return len(self.live_tasks_by_service.get(service.id, ()))

    def task_name(self, task: Task) -> str:
        """Return `service.slot`, or `service.node` for a task of a global service."""
        stem = self.service_name(task)
        if task.slot:
            return f"{stem}.{task.slot}"
        return f"{stem}.{self.node_name(task.node_id)}" if task.node_id else stem

    def node_name(self, node_id: NodeId) -> str:
        """Return the host name of a node, or its short id when the node is not known."""
        node = self.node_by_id.get(node_id)
        return (node.hostname or node.id[:12]) if node else node_id[:12]
