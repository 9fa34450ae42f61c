"""Arithmetic on address ranges, lenient towards what engines report."""

from __future__ import annotations

from functools import lru_cache

from netaddr import AddrFormatError, IPAddress, IPNetwork

RESERVED_PER_SUBNET = 3
"""Network, broadcast and gateway (engine-facts C.1)."""
PRIVATE_RANGES = ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16")
"""For anybody's own networks (RFC 1918)."""


@lru_cache(maxsize=8192)
def address_range(cidr: str) -> tuple[int, int] | None:
    """Return the first and last IPv4 address of a range as numbers; None for anything else.

    Host bits are dropped: engines below 25 report them as they were given (engine-facts B.4).
    """
    try:
        network = IPNetwork(cidr)
    except (AddrFormatError, ValueError):
        return None
    return (network.first, network.last) if network.version == 4 else None


def address_value(address: str) -> int | None:
    """Return an IPv4 address as a number, None for anything else such as `<nil>`."""
    parts = address.split(".")
    if len(parts) != 4:
        return None
    value = 0
    for part in parts:
        if not (part.isascii() and part.isdigit()) or len(part) > 3 or int(part) > 255:
            return None
        value = value * 256 + int(part)
    return value


def capacity(cidr: str) -> int:
    """Return how many addresses a range holds, network and broadcast included; 0 if unreadable."""
    found = address_range(cidr)
    return found[1] - found[0] + 1 if found else 0


def hand_out(cidr: str, ip_range: str = "") -> int:
    """Return how many addresses of a subnet can be in use, the three reserved ones included.

    Args:
        cidr: The subnet.
        ip_range: The part of it that is handed out; empty for the whole.
    """
    if not ip_range:
        return capacity(cidr)
    return min(capacity(ip_range) + RESERVED_PER_SUBNET, capacity(cidr))


def contains(cidr: str, address: str) -> bool:
    """Tell whether an address lies in a range."""
    found, value = address_range(cidr), address_value(address)
    return found is not None and value is not None and found[0] <= value <= found[1]


def first_host(cidr: str) -> str:
    """Return the address that the engine gives a gateway by itself, empty for what is no range."""
    found = address_range(cidr)
    return str(IPAddress(found[0] + 1)) if found and found[1] > found[0] else ""
