"""The table of the swarm's default address pools."""

from __future__ import annotations

from typing import TYPE_CHECKING

from humanize import intcomma

from swarmtui.addressing import address_value, outside_pools, pool_usage
from swarmtui.render.table import Column, Row
from swarmtui.render.text import NOTHING, counted, tone_of_share, toned

if TYPE_CHECKING:
    from swarmtui.addressing import PoolUse
    from swarmtui.model import Snapshot

POOL_COLUMNS = (
    Column("pool", "POOL", 18, "P", min_width=17),
    Column("block", "BLOCK", 5, "B", min_width=5),
    Column("blocks", "BLOCKS TAKEN", 22, "U", min_width=18),
    Column("free", "FREE", 7, "F", justify="right", min_width=6),
    Column("map", "MAP", 24, min_width=12, priority=2),
    Column("networks", "NETWORKS", 40, wide=True),
)

MAP_CELLS = 24
_TAKEN = "▪"
_FREE = "·"


def pool_rows(snapshot: Snapshot) -> list[Row]:
    """Return a row for every pool, and one for all networks outside the pools."""
    rows = [_row(pool) for pool in pool_usage(snapshot)]
    outside = outside_pools(snapshot)
    if outside:
        names = ", ".join(sorted(network.name for network in outside))
        rows.append(
            Row(
                "outside",
                (
                    "outside the pools",
                    NOTHING,
                    counted(len(outside), "network"),
                    NOTHING,
                    toned(names, "dim"),
                    names,
                ),
                (None, None, len(outside), None, None, names),
                "dim",
            )
        )
    return rows


def block_map(pool: PoolUse, cells: int = MAP_CELLS) -> str:
    """Return the blocks of a pool as a line: a cell is taken when one of its blocks is."""
    cells = min(cells, pool.blocks)
    taken: set[int] = set()
    for run in pool.taken:
        first, last = (index * cells // pool.blocks for index in (run.start, run.stop - 1))
        taken.update(range(first, last + 1))
    return "".join(_TAKEN if cell in taken else _FREE for cell in range(cells))


def _row(pool: PoolUse) -> Row:
    share = pool.used / pool.blocks if pool.blocks else 1.0
    names = ", ".join(sorted(network.name for network in pool.networks))
    return Row(
        pool.cidr,
        (
            pool.cidr,
            f"/{pool.block_prefix}",
            toned(f"{pool.used} of {intcomma(pool.blocks)} blocks", tone_of_share(share)),
            intcomma(pool.free),
            block_map(pool),
            names or NOTHING,
        ),
        (
            address_value(pool.cidr.partition("/")[0]),
            pool.block_prefix,
            share,
            pool.free,
            None,
            names,
        ),
    )
