"""The word of the command line that plans the address pools of a new swarm; it reads no engine."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any

from swarmtui.cli_operations import EXIT_DONE, print_styled

if TYPE_CHECKING:
    from swarmtui.settings import Settings

EXIT_REFUSED = 1


def add_plan(words: Any) -> None:
    """Add the word `plan` to the command line's parser."""
    plan = words.add_parser("plan", help="plan the address pools of a swarm before it is made")
    plan.add_argument(
        "--pool", metavar="CIDR", action="append", default=[], help="an address pool; repeatable"
    )
    for flag, metavar, words_of_it in (
        ("--mask", "LENGTH", "mask length of the block that each network gets (default: 24)"),
        ("--nodes", "NUMBER", "nodes of the swarm"),
        ("--services", "NUMBER", "services on one network"),
        ("--tasks", "NUMBER", "tasks on one network"),
        ("--advertise-addr", "ADDRESS", "address or interface for control traffic"),
        ("--data-path-addr", "ADDRESS", "address or interface for traffic of containers"),
        ("--data-path-port", "PORT", "UDP port for traffic of containers (default: 4789)"),
    ):
        plan.add_argument(flag, metavar=metavar, default="", help=words_of_it)
    plan.add_argument("--json", action="store_true", help="print JSON")


def plan_word(options: argparse.Namespace, settings: Settings) -> int:
    """Print the plan and return the exit status: 0, or 1 where docker would refuse it."""
    import json

    from swarmtui.addressing import lasting_claims
    from swarmtui.operations import InitDraft
    from swarmtui.render import init_document, init_text

    draft = InitDraft(
        pools=" ".join(options.pool),
        mask=options.mask,
        nodes=options.nodes,
        services=options.services,
        tasks=options.tasks,
        advertise=options.advertise_addr,
        data_path=options.data_path_addr,
        port=options.data_path_port,
    )
    faults = draft.faults(lasting_claims(None, settings.lan_ranges))
    if options.json:
        print(json.dumps(init_document(draft, faults), indent=2, ensure_ascii=False))
    else:
        print_styled(init_text(draft, faults, None, settings.lan_ranges), settings)
    return EXIT_REFUSED if any(each.fatal for each in faults) else EXIT_DONE
