"""A simulated swarm that only moves when time is stepped."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from heapq import heappop
from ipaddress import IPv4Network
from random import Random

from swarmtui.demo import allocator, carrying, lifecycle, nodes, orchestrator
from swarmtui.demo.containers import create_container, start_container, stop_container
from swarmtui.demo.gateway_bridge import join_bridge, leave_bridge
from swarmtui.demo.identity import swarm_id
from swarmtui.demo.networks import create_network, remove_network
from swarmtui.demo.pools import AddressPools
from swarmtui.demo.records import Json, LocalState, Node, Record, TaskState
from swarmtui.demo.release import release_of
from swarmtui.demo.services import create_service, remove_service, update_service
from swarmtui.demo.timestamps import NANOSECONDS, unix_nanoseconds
from swarmtui.demo.world import Act, World

DEFAULT_ENGINE = "29.7.2"
DEFAULT_START = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)

_ACTS: Mapping[Act, Callable[[World, str], None]] = {
    Act.ALLOCATE_NETWORK: allocator.allocate_network,
    Act.ALLOCATE_SERVICE: allocator.allocate_service,
    Act.ALLOCATE_TASK: allocator.allocate_task,
    Act.RETRY_ALLOCATIONS: allocator.retry_allocations,
    Act.ADVANCE_TASK: lifecycle.advance_task,
    Act.REJECT_TASK: lifecycle.reject_task,
    Act.STOP_TASK: lifecycle.stop_task,
    Act.ATTACH_NODE: allocator.attach_node,
    Act.CONFIGURE_NODE: carrying.configure_node,
    Act.GIVE_UP_MESH: carrying.give_up_mesh,
    Act.RECONCILE: orchestrator.reconcile,
    Act.COMPLETE_UPDATE: orchestrator.complete_update,
}


class Swarm:
    """A swarm of simulated engines: the same seed and the same steps give the same bytes.

    It starts with its ingress network and without nodes.

    Args:
        seed: Chooses all ids and the small irregularities of time.
        now: When the swarm begins, with time zone.
        engine_version: Which engine all nodes run, from 20.10 on.
        api_version: Newest API version of these engines, if not the version's own.
        address_pools: The default address pools.
        subnet_size: Prefix length of the subnets cut from them.
        data_path_port: UDP port of the VXLAN traffic.
        keeps_unknown_fields: Be an engine of tomorrow, which knows more fields of a service's spec
            than those known here; an engine drops the fields that it does not know.
    """

    def __init__(
        self,
        seed: int = 1,
        now: datetime | None = None,
        *,
        engine_version: str = DEFAULT_ENGINE,
        api_version: str | None = None,
        address_pools: Sequence[str] = ("10.0.0.0/8",),
        subnet_size: int = 24,
        data_path_port: int = 4789,
        keeps_unknown_fields: bool = False,
    ) -> None:
        release = release_of(engine_version, api_version)
        pools = tuple(IPv4Network(pool) for pool in address_pools)
        self.world = World(
            seed=seed,
            start=unix_nanoseconds(now or DEFAULT_START),
            release=release,
            pools=AddressPools(pools, subnet_size, release.lowest_gap),
            data_path_port=data_path_port,
            rng=Random(seed),
            cluster=Record(swarm_id(seed, "cluster")),
            keeps_unknown_fields=keeps_unknown_fields,
        )
        self.world.touch(self.world.cluster)
        create_network(self.world, {"Name": "ingress", "Ingress": True})
        self.step(1)

    @property
    def now(self) -> datetime:
        """Return the simulated time."""
        seconds, rest = divmod(self.world.start + self.world.elapsed, NANOSECONDS)
        return datetime.fromtimestamp(seconds, UTC).replace(microsecond=rest // 1000)

    def begin_now(self, now: datetime) -> None:
        """Move the whole history in time so that the simulated time is `now`."""
        self.world.start = unix_nanoseconds(now) - self.world.elapsed

    def step(self, seconds: float) -> None:
        """Let time pass, and happen what is due; how it is cut into steps makes no difference.

        Without a leader nothing happens before there is one again.
        """
        world = self.world
        until = world.elapsed + round(seconds * NANOSECONDS)
        while world.agenda and world.agenda[0][0] <= until and world.has_leader:
            due, _, act, identity = heappop(world.agenda)
            world.elapsed = max(world.elapsed, due)
            if act is Act.UNREST:
                if world.unrest is not None:
                    world.unrest(identity)
            else:
                _ACTS[act](world, identity)
        world.elapsed = until

    def seconds_to_next(self) -> float | None:
        """Return how long nothing will happen, None for ever."""
        world = self.world
        if not world.agenda or not world.has_leader:
            return None
        return max(0.0, (world.agenda[0][0] - world.elapsed) / NANOSECONDS)

    def add_node(
        self,
        hostname: str,
        address: str,
        *,
        manager: bool = False,
        labels: Mapping[str, str] | None = None,
    ) -> str:
        """Let a node join and return its id; the first manager leads the swarm."""
        return nodes.add_node(
            self.world, hostname, address, manager=manager, labels=dict(labels or {})
        ).id

    def create_network(self, request: Json) -> str:
        """Create a network from the body of `POST /networks/create` and return its id.

        Raises:
            Refusal: The engine would not take it.
        """
        return create_network(self.world, request)

    def remove_network(self, name: str) -> None:
        """Remove a network by name.

        Raises:
            Refusal: It is in use.
        """
        network = next(each for each in self.world.networks.values() if each.name == name)
        remove_network(self.world, network)

    def create_service(self, spec: Json) -> str:
        """Create a service from the body of `POST /services/create` and return its id.

        Raises:
            Refusal: The engine would not take it.
        """
        return create_service(self.world, spec)

    def update_service(self, name: str, spec: Json) -> None:
        """Give a service another spec.

        Raises:
            Refusal: The engine would not take it.
        """
        service = next(each for each in self.world.services.values() if each.name == name)
        update_service(self.world, service, service.index, spec)

    def scale(self, name: str, replicas: int) -> None:
        """Change how many tasks a replicated service wants."""
        service = next(each for each in self.world.services.values() if each.name == name)
        spec = {**service.spec, "Mode": {"Replicated": {"Replicas": replicas}}}
        update_service(self.world, service, service.index, spec)

    def remove_service(self, name: str) -> None:
        """Remove a service by name."""
        remove_service(
            self.world, next(each for each in self.world.services.values() if each.name == name)
        )

    def run_container(
        self, node: str, name: str, networks: Sequence[str], *, image: str = "busybox:1.36"
    ) -> str:
        """Run a container outside services and return its id.

        Raises:
            Refusal: A network is not attachable or is full.
        """
        request: Json = {
            "Image": image,
            "Cmd": ["sleep", "infinity"],
            "NetworkingConfig": {"EndpointsConfig": {each: {} for each in networks}},
        }
        identity = create_container(self.world, self.node(node), name, request)
        start_container(self.world, self.world.containers[identity])
        return identity

    def stop_container(self, name: str) -> None:
        """Stop a container that runs outside services."""
        stop_container(
            self.world,
            next(each for each in self.world.containers.values() if each.name == name),
        )

    def fail_node(self, node: str) -> None:
        """Let a node vanish from the swarm."""
        nodes.fail_node(self.world, self.node(node))

    def recover_node(self, node: str) -> None:
        """Let a vanished node come back."""
        nodes.recover_node(self.world, self.node(node))

    def set_availability(self, node: str, availability: str) -> None:
        """Make a node `active`, `pause` or `drain`."""
        found = self.node(node)
        spec = {"Availability": availability, "Role": found.role, "Labels": found.labels}
        nodes.update_node(self.world, found, found.index, spec)

    def fail_task(self, name: str, error: str = "task: non-zero exit (1)") -> None:
        """Let the process of a running task, named like `web.1`, end with an error."""
        service_name, _, slot = name.rpartition(".")
        for task in self.world.tasks.values():
            service = self.world.services.get(task.service_id)
            named = service is not None and service.name == service_name and task.slot == int(slot)
            if named and task.state is TaskState.RUNNING and task.is_wanted:
                lifecycle.fail_task(self.world, task, error)
                return
        raise LookupError(f"no such running task: {name}")

    def lose_quorum(self) -> None:
        """Take the leader away: nothing of the cluster can be read or changed."""
        self.world.quorum_lost = True

    def regain_quorum(self) -> None:
        """Let a leader be elected."""
        self.world.quorum_lost = False

    def lock(self, node: str) -> None:
        """Restart a manager with autolock: it waits for the unlock key, the others see it down."""
        found = self.node(node)
        found.local_state = LocalState.LOCKED
        nodes.fail_node(self.world, found)

    def leave(self, node: str) -> None:
        """Let a node leave the swarm: it forgets it, and the others see the node down."""
        found = self.node(node)
        found.local_state = LocalState.INACTIVE
        leave_bridge(found)
        nodes.fail_node(self.world, found)

    def activate(self, node: str) -> None:
        """Unlock a locked manager, or let a node come back that had left."""
        found = self.node(node)
        if found.local_state is LocalState.INACTIVE:
            join_bridge(found)
        found.local_state = LocalState.ACTIVE
        nodes.recover_node(self.world, found)

    def node(self, name: str) -> Node:
        """Return a node by hostname or id.

        Raises:
            LookupError: There is none.
        """
        for node in self.world.nodes.values():
            if name in (node.hostname, node.id):
                return node
        raise LookupError(f"no such node: {name}")
