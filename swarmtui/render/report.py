"""A snapshot as plain tables, for `swarmtui snapshot`."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from rich import box
from rich.table import Table
from rich.text import Text

from swarmtui.findings import Told
from swarmtui.render.endpoints import ENDPOINT_COLUMNS, endpoint_rows
from swarmtui.render.findings import FINDING_COLUMNS, finding_rows
from swarmtui.render.networks import NETWORK_COLUMNS, network_rows
from swarmtui.render.nodes import NODE_COLUMNS, node_rows
from swarmtui.render.peers import PEER_COLUMNS, peer_rows
from swarmtui.render.pools import POOL_COLUMNS, pool_rows
from swarmtui.render.ports import PORT_COLUMNS, port_rows
from swarmtui.render.services import SERVICE_COLUMNS, service_rows
from swarmtui.render.text import printable

if TYPE_CHECKING:
    from swarmtui.findings import Finding
    from swarmtui.model import Network, Snapshot
    from swarmtui.render.table import Column, Row

TONE_STYLES = {
    "good": "green",
    "warning": "yellow",
    "error": "red",
    "accent": "cyan",
    "dim": "dim",
}


def tables(snapshot: Snapshot, findings: tuple[Finding, ...] = ()) -> list[Table]:
    """Return what a snapshot holds as tables: networks, pools, nodes, services, who is where."""
    found = [plain_table("Networks", NETWORK_COLUMNS, network_rows(snapshot), ("flags",))]
    if snapshot.cluster is not None:
        found.append(plain_table("Address pools", POOL_COLUMNS, pool_rows(snapshot)))
    if snapshot.sees_cluster:
        found.append(plain_table("Nodes", NODE_COLUMNS, node_rows(snapshot)))
        found.append(plain_table("Services", SERVICE_COLUMNS, service_rows(snapshot)))
        found.append(plain_table("Published ports", PORT_COLUMNS, port_rows(snapshot)))
    for network in snapshot.networks:
        found.extend(_of_network(snapshot, network))
    if findings:
        found.append(
            plain_table(
                "Findings", FINDING_COLUMNS, finding_rows(Told(findings)), ("subject", "code")
            )
        )
    if snapshot.problems:
        found.append(_problems(snapshot))
    return found


def _of_network(snapshot: Snapshot, network: Network) -> Iterable[Table]:
    name = printable(network.name)
    rows = endpoint_rows(snapshot, network)
    if rows and (network.is_swarm or not snapshot.sees_cluster):
        yield plain_table(f"Endpoints on {name}", ENDPOINT_COLUMNS, rows)
    if network.is_swarm and (peers := peer_rows(snapshot, network)):
        yield plain_table(f"Peers of {name}", PEER_COLUMNS, peers)


def _problems(snapshot: Snapshot) -> Table:
    table = Table("PART", "OF", "PROBLEM", title="Problems", title_justify="left", box=box.SIMPLE)
    for problem in snapshot.problems:
        cells = (problem.part, problem.subject, problem.text)
        table.add_row(*(Text(printable(cell)) for cell in cells))
    return table


def plain_table(
    title: str, columns: Sequence[Column], rows: list[Row], keep_also: tuple[str, ...] = ()
) -> Table:
    """Return rows as a table for print, the columns left out that only a wide screen shows."""
    shown = [
        index
        for index, column in enumerate(columns)
        if column.key in keep_also or not (column.wide or column.key == "map")
    ]
    table = Table(title=title, title_justify="left", title_style="bold", box=box.SIMPLE_HEAD)
    for index in shown:
        column = columns[index]
        keep = column.priority < 2 and column.key not in ("error", "finding")
        table.add_column(column.title, justify=column.justify, no_wrap=keep, overflow="fold")
    for row in rows:
        table.add_row(*(_cell(row.cells[index]) for index in shown))
    return table


def _cell(cell: Text | str) -> Text:
    if isinstance(cell, str):
        return Text(printable(cell))
    return Text(printable(cell.plain), style=TONE_STYLES.get(str(cell.style), ""))
