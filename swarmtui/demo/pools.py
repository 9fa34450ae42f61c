"""Which subnets and VXLAN ids the networks of a swarm get."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from ipaddress import IPv4Network

FIRST_VXLAN_ID = 4096
LAST_VXLAN_ID = (1 << 24) - 1


@dataclass(slots=True, eq=False)
class AddressPools:
    """The swarm's default address pools, and every subnet in use.

    Attributes:
        pools: The blocks given at `docker swarm init`.
        subnet_size: Prefix length of the subnets cut from them.
        lowest_gap: Take the lowest free subnet (engine 27 and newer) instead of the one after the
            last handed out (engine-facts C.4).
    """

    pools: tuple[IPv4Network, ...]
    subnet_size: int
    lowest_gap: bool
    used: list[IPv4Network] = field(default_factory=list)
    _next: int = 0

    def take(self) -> IPv4Network | None:
        """Cut a free subnet from the pools; None when they are used up."""
        count = self._count
        for offset in range(count):
            number = offset if self.lowest_gap else (self._next + offset) % count
            subnet = self._subnet(number)
            if self.claim(subnet):
                self._next = (number + 1) % count
                return subnet
        return None

    def claim(self, subnet: IPv4Network) -> bool:
        """Take one given subnet; False when it overlaps one in use."""
        if any(subnet.overlaps(other) for other in self.used):
            return False
        self.used.append(subnet)
        return True

    def release(self, subnet: IPv4Network) -> None:
        """Give a subnet back."""
        self.used.remove(subnet)

    @property
    def _count(self) -> int:
        return sum(1 << (self.subnet_size - pool.prefixlen) for pool in self.pools)

    def _subnet(self, number: int) -> IPv4Network:
        for pool in self.pools:
            count = 1 << (self.subnet_size - pool.prefixlen)
            if number < count:
                first = int(pool.network_address) + number * (1 << (32 - self.subnet_size))
                return IPv4Network((first, self.subnet_size))
            number -= count
        raise IndexError(number)


@dataclass(slots=True, eq=False)
class VxlanIds:
    """VXLAN ids, handed out serially from 4096; freed ones are not handed out again at once."""

    used: set[int] = field(default_factory=set)
    _cursor: int = FIRST_VXLAN_ID - 1

    def take(self) -> int:
        """Hand out the next free id."""
        span = LAST_VXLAN_ID - FIRST_VXLAN_ID + 1
        number = self._cursor
        while True:
            number = FIRST_VXLAN_ID + (number + 1 - FIRST_VXLAN_ID) % span
            if number not in self.used:
                break
        self._cursor = number
        self.used.add(number)
        return number

    def claim(self, number: int) -> bool:
        """Take a given id; False when there is none such, or it is in use."""
        if number > LAST_VXLAN_ID or number in self.used:
            return False
        self.used.add(number)
        return True

    def release(self, numbers: Iterable[int]) -> None:
        """Give ids back."""
        self.used.difference_update(numbers)
