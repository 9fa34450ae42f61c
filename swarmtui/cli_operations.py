"""The words of the command line about operations: starting, following, resuming, listing them."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import subprocess

    from rich.text import Text

    from swarmtui.model import Snapshot
    from swarmtui.operations import Desk, Operation
    from swarmtui.settings import Settings

EXIT_DONE = 0
EXIT_REFUSED = 1
EXIT_STOPPED = 2
FOLLOW_SECONDS = 0.1


def add_operations(words: Any) -> None:
    """Add the word `operations` to the command line."""
    operations = words.add_parser("operations", help="list, resume or roll back changes")
    operations.set_defaults(act="list", json=False)
    operations.add_argument("--json", action="store_true", help="print JSON")
    acts = operations.add_subparsers(dest="act", metavar="ACT")
    for act, words_of_it in (
        ("list", "all of them, the oldest first"),
        ("show", "one with its steps"),
        ("resume", "go on with one that stopped"),
        ("rollback", "take one back that stopped"),
        ("undo", "reverse one that is done, as a new operation"),
        ("dismiss", "leave one that stopped as it is"),
        ("stop", "stop a running one at the next safe point"),
    ):
        each = acts.add_parser(act, help=words_of_it)
        if act != "list":
            each.add_argument("id", metavar="ID")
        if act in ("resume", "rollback"):
            each.add_argument("--take-over", action="store_true", help="take over a lock")
        if act == "undo":
            for flag in ("--dry-run", "--yes", "--script", "--take-over"):
                each.add_argument(flag, action="store_true")
        each.add_argument("--json", action="store_true", default=argparse.SUPPRESS)


def _engine_flags(settings: Settings) -> list[str]:
    """Return the flags that name the same engine to another process."""
    flags = ["--timeout", f"{settings.timeout_seconds:g}"]
    if settings.host is not None:
        return ["--host", settings.host, *flags]
    return ["--context", settings.context, *flags] if settings.context is not None else flags


def desk_of(settings: Settings) -> Desk:
    """Return where operations are started and found."""
    import getpass
    import secrets
    import socket
    from datetime import UTC, datetime

    from swarmtui.engine import resolve_endpoint
    from swarmtui.locations import journal_folder
    from swarmtui.operations import Desk

    return Desk(
        folder=settings.journals or journal_folder(os.environ),
        flags=_engine_flags(settings),
        engine=resolve_endpoint(settings.host, settings.context, os.environ).url,
        who=getpass.getuser(),
        host=socket.gethostname(),
        now=lambda: datetime.now(UTC),
        mark=lambda: secrets.token_hex(2),
        read_only=settings.read_only,
    )


def run_and_follow(desk: Desk, path: Path, direction: str, take_over: str, *, as_json: bool) -> int:
    """Start a runner for a journal, follow it to its end, and return the exit status."""
    process = desk.run(path, direction=direction, take_over=take_over)
    try:
        operation = _follow(path, process, quiet=as_json)
    except KeyboardInterrupt:
        name = path.stem
        print(f"\nIt goes on by itself. Follow it: swarmtui operations show {name}")
        print(f"To stop it at the next safe point: swarmtui operations stop {name}")
        raise
    return _report(operation, as_json=as_json)


def _follow(path: Path, process: subprocess.Popen[bytes], *, quiet: bool) -> Operation:
    import time

    from swarmtui.operations import read_operation
    from swarmtui.render import step_line

    told: tuple[int, str] = (0, "")
    started = False
    while True:
        ended = process.poll() is not None
        operation = read_operation(path)
        # Until the new runner has written its plan, the steps are those of the run before.
        started = started or operation.process == process.pid
        if started and not quiet:
            for number in range(told[0] + 1, operation.steps + 1):
                times = operation.times[number - 1]
                if times.words and times.words != told[1] and not times.reached_at:
                    print(f"        {times.words}", flush=True)
                    told = (told[0], times.words)
                if not times.reached_at:
                    break
                print(step_line(operation, number), flush=True)
                told = (number, "")
        if ended:
            return operation
        time.sleep(FOLLOW_SECONDS)


def _report(operation: Operation, *, as_json: bool) -> int:
    import json

    from swarmtui.operations import State
    from swarmtui.render import afterwards_text, operation_details

    if as_json:
        print(json.dumps(operation_details(operation), indent=2))
    stopped = operation.stopped
    if operation.state in (State.DONE, State.ROLLED_BACK):
        if not as_json:
            print("Done." if operation.state is State.DONE else "Rolled back.")
            print(afterwards_text(operation.plan).plain, end="")
        return EXIT_DONE
    if stopped is not None:
        print(f"swarmtui: {stopped.title}", file=sys.stderr)
        print(stopped.explanation, file=sys.stderr)
        print(stopped.hint, file=sys.stderr)
    else:
        log = operation.path.with_suffix(".log")
        print("swarmtui: the runner ended without a word", file=sys.stderr)
        print(f"Its output: {log}", file=sys.stderr)
    print(f"Journal: {operation.path}", file=sys.stderr)
    if operation.state is State.DISMISSED:
        return EXIT_REFUSED
    for act in ("resume", "rollback", "dismiss"):
        print(f"  swarmtui operations {act} {operation.id}", file=sys.stderr)
    return EXIT_STOPPED


def operations_word(options: argparse.Namespace, settings: Settings) -> int:
    """List, show, resume, roll back, dismiss or stop operations."""
    from swarmtui.operations import State

    desk = desk_of(settings)
    known = desk.operations()
    if options.act in (None, "list"):
        return _list(known, settings, as_json=options.json)
    chosen = [each for each in known if each.id == options.id or each.id.startswith(options.id)]
    if len(chosen) != 1:
        many = "There are several operations" if chosen else "There is no operation"
        return complain(f"{many} {options.id}", "See: swarmtui operations list")
    (operation,) = chosen
    if options.act == "show":
        return _show(operation, settings, as_json=options.json)
    if options.act == "undo":
        return _undo(operation, options, settings)
    if settings.read_only:
        return complain("--read-only: nothing is changed", "")
    if options.act == "stop":
        return _stop(desk, operation)
    if operation.state is not State.STOPPED:
        return complain(
            f"{operation.id} is {operation.state}",
            "Only an operation that stopped part-way can be resumed, rolled back or dismissed.",
        )
    if options.act == "dismiss":
        return _dismiss(desk, operation)
    activity = read_swarm(settings).activity if options.take_over else None
    return run_and_follow(
        desk,
        operation.path,
        "forward" if options.act == "resume" else "back",
        activity.lock_id if activity is not None else "",
        as_json=options.json,
    )


def _undo(operation: Operation, options: argparse.Namespace, settings: Settings) -> int:
    from swarmtui.cli_plans import carry_out, occupied_words
    from swarmtui.operations import State, plan_undo

    if operation.state is not State.DONE:
        hint = "Only an operation that is done can be undone; one that stopped is rolled back."
        return complain(f"{operation.id} is {operation.state}", hint)
    snapshot = read_swarm(settings)
    if (occupied := occupied_words(options, snapshot, settings)) is not None:
        return occupied
    planned = plan_undo(snapshot, operation.head.plan)
    return carry_out(planned, options, snapshot, settings)


def _stop(desk: Desk, operation: Operation) -> int:
    if not desk.stop(operation):
        return complain(f"{operation.id} is not running: {operation.state}", "")
    print("Asked it to stop at the next safe point.")
    return EXIT_DONE


def _dismiss(desk: Desk, operation: Operation) -> int:
    from swarmtui.operations import State, read_operation

    desk.run(operation.path, direction="dismiss").wait()
    after = read_operation(operation.path)
    if after.state is not State.DISMISSED:
        return _report(after, as_json=False)
    words = after.ended.words if after.ended else ""
    print(f"Dismissed. {words}".strip())
    return EXIT_DONE


def _list(known: tuple[Operation, ...], settings: Settings, *, as_json: bool) -> int:
    import json

    from swarmtui.render import OPERATION_COLUMNS, operation_document, operation_rows, plain_table

    if as_json:
        print(json.dumps({"operations": [operation_document(each) for each in known]}, indent=2))
    elif not known:
        print("No operation has been run from here.")
    else:
        rows = list(reversed(operation_rows(known)))
        print_styled(plain_table("Operations", OPERATION_COLUMNS, rows), settings)
    return EXIT_DONE


def _show(operation: Operation, settings: Settings, *, as_json: bool) -> int:
    import json
    from datetime import UTC, datetime

    from swarmtui.render import operation_details, operation_text

    if as_json:
        print(json.dumps(operation_details(operation), indent=2))
    else:
        print_styled(operation_text(operation, datetime.now(UTC)), settings)
        print(f"Journal: {operation.path}")
    return EXIT_DONE


def read_swarm(settings: Settings) -> Snapshot:
    """Read the swarm once."""
    from swarmtui.engine import read_once, resolve_endpoint

    endpoint = resolve_endpoint(settings.host, settings.context, os.environ)
    return read_once(endpoint, timeout_seconds=settings.timeout_seconds)


def complain(title: str, hint: str) -> int:
    """Say why nothing is done, and return the exit status for it."""
    print(f"swarmtui: {title}", file=sys.stderr)
    if hint:
        print(hint, file=sys.stderr)
    return EXIT_REFUSED


def print_styled(what: Text | object, settings: Settings) -> None:
    """Print text with its tones as colours."""
    from rich.console import Console
    from rich.theme import Theme

    from swarmtui.render import TONE_STYLES

    console = Console(
        no_color=not settings.color, theme=Theme(TONE_STYLES), soft_wrap=True, highlight=False
    )
    console.print(what)


def run_operation(options: argparse.Namespace, settings: Settings) -> int:
    """Be the runner of one operation."""
    from swarmtui.engine import resolve_endpoint
    from swarmtui.operations.running import dismiss_journal, run_journal

    endpoint = resolve_endpoint(settings.host, settings.context, os.environ)
    if options.direction == "dismiss":
        dismiss_journal(options.journal, endpoint, timeout_seconds=settings.timeout_seconds)
    else:
        run_journal(
            options.journal,
            endpoint,
            timeout_seconds=settings.timeout_seconds,
            direction=options.direction,
            take_over=options.take_over,
        )
    return EXIT_DONE
