from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from swarmtui.engine import slices
from swarmtui.engine.decode import decode_slices
from swarmtui.engine.shapes import TaskShape
from swarmtui.engine.slices import Sliced
from swarmtui.engine.wire import tasks_of
from swarmtui.errors import EngineGarbled
from swarmtui.model import Problem, Task

NOTHING: Sliced[Task] = Sliced()


def a_task(number: int, version: int = 1, **changes: object) -> dict[str, object]:
    # The volume's object looks like the boundary between two tasks, where a list is cut.
    volumes = [{"Source": "a"}, {"ID": "v"}]
    head = {"ID": f"task{number:04}", "Version": {"Index": version}, "DesiredState": "running"}
    return {**head, "Slot": number, "Volumes": volumes, **changes}


def listed(tasks: Sequence[object]) -> bytes:
    return json.dumps(tasks, separators=(",", ":")).encode() + b"\n"


def decode(
    body: bytes, before: Sliced[Task] = NOTHING, seen: list[str] | None = None
) -> tuple[Sliced[Task], tuple[Problem, ...]]:
    def made(shapes: Sequence[TaskShape], known: Mapping[Any, Task]) -> Sequence[Task]:
        if seen is not None:
            seen.extend(shape.id for shape in shapes)
        return tasks_of(shapes, known)

    return decode_slices(body, before, "tasks", TaskShape, made)


def values(found: Sliced[Task]) -> list[Task]:
    return list(found.values)


@pytest.fixture(autouse=True)
def _small_slices(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(slices, "SLICE_BYTES", 300)


def test_a_long_list_means_the_same_in_slices() -> None:
    body = listed([a_task(number) for number in range(50)])
    found, problems = decode(body)
    assert len(found.slices) > 5
    assert sum(each.size for each in found.slices) == len(body)
    assert [task.slot for task in values(found)] == list(range(50))
    assert problems == ()


def test_an_unchanged_list_is_not_decoded_again() -> None:
    body = listed([a_task(number) for number in range(50)])
    first, _ = decode(body)
    seen: list[str] = []
    second, _ = decode(bytes(body), first, seen)
    assert second is first
    assert seen == []


CHANGES: list[Callable[[list[object]], object]] = [
    lambda tasks: tasks.__setitem__(25, a_task(25, 2)),
    lambda tasks: tasks.__setitem__(0, a_task(0, 2)),
    lambda tasks: tasks.__setitem__(49, a_task(49, 2)),
    lambda tasks: tasks.insert(25, a_task(99)),
    lambda tasks: tasks.insert(0, a_task(99)),
    lambda tasks: tasks.append(a_task(99)),
    lambda tasks: tasks.pop(25),
    lambda tasks: tasks.pop(0),
    lambda tasks: tasks.pop(),
    lambda tasks: tasks.__delitem__(slice(20, 30)),
]


@pytest.mark.parametrize("change", CHANGES)
def test_only_what_is_beside_a_change_is_decoded(change: Callable[[list[object]], object]) -> None:
    tasks: list[object] = [a_task(number) for number in range(50)]
    first, _ = decode(listed(tasks))
    change(tasks)
    seen: list[str] = []
    second, _ = decode(listed(tasks), first, seen)
    assert len(seen) <= 10
    assert values(second) == values(decode(listed(tasks))[0])
    old = {task.id: task for task in values(first)}
    fresh = [task.id for task in values(second) if old.get(task.id) is not task]
    assert fresh in ([], ["task0025"], ["task0000"], ["task0049"], ["task0099"])


@settings(deadline=None)
@given(
    st.lists(st.lists(st.integers(0, 40), unique=True, max_size=30), min_size=2, max_size=5),
    st.lists(st.integers(0, 40), max_size=5),
)
def test_whatever_becomes_of_a_list_it_is_read_right(
    orders: list[list[int]], touched: list[int]
) -> None:
    before: Sliced[Task] = NOTHING
    for round_, order in enumerate(orders):
        body = listed([a_task(number, 1 + round_ * (number in touched)) for number in order])
        before, problems = decode(body, before)
        assert values(before) == values(decode(body)[0])
        assert [task.slot for task in values(before)] == order
        assert problems == ()


def test_many_changes_leave_no_heap_of_small_slices() -> None:
    tasks = [a_task(number) for number in range(50)]
    first, _ = decode(listed(tasks))
    before = first
    for version in range(2, 60):
        tasks[version % 50] = a_task(version % 50, version ** (1 + version % 7))
        before, _ = decode(listed(tasks), before)
    assert len(before.slices) <= len(first.slices) * 5 // 4


def test_a_bad_object_costs_only_itself() -> None:
    tasks = [a_task(number) for number in range(20)]
    first, _ = decode(listed(tasks))
    tasks[2]["ServiceID"] = []
    second, problems = decode(listed(tasks), first)
    old = {task.id: task for task in values(first)}
    assert len(values(second)) == 19
    assert all(task is old[task.id] for task in values(second))
    assert [problem.subject for problem in problems] == ["task0002"]


def test_a_list_in_another_layout_is_one_slice() -> None:
    tasks = [a_task(number) for number in range(50)]
    found, _ = decode(json.dumps(tasks, indent=1).encode())
    assert (len(found.slices), len(values(found))) == (1, 50)


@pytest.mark.parametrize("body", [b"[]\n", b"[]"])
def test_an_empty_list_has_no_values(body: bytes) -> None:
    first, _ = decode(listed([a_task(1), a_task(2)]))
    for before in (NOTHING, first):
        found, problems = decode(body, before)
        assert (values(found), problems) == ([], ())


@pytest.mark.parametrize("cut", [0, 1, 5, 299, 300, 301, 1000, -1, -2])
def test_a_list_that_is_not_whole_is_garbled(cut: int) -> None:
    whole = listed([a_task(number) for number in range(50)]).rstrip()
    first, _ = decode(whole)
    for before in (NOTHING, first):
        with pytest.raises(EngineGarbled):
            decode(whole[:cut], before)


def test_what_follows_a_slice_has_to_be_a_list_too() -> None:
    whole = listed([a_task(number) for number in range(50)])
    first, _ = decode(whole)
    for odd in (b"[]", b'[{"ID":"a"}]', b"}]", b"x", b"[{}"):
        with pytest.raises(EngineGarbled):
            decode(whole[: first.slices[0].size] + odd, first)
