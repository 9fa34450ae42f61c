"""What one node tells about a network: peers, endpoints, gossip and address counts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import msgspec

from swarmtui.model.ids import NetworkId


class Peer(msgspec.Struct, frozen=True, gc=False):
    """A node that carries the network.

    Attributes:
        gossip_name: The node's name in the gossip protocol, not its node id.
        address: What it advertises, also where its data path is elsewhere (seen on 20.10.24).
    """

    gossip_name: str
    address: str


class LocalEndpoint(msgspec.Struct, frozen=True, gc=False):
    """An endpoint on the inspected node.

    Attributes:
        key: A container id, or `lb-NETWORK`, `NETWORK-sbox`, `ep-ID` (engine-facts B.2).
    """

    key: str
    name: str
    address: str
    mac: str
    endpoint_id: str = ""


class GossipTask(msgspec.Struct, frozen=True, gc=False):
    """An endpoint of the network anywhere in the swarm, as the inspected node has heard of it."""

    name: str
    address: str
    host_address: str
    endpoint_id: str = ""


class GossipService(msgspec.Struct, frozen=True, gc=False):
    """A service on the network as the inspected node has heard of it; an empty name means none."""

    name: str
    vip: str
    ports: tuple[str, ...]
    tasks: tuple[GossipTask, ...]


@dataclass(frozen=True, slots=True)
class ReportedUse:
    """The engine's own count of one subnet's addresses (API 1.52 and newer)."""

    cidr: str
    in_use: int
    available: int


@dataclass(frozen=True, slots=True)
class Inspection:
    """One node's view of one network.

    Attributes:
        peers: None when the node does not carry the network and so knows none.
        reported: Cluster-wide counts by the swarm leader; empty when it gave none.
    """

    network_id: NetworkId
    taken_at: datetime
    peers: tuple[Peer, ...] | None = None
    endpoints: tuple[LocalEndpoint, ...] = ()
    services: tuple[GossipService, ...] = ()
    reported: tuple[ReportedUse, ...] = ()
