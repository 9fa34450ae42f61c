"""The word of the command line about the gateway bridge of the node that is read."""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING, Any

from swarmtui.cli_operations import EXIT_DONE, print_styled, read_swarm
from swarmtui.cli_plans import add_plan_flags, carry_out, refuse

if TYPE_CHECKING:
    from swarmtui.model import Snapshot
    from swarmtui.operations import BridgeDraft
    from swarmtui.settings import Settings


def add_bridge(words: Any) -> None:
    """Add the word `bridge` to the command line's parser."""
    bridge = words.add_parser("bridge", help="show or rebuild this node's docker_gwbridge")
    acts = bridge.add_subparsers(dest="act", metavar="ACT", required=True)
    show = acts.add_parser("show", help="its subnet, options, endpoints and conflicts")
    show.add_argument("--json", action="store_true", help="print JSON")
    rebuild = acts.add_parser(
        "rebuild", help="another one; for a node that is in a swarm, the runbook to it"
    )
    for flag, metavar, words_of_it in (
        ("--subnet", "CIDR", "another subnet"),
        ("--gateway", "ADDRESS", "another gateway; with --subnet the first address if not given"),
        ("--mtu", "BYTES", "its MTU; 0 for the engine's default"),
    ):
        rebuild.add_argument(flag, metavar=metavar, help=words_of_it)
    for flag, words_of_it in (
        ("--icc", "let containers reach one another over it"),
        ("--masquerade", "let what leaves the node have its address"),
    ):
        rebuild.add_argument(
            flag, action=argparse.BooleanOptionalAction, default=None, help=words_of_it
        )
    add_plan_flags(rebuild)


def bridge_word(options: argparse.Namespace, settings: Settings) -> int:
    """Show or rebuild the gateway bridge and return the exit status.

    0 done or shown, 1 refused, 2 stopped part-way.
    """
    from swarmtui.model import Standing
    from swarmtui.operations import plan_operation

    snapshot = read_swarm(settings)
    if options.act == "show":
        return _show(snapshot, settings, as_json=options.json)
    draft = _draft(options, snapshot, settings)
    if snapshot.engine.standing is not Standing.NO_SWARM:
        return _runbook(options, snapshot, draft, settings)
    planned = plan_operation(snapshot, draft.intent(settings.lan_ranges))
    return carry_out(planned, options, snapshot, settings)


def _show(snapshot: Snapshot, settings: Settings, *, as_json: bool) -> int:
    import json

    from swarmtui.render import bridge_document, bridge_sheet

    if as_json:
        document = bridge_document(snapshot, lan_ranges=settings.lan_ranges)
        print(json.dumps(document, indent=2, ensure_ascii=False))
    else:
        print_styled(bridge_sheet(snapshot, lan_ranges=settings.lan_ranges), settings)
    return EXIT_DONE


def _draft(options: argparse.Namespace, snapshot: Snapshot, settings: Settings) -> BridgeDraft:
    from dataclasses import replace

    from swarmtui.operations import bridge_draft_of

    draft = bridge_draft_of(snapshot, lan_ranges=settings.lan_ranges)
    if options.subnet is not None:
        draft = replace(draft, subnet=options.subnet, gateway="")
    for part in ("gateway", "mtu", "icc", "masquerade"):
        given = getattr(options, part)
        if given is not None:
            draft = replace(draft, **{part: given})
    return draft


def _runbook(
    options: argparse.Namespace, snapshot: Snapshot, draft: BridgeDraft, settings: Settings
) -> int:
    import json
    from datetime import UTC, datetime

    import msgspec

    from swarmtui import __version__
    from swarmtui.operations import Refusal, bridge_runbook, runbook_file
    from swarmtui.render import runbook_text

    made = bridge_runbook(snapshot, draft.definition, lan_ranges=settings.lan_ranges)
    if isinstance(made, Refusal):
        return refuse(made, as_json=options.json)
    if options.json:
        print(json.dumps({"runbook": msgspec.to_builtins(made)}, indent=2, ensure_ascii=False))
    elif options.script:
        moment = datetime.now(UTC).isoformat(timespec="seconds")
        print(runbook_file(made, tool=f"swarmtui {__version__}", when=moment), end="")
    else:
        print_styled(runbook_text(made), settings)
    print("swarmtui: nothing was changed; these steps are yours.", file=sys.stderr)
    return EXIT_DONE
