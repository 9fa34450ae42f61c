"""A write whose answer never arrives, and one that never arrived."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

import pytest

from swarmtui.errors import EngineGarbled, EngineTimedOut
from swarmtui.operations import Operation, State
from swarmtui.operations.journal import read_journal
from swarmtui.operations.lines import Answered
from tests.running import MESH, Between, bench
from tests.unit.operations.running.portraits import assert_like, portrait

WRITES = 24
"""Of a run: 15 of its steps, and for the lock its creation, 7 updates and its removal."""


def run_with(
    fault: Callable[[int, Callable[[], bytes]], bytes],
) -> tuple[Operation, Counter[str], int, list[str]]:
    """Run with a fault, and return how it ended, what was updated, and what was created."""
    with bench(pace=40) as served:
        before = portrait(served.swarm)
        served.wrap = lambda writer: Between(writer, fault)
        path = served.begin()
        operation = served.run(path)
        assert_like(served.swarm, before, MESH)
        # What was done is found to be done, and is not posted again.
        assert sum(path.startswith("/services/") for _, path in served.written) == 10
        answers = [line for line in read_journal(path) if isinstance(line, Answered)]
        return (
            operation,
            Counter(
                {each.name: each.update_serial for each in served.swarm.world.services.values()}
            ),
            sum(each == ("POST", "/networks/create") for each in served.written),
            [line.outcome for line in answers],
        )


@pytest.fixture(scope="module")
def undisturbed() -> Counter[str]:
    operation, updates, creations, outcomes = run_with(lambda _, send: send())
    assert (operation.state, creations, set(outcomes)) == (State.DONE, 1, {"done"})
    assert updates == {
        "auto": 2,
        "glob": 2,
        "idle": 0,
        "mixed": 2,
        "web": 2,
        "plain": 0,
        "onapp": 0,
    }
    return updates


@pytest.mark.parametrize("part", range(3))
@pytest.mark.parametrize("arrived", [True, False])
def test_any_write_may_stay_without_answer(
    undisturbed: Counter[str], arrived: bool, part: int
) -> None:
    for lost in range(1 + part, WRITES + 1, 3):

        def act(number: int, send: Callable[[], bytes], lost: int = lost) -> bytes:
            if number != lost:
                return send()
            if arrived:
                send()
            raise EngineTimedOut("The engine does not answer", f"write {lost}")

        operation, updates, creations, outcomes = run_with(act)
        assert (operation.state, operation.stopped) == (State.DONE, None)
        # Tasks are replaced as often as without it; a name can be asked for twice.
        assert updates == undisturbed
        assert creations <= 2
        assert outcomes.count("unknown") <= 1


def test_every_answer_may_be_garbled(undisturbed: Counter[str]) -> None:
    seen: set[int] = set()

    def act(number: int, send: Callable[[], bytes]) -> bytes:
        answer = send()
        # A write is tried once more, whose answer then comes.
        if number % 2:
            seen.add(number)
            raise EngineGarbled("The answer was cut off")
        return answer

    operation, updates, _, outcomes = run_with(act)
    assert operation.state is State.DONE
    assert updates == undisturbed
    assert outcomes.count("unknown") > 3
    assert len(seen) > 9
