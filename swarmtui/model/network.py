"""A network as the engine lists it, and what its options mean."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from swarmtui.model.ids import NetworkId

DEFAULT_OUTER_MTU = 1500
VXLAN_OVERHEAD = 50
ENCRYPTION_OVERHEAD = 26
GATEWAY_BRIDGE = "docker_gwbridge"

MTU_OPTION = "com.docker.network.driver.mtu"
VXLAN_OPTION = "com.docker.network.driver.overlay.vxlanid_list"
STACK_LABEL = "com.docker.stack.namespace"


def inner_mtu(outer: int, *, encrypted: bool) -> int:
    """Return the MTU inside containers for one between nodes, in bytes (engine-facts A.3)."""
    inner = outer - VXLAN_OVERHEAD
    if encrypted:
        inner -= ENCRYPTION_OVERHEAD
        inner -= inner % 4
    return inner


@dataclass(frozen=True, slots=True)
class Subnet:
    """One address range of a network.

    Attributes:
        cidr: In CIDR notation, without host bits.
        gateway: The gateway's address, empty where the engine names none.
        ip_range: The part of the subnet that is handed out, empty for the whole.
    """

    cidr: str
    gateway: str = ""
    ip_range: str = ""


@dataclass(frozen=True, slots=True)
class Network:
    """A network of the swarm or of the node that is read.

    Attributes:
        created: RFC 3339 time as listed; an inspect answers the local realisation's time instead.
        scope: `swarm` or `local`.
        driver: Empty for a swarm network that the allocator has not taken up (engine-facts 0.2).
        local_copy: The row is of what the node carries, as on a worker, and not the swarm's record:
            a manager lists it only of a network that is removed, or while there is no leader.
    """

    id: NetworkId
    name: str
    scope: str
    driver: str
    subnets: tuple[Subnet, ...] = ()
    created: str = ""
    options: Mapping[str, str] = field(default_factory=dict)
    labels: Mapping[str, str] = field(default_factory=dict)
    internal: bool = False
    attachable: bool = False
    ingress: bool = False
    ipv6: bool = False
    local_copy: bool = False

    @property
    def is_swarm(self) -> bool:
        """Tell whether the whole swarm shares this network."""
        return self.scope == "swarm"

    @property
    def is_overlay(self) -> bool:
        """Tell whether this is an overlay, or a swarm network still waiting to become one."""
        return self.is_swarm and self.driver in ("overlay", "")

    @property
    def is_gateway_bridge(self) -> bool:
        """Tell whether this is the bridge that ties overlays to the node's own network."""
        return self.name == GATEWAY_BRIDGE and not self.is_swarm

    @property
    def is_allocated(self) -> bool:
        """Tell whether the network can carry endpoints (engine-facts 0.2, D.4)."""
        if not self.is_swarm:
            return True
        if self.driver == "overlay":
            return bool(self.subnets and self.vxlan_ids)
        return self.driver != ""

    @property
    def is_encrypted(self) -> bool:
        """Tell whether data is encrypted: the option's presence counts, not its value (B.2)."""
        return "encrypted" in self.options

    @property
    def outer_mtu(self) -> int:
        """Return the MTU option in bytes: the size of packets between nodes (A.3)."""
        return self.mtu_option or DEFAULT_OUTER_MTU

    @property
    def mtu_option(self) -> int | None:
        """Return the MTU that was asked for in bytes, None when none was or it is no number."""
        given = self.options.get(MTU_OPTION, "")
        return int(given) if given.isascii() and given.isdigit() else None

    @property
    def inner_mtu(self) -> int:
        """Return the MTU inside containers of an overlay, in bytes (engine-facts A.3)."""
        return inner_mtu(self.outer_mtu, encrypted=self.is_encrypted)

    @property
    def vxlan_ids(self) -> tuple[int, ...]:
        """Return the VXLAN network ids, one per subnet."""
        return _numbers(self.options.get(VXLAN_OPTION, ""))

    @property
    def stack(self) -> str:
        """Return the name of the stack that owns the network, empty without one."""
        return self.labels.get(STACK_LABEL, "")


@lru_cache(maxsize=8192)
def _numbers(given: str) -> tuple[int, ...]:
    texts = (text.strip() for text in given.split(","))
    return tuple(int(text) for text in texts if text.isascii() and text.isdigit())
