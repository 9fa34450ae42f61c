"""An endpoint: whoever holds an address on a network."""

from __future__ import annotations

from enum import StrEnum

import msgspec

from swarmtui.model.ids import NetworkId


class EndpointKind(StrEnum):
    """What holds the address."""

    VIP = "vip"
    TASK = "task"
    CONTAINER = "container"
    NODE_LB = "node-lb"
    STRAY = "stray"
    """An endpoint without a sandbox: a leftover on the node that is read (engine-facts B.2)."""


# A network may have tens of thousands: structs are made and compared fast, and garbage collection
# does not walk over them.


class Endpoint(msgspec.Struct, frozen=True, gc=False):
    """One holder of one address of a network.

    Attributes:
        key: Identity that survives a change of address: `vip:SERVICE`, `task:ID`, `lb:NODE`.
        address: Empty where the engine does not show it.
        mac: Empty where it is not known; only the node that is read tells its own.
        name: Who holds it: service, `service.slot`, container or `lb-NETWORK`.
        node: The node's host name, or its address when the name is not known.
        state: The task's state; empty for virtual addresses and load-balancers.
        node_is_down: The node keeps the address though nobody answers there (engine-facts 0.7).
        identity: The id to copy: service, task, container or node id.
    """

    key: str
    network_id: NetworkId
    kind: EndpointKind
    address: str
    name: str
    mac: str = ""
    service: str = ""
    node: str = ""
    state: str = ""
    node_is_down: bool = False
    identity: str = ""
