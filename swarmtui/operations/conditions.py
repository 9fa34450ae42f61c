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
    """The engine would take this network and allocate it, and nothing is in its way.

    Attributes:
        replaced: Networks that will be gone by then, by name; for the ingress, every other one.
        needed: How many addresses it has to hold, where it is not the ingress.
    """

    definition: Definition
    lan_ranges: tuple[str, ...] = ()
    replaced: tuple[str, ...] = ()
    needed: int = 0


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


class NetworksAre(msgspec.Struct, frozen=True, tag=True):
    """The networks of these names are the very ones that a plan was made with."""

    network_ids: dict[str, NetworkId]


class OnlyOn(msgspec.Struct, frozen=True, tag=True):
    """No service but these is on the networks of these names."""

    networks: tuple[str, ...]
    service_ids: tuple[ServiceId, ...]


class NetworkUnused(msgspec.Struct, frozen=True, tag=True):
    """No service names the network, and no live task holds an address on it (engine-facts E.1)."""

    name: str


class NetworkAbsent(msgspec.Struct, frozen=True, tag=True):
    """No network of this name is listed any more, nor still carried by this node."""

    name: str


class NetworkReady(msgspec.Struct, frozen=True, tag=True):
    """The network is there as it was wanted, and can carry endpoints (engine-facts 0.2)."""

    definition: Definition


class Wired(msgspec.Struct, frozen=True):
    """Where a service is to be.

    Attributes:
        on: Networks on which it has to have its addresses, by name.
        off: Networks on which none of its tasks may hold one any more.
        running: How many tasks ran before; fewer are enough when fewer are wanted by then.
    """

    service_id: ServiceId
    name: str
    on: tuple[str, ...]
    off: tuple[str, ...]
    running: int


class ServicesWired(msgspec.Struct, frozen=True, tag=True):
    """Each service is on these networks, and off those, and its tasks run."""

    services: tuple[Wired, ...]


class ContainersFollow(msgspec.Struct, frozen=True, tag=True):
    """No container outside services is on one network without being on the other."""

    network: str
    onto: str


class ContainersLeft(msgspec.Struct, frozen=True, tag=True):
    """No container outside services is on the network."""

    network: str


class PeersComplete(msgspec.Struct, frozen=True, tag=True):
    """Every Ready node with a task on the network is a peer of it, as far as this node sees it."""

    name: str


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
    | NetworksAre
    | OnlyOn
    | NetworkUnused
    | NetworkAbsent
    | NetworkReady
    | ServicesWired
    | ContainersFollow
    | ContainersLeft
    | PeersComplete
)
