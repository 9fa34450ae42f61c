"""What the poller tells the explorer, as messages."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.message import Message

from swarmtui.model import Document, Lost, Snapshot

if TYPE_CHECKING:
    from swarmtui.findings import Finding
    from swarmtui.model import Reading, Trial


class SnapshotTaken(Message):
    """The engine was read; a newer snapshot replaces one that still waits."""

    def __init__(self, snapshot: Snapshot, findings: tuple[Finding, ...] = ()) -> None:
        super().__init__()
        self.snapshot = snapshot
        self.findings = findings

    def can_replace(self, message: Message) -> bool:
        """Let a burst of snapshots collapse into the newest."""
        return isinstance(message, SnapshotTaken)


class EngineLost(Message):
    """The engine cannot be read; the last snapshot stays, visibly stale."""

    def __init__(self, lost: Lost) -> None:
        super().__init__()
        self.lost = lost


class DocumentRead(Message):
    """The JSON of one object, or the error that stood in the way."""

    def __init__(self, document: Document) -> None:
        super().__init__()
        self.document = document


class PortTried(Message):
    """What came of trying one port."""

    def __init__(self, trial: Trial) -> None:
        super().__init__()
        self.trial = trial


def message_of(reading: Reading, findings: tuple[Finding, ...] = ()) -> Message:
    """Return the message that carries a reading, and what is wrong in it."""
    match reading:
        case Snapshot():
            return SnapshotTaken(reading, findings)
        case Lost():
            return EngineLost(reading)
        case Document():
            return DocumentRead(reading)
