"""What a form says about a network while it is typed."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from rich.text import Text

from swarmtui.addressing import capacity, first_host
from swarmtui.model import DEFAULT_OUTER_MTU, inner_mtu
from swarmtui.operations import needed_addresses
from swarmtui.render.text import counted, printable

if TYPE_CHECKING:
    from swarmtui.model import Snapshot
    from swarmtui.operations import Definition, Fault, IngressDraft

_SHOWN_SERVICES = 6


def faults_text(faults: Iterable[Fault]) -> Text:
    """Return what is wrong, a line each; ✗ keeps the network from being made, ! does not."""
    text = Text()
    for fault in faults:
        mark, tone = ("✗", "error") if fault.fatal else ("!", "warning")
        text.append("\n" if text else "")
        text.append(f"{mark} {printable(fault.words)}", style=tone)
    return text


def gateway_remark(subnet: str) -> str:
    """Return which gateway a subnet gets by itself."""
    first = first_host(subnet.strip()) if "/" in subnet else ""
    return f"{first or 'the first address'} if left empty"


def mtu_remark(definition: Definition) -> str:
    """Return the MTU inside containers, unless it is none; the engine's default if left empty."""
    given = definition.mtu
    if given and not (given.isascii() and given.isdigit() and len(given) < 10):
        return ""
    outer = int(given) if given else DEFAULT_OUTER_MTU
    inner = inner_mtu(outer, encrypted=definition.is_encrypted)
    if inner <= 0:
        return ""
    inside = f"{inner} inside containers"
    return inside if given else f"{outer} if left empty: {inside}"


DRAFT_FACTS = ("Now", "Needs", "Closes")
"""What `draft_facts` tells, in order."""


def draft_facts(snapshot: Snapshot, draft: IngressDraft) -> tuple[str, ...]:
    """Return what there is now, how much room is needed, and who is interrupted."""
    needed, subnet = needed_addresses(snapshot), draft.subnet.strip()
    room = f"{needed:,} addresses while tasks are replaced"
    held = capacity(subnet) if subnet else 0
    names = sorted(each.name for each in snapshot.services if each.publishes_on_ingress)
    shown = ", ".join(names[:_SHOWN_SERVICES])
    if len(names) > _SHOWN_SERVICES:
        shown += f" and {len(names) - _SHOWN_SERVICES} more"
    closes = f"the ports of {counted(len(names), 'service')} for a while: {shown}"
    facts = (
        _MISSING.get(draft.repair) or definition_words(draft.base),
        f"{room}; {subnet} holds {held:,}" if held else room,
        closes if names else "nothing: no service publishes through it",
    )
    return tuple(map(printable, facts))


_MISSING = {
    "missing": "there is no ingress network",
    "unallocated": "the ingress network has no addresses",
}


def definition_words(base: Definition) -> str:
    """Return a network in a line: name, subnets, gateways, MTU, encryption."""
    parts = [" ".join((base.name, *(each.subnet for each in base.ranges)))]
    parts += [f"gateway {each.gateway}" for each in base.ranges if each.gateway]
    parts.append(f"MTU {base.mtu or DEFAULT_OUTER_MTU}")
    if base.is_encrypted:
        parts.append("encrypted")
    return ", ".join(parts)
