"""Starting and stopping the process that runs an operation."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from swarmtui import __version__
from swarmtui.operations.journal import create_journal, is_in_use
from swarmtui.operations.lines import Head
from swarmtui.operations.operation import Operation
from swarmtui.operations.plan import Plan


def begin_journal(
    folder: Path, plan: Plan, *, engine: str, who: str, host: str, now: datetime, mark: str
) -> Path:
    """Write the journal of a confirmed plan, before anything else is done.

    Args:
        folder: Of all journals.
        plan: As it was confirmed.
        engine: The engine's address.
        who: Whose operation it is.
        host: On which machine it runs.
        now: When.
        mark: A few letters that tell operations of one second apart.

    Raises:
        JournalUnusable: It cannot be written.
    """
    head = Head(
        id=f"{now:%Y%m%d-%H%M%S}-{mark}",
        tool=__version__,
        engine=engine,
        who=who,
        host=host,
        at=now.isoformat(timespec="milliseconds"),
        plan=plan,
    )
    return create_journal(folder, head)


def launch(
    path: Path, flags: Sequence[str], *, direction: str = "forward", take_over: str = ""
) -> subprocess.Popen[bytes]:
    """Start a runner for a journal, in a session of its own that outlives this one.

    Args:
        path: The journal.
        flags: Of the command line, naming the engine.
        direction: `forward` or `back`.
        take_over: The id of somebody else's lock to remove.
    """
    words = [sys.executable, "-m", "swarmtui", *flags, "run-operation", str(path)]
    words += ["--direction", direction]
    if take_over:
        words += ["--take-over", take_over]
    with path.with_suffix(".log").open("ab") as log:
        os.fchmod(log.fileno(), 0o600)
        return subprocess.Popen(
            words,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )


def ask_to_stop(operation: Operation) -> bool:
    """Ask a running operation to stop at the next safe point; False when nothing runs."""
    if not is_in_use(operation.path) or not _runs(operation):
        return False
    os.kill(operation.process, signal.SIGTERM)
    return True


def _runs(operation: Operation) -> bool:
    """Tell whether the process that the journal names is its runner, and of this machine."""
    try:
        words = Path(f"/proc/{operation.process}/cmdline").read_bytes().split(b"\0")
    except OSError:
        return False
    return os.fsencode(operation.path) in words
