"""A task: one container of a service, or one container attached to an overlay by hand."""

from __future__ import annotations

import msgspec

from swarmtui.model.ids import ContainerId, NetworkId, NodeId, ServiceId, TaskId

LIVE_STATES = frozenset(
    (
        "new",
        "allocated",
        "pending",
        "assigned",
        "accepted",
        "ready",
        "preparing",
        "starting",
        "running",
    )
)


# Swarms have tens of thousands of these: structs are made and compared fast, and garbage collection
# does not walk over them.


class Attachment(msgspec.Struct, frozen=True, gc=False):
    """A task's addresses on one network, without prefix lengths.

    Attributes:
        chosen: Whether somebody asked for the network's subnet, and it is not from the pools; None
            where the engine does not tell (engine-facts C.4).
    """

    network_id: NetworkId
    addresses: tuple[str, ...]
    chosen: bool | None = None


class Task(msgspec.Struct, frozen=True, gc=False):
    """A swarm task.

    Attributes:
        version: The engine's `Version.Index`; unchanged means that the object is unchanged.
        service_id: Empty for a container attached outside any service.
        slot: The replica's number; 0 for tasks of global services and attachments.
        node_id: Empty until the task is scheduled.
        since: RFC 3339 time of the last change of state.
        targets: The networks that its specification names, by id or by name.
    """

    id: TaskId
    version: int
    state: str
    desired_state: str = ""
    service_id: ServiceId = ServiceId("")
    slot: int = 0
    node_id: NodeId = NodeId("")
    container_id: ContainerId = ContainerId("")
    attachments: tuple[Attachment, ...] = ()
    targets: tuple[str, ...] = ()
    message: str = ""
    error: str = ""
    since: str = ""

    @property
    def is_live(self) -> bool:
        """Tell whether the task holds its addresses (engine-facts 0.6: by state, never desired)."""
        return self.state in LIVE_STATES

    @property
    def is_attachment(self) -> bool:
        """Tell whether this stands for a container outside services."""
        return not self.service_id
