"""Bridge networks of a node, and who has an address on them."""

from __future__ import annotations

from dataclasses import dataclass, field
from ipaddress import IPv4Address, IPv4Network

from swarmtui.demo.addresses import AddressSpace, Lease


@dataclass(slots=True, eq=False)
class Bridge:
    """A node-local bridge network and who has an address on it, by container id.

    Attributes:
        options: As they were asked for.
        labels: As they were asked for.
        gateway_told: Its gateway was asked for, or chosen by the engine with the subnet.
        number: Tells bridges of one name apart that the node has had one after another.
        present: There is such a network now.
    """

    space: AddressSpace
    leases: dict[str, Lease] = field(default_factory=dict)
    options: dict[str, str] = field(default_factory=dict)
    labels: dict[str, str] = field(default_factory=dict)
    gateway_told: bool = True
    number: int = 1
    present: bool = True

    def join(self, container_id: str) -> None:
        """Give a container an address, if there is one."""
        lease = self.space.lease()
        if lease is not None:
            self.leases[container_id] = lease

    def part(self, container_id: str) -> None:
        """Take a container's address back."""
        lease = self.leases.pop(container_id, None)
        if lease is not None:
            lease.release()


def new_bridge() -> Bridge:
    """Return the default bridge."""
    return _bridge(17)


def new_gateway_bridge() -> Bridge:
    """Return `docker_gwbridge` as an engine makes it that joins a swarm."""
    bridge = _bridge(18)
    bridge.options = {
        "com.docker.network.bridge.enable_icc": "false",
        "com.docker.network.bridge.enable_ip_masquerade": "true",
        "com.docker.network.bridge.name": "docker_gwbridge",
    }
    return bridge


def _bridge(number: int) -> Bridge:
    subnet = IPv4Network(f"172.{number}.0.0/16")
    return Bridge(AddressSpace(subnet, IPv4Address(f"172.{number}.0.1"), str(subnet)))
