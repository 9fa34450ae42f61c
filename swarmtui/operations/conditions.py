"""What has to hold before a step, or come to hold after it, as data."""

from __future__ import annotations

import msgspec

from swarmtui.model import NetworkId, ServiceId
from swarmtui.operations.definition import Definition


class ClusterAnswers(msgspec.Struct, frozen=True, tag=True):
    """A manager of a swarm with a leader answers, and everything could be read."""


class IngressIs(msgspec.Struct, frozen=True, tag=True):
    """These are all ingress networks that there are."""

    network_ids: tuple[NetworkId, ...]


class DefinitionSound(msgspec.Struct, frozen=True, tag=True):
    """The engine would take this ingress and allocate it, and nothing is in its way."""

    definition: Definition
    lan_ranges: tuple[str, ...] = ()


class OnlyPublish(msgspec.Struct, frozen=True, tag=True):
    """No service but these publishes ports through the ingress."""

    service_ids: tuple[ServiceId, ...]


class ServicesSettled(msgspec.Struct, frozen=True, tag=True):
    """No update of these services is under way or has stopped half-way."""

    service_ids: tuple[ServiceId, ...]


class ServicesReleased(msgspec.Struct, frozen=True, tag=True):
    """No live task of these services holds an address on these networks."""

    service_ids: tuple[ServiceId, ...]
    network_ids: tuple[NetworkId, ...]


class NetworkFree(msgspec.Struct, frozen=True, tag=True):
    """No live task at all holds an address on the network (engine-facts D.2)."""

    network_id: NetworkId


class NetworkGone(msgspec.Struct, frozen=True, tag=True):
    """The swarm no longer lists the network, and this node has given it up.

    Absent from a list it is gone only if the cluster answered too (engine-facts 0.4). A node that
    still carries it refuses another one of its name.
    """

    network_id: NetworkId


class IngressAllocated(msgspec.Struct, frozen=True, tag=True):
    """There is one ingress, it has this name, and it can carry endpoints (engine-facts 0.3)."""

    name: str


class IngressEverywhere(msgspec.Struct, frozen=True, tag=True):
    """Every Ready node is a peer of the ingress (engine-facts 0.1, moby#40184)."""


class Expected(msgspec.Struct, frozen=True):
    """What a service is to be like once it publishes again.

    Attributes:
        running: How many tasks ran before; fewer are enough when fewer are wanted by then.
    """

    service_id: ServiceId
    name: str
    running: int


class ServicesPublished(msgspec.Struct, frozen=True, tag=True):
    """Each service has a virtual address on the ingress, and its tasks run on it."""

    services: tuple[Expected, ...]


class EngineAnswers(msgspec.Struct, frozen=True, tag=True):
    """An engine that is in no swarm answers, and its networks could be read."""


class BridgeIs(msgspec.Struct, frozen=True, tag=True):
    """These are all gateway bridges of the node, one at most."""

    network_ids: tuple[NetworkId, ...]


class BridgeFree(msgspec.Struct, frozen=True, tag=True):
    """Nobody has an endpoint on the gateway bridge (engine-facts G: a 403)."""


class BridgeSound(msgspec.Struct, frozen=True, tag=True):
    """The engine would take this gateway bridge, and nothing is in its way."""

    definition: Definition
    lan_ranges: tuple[str, ...] = ()


class BridgeMade(msgspec.Struct, frozen=True, tag=True):
    """The node's gateway bridge is like this."""

    definition: Definition


LocalCondition = EngineAnswers | BridgeIs | BridgeFree | BridgeSound | BridgeMade
"""What can hold on an engine that is in no swarm, and nowhere else."""

Condition = (
    LocalCondition
    | ClusterAnswers
    | IngressIs
    | DefinitionSound
    | OnlyPublish
    | ServicesSettled
    | ServicesReleased
    | NetworkFree
    | NetworkGone
    | IngressAllocated
    | IngressEverywhere
    | ServicesPublished
)
