"""The words of the command line about overlays: migrate, encrypt, create, remove, split."""

from __future__ import annotations

import argparse
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from swarmtui.cli_operations import complain, read_swarm
from swarmtui.cli_plans import add_plan_flags, carry_out, occupied_words

if TYPE_CHECKING:
    from swarmtui.model import Snapshot
    from swarmtui.operations import Plan, Refusal
    from swarmtui.settings import Settings

WAYS = ("in-place", "quick", "side-by-side")


def add_networks(words: Any) -> None:
    """Add the word `network` to the command line."""
    network = words.add_parser("network", help="migrate, encrypt, create, remove or split overlays")
    acts = network.add_subparsers(dest="act", metavar="ACT", required=True)
    migrate = acts.add_parser("migrate", help="change encryption, MTU or subnet")
    encrypt = acts.add_parser("encrypt", help="encrypt the data between nodes")
    decrypt = acts.add_parser("decrypt", help="encrypt them no more")
    migrate.add_argument("--encrypted", action=argparse.BooleanOptionalAction, default=None)
    migrate.add_argument("--mtu", metavar="BYTES", help="between nodes; 0 for the default")
    migrate.add_argument("--subnet", metavar="CIDR", help="another subnet")
    migrate.add_argument("--gateway", metavar="ADDRESS", help="another gateway")
    for each in (migrate, encrypt, decrypt):
        each.add_argument("name", metavar="NAME")
        each.add_argument("--way", choices=WAYS, default=WAYS[0])
        each.add_argument("--to", metavar="NEWNAME", help="the new name, side by side")
        each.add_argument("--at-once", action="store_true", help="all services together")
        each.add_argument(
            "--wait-for-containers",
            action="store_true",
            help="wait for you to move containers outside services",
        )
    create = acts.add_parser("create", help="create an overlay, and wait until it has addresses")
    create.add_argument("name", metavar="NAME")
    for flag, metavar, words_of_it in (
        ("--subnet", "CIDR", "its range; again for several"),
        ("--gateway", "ADDRESS", "of each subnet, in order"),
        ("--ip-range", "CIDR", "the part of each subnet that is handed out, in order"),
        ("--label", "KEY=VALUE", "a label; again for several"),
    ):
        create.add_argument(flag, metavar=metavar, action="append", default=[], help=words_of_it)
    create.add_argument("--mtu", metavar="BYTES", default="", help="the MTU between nodes")
    create.add_argument("--vxlan-id", metavar="IDS", default="", help="one for each subnet")
    for flag in ("encrypted", "attachable", "internal"):
        create.add_argument(f"--{flag}", action="store_true")
    remove = acts.add_parser("remove", help="remove overlays")
    remove.add_argument("names", metavar="NAME", nargs="+")
    remove.add_argument("--detach", action="store_true", help="take services off first")
    remove.add_argument(
        "--wait-for-containers",
        action="store_true",
        help="wait for you to disconnect containers outside services",
    )
    prune = acts.add_parser("prune", help="remove overlays that nobody uses")
    split = acts.add_parser("split", help="move services of a crowded overlay to a new one")
    split.add_argument("name", metavar="NAME")
    split.add_argument("--to", metavar="NEWNAME", required=True, help="the new overlay")
    split.add_argument("--subnet", metavar="CIDR", default="", help="its range")
    split.add_argument("--move", metavar="SERVICE", action="append", required=True)
    split.add_argument(
        "--both", metavar="SERVICE", action="append", default=[], help="on both from then on"
    )
    split.add_argument("--at-once", action="store_true", help="all services together")
    for each in (migrate, encrypt, decrypt, create, remove, prune, split):
        add_plan_flags(each)


def network_word(options: argparse.Namespace, settings: Settings) -> int:
    """Do what is asked, and return the exit status: 0 done, 1 refused, 2 stopped part-way."""
    snapshot = read_swarm(settings)
    if (occupied := occupied_words(options, snapshot, settings)) is not None:
        return occupied
    planned = _PLANNERS[options.act](options, snapshot, settings)
    if isinstance(planned, str):
        return complain(planned, "See: swarmtui snapshot")
    return carry_out(planned, options, snapshot, settings)


