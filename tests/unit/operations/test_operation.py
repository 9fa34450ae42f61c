"""What the lines of a journal come to, and what a desk does with journals."""

from __future__ import annotations

import os
import signal
import subprocess
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pytest

from swarmtui.operations import Desk, Operation, OperationPending, ReadOnly, State, StepTimes
from swarmtui.operations.definition import Definition
from swarmtui.operations.journal import Journal, JournalUnusable
from swarmtui.operations.launch import ask_to_stop
from swarmtui.operations.lines import (
    Answered,
    Ended,
    Entered,
    Head,
    Image,
    Intended,
    Line,
    Locked,
    Noted,
    Reached,
    Run,
    Stopped,
)
from swarmtui.operations.operation import images_of, operation_of
from swarmtui.operations.plan import Before, BuildIngress, Plan, Step

PATH = Path("20260302-080000-abcd.jsonl")
NULL = msgspec.Raw(b"null")


def plan(*steps: str, cluster: str = "c1") -> Plan:
    intent = BuildIngress(Definition("mesh", ingress=True))
    return Plan(
        intent, "Replace it", "ingress", cluster, Before(), tuple(Step(each, "") for each in steps)
    )


HEAD = Head("20260302-080000-abcd", "0.1.0", "unix:///x", "ann", "desk", "t0", plan("a", "b"))
RUN = Run("forward", 7, plan("a", "b"), "t1")
WRITE = Intended(1, "POST", "/x", {}, NULL, "t4")


def told(*lines: Line, in_use: bool = False) -> Operation:
    return operation_of(PATH, (HEAD, *lines), in_use=in_use)


def test_before_its_first_run_it_is_as_it_was_reviewed() -> None:
    operation = told()
    assert (operation.state, operation.changed) == (State.STOPPED, False)
    assert (operation.id, operation.title) == (HEAD.id, "Replace it")
    assert (operation.step, operation.steps, operation.process) == (0, 2, 0)
    assert operation.times == (StepTimes(), StepTimes())
    assert operation.stopped is None
    assert not operation.is_over


def test_it_runs_while_somebody_has_the_journal() -> None:
    operation = told(RUN, Locked("l1", "t2"), Entered(1, "t3"), in_use=True)
    assert (operation.state, operation.step, operation.process) == (State.RUNNING, 1, 7)
    assert not operation.is_over


def test_without_a_word_and_a_process_it_has_stopped() -> None:
    operation = told(RUN, Entered(1, "t3"))
    assert (operation.state, operation.stopped) == (State.STOPPED, None)


def test_steps_have_their_times_and_last_words() -> None:
    operation = told(
        RUN,
        Entered(1, "t3"),
        WRITE,
        Answered(1, "done", "id", "t5"),
        Noted(1, "2 tasks left", "t6"),
        Noted(1, "1 task left", "t7"),
        Reached(1, "t8"),
        Entered(2, "t9"),
        Answered(2, "refused", "update out of sequence", "t10"),
        in_use=True,
    )
    assert operation.times == (
        StepTimes("t3", "t8", "1 task left"),
        StepTimes("t9", "", "update out of sequence"),
    )
    assert operation.step == 2


def test_it_has_changed_something_once_something_was_sent() -> None:
    assert not told(RUN, Locked("l1", "t2"), Entered(1, "t3")).changed
    assert told(RUN, Entered(1, "t3"), WRITE).changed
    assert told(RUN, Entered(1, "t3"), WRITE, RUN).changed


def test_another_run_counts_from_its_beginning() -> None:
    stop = Stopped("Stopped", "why", "hint", "t5")
    first = (RUN, Entered(1, "t3"), Noted(1, "waiting", "t4"), Entered(2, "t4"), stop)
    assert told(*first).stopped == stop
    back = Run("back", 8, plan("c"), "t6")
    operation = told(*first, back, in_use=True)
    assert (operation.state, operation.stopped) == (State.RUNNING, None)
    assert (operation.direction, operation.process) == ("back", 8)
    assert (operation.step, operation.steps, operation.times) == (0, 1, (StepTimes(),))
    assert told(*first, back).state is State.STOPPED


@pytest.mark.parametrize("outcome", ["done", "rolled-back", "dismissed"])
@pytest.mark.parametrize("in_use", [True, False])
def test_an_end_is_its_state(outcome: str, in_use: bool) -> None:
    operation = told(RUN, Ended(outcome, "words", "t9"), in_use=in_use)
    assert (operation.state, operation.is_over) == (outcome, True)
    assert operation.ended is not None
    assert operation.ended.words == "words"


def test_of_images_the_first_counts() -> None:
    first = Image("service", "s1", msgspec.Raw(b"1"), "t1")
    other = Image("network", "s1", msgspec.Raw(b"2"), "t1")
    again = Image("service", "s1", msgspec.Raw(b"3"), "t2")
    found = images_of((HEAD, first, other, again))
    assert found == {("service", "s1"): first, ("network", "s1"): other}


def desk(folder: Path) -> Desk:
    marks = iter("abcdef")
    return Desk(
        folder=folder,
        flags=(),
        engine="unix:///x",
        who="ann",
        host="desk",
        now=lambda: datetime(2026, 3, 2, 8, tzinfo=UTC),
        mark=lambda: next(marks),
    )


