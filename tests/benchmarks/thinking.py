"""What findings and ledgers cost."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial

from swarmtui.addressing import address_value, ledger
from swarmtui.engine import Endpoint, read_once
from swarmtui.findings import examine
from swarmtui.model import Snapshot
from tests.benchmarks.engines import Asked, engine_for
from tests.benchmarks.rows import Row, Target, row

TAKES = 7


def measure_findings(asked: Asked) -> Iterator[Row]:
    """Measure all rules and the ledger of the longest network, beside one look at each address."""
    with engine_for(asked) as source:
        snapshot = read_once(Endpoint(source.url), timeout_seconds=300)
    busy = next(each for each in snapshot.networks if each.name == source.busy)
    takes: dict[str, list[tuple[float, float]]] = {"findings": [], "ledger": [], "floor": []}
    for _ in range(TAKES):
        fresh = replace(snapshot)  # without what the one before has worked out
        takes["floor"].append(_timed(partial(_look, fresh)))
        takes["findings"].append(_timed(partial(examine, fresh)))
        takes["ledger"].append(_timed(partial(ledger, fresh, busy)))
    pairs = zip(takes["findings"], takes["ledger"], strict=True)
    both = [(one[0] + other[0], one[1] + other[1]) for one, other in pairs]
    first = sorted(each[0] for each in takes["findings"])[TAKES // 2]
    yield row(
        "findings and ledger",
        asked.size,
        "ms",
        [each[0] for each in both],
        floors=[each[0] for each in takes["floor"]],
        floor_is="each address once",
        cpu=([each[1] for each in both], [each[1] for each in takes["floor"]]),
        target=Target(150) if asked.size == "large" else None,
        note=f"findings alone {first:.0f} ms",
    )


def _look(snapshot: Snapshot) -> int:
    return sum(
        address_value(address) is not None
        for task in snapshot.tasks
        for attachment in task.attachments
        for address in attachment.addresses
    )


def _timed(act: Callable[[], object]) -> tuple[float, float]:
    cpu, began = time.process_time(), time.perf_counter()
    act()
    return (time.perf_counter() - began) * 1e3, (time.process_time() - cpu) * 1e3