def _migration(
    options: argparse.Namespace, snapshot: Snapshot, settings: Settings
) -> Plan | Refusal | str:
    from swarmtui.operations import Refusal, Way, migration_draft, plan_operation

    draft = migration_draft(snapshot, options.name)
    if draft is None:
        return f"There is no swarm network {options.name}"
    if options.act != "migrate":
        draft = replace(draft, encrypted=options.act == "encrypt")
    else:
        if options.subnet is not None:
            draft = replace(draft, subnet=options.subnet, gateway="")
        for part in ("encrypted", "mtu", "gateway"):
            given = getattr(options, part)
            if given is not None:
                draft = replace(draft, **{part: given})
    draft = replace(
        draft,
        way=Way(options.way),
        new_name=options.to or draft.new_name,
        at_once=options.at_once,
        by_hand=options.wait_for_containers,
    )
    if draft.way is Way.SIDE_BY_SIDE and options.to is None:
        reason = "Side by side the new network needs a name: --to NEWNAME"
        return Refusal("A name is missing", (reason,))
    return plan_operation(snapshot, draft.intent(snapshot, settings.lan_ranges))


def _creation(
    options: argparse.Namespace, snapshot: Snapshot, settings: Settings
) -> Plan | Refusal:
    import shlex

    from swarmtui.operations import NetworkDraft, Refusal, plan_operation

    draft = NetworkDraft(
        name=options.name,
        subnet=" ".join(options.subnet),
        gateway=" ".join(options.gateway),
        ip_range=" ".join(options.ip_range),
        mtu=options.mtu,
        vxlan=options.vxlan_id,
        labels=shlex.join(options.label),
        encrypted=options.encrypted,
        attachable=options.attachable,
        internal=options.internal,
    )
    fatal = [each for each in draft.faults(snapshot) if each.fatal and each.field == "labels"]
    if fatal:
        return Refusal("Cannot create the network", tuple(each.words for each in fatal))
    return plan_operation(snapshot, draft.intent(settings.lan_ranges))


def _removal(
    options: argparse.Namespace, snapshot: Snapshot, settings: Settings
) -> Plan | Refusal | str:
    import msgspec

    from swarmtui.operations import (
        Refusal,
        plan_operation,
        removal_of,
        services_on,
        swarm_network,
    )

    missing = [name for name in options.names if swarm_network(snapshot, name) is None]
    if missing:
        return f"There is no swarm network {', '.join(missing)}"
    intent = removal_of(
        snapshot,
        tuple(dict.fromkeys(options.names)),
        detach=options.detach,
        by_hand=options.wait_for_containers,
    )
    planned = plan_operation(snapshot, intent)
    if isinstance(planned, Refusal) and not options.detach:
        used = any(services_on(snapshot, intent.names))
        return msgspec.structs.replace(planned, hint=_DETACH) if used else planned
    return planned


def _prune(_: argparse.Namespace, snapshot: Snapshot, settings: Settings) -> Plan | Refusal:
    from swarmtui.operations import Refusal, plan_operation, removal_of, unused_networks

    names = unused_networks(snapshot)
    if not names:
        return Refusal("There is nothing to prune", ("Every overlay is used.",), needless=True)
    return plan_operation(snapshot, removal_of(snapshot, names))


def _split(
    options: argparse.Namespace, snapshot: Snapshot, settings: Settings
) -> Plan | Refusal | str:
    from swarmtui.operations import SplitDraft, plan_operation, swarm_network

    if swarm_network(snapshot, options.name) is None:
        return f"There is no swarm network {options.name}"
    draft = SplitDraft(
        options.name,
        options.to,
        subnet=options.subnet,
        movers=frozenset(options.move),
        both=frozenset(options.both),
        at_once=options.at_once,
    )
    refusal = draft.refusal(snapshot)
    return refusal or plan_operation(snapshot, draft.intent(snapshot, settings.lan_ranges))


_DETACH = "--detach takes the services off first."
_PLANNERS = {
    "migrate": _migration,
    "encrypt": _migration,
    "decrypt": _migration,
    "create": _creation,
    "remove": _removal,
    "prune": _prune,
    "split": _split,
}
