"""The whole simulated swarm as one value that only acts change."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from heapq import heappush
from random import Random

from swarmtui.demo.events import EventLog
from swarmtui.demo.identity import swarm_id
from swarmtui.demo.pools import AddressPools, VxlanIds
from swarmtui.demo.records import Config, Container, Network, Node, Record, Service, Task, TaskState
from swarmtui.demo.release import Release
from swarmtui.demo.timestamps import NANOSECONDS, rfc3339

TASK_HISTORY_LIMIT = 5


class Act(StrEnum):
    """What can be due at a moment of simulated time."""

    ALLOCATE_NETWORK = "allocate network"
    ALLOCATE_SERVICE = "allocate service"
    ALLOCATE_TASK = "allocate task"
    RETRY_ALLOCATIONS = "retry allocations"
    ADVANCE_TASK = "advance task"
    REJECT_TASK = "reject task"
    STOP_TASK = "stop task"
    ATTACH_NODE = "attach node"
    CONFIGURE_NODE = "configure node"
    GIVE_UP_MESH = "give up mesh"
    RECONCILE = "reconcile"
    COMPLETE_UPDATE = "complete update"
    UNREST = "unrest"


@dataclass(slots=True, eq=False)
class World:
    """Everything there is; time is nanoseconds since `start`.

    Attributes:
        start: Nanoseconds from 1970 to the swarm's beginning.
        cluster: Identity of the swarm and its version counter at birth.
        agenda: What is due when, as a heap.
        quorum_lost: Too few managers are online, whatever the nodes' own states say.
        keeps_unknown_fields: Specs keep the fields that no engine known here has.
        unrest: Brings about the accidents of a scenario.
    """

    seed: int
    start: int
    release: Release
    pools: AddressPools
    data_path_port: int
    rng: Random
    cluster: Record
    elapsed: int = 0
    index: int = 0
    serial: int = 0
    quorum_lost: bool = False
    keeps_unknown_fields: bool = False
    retry_due: bool = False
    vxlans: VxlanIds = field(default_factory=VxlanIds)
    nodes: dict[str, Node] = field(default_factory=dict)
    networks: dict[str, Network] = field(default_factory=dict)
    services: dict[str, Service] = field(default_factory=dict)
    tasks: dict[str, Task] = field(default_factory=dict)
    configs: dict[str, Config] = field(default_factory=dict)
    containers: dict[str, Container] = field(default_factory=dict)
    agenda: list[tuple[int, int, Act, str]] = field(default_factory=list)
    events: EventLog = field(default_factory=EventLog)
    unrest: Callable[[str], None] | None = None

    @property
    def has_leader(self) -> bool:
        """Tell whether more than half of the managers are online."""
        managers = [node for node in self.nodes.values() if node.is_manager]
        online = sum(not node.down for node in managers)
        return not self.quorum_lost and (not managers or online > len(managers) / 2)

    def new_id(self) -> str:
        """Return a fresh id of the swarm."""
        self.serial += 1
        return swarm_id(self.seed, self.serial)

    def plan(self, act: Act, identity: str, seconds: float) -> None:
        """Let something happen to an object after some time, give or take a tenth."""
        self.serial += 1
        delay = int(seconds * self.rng.uniform(0.95, 1.1) * NANOSECONDS)
        heappush(self.agenda, (self.elapsed + delay, self.serial, act, identity))

    def plan_exactly(self, act: Act, identity: str, seconds: float) -> None:
        """Let something happen to an object after some time, and leave ids and chance alone."""
        due = self.elapsed + int(seconds * NANOSECONDS)
        heappush(self.agenda, (due, self.serial, act, identity))

    def touch(self, record: Record) -> None:
        """Commit a change of an object."""
        self.index += 1
        record.index = self.index
        record.updated = self.elapsed
        if record.created < 0:
            record.created = self.elapsed

    def moment(self, elapsed: int) -> str:
        """Write a moment of simulated time."""
        return rfc3339(self.start + elapsed)

    def tasks_of(self, service_id: str) -> list[Task]:
        """Return a service's tasks, oldest first."""
        return [task for task in self.tasks.values() if task.service_id == service_id]

    def tasks_on(self, node_id: str) -> list[Task]:
        """Return a node's tasks, oldest first."""
        return [task for task in self.tasks.values() if task.node_id == node_id]

    def live_tasks(self) -> Iterator[Task]:
        """Yield the tasks that have not ended."""
        return (task for task in self.tasks.values() if task.is_live)

    def ingress(self) -> Network | None:
        """Return the routing mesh's network."""
        return next((each for each in self.networks.values() if each.ingress), None)

    def retry_allocations(self) -> None:
        """Let the allocator look again at whatever it could not allocate."""
        if not self.retry_due:
            self.retry_due = True
            self.plan(Act.RETRY_ALLOCATIONS, "", 0.05)

    def set_state(
        self,
        task: Task,
        state: TaskState,
        message: str,
        error: str = "",
    ) -> None:
        """Commit a task's new state."""
        task.state = state
        task.message = message
        task.error = error
        task.since = self.elapsed
        self.touch(task)
