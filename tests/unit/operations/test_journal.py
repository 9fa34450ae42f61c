"""A journal as a file."""

from __future__ import annotations

import fcntl
import json
import os
import resource
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec
import pytest

from swarmtui.operations import journal as journal_module
from swarmtui.operations.definition import Definition
from swarmtui.operations.journal import (
    Journal,
    JournalUnusable,
    create_journal,
    is_in_use,
    journal_path,
    journals,
    read_journal,
)
from swarmtui.operations.lines import Ended, Head, Image, Intended, Noted
from swarmtui.operations.plan import Before, BuildIngress, Plan

AT = "2026-03-02T08:00:00.000+00:00"


def head(identity: str = "20260302-080000-abcd") -> Head:
    plan = Plan(
        BuildIngress(Definition("mesh", ingress=True)), "Replace", "ingress", "c1", Before(), ()
    )
    return Head(identity, "0.1.0", "unix:///run/x.sock", "ann", "desk", AT, plan)


def note(words: str) -> Noted:
    return Noted(1, words, AT)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return create_journal(tmp_path / "state" / "operations", head())


def appended(path: Path, *words: str) -> None:
    with Journal(path) as journal:
        for each in words:
            journal.append(note(each))


def test_it_is_for_its_owner_alone(path: Path) -> None:
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o777 == 0o700


def test_it_is_there_whole_or_not_at_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises(JournalUnusable, match="cannot be used") as unusable:
        create_journal(tmp_path, head())
    assert unusable.value.explanation == "No space left on device."
    assert journals(tmp_path) == ()


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(JournalUnusable):
        create_journal(tmp_path / "file" / "operations", head())


def test_what_is_appended_can_be_read_while_it_is_open(path: Path) -> None:
    with Journal(path) as journal:
        journal.append(note("one"))
        assert read_journal(path) == (head(), note("one"))
        journal.append(note("two"))
        assert read_journal(path) == tuple(journal.lines) == (head(), note("one"), note("two"))
        assert journal.head == head()


