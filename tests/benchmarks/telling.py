"""The table of measured rows: for people, for machines, and for the README."""

from __future__ import annotations

import json
import os
import platform
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from rich.console import Console
from rich.table import Table

from swarmtui import __version__
from tests.benchmarks.rows import Row

_TITLES = (
    "measure",
    "size",
    "value",
    "middle half",
    "floor",
    "ratio",
    "processor time",
    "target",
    "met",
)


def tell(rows: Sequence[Row], shown: str) -> None:
    """Print rows as a `table`, as `json` or as `markdown`."""
    if shown == "json":
        told = [
            {**asdict(each), "target": str(each.target or ""), "met": each.met} for each in rows
        ]
        print(json.dumps({"machine": machine(), "rows": told}, indent=1))  # noqa: T201
        return
    cells = [_cells(each) for each in rows]
    if shown == "markdown":
        print(f"{machine()}\n")  # noqa: T201
        for line in (_TITLES, ["---"] * len(_TITLES), *cells):
            print(f"| {' | '.join(line)} |")  # noqa: T201
        return
    table = Table(*_TITLES, title=machine(), caption=_caption(rows))
    for line in cells:
        table.add_row(*line)
    Console(width=None if os.environ.get("COLUMNS") else 170).print(table)


def brief(each: Row) -> str:
    """Return a row in a line, for who waits for the rest."""
    return "  ".join(cell for cell in _cells(each) if cell)


def machine() -> str:
    """Return what was measured on, in a line."""
    models = [
        line.partition(":")[2].strip()
        for line in Path("/proc/cpuinfo").read_text().splitlines()
        if line.startswith("model name")
    ]
    load = os.getloadavg()[1]
    return (
        f"swarmtui {__version__}, {models[0] if models else platform.machine()}, "
        f"{os.cpu_count()} cores, Python {platform.python_version()}, "
        f"Linux {platform.release().partition('-')[0]}, load {load:.1f}"
    )


def _cells(each: Row) -> list[str]:
    spread = ""
    if each.low is not None and each.high is not None and each.low != each.high:
        spread = f"{_number(each.low)} - {_number(each.high)}"
    floor = "" if each.floor is None else f"{_number(each.floor)} {each.floor_is}"
    return [
        each.measure,
        each.size,
        f"{_number(each.value)} {each.unit}",
        spread,
        floor,
        "" if each.ratio is None else f"{each.ratio:.2f} x",
        "" if each.cpu is None else f"{_number(each.cpu)} ms, {each.cpu_ratio or 0:.2f} x",
        str(each.target or ""),
        {True: "yes", False: "NO", None: ""}[each.met],
    ]


def _caption(rows: Sequence[Row]) -> str:
    return "\n".join(f"{each.measure}, {each.size}: {each.note}" for each in rows if each.note)


def _number(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 100 or value == int(value) else f"{value:.3g}"
