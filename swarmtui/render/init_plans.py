"""What comes of a swarm that is to be made: its command, explained, and how far it reaches."""

from __future__ import annotations

import shlex
from collections.abc import Iterable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from rich.text import Text

from swarmtui.addressing import ClaimKind, lasting_claims
from swarmtui.model import Standing
from swarmtui.model.snapshot import DEFAULT_DATA_PATH_PORT
from swarmtui.render.drafts import faults_text
from swarmtui.render.sheet import SheetText
from swarmtui.render.text import NOTHING, counted, printable

if TYPE_CHECKING:
    from swarmtui.addressing import PoolPlan
    from swarmtui.model import Snapshot
    from swarmtui.operations import Fault, InitDraft

INIT_FACTS = ("Networks", "Tasks", "Ingress", "Checked", "Command", "Later")
"""What `init_facts` tells, in order."""

_FIELDS = {
    "pools": "Pools",
    "mask": "Mask length",
    "nodes": "Nodes",
    "services": "Services",
    "tasks": "Tasks",
    "advertise": "Advertise address",
    "data-path": "Data path address",
    "port": "Data path port",
}
_SETTLED = "Pools, mask length and data path port cannot be changed once the swarm is made."
_OUT = (Standing.NO_SWARM,)
_CHECKED = {
    ClaimKind.NODE: "address of a node",
    ClaimKind.LOCAL: "local network",
    ClaimKind.GATEWAY_BRIDGE: "gateway bridge",
    ClaimKind.LAN: "LAN range",
}


def init_facts(
    draft: InitDraft, snapshot: Snapshot | None, lan_ranges: Iterable[str] = ()
) -> tuple[str, ...]:
    """Return how far the pools reach, what they were compared with, and the command."""
    plan = draft.plan
    facts = (
        _networks(plan) if plan else NOTHING,
        _tasks(plan, draft) if plan else NOTHING,
        _ingress(plan) if plan else NOTHING,
        _checked(draft, snapshot, lan_ranges),
        command_line(draft),
        f"{_SETTLED} {_standing_words(snapshot)}".strip(),
    )
    return tuple(map(printable, facts))


def command_line(draft: InitDraft) -> str:
    """Return the command in a line."""
    return shlex.join(draft.command)


def init_text(
    draft: InitDraft,
    faults: Iterable[Fault],
    snapshot: Snapshot | None,
    lan_ranges: Iterable[str] = (),
) -> Text:
    """Return the command with a sentence for each flag, and all that is to be known before it."""
    networks, tasks, ingress, checked, _, later = init_facts(draft, snapshot, lan_ranges)
    sheet = SheetText("A new swarm", "run this on the node that is to be its first manager")
    faults = tuple(faults)
    works = not any(each.fatal for each in faults)
    sheet.section("Command" if works else "Command, which would not work as it is")
    words = [shlex.quote(printable(each)) for each in draft.command]
    starts = [index for index, each in enumerate(words) if each.startswith("--")]
    pieces = [
        " ".join(words[start:stop])
        for start, stop in zip((0, *starts), (*starts, len(words)), strict=True)
    ]
    for index, piece in enumerate(pieces):
        more = " \\" if index + 1 < len(pieces) else ""
        sheet.line(f"{'    ' if index else '$ '}{piece}{more}", tone="good" if works else "dim")
    sheet.section("What it says")
    for flag, meaning in flag_words(draft):
        sheet.line(flag, tone="bold")
        sheet.line(f"  {meaning}")
    sheet.section("What comes of it")
    for label, fact in (("Networks", networks), ("Tasks", tasks), ("Ingress", ingress)):
        sheet.value(label, fact)
    sheet.value("Checked", checked)
    text = sheet.text
    if faults:
        text.append("\nLOOK AT FIRST\n", style="accent")
        named = (replace(each, words=f"{_FIELDS[each.field]}: {each.words}") for each in faults)
        for line in faults_text(named).split("\n"):
            text.append("  ").append_text(line).append("\n")
    text.append("\nLATER\n", style="accent")
    text.append(f"  {later}\n")
    own = "--advertise-addr and --data-path-addr" if draft.data_path else "--advertise-addr"
    text.append(f"  Every node that joins gives its own {own} to docker swarm join.\n")
    return text


