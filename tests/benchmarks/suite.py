"""All measures by name, and the command that takes them."""

from __future__ import annotations

import argparse
import compileall
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

import swarmtui
from tests.benchmarks.engines import KINDS, Asked
from tests.benchmarks.growing import measure_growth
from tests.benchmarks.idling import measure_idle
from tests.benchmarks.painting import measure_keys, measure_stalls
from tests.benchmarks.refresh import measure_refresh
from tests.benchmarks.rows import Row
from tests.benchmarks.starting import measure_first_paint, measure_useful, measure_version
from tests.benchmarks.swarms import SIZES
from tests.benchmarks.telling import brief, tell
from tests.benchmarks.thinking import measure_findings
from tests.benchmarks.writing import measure_bytes


@dataclass(frozen=True, slots=True)
class Measure:
    """What can be measured.

    Attributes:
        sizes: Those that it is measured on when nothing else is asked for; none where it has none.
        kinds: The engines on which it makes sense.
        always: Taken without being asked for by name.
    """

    take: Callable[[Asked], Iterator[Row]]
    sizes: tuple[str, ...] = tuple(SIZES)
    kinds: tuple[str, ...] = KINDS
    always: bool = True


MEASURES: Mapping[str, Measure] = {
    "refresh": Measure(measure_refresh, kinds=("served",)),
    "findings": Measure(measure_findings),
    "version": Measure(measure_version, sizes=("-",)),
    "first-paint": Measure(measure_first_paint, sizes=("-",)),
    "useful": Measure(measure_useful),
    "stalls": Measure(measure_stalls),
    "keys": Measure(measure_keys),
    "bytes": Measure(measure_bytes, sizes=("small", "large")),
    "idle": Measure(measure_idle),
    "growth": Measure(measure_growth, sizes=("large",), kinds=("served",), always=False),
}


def measuring_options(parser: argparse.ArgumentParser) -> None:
    """Add what can be asked of a measurement."""
    parser.add_argument("--only", action="append", choices=MEASURES, metavar="NAME")
    parser.add_argument("--size", dest="sizes", action="append", choices=SIZES)
    parser.add_argument("--engine", choices=KINDS, default="served")
    parser.add_argument("--seconds", type=float, default=60.0, help="to watch an idle explorer")
    parser.add_argument("--refreshes", type=int, default=10_000, help="of the long run")
    shown = parser.add_mutually_exclusive_group()
    shown.add_argument("--json", dest="shown", action="store_const", const="json")
    shown.add_argument("--markdown", dest="shown", action="store_const", const="markdown")


def measure(asked: argparse.Namespace) -> None:
    """Take the measures that were asked for, and print them as one table."""
    # As where it was installed, whatever the environment says of that.
    compileall.compile_dir(swarmtui.__path__[0], quiet=1)
    rows: list[Row] = []
    for name in asked.only or [name for name, each in MEASURES.items() if each.always]:
        one = MEASURES[name]
        if asked.engine not in one.kinds:
            continue
        sizes = one.sizes if one.sizes == ("-",) else asked.sizes or one.sizes
        for size in sizes if asked.engine == "served" else (asked.engine,):
            print(f"measuring {name}, {size}", file=sys.stderr, flush=True)  # noqa: T201
            for each in one.take(Asked(asked.engine, size, asked.seconds, asked.refreshes)):
                rows.append(each)
                print(f"  {brief(each)}", file=sys.stderr, flush=True)  # noqa: T201
    tell(rows, asked.shown or "table")
