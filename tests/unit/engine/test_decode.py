from __future__ import annotations

import json
from collections.abc import Mapping

import pytest

from swarmtui.engine.decode import decode_list, decode_object, indented
from swarmtui.engine.shapes import (
    InfoShape,
    NetworkShape,
    NodeShape,
    ServiceShape,
    Shape,
    TaskShape,
)
from swarmtui.errors import EngineGarbled
from tests.captured import Captured

SHAPES: Mapping[str, type[Shape]] = {
    "nodes": NodeShape,
    "networks": NetworkShape,
    "services": ServiceShape,
    "tasks": TaskShape,
}


def _task(number: int, **changes: object) -> dict[str, object]:
    return {"ID": f"task{number}", "DesiredState": "running", "Slot": number, **changes}


def _compact(value: object) -> bytes:
    return json.dumps(value, separators=(",", ":")).encode()


def test_unknown_fields_are_skipped_and_missing_ones_are_none() -> None:
    info = decode_object(b'{"ServerVersion":"1","Swarm":null,"New":{"x":[1]}}', InfoShape, "info")
    assert (info.server_version, info.swarm, info.name) == ("1", None, None)


@pytest.mark.parametrize("body", [b"", b"<html>", b"[]", b'"text"', b'{"Name":', b"\xff\xfe", b"7"])
def test_garbage_is_a_named_error(body: bytes) -> None:
    with pytest.raises(EngineGarbled) as caught:
        decode_object(body, InfoShape, "Answer to /info")
    assert "Answer to /info" in caught.value.explanation


@pytest.mark.parametrize("body", [b"", b"{}", b'[{"ID":"a"}', b"[1,2", b"null", b"[" * 99999])
def test_what_is_no_list_is_garbled(body: bytes) -> None:
    with pytest.raises(EngineGarbled):
        decode_list(body, TaskShape, "tasks")


def test_a_bad_object_becomes_a_problem_and_the_others_stay() -> None:
    body = _compact([_task(1), _task(2, Slot="two"), {"Slot": 3}, "text", _task(4)])
    tasks, problems = decode_list(body, TaskShape, "tasks")
    assert [task.id for task in tasks] == ["task1", "task4"]
    assert [problem.subject for problem in problems] == ["task2", "number 3", "number 4"]
    assert all(problem.part == "tasks" and "Not understood" in problem.text for problem in problems)


def test_indented_keeps_unknown_fields_and_number_forms() -> None:
    assert indented(b'{"b":1.50,"a":[1,2]}') == '{\n  "b": 1.50,\n  "a": [\n    1,\n    2\n  ]\n}'
    assert indented(b"no json \xff") == "no json \N{REPLACEMENT CHARACTER}"


@pytest.mark.parametrize("part", SHAPES)
def test_a_list_of_other_objects_is_no_answer(part: str) -> None:
    captured = Captured("20.10.24", "node1")
    assert decode_list(captured(f"/{part}", {}), SHAPES[part], part)[1] == ()
    others = [captured(f"/{other}", {}) for other in SHAPES if other != part]
    for body in (*others, b"[7,7]", b"[null]", b'[{"ID":7}]'):
        with pytest.raises(EngineGarbled):
            decode_list(body, SHAPES[part], part)