def flag_words(draft: InitDraft) -> tuple[tuple[str, str], ...]:
    """Return each flag with its value, and what it does in a sentence."""
    plan = draft.plan
    mask = draft.mask.strip() or "24"
    size = f"{plan.block_size:,} addresses" if plan else "one mask length for all of them"
    encrypted = (
        ""
        if draft.has_usual_port
        else " Engines up to 23.0.6, and 24.0.0 to 24.0.2, pass no encrypted traffic on another "
        "port than 4789 (moby#45635)."
    )
    return (
        _flag(
            "--default-addr-pool",
            " ".join(draft.ranges),
            "Networks without a subnet of their own get blocks of these ranges.",
            "networks get blocks of 10.0.0.0/8, which many sites use themselves.",
        ),
        _flag(
            "--default-addr-pool-mask-length",
            mask if draft.ranges else "",
            f"Each network gets a /{mask} block: {size}.",
            "each network gets a /24 block: 256 addresses.",
        ),
        _flag(
            "--advertise-addr",
            draft.advertise.strip(),
            "The other nodes reach this one here: TCP 2377 to managers, TCP and UDP 7946 for "
            "what nodes tell one another.",
            "docker takes this node's only address, and refuses where there are several.",
        ),
        _flag(
            "--data-path-addr",
            draft.data_path.strip(),
            "Traffic of containers between nodes goes over this address, apart from control.",
            "traffic of containers goes over the advertise address too.",
        ),
        _flag(
            "--data-path-port",
            draft.port.strip(),
            "Traffic of containers between nodes is VXLAN on this UDP port, on every node: open "
            f"it between nodes, and to nobody else.{encrypted}",
            f"traffic of containers between nodes is VXLAN on UDP {DEFAULT_DATA_PATH_PORT}: open "
            "it between nodes, and to nobody else.",
        ),
    )


def init_document(draft: InitDraft, faults: Iterable[Fault]) -> dict[str, Any]:
    """Return a plan as plain data, for programs."""
    plan = draft.plan
    return {
        "command": list(draft.command),
        "pools": list(plan.pools) if plan else None,
        "mask": plan.prefix if plan else None,
        "networks": plan.networks if plan else None,
        "tasks_per_network": draft.room if plan else None,
        "ingress": list(plan.ingress) if plan else None,
        "flags": [{"flag": flag, "meaning": words} for flag, words in flag_words(draft)],
        "faults": [
            {"field": each.field, "fatal": each.fatal, "words": each.words} for each in faults
        ],
    }


def _flag(name: str, value: str, meaning: str, left_out: str) -> tuple[str, str]:
    if value:
        return f"{name} {value}", meaning
    return name, f"Left out: {left_out}"


def _networks(plan: PoolPlan) -> str:
    blocks = f"{plan.blocks:,} {'block' if plan.blocks == 1 else 'blocks'} of /{plan.prefix}"
    return f"{plan.networks:,}: of {blocks} the ingress takes the first"


def _tasks(plan: PoolPlan, draft: InitDraft) -> str:
    return (
        f"{draft.room:,} on each network: {plan.block_size:,} addresses less 3 reserved, "
        f"{draft.node_count:,} for nodes, {draft.service_count:,} for services; "
        f"{draft.room // 2:,} where all are replaced start-first"
    )


def _ingress(plan: PoolPlan) -> str:
    if len(plan.ingress) > 1:
        first, lowest = plan.ingress
        where = f"{lowest}, on engines below 27 {first}"
    else:
        where = "".join(plan.ingress)
    return f"{where}: every node, and services and tasks that publish ports, take addresses there"


def _checked(draft: InitDraft, snapshot: Snapshot | None, lan_ranges: Iterable[str]) -> str:
    counts = dict.fromkeys(_CHECKED, 0)
    for claim in draft.claims(lasting_claims(snapshot, lan_ranges)):
        counts[claim.kind] += 1
    plurals = {ClaimKind.NODE: "addresses of nodes"}
    named = [
        counted(count, _CHECKED[kind], plurals.get(kind, "")) for kind, count in counts.items()
    ]
    against = ", ".join(words for words in named if not words.startswith("0 "))
    unread = "" if snapshot is not None else "; no engine was read"
    return f"against {against or 'nothing, for no LAN ranges are in the settings'}{unread}"


def _standing_words(snapshot: Snapshot | None) -> str:
    if snapshot is None or snapshot.engine.standing in _OUT:
        return ""
    return f"{snapshot.engine.name} is in a swarm already, and has to leave it first."
