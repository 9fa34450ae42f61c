"""Where a program of one person starts, finds and directs operations."""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from swarmtui.errors import SwarmtuiError
from swarmtui.operations.journal import JournalUnusable, journal_path, journals
from swarmtui.operations.launch import ask_to_stop, begin_journal, launch
from swarmtui.operations.operation import Followed, Operation, State, read_operation
from swarmtui.operations.plan import Plan


class OperationPending(SwarmtuiError):
    """Another operation of the same swarm is not over."""


class ReadOnly(SwarmtuiError):
    """Something that changes the swarm was asked of a program that was told not to."""


@dataclass(slots=True)
class Desk:
    """Starts operations and reads their journals; never talks to an engine itself.

    Args:
        folder: Of the journals.
        flags: Of the command line, naming the engine to a runner.
        engine: Its address, for the journal.
        who: Whose operations are started here.
        host: On which machine.
        now: The wall clock.
        mark: Returns a few letters that tell operations of one second apart.
        read_only: Start nothing at all.
    """

    folder: Path
    flags: Sequence[str]
    engine: str
    who: str
    host: str
    now: Callable[[], datetime]
    mark: Callable[[], str]
    read_only: bool = False
    _runners: dict[Path, subprocess.Popen[bytes]] = field(default_factory=dict, init=False)
    _followed: dict[Path, Followed] = field(default_factory=dict, init=False)

    def operations(self, cluster_id: str = "") -> tuple[Operation, ...]:
        """Return the operations of a swarm, or of all of them, the oldest first.

        Raises:
            JournalUnusable: A journal cannot be read.
        """
        found = []
        for path in journals(self.folder):
            if path not in self._followed:
                self._followed[path] = Followed(path)
            runner = self._runners.get(path)
            # Asking also keeps an ended one from staying behind as a zombie.
            starting = runner is not None and runner.poll() is None
            found.append(self._followed[path].look(starting=starting))
        # Ids of one second are in no order.
        found.sort(key=lambda each: (each.head.at, each.id))
        return tuple(each for each in found if cluster_id in ("", each.head.plan.cluster_id))

    def operation(self, identity: str) -> Operation:
        """Return an operation by its id.

        Raises:
            JournalUnusable: Its journal cannot be read.
        """
        return read_operation(journal_path(self.folder, identity))

    def begin(self, plan: Plan) -> Path:
        """Write the journal of a confirmed plan, and return its path.

        Raises:
            OperationPending: Another operation of the swarm runs, or stopped part-way.
            JournalUnusable: The journal cannot be written.
            ReadOnly: Nothing may be started.
        """
        self._refuse_read_only()
        for each in self.operations(plan.cluster_id):
            if not each.is_over:
                raise pending(each)
        return begin_journal(
            self.folder,
            plan,
            engine=self.engine,
            who=self.who,
            host=self.host,
            now=self.now(),
            mark=self.mark(),
        )

    def run(
        self, path: Path, *, direction: str = "forward", take_over: str = ""
    ) -> subprocess.Popen[bytes]:
        """Start a runner for a journal, in a session of its own.

        Args:
            path: The journal.
            direction: `forward`, `back` or `dismiss`.
            take_over: The id of somebody else's lock to remove.

        Raises:
            JournalUnusable: No process can be started.
            ReadOnly: Nothing may be started.
        """
        self._refuse_read_only()
        try:
            runner = launch(path, self.flags, direction=direction, take_over=take_over)
        except OSError as error:
            raise JournalUnusable("The runner cannot be started", f"{error}.") from error
        self._runners[path] = runner
        return runner

    def stop(self, operation: Operation) -> bool:
        """Ask a running operation to stop at the next safe point; False when nothing runs.

        Raises:
            ReadOnly: Nothing may be changed, not even by stopping.
        """
        self._refuse_read_only()
        return ask_to_stop(operation)

    def _refuse_read_only(self) -> None:
        if self.read_only:
            raise ReadOnly("--read-only: nothing is changed", "", "Start swarmtui without it.")


def pending(operation: Operation) -> OperationPending:
    """Return the error that says which operation has to be dealt with first."""
    hint = (
        "First resume it, roll it back or dismiss it: swarmtui operations"
        if operation.state is State.STOPPED
        else f"Follow it: swarmtui operations show {operation.id}"
    )
    return OperationPending(
        f"Another operation of this swarm is {operation.state}",
        f"{operation.id}: {operation.title}.",
        hint,
    )
