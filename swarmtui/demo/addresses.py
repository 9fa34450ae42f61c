"""Who may have which address of a subnet, handed out as the swarm's allocator does."""

from __future__ import annotations

from dataclasses import dataclass, field
from ipaddress import IPv4Address, IPv4Network


@dataclass(slots=True, eq=False)
class AddressSpace:
    """The addresses of one subnet.

    Addresses are handed out serially: the next free one after the last that was handed out,
    wrapping at the end (engine-facts C.1).

    Attributes:
        subnet: The block of addresses.
        gateway: The reserved gateway.
        text: The subnet as the engine reports it, with host bits where an old engine kept them.
        ip_range: The part of the subnet that may be handed out.
    """

    subnet: IPv4Network
    gateway: IPv4Address
    text: str
    ip_range: IPv4Network | None = None
    taken: set[int] = field(default_factory=set)
    _cursor: int = 0

    def __post_init__(self) -> None:
        first = int(self.subnet.network_address)
        self.taken |= {first, int(self.subnet.broadcast_address), int(self.gateway)}
        self._cursor = int(self._range.network_address) - (self.ip_range is not None)

    @property
    def _range(self) -> IPv4Network:
        if self.ip_range is None or self.subnet.subnet_of(self.ip_range):
            return self.subnet
        return self.ip_range

    @property
    def in_use(self) -> int:
        """Count the held addresses, the three reserved ones included."""
        return len(self.taken)

    @property
    def available(self) -> int:
        """Count the addresses that can still be handed out."""
        low, high = int(self._range.network_address), int(self._range.broadcast_address)
        return self._range.num_addresses - sum(low <= number <= high for number in self.taken)

    def lease(self) -> Lease | None:
        """Hand out the next free address; None when there is none."""
        low, size = int(self._range.network_address), self._range.num_addresses
        if self.available == 0:
            return None
        number = self._cursor
        while True:
            number = low + (number + 1 - low) % size
            if number not in self.taken:
                break
        self._cursor = number
        self.taken.add(number)
        return Lease(self, IPv4Address(number))


@dataclass(frozen=True, slots=True, eq=False)
class Lease:
    """An address held by somebody."""

    space: AddressSpace
    address: IPv4Address

    @property
    def cidr(self) -> str:
        """Return the address with its subnet's prefix length, as the engine writes it."""
        return f"{self.address}/{self.space.subnet.prefixlen}"

    @property
    def mac(self) -> str:
        """Return the MAC address that the engine derives from the address."""
        return "02:42:" + ":".join(f"{byte:02x}" for byte in self.address.packed)

    def release(self) -> None:
        """Give the address back."""
        self.space.taken.discard(int(self.address))


def lease_from(spaces: tuple[AddressSpace, ...]) -> Lease | None:
    """Hand out an address of the first subnet that has one."""
    for space in spaces:
        lease = space.lease()
        if lease is not None:
            return lease
    return None
