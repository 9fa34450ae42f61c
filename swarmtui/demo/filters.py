"""The `filters` of list calls: a name must match one of the values given for it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TypeVar

from swarmtui.demo.refusals import Refusal

Filters = Mapping[str, Sequence[str]]
ItemT = TypeVar("ItemT")
Test = Callable[[ItemT, str], bool]


def parse_filters(text: str, allowed: Iterable[str]) -> Filters:
    """Return the filters of a query.

    Args:
        text: JSON; lists of values, or the older objects with values as keys.
        allowed: Names that the call knows.

    Raises:
        Refusal: They are malformed or unknown.
    """
    if not text:
        return {}
    try:
        filters = {str(name): [str(each) for each in values] for name, values in _items(text)}
    except (ValueError, TypeError, AttributeError):
        raise Refusal(400, "invalid filter") from None
    for name in filters:
        if name not in allowed:
            raise Refusal(400, f"invalid filter '{name}'")
    return filters


def _items(text: str) -> Iterable[tuple[str, Iterable[str]]]:
    found: Mapping[str, Iterable[str]] = json.loads(text)
    return found.items()


def matching(
    items: Iterable[ItemT], filters: Filters, tests: Mapping[str, Test[ItemT]]
) -> list[ItemT]:
    """Return the items that pass all filters."""
    return [
        item
        for item in items
        if all(
            any(tests[name](item, value) for value in values) for name, values in filters.items()
        )
    ]


def has_label(labels: Mapping[str, str] | None, wanted: str) -> bool:
    """Tell whether labels contain `key` or `key=value`."""
    key, sign, value = wanted.partition("=")
    return labels is not None and key in labels and (not sign or labels[key] == value)
