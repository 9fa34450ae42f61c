"""A list of the engine in slices of its bytes, so that only what has changed is decoded anew."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from operator import is_
from typing import Any, Generic, Protocol, TypeVar

SLICE_BYTES = 16 << 10
"""A slice is at least so long: a few tasks, which are decoded together when one of them changes."""
_LOOKAHEAD = 16
_REACH_BYTES = 1 << 20
_HEAD_BYTES = 64

# Nodes, services and tasks begin so and what they hold does not; cut elsewhere, a slice would be no
# list. A list in another layout is one slice.
_BOUNDARY = re.compile(rb',(?=\{"ID":"[^"\\]*","Version":)')


class _Identified(Protocol):
    @property
    def id(self) -> Any: ...


ValueT = TypeVar("ValueT", bound=_Identified)
Decode = Callable[[bytes, Mapping[Any, ValueT]], Sequence[ValueT]]


@dataclass(frozen=True, slots=True, eq=False)
class Slice(Generic[ValueT]):
    """Some objects next to each other in a list: their bytes, and what these mean.

    Attributes:
        body: From the bracket or comma before the first object to the comma after the last one, or
            to the end of the list.
    """

    body: bytes
    values: tuple[ValueT, ...]


Slices = tuple[Slice[ValueT], ...]


def sliced(body: bytes, before: Slices[ValueT], decode: Decode[ValueT]) -> Slices[ValueT]:
    """Return a list in slices; those whose bytes have not changed are the very ones of before.

    Args:
        body: The list as JSON.
        before: The slices of the last reading.
        decode: Makes a JSON list into values, where it is given those that it may keep, by id;
            what it raises is passed on.
    """
    found: list[Slice[ValueT]] = []
    place = number = 0
    while place < len(body) or not found:
        if number < len(before) and body.startswith(before[number].body, place):
            found.append(before[number])
            place += len(before[number].body)
            number += 1
            continue
        end, following = _resumed(body, place, before, number)
        gone = chain.from_iterable(each.values for each in before[number:following])
        known = {value.id: value for value in gone}
        for first, last in _cuts(body, place, end):
            part = body[first:last]
            found.append(Slice(part, tuple(decode(_as_list(part, first, body), known))))
        place, number = end, following
    return tuple(found)


def is_same(one: Sequence[object], other: Sequence[object]) -> bool:
    """Tell whether two sequences hold the very same objects."""
    return len(one) == len(other) and all(map(is_, one, other))


def _resumed(body: bytes, place: int, before: Slices[ValueT], number: int) -> tuple[int, int]:
    """Return where the list goes on with a slice of before, and which that is; else the ends."""
    for following in range(number + 1, min(number + 1 + _LOOKAHEAD, len(before))):
        head = before[following].body[:_HEAD_BYTES]
        end = body.find(head, place, place + _REACH_BYTES)
        if end >= 0:
            return end, following
    return len(body), len(before)


def _cuts(body: bytes, start: int, end: int) -> Iterator[tuple[int, int]]:
    # What is left over is no slice of its own: with every change there would be more small ones.
    while end - start > 2 * SLICE_BYTES:
        boundary = _BOUNDARY.search(body, start + SLICE_BYTES, end)
        if boundary is None:
            break
        yield start, boundary.start()
        start = boundary.start()
    yield start, end


def _as_list(part: bytes, first: int, body: bytes) -> bytes:
    """Return a part of a list, that begins at `first`, as a list of its own."""
    opened = b"[" + part.removeprefix(b",") if first else part
    return opened if first + len(part) == len(body) else opened + b"]"
