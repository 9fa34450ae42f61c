"""The words of the command line that change the swarm, or tell of changes."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

from swarmtui.cli_networks import add_networks, network_word
from swarmtui.cli_operations import add_operations, operations_word, read_swarm, run_operation
from swarmtui.cli_plans import add_plan_flags, carry_out, occupied_words
from swarmtui.cli_services import add_services, service_word

if TYPE_CHECKING:
    from swarmtui.model import Snapshot
    from swarmtui.operations import Intent
    from swarmtui.settings import Settings

CHANGING_WORDS = ("ingress", "network", "service", "operations", "run-operation")


def add_words(words: Any) -> None:
    """Add the words to the command line's parser."""
    _add_ingress(words)
    add_networks(words)
    add_services(words)
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
    if options.word == "network":
        return network_word(options, settings)
    if options.word == "service":
        return service_word(options, settings)
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
        add_plan_flags(each)


def _ingress(options: argparse.Namespace, settings: Settings) -> int:
    from swarmtui.operations import plan_operation, plan_repair

    snapshot = read_swarm(settings)
    if (occupied := occupied_words(options, snapshot, settings)) is not None:
        return occupied
    if options.act == "repair":
        planned = plan_repair(snapshot, lan_ranges=settings.lan_ranges)
    else:
        planned = plan_operation(snapshot, _intent(options, snapshot, settings))
    return carry_out(planned, options, snapshot, settings)


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
