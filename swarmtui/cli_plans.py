"""Plans on the command line: shown, exported, confirmed, started and followed."""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING, Any

from swarmtui.cli_operations import (
    EXIT_DONE,
    EXIT_REFUSED,
    complain,
    desk_of,
    print_styled,
    run_and_follow,
)

if TYPE_CHECKING:
    from swarmtui.errors import SwarmtuiError
    from swarmtui.model import Snapshot
    from swarmtui.operations import Plan, Refusal
    from swarmtui.settings import Settings


def add_plan_flags(parser: Any) -> None:
    """Add the flags that every word has which leads to a plan."""
    parser.add_argument("--dry-run", action="store_true", help="show the plan, change nothing")
    parser.add_argument("--yes", action="store_true", help="do not ask")
    parser.add_argument("--json", action="store_true", help="print JSON")
    parser.add_argument("--script", action="store_true", help="print the plan as a shell script")
    parser.add_argument("--take-over", action="store_true", help="take over somebody's lock")


def occupied_words(
    options: argparse.Namespace, snapshot: Snapshot, settings: Settings
) -> int | None:
    """Say who changes the swarm now, and return the exit status; None where nobody does."""
    occupied = _occupied(options, snapshot, settings)
    if occupied is None:
        return None
    return complain(f"{occupied.title}: {occupied.explanation}", occupied.hint)


def carry_out(
    planned: Plan | Refusal, options: argparse.Namespace, snapshot: Snapshot, settings: Settings
) -> int:
    """Do with a plan what the flags say, and return the exit status."""
    from datetime import UTC, datetime

    from swarmtui.operations import Refusal

    if isinstance(planned, Refusal):
        return refuse(planned, as_json=options.json)
    if options.script:
        from swarmtui import __version__
        from swarmtui.operations import script_of

        moment = datetime.now(UTC).isoformat(timespec="seconds")
        print(script_of(planned, tool=f"swarmtui {__version__}", when=moment))
        return EXIT_DONE
    if options.dry_run:
        return _show_plan(planned, settings, as_json=options.json)
    if not options.json:
        _show_plan(planned, settings, as_json=False)
    if settings.read_only:
        return complain("--read-only: nothing is changed", "Run it without, or use --script.")
    take_over = ""
    if options.take_over and snapshot.activity is not None:
        take_over = snapshot.activity.lock_id
    if not options.yes and not _confirmed(planned):
        return complain("Nothing was changed", "It has to be confirmed, or started with --yes.")
    return _start(planned, settings, take_over=take_over, as_json=options.json)


def _occupied(
    options: argparse.Namespace, snapshot: Snapshot, settings: Settings
) -> SwarmtuiError | None:
    """Say who changes the swarm now: with a change half done, a plan has no better explanation."""
    from swarmtui.operations.desk import pending
    from swarmtui.operations.running.lock import held_by

    if options.dry_run or options.script or options.take_over:
        return None
    cluster = snapshot.cluster.id if snapshot.cluster else ""
    for each in desk_of(settings).operations(cluster):
        if not each.is_over:
            return pending(each)
    return held_by(snapshot.activity) if snapshot.activity is not None else None


def _start(plan: Plan, settings: Settings, *, take_over: str, as_json: bool) -> int:
    from swarmtui.operations import OperationPending

    desk = desk_of(settings)
    try:
        path = desk.begin(plan)
    except OperationPending as error:
        return complain(f"{error.title}: {error.explanation}", error.hint)
    return run_and_follow(desk, path, "forward", take_over, as_json=as_json)


def _show_plan(plan: Plan, settings: Settings, *, as_json: bool) -> int:
    import json

    from swarmtui.render import plan_text

    if as_json:
        import msgspec

        print(json.dumps({"plan": msgspec.to_builtins(plan)}, indent=2))
    else:
        print_styled(plan_text(plan), settings)
    return EXIT_DONE


def refuse(refusal: Refusal, *, as_json: bool) -> int:
    """Say why nothing is planned, and return the exit status for it."""
    import json

    from swarmtui.render import refusal_text

    if as_json:
        import msgspec

        print(json.dumps({"refusal": msgspec.to_builtins(refusal)}, indent=2))
    else:
        stream = sys.stdout if refusal.needless else sys.stderr
        print(refusal_text(refusal).plain, file=stream)
    return EXIT_DONE if refusal.needless else EXIT_REFUSED


def _confirmed(plan: Plan) -> bool:
    if not sys.stdin.isatty():
        return False
    print(f"Type the name to start ({plan.subject}): ", end="", flush=True)
    return sys.stdin.readline().strip() == plan.subject
