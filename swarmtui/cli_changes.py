"""The words of the command line that change the swarm, or tell of changes."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from swarmtui.cli_operations import (
    EXIT_DONE,
    EXIT_REFUSED,
    add_operations,
    complain,
    desk_of,
    operations_word,
    print_styled,
    read_swarm,
    run_and_follow,
    run_operation,
)

if TYPE_CHECKING:
    from swarmtui.errors import SwarmtuiError
    from swarmtui.model import Snapshot
    from swarmtui.operations import Intent, Plan, Refusal
    from swarmtui.settings import Settings

CHANGING_WORDS = ("ingress", "operations", "run-operation")


def add_words(words: Any) -> None:
    """Add the words to the command line's parser."""
    _add_ingress(words)
    add_operations(words)
    # Without a help of its own it is left out of the list: only swarmtui itself says it.
    runner = words.add_parser("run-operation")
    runner.add_argument("journal", type=Path)
    runner.add_argument("--direction", choices=("forward", "back", "dismiss"), default="forward")
    runner.add_argument("--take-over", default="")


def run_word(options: argparse.Namespace, settings: Settings) -> int:
    """Run one of these words and return its exit status.

    0 done, 1 refused, 2 stopped part-way; an engine that cannot be read raises an EngineError.
    """
    if options.word == "run-operation":
        return run_operation(options, settings)
    if options.word == "operations":
        return operations_word(options, settings)
    return _ingress(options, settings)


def _add_ingress(words: Any) -> None:
    ingress = words.add_parser("ingress", help="replace or repair the ingress network")
    acts = ingress.add_subparsers(dest="act", metavar="ACT", required=True)
    replace = acts.add_parser("replace", help="replace it by one with other settings")
    for flag, metavar, words_of_it in (
        ("--name", "NAME", "another name"),
        ("--subnet", "CIDR", "another subnet"),
        ("--gateway", "ADDRESS", "another gateway; with --subnet the first address if not given"),
        ("--mtu", "BYTES", "the MTU between nodes; 0 for the engine's default"),
    ):
        replace.add_argument(flag, metavar=metavar, help=words_of_it)
    replace.add_argument("--encrypted", action=argparse.BooleanOptionalAction, default=None)
    replace.add_argument(
        "--at-once", action="store_true", help="all services together, not one after another"
    )
    repair = acts.add_parser("repair", help="create it, or bring it to nodes that miss it")
    for each in (replace, repair):
        each.add_argument("--dry-run", action="store_true", help="show the plan, change nothing")
        each.add_argument("--yes", action="store_true", help="do not ask")
        each.add_argument("--json", action="store_true", help="print JSON")
        each.add_argument("--script", action="store_true", help="print the plan as a shell script")
        each.add_argument("--take-over", action="store_true", help="take over somebody's lock")


def _ingress(options: argparse.Namespace, settings: Settings) -> int:
    from swarmtui.operations import plan_operation, plan_repair

    snapshot = read_swarm(settings)
    occupied = _occupied(options, snapshot, settings)
    if occupied is not None:
        return complain(f"{occupied.title}: {occupied.explanation}", occupied.hint)
    if options.act == "repair":
        planned = plan_repair(snapshot, lan_ranges=settings.lan_ranges)
    else:
        planned = plan_operation(snapshot, _intent(options, snapshot, settings))
    return carry_out(planned, options, snapshot, settings)


def carry_out(
    planned: Plan | Refusal, options: argparse.Namespace, snapshot: Snapshot, settings: Settings
) -> int:
    """Show, print, refuse or start a planned change, as the flags say."""
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


def _intent(options: argparse.Namespace, snapshot: Snapshot, settings: Settings) -> Intent:
    from dataclasses import replace

    from swarmtui.operations import draft_of

    draft = draft_of(snapshot, lan_ranges=settings.lan_ranges)
    # Without an ingress there is nothing to replace, whatever would be proposed for one.
    draft = replace(draft, at_once=options.at_once, repair="")
    if options.subnet is not None:
        draft = replace(draft, subnet=options.subnet, gateway="")
    for part in ("name", "gateway", "mtu", "encrypted"):
        given = getattr(options, part)
        if given is not None:
            draft = replace(draft, **{part: given})
    return draft.intent(settings.lan_ranges)


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
    print(f"Type the network's name to start ({plan.subject}): ", end="", flush=True)
    return sys.stdin.readline().strip() == plan.subject
