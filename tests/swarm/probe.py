"""Resolves a name by the engine's resolver and connects to it; run within a container's network.

Exits with 0 when one of the addresses answers, and says otherwise what went wrong.
"""

from __future__ import annotations

import random
import socket
import struct
import sys

_RESOLVER = ("127.0.0.11", 53)


def addresses(name: str) -> list[str]:
    """Return the addresses of a name."""
    labels = b"".join(bytes([len(part)]) + part.encode() for part in name.split("."))
    query = struct.pack(">HHHHHH", random.getrandbits(16), 0x0100, 1, 0, 0, 0)
    query += labels + b"\0" + struct.pack(">HH", 1, 1)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asked:
        asked.settimeout(2)
        asked.sendto(query, _RESOLVER)
        answer = asked.recv(4096)
    count = struct.unpack(">H", answer[6:8])[0]
    position, found = len(query), []
    for _ in range(count):
        position = _after_name(answer, position)
        kind, _, _, length = struct.unpack(">HHIH", answer[position : position + 10])
        data = answer[position + 10 : position + 10 + length]
        position += 10 + length
        if kind == 1:
            found.append(socket.inet_ntoa(data))
    return found


def _after_name(answer: bytes, position: int) -> int:
    while answer[position]:
        if answer[position] >= 0xC0:
            return position + 2  # a pointer to where the name was before
        position += 1 + answer[position]
    return position + 1


def main(name: str, port: str) -> str:
    """Return what is wrong, empty where nothing is."""
    try:
        found = addresses(name)
    except OSError as error:
        return f"{name} cannot be resolved: {error}"
    failures = []
    for address in found:
        try:
            with socket.create_connection((address, int(port)), timeout=2):
                return ""
        except OSError as error:
            failures.append(f"{address}: {error}")
    return f"{name}: {'; '.join(failures) or 'no such name'}"


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]) or None)
