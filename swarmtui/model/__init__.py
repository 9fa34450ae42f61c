"""What a swarm is: plain immutable values, read from an engine or made by a test."""

from swarmtui.model.activity import Activity
from swarmtui.model.door import Door, Outcome, Trial
from swarmtui.model.endpoint import Endpoint, EndpointKind
from swarmtui.model.ids import (
    ContainerId,
    NetworkId,
    NodeId,
    ServiceId,
    TaskId,
    short_id,
    without_task_id,
)
from swarmtui.model.inspection import (
    GossipService,
    GossipTask,
    Inspection,
    LocalEndpoint,
    Peer,
    ReportedUse,
)
from swarmtui.model.likeness import is_alike
from swarmtui.model.moment import earliest, moment
from swarmtui.model.network import DEFAULT_OUTER_MTU, Network, Subnet, inner_mtu
from swarmtui.model.node import Node
from swarmtui.model.peers import CarryingNode, PeerState, carrying_nodes, node_by_address
from swarmtui.model.reading import Document, DocumentKind, Lost, Reading
from swarmtui.model.service import (
    NetworkTarget,
    PublishedPort,
    Service,
    UpdatePolicy,
    VirtualIp,
)
from swarmtui.model.snapshot import (
    Cluster,
    Engine,
    Problem,
    RemoteManager,
    Snapshot,
    Standing,
)
from swarmtui.model.task import Attachment, Task
from swarmtui.model.version import Version, version_number

__all__ = [
    "DEFAULT_OUTER_MTU",
    "Activity",
    "Attachment",
    "CarryingNode",
    "Cluster",
    "ContainerId",
    "Document",
    "DocumentKind",
    "Door",
    "Endpoint",
    "EndpointKind",
    "Engine",
    "GossipService",
    "GossipTask",
    "Inspection",
    "LocalEndpoint",
    "Lost",
    "Network",
    "NetworkId",
    "NetworkTarget",
    "Node",
    "NodeId",
    "Outcome",
    "Peer",
    "PeerState",
    "Problem",
    "PublishedPort",
    "Reading",
    "RemoteManager",
    "ReportedUse",
    "Service",
    "ServiceId",
    "Snapshot",
    "Standing",
    "Subnet",
    "Task",
    "TaskId",
    "Trial",
    "UpdatePolicy",
    "Version",
    "VirtualIp",
    "carrying_nodes",
    "earliest",
    "inner_mtu",
    "is_alike",
    "moment",
    "node_by_address",
    "short_id",
    "version_number",
    "without_task_id",
]
