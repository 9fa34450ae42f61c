"""A list of the engine in slices of its bytes, so that only what has changed is decoded anew."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate, chain
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
    """Some objects next to each other in a list.

    Attributes:
        size: How many bytes they are, from the bracket or comma before the first one to the comma
            after the last one, or to the end of the list.
        values: What the bytes mean.
    """

    size: int
    values: tuple[ValueT, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Sliced(Generic[ValueT]):
    """A list: its bytes, and all of them again as slices."""

    body: bytes = b""
    slices: tuple[Slice[ValueT], ...] = ()

    @property
    def values(self) -> Iterator[ValueT]:
        """Yield what the whole list means."""
        return chain.from_iterable(each.values for each in self.slices)


def sliced(body: bytes, before: Sliced[ValueT], decode: Decode[ValueT]) -> Sliced[ValueT]:
    """Return a list in slices; those whose bytes have not changed are the very ones of before.

    Args:
        body: The list as JSON.
        before: The list as it was read the last time, which is returned where nothing has changed.
        decode: Makes a JSON list into values, where it is given those that it may keep, by id;
            what it raises is passed on.
    """
    if body == before.body and before.slices:
        return before
    found: list[Slice[ValueT]] = []
    starts = (0, *accumulate(each.size for each in before.slices))
    place = number = 0
    while place < len(body) or not found:
        if number < len(before.slices):
            same = before.slices[number]
            if body.startswith(before.body[starts[number] : starts[number + 1]], place):
                found.append(same)
                place, number = place + same.size, number + 1
                continue
        end, following = _resumed(body, place, before.body, starts, number + 1)
        gone = chain.from_iterable(each.values for each in before.slices[number:following])
        known = {value.id: value for value in gone}
        for first, last in _cuts(body, place, end):
            values = decode(_as_list(body, first, last), known)
            found.append(Slice(last - first, tuple(values)))
        place, number = end, following
    return Sliced(body, tuple(found))


def is_same(one: Sequence[object], other: Sequence[object]) -> bool:
    """Tell whether two sequences hold the very same objects."""
    return len(one) == len(other) and all(map(is_, one, other))


def _resumed(
    body: bytes, place: int, old: bytes, starts: Sequence[int], number: int
) -> tuple[int, int]:
    """Return where a list goes on with a slice of before, and which that is; else the ends."""
    slices = len(starts) - 1
    for following in range(number, min(number + _LOOKAHEAD, slices)):
        head = old[starts[following] : starts[following] + _HEAD_BYTES]
        end = body.find(head, place, place + _REACH_BYTES)
        if end >= 0:
            return end, following
    return len(body), slices


def _cuts(body: bytes, start: int, end: int) -> Iterator[tuple[int, int]]:
    # What is left over is no slice of its own: with every change there would be more small ones.
    while end - start > 2 * SLICE_BYTES:
        boundary = _BOUNDARY.search(body, start + SLICE_BYTES, end)
        if boundary is None:
            break
        yield start, boundary.start()
        start = boundary.start()
    yield start, end


def _as_list(body: bytes, first: int, last: int) -> bytes:
    """Return a part of a list as a list of its own."""
    part = body[first:last]
    opened = b"[" + part.removeprefix(b",") if first else part
    return opened if last == len(body) else opened + b"]"
