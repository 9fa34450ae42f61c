"""The slow line of the tests is as slow as it says."""

from __future__ import annotations

import os
import select
import socket
import time

from tests.link import Link


def test_bytes_arrive_in_order_late_and_no_faster_than_the_line_carries() -> None:
    near, program = socket.socketpair()
    data = os.urandom(5000)
    link = Link(near.fileno(), bits_per_second=200_000, round_trip_seconds=0.2)
    began = time.monotonic()
    program.sendall(data)
    received = b""
    while len(received) < len(data):
        received += os.read(link.fileno(), 4096)
    assert received == data
    assert time.monotonic() - began >= 5000 / 25_000 + 0.1
    link.close()
    near.close()
    program.close()


def test_keys_arrive_late() -> None:
    near, program = socket.socketpair()
    link = Link(near.fileno(), round_trip_seconds=0.2)
    began = time.monotonic()
    os.write(link.fileno(), b"j")
    assert program.recv(1) == b"j"
    assert time.monotonic() - began >= 0.1
    link.close()
    near.close()
    program.close()


def test_a_full_line_takes_nothing_more() -> None:
    near, program = socket.socketpair()
    program.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 4096)
    program.setblocking(False)
    link = Link(near.fileno(), bits_per_second=8, buffer_bytes=2000)
    taken = 0
    while select.select([], [program], [], 0.3)[1] and taken < 1_000_000:
        taken += program.send(b"x" * 512)
    assert taken < 100_000
    link.close()
    near.close()
    program.close()
