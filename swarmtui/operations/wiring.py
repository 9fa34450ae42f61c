"""Lists of the networks that a service is on, with some put in and some taken out."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

import msgspec

from swarmtui.operations.writes import Wire


def names_of(wires: Iterable[Wire]) -> tuple[str, ...]:
    """Return the networks' names."""
    return tuple(wire.network for wire in wires)


def without(wires: Sequence[Wire], names: Collection[str]) -> tuple[Wire, ...]:
    """Take the networks of these names out."""
    return tuple(wire for wire in wires if wire.network not in names)


def beside(wires: Sequence[Wire], names: Collection[str], other: str) -> tuple[Wire, ...]:
    """Put another network right behind the ones of these names, with the same aliases."""
    found: list[Wire] = []
    there = other in names_of(wires)
    for wire in wires:
        found.append(wire)
        if wire.network in names and not there:
            found.append(msgspec.structs.replace(wire, network=other))
            there = True
    return tuple(found)


def merged(aim: Sequence[Wire], now: Sequence[Wire], lost: Sequence[Wire]) -> tuple[Wire, ...]:
    """Return the wanted networks, with those that are to go right behind what takes their place.

    Whoever has all of them by now stays as it is.
    """
    if all(wire in now for wire in aim):
        return tuple(now)
    found = list(aim)
    for wire in lost:
        found.insert(min(now.index(wire) + 1, len(found)), wire)
    return tuple(found)
