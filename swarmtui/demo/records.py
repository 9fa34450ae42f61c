"""What the simulated swarm remembers: nodes, networks, services, tasks and containers."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import IntEnum, StrEnum
from typing import Any

from swarmtui.demo.addresses import AddressSpace, Lease
from swarmtui.demo.bridges import Bridge, new_bridge, new_gateway_bridge

Json = dict[str, Any]


class TaskState(IntEnum):
    """The states of a task in the order in which it passes them."""

    NEW = 0
    PENDING = 64
    ASSIGNED = 192
    ACCEPTED = 256
    PREPARING = 320
    READY = 384
    STARTING = 448
    RUNNING = 512
    COMPLETE = 576
    SHUTDOWN = 640
    FAILED = 704
    REJECTED = 768
    REMOVE = 800
    ORPHANED = 832

    @property
    def word(self) -> str:
        """Return the state as the engine writes it."""
        return self.name.lower()


class LocalState(StrEnum):
    """What a node is to the swarm, in its own eyes."""

    INACTIVE = "inactive"
    ACTIVE = "active"
    LOCKED = "locked"


@dataclass(slots=True, eq=False)
class Record:
    """An object with an id; times are nanoseconds of simulated time."""

    id: str
    created: int = -1
    updated: int = 0
    index: int = 0


@dataclass(slots=True, eq=False)
class Node(Record):
    """A machine with an engine.

    Attributes:
        os: The operating system that it tells the managers of.
        engine_version: The version that it tells them of, where that is not the swarm's.
        broken: With what error its engine rejects tasks, by the name of a network.
        deaf: Its gossip reaches nobody, and nobody's reaches it.
        unheard: Tasks of others that its engine has not heard of, by id.
        remembered: Tasks that have ended and of which its engine still tells, by id.
        bridge: The default bridge, for containers on no other network.
        gateway_bridge: `docker_gwbridge`, by which containers on overlays reach the outside.
        made_bridges: Those that a person has made, by name; no container can be on them here.
        attachments: Addresses of the node's load-balancers by network id, as the leader has them.
        realised: The networks of the swarm that the node carries, by network id.
        mesh: The ingress network that the node's engine takes care of.
        releasing: An ingress network that the node's engine is about to give up.
        leftover: An ingress network that was removed while tasks of the node were on it: the
            node's engine carries it, and has forgotten to give it up.
    """

    hostname: str = ""
    role: str = "worker"
    availability: str = "active"
    labels: dict[str, str] = field(default_factory=dict)
    address: str = ""
    os: str = "linux"
    engine_version: str = ""
    broken: dict[str, str] = field(default_factory=dict)
    deaf: bool = False
    unheard: set[str] = field(default_factory=set)
    remembered: set[str] = field(default_factory=set)
    down: bool = False
    leader: bool = False
    local_state: LocalState = LocalState.ACTIVE
    attachments: dict[str, Lease] = field(default_factory=dict)
    realised: dict[str, Realisation] = field(default_factory=dict)
    mesh: Network | None = None
    releasing: Network | None = None
    leftover: Network | None = None
    bridge: Bridge = field(default_factory=new_bridge)
    gateway_bridge: Bridge = field(default_factory=new_gateway_bridge)
    made_bridges: dict[str, Bridge] = field(default_factory=dict)

    @property
    def is_manager(self) -> bool:
        """Tell whether the node is a manager."""
        return self.role == "manager"

    @property
    def takes_tasks(self) -> bool:
        """Tell whether new tasks may be assigned to the node."""
        return not self.down and self.availability == "active"

    @property
    def keeps_tasks(self) -> bool:
        """Tell whether tasks may stay on the node."""
        return not self.down and self.availability != "drain"

    def refuses(self, network: Network) -> bool:
        """Tell whether a leftover keeps the node from carrying another ingress network."""
        return self.leftover not in (None, network) and network.ingress

    def notices(self, network: Network) -> bool:
        """Tell whether the node's engine sees why it cannot carry an ingress network.

        It does not where the leftover has the same name.
        """
        return (
            self.refuses(network)
            and self.leftover is not None
            and self.leftover.name != network.name
        )


@dataclass(slots=True, eq=False)
class Allocation:
    """What the leader gave a network."""

    spaces: tuple[AddressSpace, ...]
    vxlan_ids: tuple[int, ...]


@dataclass(slots=True, eq=False)
class Network(Record):
    """A network of the swarm.

    Attributes:
        request: What was posted to create it.
        allocation: None until the leader allocated it, for ever when it cannot.
    """

    request: Json = field(default_factory=dict)
    allocation: Allocation | None = None
    removed: bool = False

    @property
    def name(self) -> str:
        """Return the network's name."""
        return str(self.request["Name"])

    @property
    def ingress(self) -> bool:
        """Tell whether this is the routing mesh."""
        return bool(self.request.get("Ingress"))

    @property
    def labels(self) -> dict[str, str]:
        """Return the network's labels."""
        return dict(self.request.get("Labels") or {})

    @property
    def options(self) -> dict[str, str]:
        """Return the driver options that were asked for."""
        return dict(self.request.get("Options") or {})


