from __future__ import annotations

import json

import pytest

from swarmtui.engine.decode import decode_list, decode_object, indented
from swarmtui.engine.shapes import InfoShape, NetworkShape, TaskShape
from swarmtui.errors import EngineGarbled


def _task(number: int, **changes: object) -> dict[str, object]:
    return {"ID": f"task{number}", "Slot": number, **changes}


def _compact(value: object) -> bytes:
    return json.dumps(value, separators=(",", ":")).encode()


def test_unknown_fields_are_skipped_and_missing_ones_are_none() -> None:
    info = decode_object(b'{"Name":"n","New":{"x":[1]}}', InfoShape, "info")
    assert (info.name, info.swarm) == ("n", None)


@pytest.mark.parametrize("body", [b"", b"<html>", b"[]", b'"text"', b'{"Name":', b"\xff\xfe", b"7"])
def test_garbage_is_a_named_error(body: bytes) -> None:
    with pytest.raises(EngineGarbled) as caught:
        decode_object(body, InfoShape, "Answer to /info")
    assert "Answer to /info" in caught.value.explanation


@pytest.mark.parametrize("body", [b"", b"{}", b'[{"ID":"a"}', b"[1,2"])
def test_what_is_no_list_is_garbled(body: bytes) -> None:
    with pytest.raises(EngineGarbled):
        decode_list(body, TaskShape, "tasks")


def test_null_is_an_empty_list() -> None:
    assert decode_list(b"null", NetworkShape, "networks") == ([], ())


def test_a_bad_object_becomes_a_problem_and_the_others_stay() -> None:
    body = _compact([_task(1), _task(2, Slot="two"), {"Slot": 3}, "text", _task(4)])
    tasks, problems = decode_list(body, TaskShape, "tasks")
    assert [task.id for task in tasks] == ["task1", "task4"]
    assert [problem.subject for problem in problems] == ["task2", "number 3", "number 4"]
    assert all(problem.part == "tasks" and "Not understood" in problem.text for problem in problems)


def test_indented_keeps_unknown_fields_and_number_forms() -> None:
    assert indented(b'{"b":1.50,"a":[1,2]}') == '{\n  "b": 1.50,\n  "a": [\n    1,\n    2\n  ]\n}'
    assert indented(b"no json \xff") == "no json \N{REPLACEMENT CHARACTER}"
