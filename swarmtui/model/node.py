"""A node of the swarm, as its managers know it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from swarmtui.model.ids import NodeId


@dataclass(frozen=True, slots=True)
class Node:
    """A swarm node.

    Attributes:
        address: What it advertises for control traffic; its data path may be elsewhere.
        state: `ready`, `down`, `disconnected` or `unknown`.
        reachability: Of a manager: `reachable`, `unreachable` or `unknown`; empty for workers.
    """

    id: NodeId
    version: int
    hostname: str
    role: str = "worker"
    availability: str = "active"
    state: str = "unknown"
    message: str = ""
    address: str = ""
    manager_address: str = ""
    leader: bool = False
    reachability: str = ""
    engine_version: str = ""
    os: str = ""
    architecture: str = ""
    labels: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_ready(self) -> bool:
        """Tell whether the managers hear the node."""
        return self.state == "ready"

    @property
    def addresses(self) -> tuple[str, ...]:
        """Return every address that the node is known to advertise."""
        manager = self.manager_address.rpartition(":")[0].strip("[]")
        return tuple(dict.fromkeys(address for address in (self.address, manager) if address))
