"""The journal of an operation: a file that outlives every process that has to do with it."""

from __future__ import annotations

import fcntl
import os
import tempfile
import time
from pathlib import Path
from types import TracebackType
from typing import Self

import msgspec

from swarmtui.errors import SwarmtuiError
from swarmtui.operations.lines import Head, Line

_ENCODER = msgspec.json.Encoder()
_DECODER = msgspec.json.Decoder(Line)
_ENDING = ".jsonl"
_LOCK_PATIENCE_SECONDS = 2.0


class JournalUnusable(SwarmtuiError):
    """A journal cannot be read, written, or is in use."""


def journal_path(folder: Path, identity: str) -> Path:
    """Return where an operation's journal is."""
    return folder / f"{identity}{_ENDING}"


def journals(folder: Path) -> tuple[Path, ...]:
    """Return every journal in a folder, oldest first."""
    return tuple(sorted(folder.glob(f"*{_ENDING}")))


def create_journal(folder: Path, head: Head) -> Path:
    """Write a new journal with its first line, whole or not at all, for its owner's eyes only.

    Raises:
        JournalUnusable: The folder or the file cannot be made.
    """
    path = journal_path(folder, head.id)
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        handle, name = tempfile.mkstemp(prefix=".", dir=folder)  # mkstemp makes it 0600
        with os.fdopen(handle, "wb") as file:
            file.write(_ENCODER.encode(head) + b"\n")
            file.flush()
            os.fsync(file.fileno())
        Path(name).rename(path)
        _sync_folder(folder)
    except OSError as error:
        raise _unusable(path, error) from error
    return path


def read_journal(path: Path) -> tuple[Line, ...]:
    """Return the lines of a journal; a last line that was cut off is left out.

    Raises:
        JournalUnusable: The file cannot be read, or is no journal.
    """
    return JournalTail(path).lines


class JournalTail:
    """The lines of a journal that somebody else writes, read on as it grows.

    Raises:
        JournalUnusable: The file cannot be read, or is no journal.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._read = 0
        self.lines = self._added()
        if not self.lines or not isinstance(self.lines[0], Head):
            raise _damaged(path, "its first line is missing")

    def read_on(self) -> bool:
        """Take the lines that were added since; one that is not whole yet is left for later.

        Raises:
            JournalUnusable: The file cannot be read, or is damaged.
        """
        added = self._added()
        self.lines += added
        return bool(added)

    def _added(self) -> tuple[Line, ...]:
        try:
            with self.path.open("rb") as file:
                file.seek(self._read)
                whole, newline, _ = file.read().rpartition(b"\n")
        except OSError as error:
            raise _unusable(self.path, error) from error
        try:
            added = tuple(_DECODER.decode(line) for line in whole.split(b"\n") if line)
        except msgspec.DecodeError as error:
            raise _damaged(self.path, str(error)) from error
        self._read += len(whole) + len(newline)
        return added


def is_in_use(path: Path) -> bool:
    """Tell whether a runner works on a journal now."""
    try:
        with path.open("rb") as file:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    except OSError:
        return False
    return False


class Journal:
    """A journal in the hands of its one runner.

    Raises:
        JournalUnusable: Another runner has it, or it cannot be written.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            # Unbuffered: what cannot be written must not be tried again when the file is closed.
            self._file = path.open("r+b", buffering=0)
        except OSError as error:
            raise _unusable(path, error) from error
        try:
            self._take()
            self.lines: list[Line] = list(read_journal(path))
            self._cut()
        except BaseException:
            self._file.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._file.close()

    @property
    def head(self) -> Head:
        """Return the first line."""
        head = self.lines[0]
        assert isinstance(head, Head)
        return head

    def append(self, line: Line) -> None:
        """Add a line, and return once it is on the disk.

        Raises:
            JournalUnusable: It cannot be written, and so nothing may be done.
        """
        encoded = _ENCODER.encode(line)
        if b"\n" in encoded:  # engines end their answers with one
            encoded = msgspec.json.format(encoded, indent=-1)
        try:
            left = memoryview(encoded + b"\n")
            while left:
                left = left[self._file.write(left) :]
            os.fsync(self._file.fileno())
        except OSError as error:
            raise _unusable(self.path, error) from error
        self.lines.append(line)

    def _take(self) -> None:
        deadline = time.monotonic() + _LOCK_PATIENCE_SECONDS
        while True:
            try:
                fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as error:
                # Whoever only asks whether it is in use holds it for a moment.
                if time.monotonic() > deadline:
                    raise JournalUnusable(
                        "This operation is running already",
                        f"Another process works on {self.path}.",
                        "Follow it: swarmtui operations show ID",
                    ) from error
                time.sleep(0.02)
            else:
                return

    def _cut(self) -> None:
        """Drop a last line that a crash cut off, so that the next one begins on its own."""
        content = self._file.read()
        end = content.rfind(b"\n") + 1
        self._file.seek(end)
        if end < len(content):
            self._file.truncate()


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _unusable(path: Path, error: OSError) -> JournalUnusable:
    return JournalUnusable(f"The journal {path} cannot be used", f"{error.strerror or error}.", "")


def _damaged(path: Path, why: str) -> JournalUnusable:
    return JournalUnusable(
        f"{path} is no journal of an operation", f"{why}.", "Move it out of the folder."
    )