def test_a_line_is_on_the_disk_before_anything_goes_on(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    synced: list[int] = []
    with Journal(path) as journal:
        monkeypatch.setattr(os, "fsync", lambda _: synced.append(path.stat().st_size))
        journal.append(note("one"))
        journal.append(note("two"))
    lines = path.read_bytes().splitlines(keepends=True)
    assert synced == [len(b"".join(lines[:2])), len(b"".join(lines))]


def test_it_goes_on_where_it_ended(path: Path) -> None:
    appended(path, "one")
    appended(path, "two")
    assert read_journal(path) == (head(), note("one"), note("two"))


@pytest.mark.parametrize("cut", [1, 2, 10, 40])
def test_a_line_that_was_cut_off_is_left_out_and_then_cut(path: Path, cut: int) -> None:
    appended(path, "one", "two")
    whole = path.read_bytes()
    path.write_bytes(whole[:-cut])
    assert read_journal(path) == (head(), note("one"))
    appended(path, "three")
    assert read_journal(path) == (head(), note("one"), note("three"))


def test_reading_cuts_nothing(path: Path) -> None:
    appended(path, "one")
    torn = path.read_bytes()[:-5]
    path.write_bytes(torn)
    read_journal(path)
    assert path.read_bytes() == torn


def test_zeros_that_a_power_failure_left_are_cut(path: Path) -> None:
    appended(path, "one")
    with path.open("ab") as file:
        file.write(bytes(500))
    appended(path, "two")
    assert read_journal(path) == (head(), note("one"), note("two"))


@pytest.mark.parametrize(
    "content",
    [b"", b"precious notes without end of line", b"precious\nnotes", b"{}\n", b'{"line":"x"}\n'],
)
def test_what_is_no_journal_is_refused_and_stays(tmp_path: Path, content: bytes) -> None:
    other = tmp_path / "other.jsonl"
    other.write_bytes(content)
    with pytest.raises(JournalUnusable, match="is no journal of an operation"):
        read_journal(other)
    with pytest.raises(JournalUnusable, match="is no journal of an operation"):
        Journal(other)
    assert other.read_bytes() == content
    assert not is_in_use(other)


def test_a_damaged_line_in_the_middle_is_not_passed_over(path: Path) -> None:
    appended(path, "one", "two", "three")
    content = path.read_bytes().replace(b'"two"', b'"two')
    path.write_bytes(content)
    with pytest.raises(JournalUnusable):
        Journal(path)
    assert path.read_bytes() == content


def test_a_journal_without_its_head_is_damaged(path: Path) -> None:
    appended(path, "one")
    path.write_bytes(path.read_bytes().partition(b"\n")[2])
    with pytest.raises(JournalUnusable, match="is no journal") as damaged:
        read_journal(path)
    assert "first line is missing" in damaged.value.explanation


def test_a_missing_journal_is_told(tmp_path: Path) -> None:
    for use in (read_journal, Journal):
        with pytest.raises(JournalUnusable) as unusable:
            use(tmp_path / "none.jsonl")
        assert "No such file" in unusable.value.explanation
    assert not is_in_use(tmp_path / "none.jsonl")


RAW = (
    b'{\n  "a": "line\\nbreak",\r\n  "n": 1.50,\n'
    b'  "big": 12345678901234567890,\n "x": "\\u003c"\n}\n'
)


def test_documents_of_many_lines_become_one(path: Path) -> None:
    document = msgspec.Raw(RAW)
    with Journal(path) as journal:
        journal.append(Image("service", "s1", document, AT))
        journal.append(Intended(1, "POST", "/x", {"version": "1"}, document, AT))
    lines = path.read_bytes().split(b"\n")
    assert len(lines) == 4
    _, image, intent = read_journal(path)
    assert isinstance(image, Image)
    assert isinstance(intent, Intended)
    for raw in (image.document, intent.body):
        assert json.loads(bytes(raw)) == json.loads(RAW)
        assert b"1.50" in bytes(raw)
        assert b"12345678901234567890" in bytes(raw)


def test_words_with_line_breaks_stay_one_line(path: Path) -> None:
    appended(path, "one\ntwo\r\nthree\u2028")
    assert read_journal(path)[1] == note("one\ntwo\r\nthree\u2028")
    assert path.read_bytes().count(b"\n") == 2


@contextmanager
def disk_ending_at(size: int) -> Iterator[None]:
    """Let no file of this process grow beyond a size."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def append_on_a_full_disk(path: Path) -> None:
    with disk_ending_at(path.stat().st_size + 10):
        appended(path, "lost")


def test_a_full_disk_is_told_and_leaves_what_can_be_read(path: Path) -> None:
    appended(path, "one")
    with pytest.raises(JournalUnusable, match="cannot be used") as unusable:
        append_on_a_full_disk(path)
    assert unusable.value.explanation == "File too large."
    assert read_journal(path) == (head(), note("one"))
    appended(path, "three")
    assert read_journal(path) == (head(), note("one"), note("three"))


def test_there_is_one_runner(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(journal_module, "_LOCK_PATIENCE_SECONDS", 0.0)
    with Journal(path) as journal:
        assert is_in_use(path)
        with pytest.raises(JournalUnusable, match="This operation is running already"):
            Journal(path)
        journal.append(note("one"))
    assert not is_in_use(path)
    appended(path, "two")
    assert read_journal(path) == (head(), note("one"), note("two"))


def test_who_only_asks_does_not_keep_a_runner_away(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with path.open("rb") as asker:
        fcntl.flock(asker, fcntl.LOCK_SH)
        monkeypatch.setattr(time, "sleep", lambda _: fcntl.flock(asker, fcntl.LOCK_UN))
        appended(path, "one")
    assert read_journal(path) == (head(), note("one"))


def test_a_killed_process_leaves_it_free(path: Path) -> None:
    script = (
        "import sys, time; from pathlib import Path\n"
        "from swarmtui.operations.journal import Journal\n"
        "journal = Journal(Path(sys.argv[1])); print('open', flush=True); time.sleep(60)\n"
    )
    words = [sys.executable, "-c", script, str(path)]
    with subprocess.Popen(words, stdout=subprocess.PIPE) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == b"open\n"
        assert is_in_use(path)
        holder.kill()
    assert not is_in_use(path)


def test_journals_are_found_oldest_first(tmp_path: Path) -> None:
    for identity in ("20260303-1", "20260302-9", "20260302-1"):
        create_journal(tmp_path, head(identity))
    (tmp_path / "20260302-1.log").write_text("")
    (tmp_path / ".half").write_text("")
    found = ["20260302-1", "20260302-9", "20260303-1"]
    assert [each.stem for each in journals(tmp_path)] == found
    assert journals(tmp_path)[0] == journal_path(tmp_path, "20260302-1")
    assert journals(tmp_path / "none") == ()


def test_an_end_is_an_end(path: Path) -> None:
    with Journal(path) as journal:
        journal.append(Ended("done", "", AT))
    assert read_journal(path)[-1] == Ended("done", "", AT)
    assert os.listdir(path.parent) == [path.name]
