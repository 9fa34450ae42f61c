"""One operation at a time, on the swarm that it was planned for."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from swarmtui.demo import port, service_spec
from swarmtui.model import Activity
from swarmtui.operations import State
from swarmtui.operations.journal import JournalUnusable, read_journal
from swarmtui.operations.lines import Entered, Line, Locked, Reached
from swarmtui.operations.running.lock import ClusterLock
from tests.running import IMAGE, MESH, Bench, bench, small_swarm, words
from tests.unit.demo.asking import ask
from tests.unit.operations.running.portraits import assert_like, portrait


def lock_ids(desk: Bench) -> list[str]:
    return [each["ID"] for each in ask(desk.swarm, "/configs")]


def killed_at(desk: Bench, path: Path, kind: type[Line]) -> None:
    """Run until just before the first line of a kind, and no further."""
    desk.run_until(path, lambda line: isinstance(line, kind))


@contextmanager
def somebody(desk: Bench) -> Iterator[ClusterLock]:
    """Another operation, from another machine."""
    with desk.writer() as writer:
        activity = Activity(
            "", operation="theirs", title="Replace the ingress network", who="bob", host="attic"
        )
        yield ClusterLock(writer, activity, lambda: desk.now.isoformat(timespec="seconds"))


def test_a_second_operation_is_refused_with_who_and_where(desk: Bench) -> None:
    first, second = desk.begin(), desk.begin()
    killed_at(desk, first, Entered)
    held = lock_ids(desk)
    operation = desk.run(second)
    assert (operation.state, desk.written) == (State.DISMISSED, [])
    assert words(operation).startswith("ann@desk is replacing the ingress network")
    assert lock_ids(desk) == held
    assert desk.run(first).state is State.DONE


def test_the_one_who_holds_it_is_named(desk: Bench) -> None:
    with somebody(desk) as theirs:
        theirs.acquire()
        theirs.tell(3, 9)
        operation = desk.run(desk.begin())
    assert operation.state is State.DISMISSED
    assert operation.stopped is not None
    assert operation.stopped.title == "bob@attic is replacing the ingress network, step 3 of 9"
    begun = theirs.activity.since
    assert operation.stopped.explanation == f"Begun {begun}, last heard of {begun}."
    assert "--take-over" in operation.stopped.hint
    assert desk.written == []
    assert lock_ids(desk) == [theirs.activity.lock_id]


def test_two_who_begin_together_do_not_both_get_it(desk: Bench) -> None:
    path = desk.begin()
    with somebody(desk) as theirs:

        def first(method: str, asked: str) -> None:
            if (method, asked) == ("POST", "/configs/create"):
                desk.engine.before = lambda method, path: None
                theirs.acquire()

        desk.engine.before = first
        operation = desk.run(path)
    assert operation.state is State.DISMISSED
    assert words(operation).startswith("bob@attic is replacing the ingress network")
    assert desk.written == []


def test_it_can_be_taken_over_by_its_id(desk: Bench) -> None:
    before = portrait(desk.swarm)
    path = desk.begin()
    with somebody(desk) as theirs:
        theirs.acquire()
        assert desk.run(path, take_over=theirs.activity.lock_id).state is State.DONE
    assert lock_ids(desk) == []
    assert_like(desk.swarm, before, MESH)


def test_with_another_id_it_is_not_taken_over(desk: Bench) -> None:
    with somebody(desk) as theirs:
        theirs.acquire()
        operation = desk.run(desk.begin(), take_over="anotherid")
        assert (operation.state, desk.written) == (State.DISMISSED, [])
        assert lock_ids(desk) == [theirs.activity.lock_id]


@pytest.mark.parametrize("direction", ["forward", "back"])
def test_who_lost_the_lock_stops_at_the_next_step(desk: Bench, direction: str) -> None:
    before = portrait(desk.swarm)
    path = desk.begin(desk.plan(at_once=False))
    with somebody(desk) as theirs:

        def take() -> None:
            desk.before_sleep = lambda: None
            (held,) = lock_ids(desk)
            theirs.acquire(take_over=held)
            desk.engine.asked.clear()

        desk.before_sleep = take
        operation = desk.run(path)
        assert operation.state is State.STOPPED
        assert words(operation).startswith("bob@attic is replacing the ingress network")
        assert operation.step == 2
        assert desk.written == []
        assert "Closed are the ports of auto." in words(operation)
        # Nor does it come back while the other one is at it.
        assert desk.run(path, direction).state is State.STOPPED
        assert desk.written == []
        theirs.release()
    assert desk.run(path, direction).is_over
    assert_like(desk.swarm, before, MESH if direction == "forward" else None)


def test_a_lock_that_is_gone_stops_it_too(desk: Bench) -> None:
    path = desk.begin(desk.plan(at_once=False))

    def remove() -> None:
        desk.before_sleep = lambda: None
        with desk.engine.changing() as swarm:
            swarm.world.configs.clear()

    desk.before_sleep = remove
    operation = desk.run(path)
    assert (operation.state, operation.step) == (State.STOPPED, 2)
    assert words(operation).startswith("The lock of this operation is gone")
    assert desk.run(path).state is State.DONE
    assert lock_ids(desk) == []


def test_telling_how_far_it_is_yields_to_whoever_is_first(desk: Bench) -> None:
    path = desk.begin()
    first = True

    def touch(method: str, asked: str) -> None:
        nonlocal first
        if (method, asked) == ("POST", f"/configs/{''.join(lock_ids(desk))}/update") and first:
            first = False
            for config in desk.swarm.world.configs.values():
                desk.swarm.world.touch(config)

    desk.engine.before = touch
    operation = desk.run(path)
    assert (first, operation.state) == (False, State.DONE)


def test_the_same_operation_goes_on_with_its_own_lock(desk: Bench) -> None:
    path = desk.begin()
    killed_at(desk, path, Reached)
    (held,) = lock_ids(desk)
    assert desk.run(path).state is State.DONE
    assert [line.lock_id for line in read_journal(path) if isinstance(line, Locked)] == 2 * [held]
    assert desk.engine.asked.count(("POST", "/configs/create")) == 1
    assert lock_ids(desk) == []


def test_dismissing_gives_the_lock_back_and_changes_nothing(desk: Bench) -> None:
    path = desk.begin()
    killed_at(desk, path, Reached)
    desk.engine.asked.clear()
    operation = desk.dismiss(path)
    assert (operation.state, operation.ended and operation.ended.words) == (State.DISMISSED, "")
    assert (lock_ids(desk), desk.written) == ([], [])


def test_dismissing_leaves_the_lock_of_others(desk: Bench) -> None:
    path = desk.begin()
    with somebody(desk) as theirs:
        theirs.acquire()
        assert desk.dismiss(path).state is State.DISMISSED
        assert lock_ids(desk) == [theirs.activity.lock_id]


def test_dismissing_without_the_engine_says_so(desk: Bench) -> None:
    path = desk.begin()
    desk.engine.stop()
    operation = desk.dismiss(path)
    assert operation.state is State.DISMISSED
    assert operation.ended is not None
    assert operation.ended.words.startswith("Its lock may still be there: ")


def test_what_is_over_is_not_dismissed(desk: Bench) -> None:
    path = desk.begin()
    assert desk.run(path).state is State.DONE
    content = path.read_bytes()
    with pytest.raises(JournalUnusable) as refused:
        desk.dismiss(path)
    assert refused.value.explanation == f"{path.stem} is done."
    assert path.read_bytes() == content


@pytest.mark.parametrize(
    ("direction", "changed", "state"),
    [
        ("forward", False, State.DISMISSED),
        ("forward", True, State.STOPPED),
        ("back", True, State.STOPPED),
    ],
)
def test_the_journal_of_another_swarm_is_refused(
    desk: Bench, direction: str, changed: bool, state: State
) -> None:
    path = desk.begin()
    if changed:
        killed_at(desk, path, Reached)
    with bench(small_swarm(seed=2)) as other:
        before = portrait(other.swarm)
        other.folder.mkdir()
        copy = other.folder / path.name
        shutil.copy(path, copy)
        operation = other.run(copy, direction)
        assert operation.state is state
        assert words(operation).startswith("This journal is of another swarm")
        assert other.written == []
        assert ("POST", "/configs/create") not in other.engine.asked
        assert portrait(other.swarm) == before


def add_publisher(desk: Bench) -> None:
    with desk.engine.changing() as swarm:
        swarm.create_service(service_spec("late", IMAGE, ports=(port(8200, 80),)))
        swarm.step(20)


def add_node(desk: Bench) -> None:
    with desk.engine.changing() as swarm:
        swarm.add_node("node4", "192.168.7.4")
        swarm.step(20)


def change_ports(desk: Bench) -> None:
    desk.update("web", lambda spec: spec["EndpointSpec"].update(Ports=[port(8090, 80)]))
    desk.engine.step(20)


def begin_update(desk: Bench) -> None:
    desk.update("web", lambda spec: spec["TaskTemplate"].update(ForceUpdate=1))


def overlap(desk: Bench) -> None:
    with desk.engine.changing() as swarm:
        config = {"Config": [{"Subnet": "10.77.0.0/26"}]}
        swarm.create_network({"Name": "fresh", "Driver": "overlay", "IPAM": config})
        swarm.step(2)


@pytest.mark.parametrize("held", [False, True], ids=["fresh", "killed before"])
@pytest.mark.parametrize(
    ("change", "told"),
    [
        (add_publisher, "late publish ports meanwhile"),
        (add_node, "Other services, ports or nodes would be touched"),
        (change_ports, "Other services, ports or nodes would be touched"),
        (begin_update, "the engine still updates web"),
        (overlap, "It overlaps network fresh"),
    ],
)
def test_a_swarm_that_changed_since_the_review_is_left_alone(
    desk: Bench, change: Callable[[Bench], None], told: str, held: bool
) -> None:
    path = desk.begin()
    if held:
        killed_at(desk, path, Entered)
        assert len(lock_ids(desk)) == 1
    change(desk)
    operation = desk.run(path)
    assert operation.state is State.DISMISSED
    assert operation.ended is not None
    assert operation.ended.words == "Nothing was changed."
    assert told in words(operation)
    assert operation.stopped is not None
    assert operation.stopped.hint in ("Look at it again.", "Look at the swarm, and plan it again.")
    assert (desk.written, lock_ids(desk)) == ([], [])


def test_a_change_that_it_is_not_about_is_no_reason(desk: Bench) -> None:
    path = desk.begin()
    desk.update("web", lambda spec: spec["Labels"].update(owner="ann"))
    desk.engine.step(20)
    assert desk.run(path).state is State.DONE
    assert desk.service("web")["Spec"]["Labels"] == {"owner": "ann"}
