"""Ids as engines make them, but the same ones under the same seed."""

from __future__ import annotations

from hashlib import sha256

_BASE36 = "0123456789abcdefghijklmnopqrstuvwxyz"
_SWARM_ID_LENGTH = 25


def hex_id(*parts: object, length: int = 64) -> str:
    """Return the id of a container, an endpoint or a node-local network."""
    return sha256("/".join(map(str, parts)).encode()).hexdigest()[:length]


def local_network_id(seed: int, node_id: str, name: str, number: int = 1) -> str:
    """Return the id of one of a node's own networks, the first or a later one of its name."""
    again = (str(number),) if number > 1 else ()
    return hex_id(seed, node_id, "network", name, *again)


def swarm_id(*parts: object) -> str:
    """Return the id of an object of the swarm: 25 characters of base 36."""
    number = int(hex_id(*parts), 16)
    digits = []
    for _ in range(_SWARM_ID_LENGTH):
        number, digit = divmod(number, 36)
        digits.append(_BASE36[digit])
    return "".join(digits)


def random_mac(*parts: object) -> str:
    """Return a locally administered MAC address."""
    octets = bytearray.fromhex(hex_id(*parts, length=12))
    octets[0] = octets[0] & 0xFC | 0x02
    return ":".join(f"{octet:02x}" for octet in octets)
