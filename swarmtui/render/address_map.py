"""A network's addresses as a map: one cell for each, or for each block of a large subnet."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from rich.text import Text

from swarmtui.addressing import (
    AddressKind,
    Holder,
    Ledger,
    Span,
    SubnetLedger,
    address_text,
)
from swarmtui.render.addresses import RESERVED_WORDS
from swarmtui.render.cells import Cell, CellGroup
from swarmtui.render.endpoints import kind_word
from swarmtui.render.networks import used_text
from swarmtui.render.text import counted, printable, tone_of_share

MOST_CELLS = 256
"""Of one subnet; a larger one is shown in blocks."""

_GLYPHS: Mapping[AddressKind, tuple[str, str]] = {
    AddressKind.VIP: ("V", "accent"),
    AddressKind.TASK: ("T", "good"),
    AddressKind.CONTAINER: ("C", "bold"),
    AddressKind.NODE_LB: ("L", "primary"),
    AddressKind.NETWORK: ("n", ""),
    AddressKind.BROADCAST: ("b", ""),
    AddressKind.GATEWAY: ("G", ""),
    AddressKind.STRAY: ("!", "error"),
    AddressKind.FREE: ("·", "dim"),
    AddressKind.OUTSIDE: ("-", "dim"),
    AddressKind.UNKNOWN: ("?", "dim"),
}
_ON_DOWN_NODE = ("D", "error")
# Of network, broadcast and gateway each subnet has one.
_WORDS: Mapping[AddressKind, tuple[str, str]] = {
    AddressKind.VIP: ("VIP", "VIPs"),
    AddressKind.TASK: ("task", "tasks"),
    AddressKind.CONTAINER: ("container", "containers"),
    AddressKind.NODE_LB: ("node LB", "node LBs"),
    AddressKind.STRAY: ("without a sandbox", "without a sandbox"),
    AddressKind.FREE: ("free", "free"),
    AddressKind.OUTSIDE: ("out of the IP range", "out of the IP range"),
    AddressKind.UNKNOWN: ("not known here", "not known here"),
}
_SHARES = ((0.0, "·", "none taken"), (1 / 3, "░", "some"), (2 / 3, "▒", "half"))
_ALMOST, _ALL = ("▓", "most"), ("█", "all")


def address_map(ledger: Ledger, window: Span | None = None) -> tuple[CellGroup, ...]:
    """Return a group of cells for each subnet, or for the part of one that is looked at."""
    return tuple(
        _group(subnet, window)
        for subnet in ledger.subnets
        if window is None or subnet.span.holds(window.first)
    )


def cell_span(key: str) -> Span:
    """Return the addresses that a cell of an address map stands for."""
    first, _, last = key.partition("-")
    return Span(int(first), int(last))


def cell_at(groups: tuple[CellGroup, ...], value: int) -> str | None:
    """Return the key of the cell with an address, None where the map does not show it."""
    for group in groups:
        if not group.cells:
            continue
        first = cell_span(group.cells[0].key)
        index = (value - first.first) // first.size
        if 0 <= index < len(group.cells):
            return group.cells[index].key
    return None


def part_around(ledger: Ledger, span: Span) -> Span | None:
    """Return the part of a subnet to look at for the addresses of a block; None for one address.

    It is the block, and never less than a /24 has.
    """
    if span.size == 1:
        return None
    size = max(span.size, MOST_CELLS)
    first = span.first - span.first % size
    return Span(first, first + size - 1)


def cell_line(ledger: Ledger, span: Span) -> Text:
    """Return in a line who holds the addresses of a cell."""
    subnet = next((each for each in ledger.subnets if each.span.holds(span.first)), None)
    if subnet is None:
        return Text()
    if span.size > 1:
        words = ", ".join(_counted(*each) for each in _in_order(subnet.count(span)))
        return Text(f"{address_text(span.first)} – {address_text(span.last)}  {words}")
    text = Text(f"{address_text(span.first)}  ")
    holders = subnet.held.get(span.first, ())
    text.append(" and ".join(map(_named, holders)) or _nobody(ledger, subnet, span.first))
    return text


def legend(ledger: Ledger, window: Span | None = None) -> tuple[Text, ...]:
    """Return what each glyph means, with how many addresses there are of its kind."""
    counts: Counter[AddressKind] = Counter()
    for subnet in ledger.subnets:
        counts.update(subnet.count(subnet.span))
    hidden = len(ledger.unseen)
    blocks = any(_block_size(_part(each, window)) > 1 for each in ledger.subnets)
    found: list[Text] = []
    if blocks:
        steps = ((glyph, words) for _, glyph, words in _SHARES)
        found += [Text(f"{glyph} {words}") for glyph, words in (*steps, _ALMOST, _ALL)]
    for kind, count in _in_order(counts):
        glyph, tone = _GLYPHS[kind]
        words = _counted(kind, count)
        found.append(Text(words) if blocks else Text.assemble((glyph, tone), f" {words}"))
    if any(each.endpoint and each.endpoint.node_is_down for each in ledger.holders) and not blocks:
        found.append(Text.assemble(_ON_DOWN_NODE, " on a node that is down"))
    if hidden:
        found.append(Text(f"{counted(hidden, 'node LB')}: address not shown by this engine"))
    return tuple(found)


def _group(subnet: SubnetLedger, window: Span | None) -> CellGroup:
    part = _part(subnet, window)
    size = _block_size(part)
    cells = tuple(
        _cell(subnet, Span(first, min(first + size - 1, part.last)))
        for first in range(part.first, part.last + 1, size)
    )
    title = f"{subnet.use.subnet.cidr}  {used_text(subnet.use)}"
    if subnet.use.subnet.ip_range:
        title += f"  hands out {subnet.use.subnet.ip_range}"
    if part != subnet.span:
        title = f"{address_text(part.first)} – {address_text(part.last)} of {title}"
    if size > 1:
        title += f"  a cell is {size:,}, Enter looks inside"
    elif part != subnet.span:
        title += "  Esc shows all"
    return CellGroup(printable(title), cells)


def _part(subnet: SubnetLedger, window: Span | None) -> Span:
    if window is None:
        return subnet.span
    return Span(max(window.first, subnet.span.first), min(window.last, subnet.span.last))


def _block_size(part: Span) -> int:
    return max(part.size // MOST_CELLS, 1)


def _cell(subnet: SubnetLedger, span: Span) -> Cell:
    glyph, tone = _address(subnet, span.first) if span.size == 1 else _block(subnet, span)
    return Cell(f"{span.first}-{span.last}", _label(subnet, span.first), glyph, tone)


def _address(subnet: SubnetLedger, value: int) -> tuple[str, str]:
    holders = subnet.held.get(value, ())
    if holders and holders[0].endpoint is not None and holders[0].endpoint.node_is_down:
        return _ON_DOWN_NODE
    return _GLYPHS[subnet.kind(value)]


def _block(subnet: SubnetLedger, span: Span) -> tuple[str, str]:
    given = subnet.handed_out
    if span.last < given.first or span.first > given.last:
        return _GLYPHS[AddressKind.OUTSIDE]
    counts = subnet.count(span)
    left = counts.get(subnet.rest, 0)
    taken = span.size - left - counts.get(AddressKind.OUTSIDE, 0)
    if not taken:
        return _GLYPHS[subnet.rest]
    share = taken / (taken + left)
    if share == 1:
        return _ALL[0], tone_of_share(share)
    glyphs = (glyph for limit, glyph, _ in _SHARES if share <= limit)
    return next(glyphs, _ALMOST[0]), tone_of_share(share)


def _label(subnet: SubnetLedger, value: int) -> str:
    """Return the part of an address that is not the same in all of the subnet."""
    same = 0
    for shift in (24, 16, 8):
        if subnet.span.first >> shift != subnet.span.last >> shift:
            break
        same += 1
    return "." + ".".join(address_text(value).split(".")[same:])


def _in_order(counts: Mapping[AddressKind, int]) -> list[tuple[AddressKind, int]]:
    return [(kind, counts[kind]) for kind in _GLYPHS if counts.get(kind)]


def _counted(kind: AddressKind, count: int) -> str:
    if kind not in _WORDS:
        return str(kind)
    one, many = _WORDS[kind]
    return f"{count:,} {one if count == 1 else many}"


def _named(holder: Holder) -> str:
    endpoint = holder.endpoint
    if endpoint is None:
        return RESERVED_WORDS.get(holder.kind, "")
    state = "node down" if endpoint.node_is_down else endpoint.state
    words = (endpoint.name, kind_word(endpoint), endpoint.node, state)
    return printable(" · ".join(filter(None, words)))


def _nobody(ledger: Ledger, subnet: SubnetLedger, value: int) -> str:
    kind = subnet.kind(value)
    if kind is AddressKind.OUTSIDE:
        return f"out of the IP range {subnet.use.subnet.ip_range}: nobody gets it"
    if kind is AddressKind.UNKNOWN:
        return "held by nobody that this node sees"
    if ledger.unseen:
        hidden = counted(len(ledger.unseen), "node LB")
        return f"free, or held by one of {hidden} not shown"
    return "free"
