"""The map of an address pool: its blocks, who sits in them, and what comes next."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from humanize import intcomma
from rich.text import Text

from swarmtui.addressing import (
    Origin,
    address_value,
    next_block,
    outside_pools,
    usage,
)
from swarmtui.render.cells import Cell
from swarmtui.render.networks import used_cell
from swarmtui.render.table import Column, Row
from swarmtui.render.text import NOTHING, counted, printable, toned

if TYPE_CHECKING:
    from swarmtui.addressing import (
        BlockGroup,
        NetworkUse,
        PoolUse,
        Seat,
    )
    from swarmtui.model import Network, Snapshot

SEAT_COLUMNS = (
    Column("network", "NETWORK", 16, "N", flex=1, min_width=13),
    Column("subnet", "SUBNET", 18, "S", min_width=18),
    Column("blocks", "BLOCKS", 7, "B", justify="right", min_width=6, priority=2),
    Column("how", "HOW", 24, "H", min_width=24),
    Column("used", "USED", 14, "U", min_width=14, priority=1),
)

_FREE = Cell("·", "dim")
_SEVERAL = Cell("■", "accent")
_TAKEN = {
    Origin.POOL: Cell("▪", "good"),
    Origin.LIKELY_POOL: Cell("▪", "good"),
    Origin.CHOSEN: Cell("◆", "warning"),
}
_HOW = {
    Origin.POOL: "from the pool",
    Origin.LIKELY_POOL: "from the pool, it seems",
    Origin.CHOSEN: "subnet was chosen",
}
_NAMED = 3
"""So many networks of a cell are named."""


def pool_cells(groups: Iterable[BlockGroup]) -> list[Cell]:
    """Return a cell for each group of blocks, by who is in it."""
    return [_cell(group) for group in groups]


def pool_legend(groups: Sequence[BlockGroup]) -> Text:
    """Return what the glyphs of a map mean, and what one of its cells stands for."""
    text = Text()
    for cell, words in (
        (_TAKEN[Origin.POOL], "from the pool"),
        (_TAKEN[Origin.CHOSEN], "chosen"),
        (_SEVERAL, "several"),
        (_FREE, "free"),
    ):
        text.append(f"{cell.glyph} ", style=cell.tone)
        text.append(f"{words}  ", style="dim")
    each = len(groups[0].blocks) if groups else 1
    words = "1 block" if each == 1 else f"{intcomma(each)} blocks"
    text.append(f"1 cell = {words}", style="dim")
    return text


def pool_title(pool: PoolUse) -> str:
    """Return what a map shows: the pool, and how many of its blocks are taken and free."""
    taken = f"{intcomma(pool.used)} of {intcomma(pool.blocks)} blocks taken"
    return f"{pool.cidr} as /{pool.block_prefix}: {taken}, {intcomma(pool.free)} free"


def block_line(pool: PoolUse, group: BlockGroup) -> Text:
    """Return which blocks a cell stands for, and who is in them."""
    first, last = pool.block(group.blocks.start), pool.block(group.blocks.stop - 1)
    text = Text().append(first, style="bold")
    free = len(group.blocks) - sum(
        max(min(run.stop, group.blocks.stop) - max(run.start, group.blocks.start), 0)
        for run in pool.taken
    )
    if first != last:
        text.append(f" to {last}  {intcomma(len(group.blocks))} blocks, {intcomma(free)} free")
    elif free:
        text.append("  free")
    for index, seat in enumerate(group.seats[:_NAMED]):
        text.append("; " if index or first != last else "  ")
        where = f" {seat.cidr}" if seat.cidr != first or first != last else ""
        text.append(f"{printable(seat.network.name)}{where} {_HOW[seat.origin]}")
    if len(group.seats) > _NAMED:
        text.append(f" and {len(group.seats) - _NAMED} more")
    return text


def next_line(snapshot: Snapshot) -> Text:
    """Return which block the next network gets, or why that cannot be said (engine-facts C.4)."""
    found = next_block(snapshot)
    text = Text("Next  ")
    if found.cidr is None:
        words = "No block is free: a network without a subnet of its own gets no addresses."
        return text.append(words, style="error")
    if found.is_promised:
        text.append(found.cidr, style="good")
        return text.append(" is what the next network gets: the lowest free block.")
    one, others = found.doubted[0], len(found.doubted) - 1
    who = f"{one.hostname} and {counted(others, 'other manager')}" if others else one.hostname
    text.append("cannot be promised", style="warning")
    text.append(
        f": {printable(who)} may lead, on an engine below 27 "
        f"({printable(one.engine_version) or 'not known'}). It takes the block after the one "
        f"given out last, which nobody tells. The lowest free block is {found.cidr}."
    )
    return text


def seat_key(seat: Seat) -> str:
    """Return the key of a subnet's row."""
    return f"{seat.network.id}:{seat.cidr}"


def seat_rows(snapshot: Snapshot, pool: PoolUse) -> list[Row]:
    """Return a row for every subnet in a pool."""
    uses = usage(snapshot)
    return [
        _row(seat.network, seat.cidr, len(seat.blocks), seat.origin, uses.get(seat.network.id))
        for seat in pool.seats
    ]


def outside_rows(snapshot: Snapshot) -> list[Row]:
    """Return a row for every subnet of the networks that lie in no pool."""
    uses = usage(snapshot)
    return [
        _row(network, subnet.cidr, 0, Origin.CHOSEN, uses.get(network.id))
        for network in outside_pools(snapshot)
        for subnet in network.subnets
    ]


def _cell(group: BlockGroup) -> Cell:
    if not group.seats:
        return _FREE
    if len({seat.network.id for seat in group.seats}) > 1:
        return _SEVERAL
    return _TAKEN[group.seats[0].origin]


def _row(network: Network, cidr: str, blocks: int, origin: Origin, use: NetworkUse | None) -> Row:
    return Row(
        f"{network.id}:{cidr}",
        (
            network.name,
            cidr,
            intcomma(blocks) if blocks else NOTHING,
            toned(_HOW[origin], "warning" if origin is Origin.CHOSEN and blocks else ""),
            used_cell(use),
        ),
        (
            network.name.lower(),
            address_value(cidr.partition("/")[0]),
            blocks,
            _HOW[origin],
            use.used if use else None,
        ),
    )
