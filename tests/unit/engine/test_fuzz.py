"""Whatever an engine answers, reading ends in a snapshot or in an EngineError."""

from __future__ import annotations

import copy
import json
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from swarmtui.addressing import endpoints, pool_usage, usage
from swarmtui.errors import EngineError
from swarmtui.model import carrying_nodes
from tests.captured import ENGINES, Captured
from tests.unit.engine.test_reader import reader_of

_LISTS = ("/info", "/nodes", "/networks", "/services", "/tasks")
_JUNK: st.SearchStrategy[Any] = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(2**70), 2**70),
    st.floats(allow_nan=False, allow_infinity=False),
    st.sampled_from(
        ["", "<nil>", "10.0.0.0/99", "::1/64", "300.1.2.3", "[/red]", "\x1b[2J", "0001-01-01"]
    ),
    st.text(max_size=8),
    st.just([]),
    st.just({}),
    st.just([None]),
    st.just({"": None}),
)


def _mutate(value: Any, draw: st.DrawFn) -> Any:
    """Replace, drop or keep one thing somewhere inside a JSON value."""
    if isinstance(value, dict) and value and draw(st.booleans()):
        key = draw(st.sampled_from(sorted(value)))
        if draw(st.integers(0, 5)) == 0:
            del value[key]
        else:
            value[key] = _mutate(value[key], draw)
        return value
    if isinstance(value, list) and value and draw(st.integers(0, 9)):
        position = draw(st.integers(0, len(value) - 1))
        value[position] = _mutate(value[position], draw)
        return value
    return draw(_JUNK)


@st.composite
def _mutated_answers(draw: st.DrawFn) -> Captured:
    captured = Captured(draw(st.sampled_from(sorted(ENGINES))), draw(st.sampled_from(_NODES)))
    inspections = [path for path in captured.paths if path.startswith("/networks/")]
    for _ in range(draw(st.integers(1, 4))):
        path = draw(st.sampled_from([*_LISTS, *inspections[:6]]))
        body = copy.deepcopy(captured.body(path))
        if body is not None:
            captured.answer(path, _mutate(body, draw))
    return captured


_NODES = ("node1", "node3")


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(_mutated_answers())
def test_mutated_answers_never_crash(captured: Captured) -> None:
    try:
        snapshot = reader_of(captured).read(every_network=True)
    except EngineError:
        return
    usage(snapshot)
    pool_usage(snapshot)
    for network in snapshot.networks:
        endpoints(snapshot, network)
        carrying_nodes(snapshot, network)
    assert all(problem.part and problem.text for problem in snapshot.problems)


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(_LISTS), st.data())
def test_bodies_cut_or_smeared_never_crash(path: str, data: st.DataObject) -> None:
    captured = Captured("20.10.24", "node1")
    body = json.dumps(captured.body(path)).encode()
    start = data.draw(st.integers(0, len(body)))
    smear = data.draw(st.binary(max_size=6))
    captured.answer(path, body[:start] + smear + body[start + data.draw(st.integers(0, 9)) :])
    reader = reader_of(captured)
    if path == "/info":
        with suppress(EngineError):
            reader.read()
        return
    snapshot = reader.read()
    assert snapshot.networks or snapshot.problems


@pytest.mark.parametrize("number", range(3))
def test_a_bad_object_is_named_and_costs_no_other(number: int) -> None:
    captured = Captured("29.9-dev", "node1")
    clean = reader_of(Captured("29.9-dev", "node1")).read()
    bad = captured.body("/networks")[number]
    bad["Options"] = ["not", "a", "map"]
    snapshot = reader_of(captured).read()
    assert len(snapshot.networks) == len(clean.networks) - 1
    assert [problem.subject for problem in snapshot.problems] == [bad["Id"]]