def finish(path: Path, outcome: str = "done") -> None:
    with Journal(path) as journal:
        journal.append(Ended(outcome, "", "t9"))


def test_a_journal_is_begun_with_who_and_where(tmp_path: Path) -> None:
    ann = desk(tmp_path / "operations")
    path = ann.begin(plan("a"))
    (operation,) = ann.operations()
    assert path.name == "20260302-080000-a.jsonl"
    assert (operation.id, operation.path) == ("20260302-080000-a", path)
    assert (operation.head.who, operation.head.host) == ("ann", "desk")
    assert operation.head.plan == plan("a")
    assert ann.operation(operation.id) == operation


def test_one_operation_after_the_other(tmp_path: Path) -> None:
    ann = desk(tmp_path)
    first = ann.begin(plan("a"))
    with pytest.raises(OperationPending) as pending:
        ann.begin(plan("a"))
    assert pending.value.title == "Another operation of this swarm is stopped"
    assert "20260302-080000-a: Replace it." in pending.value.explanation
    assert "resume it, roll it back or dismiss it" in pending.value.hint
    with Journal(first), pytest.raises(OperationPending) as pending:
        ann.begin(plan("a"))
    assert pending.value.title == "Another operation of this swarm is running"
    assert "operations show 20260302-080000-a" in pending.value.hint
    finish(first)
    second = ann.begin(plan("a"))
    assert [each.path for each in ann.operations()] == [first, second]


def test_another_swarm_is_no_reason_to_wait(tmp_path: Path) -> None:
    ann = desk(tmp_path)
    ann.begin(plan("a", cluster="c1"))
    ann.begin(plan("a", cluster="c2"))
    assert [each.head.plan.cluster_id for each in ann.operations("c2")] == ["c2"]
    assert len(ann.operations()) == 2


def test_a_damaged_journal_is_not_passed_over(tmp_path: Path) -> None:
    ann = desk(tmp_path)
    (tmp_path / "20260301-000000-z.jsonl").write_text("{}\n")
    with pytest.raises(JournalUnusable):
        ann.begin(plan("a"))


def test_only_what_runs_is_asked_to_stop(tmp_path: Path) -> None:
    ann = desk(tmp_path)
    path = ann.begin(plan("a"))
    assert not ask_to_stop(ann.operation(path.stem))
    with Journal(path) as journal:
        assert not ask_to_stop(ann.operation(path.stem))
        # Of another machine that shares the folder, or long gone and its number given again.
        with subprocess.Popen(["sleep", "60"]) as stranger:
            journal.append(Run("forward", stranger.pid, plan("a"), "t1"))
            assert not ann.stop(ann.operation(path.stem))
            assert stranger.poll() is None
            stranger.kill()
        with subprocess.Popen(["tail", "-f", str(path)], stdout=subprocess.DEVNULL) as runner:
            journal.append(Run("forward", runner.pid, plan("a"), "t2"))
            assert ann.stop(ann.operation(path.stem))
            assert runner.wait() == -signal.SIGTERM
        assert not ann.stop(ann.operation(path.stem))


def test_it_is_read_on_while_it_grows(tmp_path: Path) -> None:
    ann = desk(tmp_path)
    path = ann.begin(plan("a", "b"))
    (first,) = ann.operations()
    assert ann.operations()[0] is first
    with Journal(path) as journal:
        (running,) = ann.operations()
        assert (first.state, running.state) == (State.STOPPED, State.RUNNING)
        journal.append(Run("forward", 7, plan("a", "b"), "t1"))
        journal.append(Entered(1, "t2"))
        (entered,) = ann.operations()
        assert (entered.step, entered.times[0].entered_at) == (1, "t2")
        with path.open("ab") as half:
            half.write(b'{"line":"reached","st')
        assert ann.operations()[0] is entered
        with path.open("ab") as rest:
            rest.write(b'ep":1,"at":"t3"}\n')
        assert ann.operations()[0].times[0].reached_at == "t3"
    (left,) = ann.operations()
    assert (left.state, left.step) == (State.STOPPED, 1)
    assert ann.operations()[0] is left


def test_what_is_being_started_has_not_stopped(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    gate = tmp_path / "gate"
    os.mkfifo(gate)
    # A process that does not take the journal before the gate is opened.
    monkeypatch.setattr(
        "swarmtui.operations.desk.launch", lambda *_, **__: subprocess.Popen(["cat", str(gate)])
    )
    ann = desk(tmp_path)
    path = ann.begin(plan("a"))
    assert ann.operations()[0].state is State.STOPPED
    runner = ann.run(path)
    assert ann.operations()[0].state is State.RUNNING
    gate.write_bytes(b"")
    runner.wait()
    assert ann.operations()[0].state is State.STOPPED


def test_a_desk_that_only_reads_starts_nothing(tmp_path: Path) -> None:
    path = desk(tmp_path).begin(plan("a"))
    reader = replace(desk(tmp_path), read_only=True)
    (operation,) = reader.operations()
    before = path.read_bytes()
    for act in (
        lambda: reader.begin(plan("b")),
        lambda: reader.run(path),
        lambda: reader.stop(operation),
    ):
        with pytest.raises(ReadOnly):
            act()
    assert sorted(tmp_path.iterdir()) == [path]
    assert path.read_bytes() == before
