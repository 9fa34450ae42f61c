"""Copies of values with other fields, whatever they are made of."""

from __future__ import annotations

import dataclasses
from typing import Any, TypeVar

import msgspec

ValueT = TypeVar("ValueT")


def replace(value: ValueT, /, **changes: Any) -> ValueT:
    """Return a copy of a dataclass or a struct with some fields changed."""
    if isinstance(value, msgspec.Struct):
        return msgspec.structs.replace(value, **changes)
    copied: ValueT = dataclasses.replace(value, **changes)  # type: ignore[type-var]
    return copied