@dataclass(frozen=True, slots=True, eq=False)
class Realisation:
    """A network of the swarm on a node.

    Attributes:
        since: When the node began to carry it.
        lease: The address of the node's load-balancer there.
    """

    network: Network
    since: int
    lease: Lease | None


@dataclass(slots=True, eq=False)
class UpdateStatus:
    """How a rolling update goes.

    Attributes:
        completing: Every task is replaced, and the last ones are watched for a while.
    """

    state: str
    message: str
    started: int
    completed: int | None = None
    completing: bool = False


@dataclass(slots=True, eq=False)
class Service(Record):
    """A service.

    Attributes:
        endpoint_spec: The part of the spec that was allocated last; None before that.
        vips: Virtual addresses.
        allocated: The allocator is done with the present spec.
    """

    spec: Json = field(default_factory=dict)
    previous_spec: Json | None = None
    endpoint_spec: Json | None = None
    ports: list[Json] = field(default_factory=list)
    vips: tuple[Attachment, ...] = ()
    allocated: bool = False
    update_status: UpdateStatus | None = None
    update_serial: int = 0

    @property
    def name(self) -> str:
        """Return the service's name."""
        return str(self.spec["Name"])

    @property
    def is_global(self) -> bool:
        """Tell whether every suitable node runs one task of it."""
        return "Global" in self.spec["Mode"]

    @property
    def replicas(self) -> int:
        """Return how many tasks a replicated service wants."""
        return int((self.spec["Mode"].get("Replicated") or {}).get("Replicas", 1))

    @property
    def network_ids(self) -> tuple[str, ...]:
        """Return the networks that the spec names."""
        asked = self.spec["TaskTemplate"].get("Networks") or ()
        return tuple(str(each["Target"]) for each in asked) or self.network_ids_beside

    @property
    def network_ids_beside(self) -> tuple[str, ...]:
        """Return the networks that the spec names in the old way, outside of its template."""
        return tuple(str(each["Target"]) for each in self.spec.get("Networks") or ())


@dataclass(frozen=True, slots=True, eq=False)
class Attachment:
    """A task's address on a network, kept after the address is free again."""

    network: Network
    lease: Lease


@dataclass(slots=True, eq=False)
class Task(Record):
    """A task, of a service or of a container outside services (then without service).

    Attributes:
        slot: 0 for tasks of global services and of containers.
        holds: Its addresses are not given back yet.
        hold_until: A replacement does not start before.
        follows: Id of the task that must have stopped before this one starts.
        since: When it came into its state.
    """

    service_id: str = ""
    slot: int = 0
    node_id: str = ""
    spec: Json = field(default_factory=dict)
    endpoint_spec: Json | None = None
    state: TaskState = TaskState.NEW
    desired: TaskState = TaskState.RUNNING
    message: str = "created"
    error: str = ""
    since: int = 0
    attachments: tuple[Attachment, ...] = ()
    holds: bool = False
    container_id: str = ""
    pid: int = 0
    exit_code: int = 0
    hold_until: int = 0
    follows: str = ""

    @property
    def is_live(self) -> bool:
        """Tell whether it has not ended."""
        return self.state <= TaskState.RUNNING

    @property
    def is_wanted(self) -> bool:
        """Tell whether it is meant to run."""
        return self.desired <= TaskState.RUNNING

    @property
    def network_ids(self) -> tuple[str, ...]:
        """Return the networks that the task's spec names."""
        return tuple(str(each["Target"]) for each in self.spec.get("Networks") or ())


@dataclass(slots=True, eq=False)
class Config(Record):
    """A config of the swarm; its spec holds the content in base64."""

    spec: Json = field(default_factory=dict)

    @property
    def name(self) -> str:
        """Return the config's name."""
        return str(self.spec["Name"])

    @property
    def labels(self) -> dict[str, str]:
        """Return the config's labels."""
        return dict(self.spec["Labels"])


@dataclass(slots=True, eq=False)
class Container(Record):
    """A container outside services, on one node."""

    name: str = ""
    node_id: str = ""
    image: str = ""
    command: str = ""
    networks: tuple[str, ...] = ()
    running: bool = False
    started: int = 0
