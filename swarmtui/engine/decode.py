"""Bytes of the Engine API to typed shapes; one bad object never costs the others."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from typing import Any, TypeVar

import msgspec

from swarmtui.engine.shapes import Shape
from swarmtui.engine.slices import Slice, Sliced, ValueT, sliced
from swarmtui.errors import EngineGarbled
from swarmtui.model import Problem

ShapeT = TypeVar("ShapeT", bound=Shape)
Decoded = tuple[Sliced[ValueT], tuple[Problem, ...]]

NUMBERED = "number "
"""How the subject of a problem begins that is about an object without an id."""

# Nesting without end is a RecursionError, which is none of msgspec's own.
_NOT_UNDERSTOOD = (msgspec.DecodeError, UnicodeDecodeError, RecursionError)


class _Identified(msgspec.Struct):
    """What a bad object may still tell about itself."""

    upper: object = msgspec.field(name="ID", default=None)
    mixed: object = msgspec.field(name="Id", default=None)


def decode_object(body: bytes | msgspec.Raw, shape: type[ShapeT], what: str) -> ShapeT:
    """Decode one JSON object.

    Raises:
        EngineGarbled: The body is no such object.
    """
    try:
        found: ShapeT = _decoder(shape).decode(body)
    except _NOT_UNDERSTOOD as error:
        raise garbled(what, error) from error
    return found


def decode_list(
    body: bytes, shape: type[ShapeT], part: str
) -> tuple[list[ShapeT], tuple[Problem, ...]]:
    """Decode a JSON list, object by object where one of them does not have the promised shape.

    Where none of them has it, it is the answer to something else.

    Raises:
        EngineGarbled: The body is no JSON list of such objects.
    """
    decoder = _decoder(list[shape])  # type: ignore[valid-type]
    try:
        return decoder.decode(body), ()
    except _NOT_UNDERSTOOD:
        return _decode_each(body, shape, part)


def decode_slices(
    body: bytes,
    before: Sliced[ValueT],
    part: str,
    shape: type[ShapeT],
    made: Callable[[Sequence[ShapeT], Mapping[Any, ValueT]], Sequence[ValueT]],
) -> Decoded[ValueT]:
    """Decode a JSON list like `decode_list`, but only what is not as before, slice by slice.

    No single step holds the interpreter for long, however long the list is.

    Args:
        body: The list as JSON.
        before: The list as it was read the last time.
        part: What is listed, in the words of `Problem`.
        shape: That of its objects.
        made: Makes shapes into values, where it is given those of before that it may keep, by id.

    Raises:
        EngineGarbled: The body is no JSON list of such objects.
    """
    decoder = _decoder(list[shape])  # type: ignore[valid-type]
    try:
        return sliced(body, before, lambda each, old: made(decoder.decode(each), old)), ()
    except _NOT_UNDERSTOOD:
        shapes, problems = _decode_each(body, shape, part)
    values = made(shapes, {value.id: value for value in before.values})
    return Sliced(body, (Slice(len(body), tuple(values)),)), problems


def indented(body: bytes) -> str:
    """Return JSON as indented text, as it is where it is no JSON.

    Numbers, order and unknown fields stay as the engine gave them.
    """
    try:
        return msgspec.json.format(body, indent=2).decode()
    except _NOT_UNDERSTOOD:
        return body.decode(errors="replace")


def garbled(what: str, error: Exception) -> EngineGarbled:
    """Return the error for an answer that is not what the Engine API promises."""
    return EngineGarbled(
        "The engine's answer cannot be understood",
        f"{what}: {error}.",
        "Check that the address is a Docker engine's and that nothing between changes its answers.",
    )


def _decode_each(
    body: bytes, shape: type[ShapeT], part: str
) -> tuple[list[ShapeT], tuple[Problem, ...]]:
    try:
        objects = _decoder(list[msgspec.Raw]).decode(body)
    except _NOT_UNDERSTOOD as error:
        raise garbled(f"List of {part}", error) from error
    found: list[ShapeT] = []
    problems: list[Problem] = []
    last: Exception = ValueError()
    decoder = _decoder(shape)
    for position, raw in enumerate(objects):
        try:
            found.append(decoder.decode(raw))
        except _NOT_UNDERSTOOD as error:
            problems.append(Problem(part, _identity(raw, position), f"Not understood: {error}."))
            last = error
    if problems and not found:
        raise garbled(f"List of {part}", last) from last
    return found, tuple(problems)


def _identity(raw: msgspec.Raw, position: int) -> str:
    try:
        known = _decoder(_Identified).decode(raw)
    except _NOT_UNDERSTOOD:
        return f"{NUMBERED}{position + 1}"
    return str(known.upper or known.mixed or f"{NUMBERED}{position + 1}")


@lru_cache(maxsize=64)
def _decoder(kind: Any) -> msgspec.json.Decoder[Any]:
    return msgspec.json.Decoder(kind)
