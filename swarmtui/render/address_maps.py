"""A network's addresses as a map: a cell for each, or for each block of a large subnet."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from rich.text import Text

from swarmtui.addressing import (
    AddressKind,
    Span,
    address_text,
)
from swarmtui.render.addresses import RESERVED_WORDS
from swarmtui.render.cells import Cell
from swarmtui.render.endpoints import kind_word
from swarmtui.render.networks import used_text
from swarmtui.render.text import counted, printable, tone_of_share

if TYPE_CHECKING:
    from swarmtui.addressing import (
        Holder,
        Ledger,
        SubnetLedger,
    )

MOST_CELLS = 256
"""Of one subnet; a larger one is shown in blocks."""

_CELLS: Mapping[AddressKind, Cell] = {
    AddressKind.VIP: Cell("V", "accent"),
    AddressKind.TASK: Cell("T", "good"),
    AddressKind.CONTAINER: Cell("C", "bold"),
    AddressKind.NODE_LB: Cell("L", "primary"),
    AddressKind.NETWORK: Cell("n"),
    AddressKind.BROADCAST: Cell("b"),
    AddressKind.GATEWAY: Cell("G"),
    AddressKind.STRAY: Cell("!", "error"),
    AddressKind.FREE: Cell("·", "dim"),
    AddressKind.OUTSIDE: Cell("-", "dim"),
    AddressKind.UNKNOWN: Cell("?", "dim"),
}
_ON_DOWN_NODE = Cell("D", "error")
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


@dataclass(frozen=True, slots=True)
class AddressMap:
    """The cells of a network's subnets, or of the part of one that is looked at.

    Attributes:
        spans: The addresses that each cell stands for.
        labels: What a line says that begins with the cell.
        headings: What stands above the first cell of each subnet, by the cell's index.
    """

    cells: tuple[Cell, ...] = ()
    spans: tuple[Span, ...] = ()
    labels: tuple[str, ...] = ()
    headings: Mapping[int, str] = field(default_factory=dict)

    def index_of(self, value: int) -> int | None:
        """Return the index of the cell with an address, None where it is not on the map."""
        for first in self.headings:
            span = self.spans[first]
            index = first + (value - span.first) // span.size
            if first <= index < len(self.spans) and self.spans[index].holds(value):
                return index
        return None


def address_map(ledger: Ledger, window: Span | None = None) -> AddressMap:
    """Return a map with a cell for each address, or for each block of a large subnet."""
    spans: list[Span] = []
    cells: list[Cell] = []
    labels: list[str] = []
    headings: dict[int, str] = {}
    for subnet in ledger.subnets:
        if window is not None and not subnet.span.holds(window.first):
            continue
        part = _part(subnet, window)
        size = _block_size(part)
        headings[len(spans)] = _heading(subnet, part, size)
        for first in range(part.first, part.last + 1, size):
            span = Span(first, first + size - 1)
            spans.append(span)
            cells.append(_cell(subnet, span))
            labels.append(_label(subnet, first))
    return AddressMap(tuple(cells), tuple(spans), tuple(labels), headings)


def part_around(span: Span) -> Span | None:
    """Return the part of a subnet to look at for the addresses of a block; None for one address.

    It is the block, and never less than a /24 has.
    """
    if span.size == 1:
        return None
    size = max(span.size, MOST_CELLS)
    first = span.first - span.first % size
    return Span(first, first + size - 1)


def address_line(ledger: Ledger, span: Span) -> Text:
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


def address_legend(ledger: Ledger, window: Span | None = None) -> tuple[Text, ...]:
    """Return what each glyph means, with how many addresses there are of its kind."""
    counts: Counter[AddressKind] = Counter()
    for subnet in ledger.subnets:
        counts.update(subnet.counts)
    hidden = len(ledger.unseen)
    sizes = [_block_size(_part(each, window)) for each in ledger.subnets]
    singly = 1 in sizes
    found: list[Text] = []
    if max(sizes, default=1) > 1:
        steps = ((glyph, words) for _, glyph, words in _SHARES)
        found += [Text(f"{glyph} {words}") for glyph, words in (*steps, _ALMOST, _ALL)]
    for kind, count in _in_order(counts):
        words = _counted(kind, count)
        found.append(_explained(_CELLS[kind], words) if singly else Text(words))
    if singly and any(each.endpoint and each.endpoint.node_is_down for each in ledger.holders):
        found.append(_explained(_ON_DOWN_NODE, "on a node that is down"))
    if hidden:
        found.append(Text(f"{counted(hidden, 'node LB')}: address not shown by this engine"))
    return tuple(found)


def _heading(subnet: SubnetLedger, part: Span, size: int) -> str:
    heading = f"{subnet.use.subnet.cidr}  {used_text(subnet.use)}"
    if subnet.use.subnet.ip_range:
        heading += f"  hands out {subnet.use.subnet.ip_range}"
    if part != subnet.span:
        heading = f"{address_text(part.first)} – {address_text(part.last)} of {heading}"
    if size > 1:
        heading += f"  a cell is {size:,}, Enter looks inside"
    elif part != subnet.span:
        heading += "  Esc shows all"
    return printable(heading)


def _part(subnet: SubnetLedger, window: Span | None) -> Span:
    if window is None:
        return subnet.span
    return Span(max(window.first, subnet.span.first), min(window.last, subnet.span.last))


def _block_size(part: Span) -> int:
    return max(part.size // MOST_CELLS, 1)


def _cell(subnet: SubnetLedger, span: Span) -> Cell:
    if span.size > 1:
        return _block(subnet, span)
    holders = subnet.held.get(span.first, ())
    if holders and holders[0].endpoint is not None and holders[0].endpoint.node_is_down:
        return _ON_DOWN_NODE
    return _CELLS[subnet.kind(span.first)]


def _block(subnet: SubnetLedger, span: Span) -> Cell:
    given = subnet.handed_out
    if span.last < given.first or span.first > given.last:
        return _CELLS[AddressKind.OUTSIDE]
    counts = subnet.count(span)
    left = counts.get(subnet.rest, 0)
    taken = span.size - left - counts.get(AddressKind.OUTSIDE, 0)
    if not taken:
        return _CELLS[subnet.rest]
    share = taken / (taken + left)
    glyphs = (glyph for limit, glyph, _ in _SHARES if share <= limit)
    return Cell(_ALL[0] if share == 1 else next(glyphs, _ALMOST[0]), tone_of_share(share))


def _explained(cell: Cell, words: str) -> Text:
    return Text.assemble((cell.glyph, cell.tone), f" {words}")


def _label(subnet: SubnetLedger, value: int) -> str:
    """Return the part of an address that is not the same in all of the subnet."""
    same = 0
    for shift in (24, 16, 8):
        if subnet.span.first >> shift != subnet.span.last >> shift:
            break
        same += 1
    return "." + ".".join(address_text(value).split(".")[same:])


def _in_order(counts: Mapping[AddressKind, int]) -> list[tuple[AddressKind, int]]:
    return [(kind, counts[kind]) for kind in _CELLS if counts.get(kind)]


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
