from __future__ import annotations

from dataclasses import fields
from functools import cached_property

from swarmtui.model import Snapshot
from tests.builders import busy_snapshot
from tests.replacing import replace

INDEXES = [name for name, each in vars(Snapshot).items() if isinstance(each, cached_property)]
LISTS = {each.name for each in fields(Snapshot)}


def indexed(snapshot: Snapshot) -> Snapshot:
    for name in INDEXES:
        getattr(snapshot, name)
    return snapshot


def kept(one: Snapshot, other: Snapshot) -> set[str]:
    return {name for name in INDEXES if vars(one).get(name) is vars(other)[name]}


def test_a_snapshot_of_the_same_lists_has_the_same_indexes() -> None:
    before = indexed(busy_snapshot())
    assert kept(replace(before, inspections={}).with_indexes_of(before), before) == set(INDEXES)


def test_an_index_is_made_anew_when_a_list_that_it_is_of_has_changed() -> None:
    before = indexed(busy_snapshot())
    for name in ("nodes", "networks", "services", "tasks"):
        after = replace(before, **{name: getattr(before, name)[:-1]}).with_indexes_of(before)
        fresh = indexed(replace(after))
        indexed(after)
        assert {each: getattr(after, each) for each in INDEXES} == {
            each: getattr(fresh, each) for each in INDEXES
        }
        assert kept(after, before) < set(INDEXES)


def test_without_another_snapshot_nothing_is_known_beforehand() -> None:
    assert LISTS.issuperset(vars(busy_snapshot().with_indexes_of(None)))
