"""Arithmetic on address ranges, lenient towards what engines report."""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

from netaddr import AddrFormatError, IPNetwork

RESERVED_PER_SUBNET = 3
"""Network, broadcast and gateway (engine-facts C.1)."""
PRIVATE_RANGES = ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16")
"""For anybody's own networks (RFC 1918)."""


class Span(NamedTuple):
    """Addresses next to each other, as numbers; the last one belongs to it."""

    first: int
    last: int

    @property
    def size(self) -> int:
        """Return how many addresses it holds."""
        return self.last - self.first + 1

    def holds(self, value: int) -> bool:
        """Tell whether an address lies in it."""
        return self.first <= value <= self.last


@lru_cache(maxsize=8192)
def address_range(cidr: str) -> Span | None:
    """Return the first and last IPv4 address of a range as numbers; None for anything else.

    Host bits are dropped: engines below 25 report them as they were given (engine-facts B.4).
    """
    try:
        network = IPNetwork(cidr)
    except (AddrFormatError, ValueError):
        return None
    return Span(network.first, network.last) if network.version == 4 else None


@lru_cache(maxsize=1 << 17)
def address_value(address: str) -> int | None:
    """Return an IPv4 address as a number, None for anything else such as `<nil>`."""
    parts = address.split(".")
    digits = "".join(parts)
    if len(parts) != 4 or not (digits.isascii() and digits.isdigit()):
        return None
    try:
        return int.from_bytes(bytes(map(int, parts)), "big")
    except ValueError:
        return None


def address_text(value: int) -> str:
    """Return a number as an IPv4 address."""
    return ".".join(str(value >> shift & 255) for shift in (24, 16, 8, 0))


def capacity(cidr: str) -> int:
    """Return how many addresses a range holds, network and broadcast included; 0 if unreadable."""
    found = address_range(cidr)
    return found.size if found else 0


def handed_out(cidr: str, ip_range: str = "") -> Span | None:
    """Return the addresses of a subnet that endpoints may get, None where it is unreadable.

    That is the IP range where there is one; engines accept one that is larger than its subnet.

    Args:
        cidr: The subnet.
        ip_range: The part of it that is handed out; empty for the whole.
    """
    whole = address_range(cidr)
    part = address_range(ip_range) if ip_range else None
    if whole is None or part is None:
        return whole
    first, last = max(whole.first, part.first), min(whole.last, part.last)
    return Span(first, last) if first <= last else whole


def reserved(cidr: str, gateway: str = "", ip_range: str = "") -> tuple[int, ...]:
    """Return network, broadcast and gateway of a subnet as numbers; empty for what is no range.

    A gateway that nobody names is the first address that is handed out (engine-facts C.1).
    """
    whole, part = address_range(cidr), handed_out(cidr, ip_range)
    if whole is None or part is None:
        return ()
    named = address_value(gateway)
    if named is None or not whole.holds(named):
        named = min(part.first + (part.first == whole.first), whole.last)
    return whole.first, whole.last, named


def hand_out(cidr: str, ip_range: str = "", gateway: str = "") -> int:
    """Return how many addresses of a subnet can be in use, the three reserved ones included.

    Args:
        cidr: The subnet.
        ip_range: The part of it that is handed out; empty for the whole.
        gateway: The gateway; empty for the engine's choice.
    """
    part = handed_out(cidr, ip_range)
    if part is None:
        return 0
    return part.size + sum(not part.holds(each) for each in reserved(cidr, gateway, ip_range))


def contains(cidr: str, address: str) -> bool:
    """Tell whether an address lies in a range."""
    found, value = address_range(cidr), address_value(address)
    return found is not None and value is not None and found.holds(value)


def first_host(cidr: str) -> str:
    """Return the address that the engine gives a gateway by itself, empty for what is no range."""
    found = address_range(cidr)
    return address_text(found.first + 1) if found and found.size > 1 else ""
