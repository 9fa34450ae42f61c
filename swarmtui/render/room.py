"""How much room a network has, and what still fits."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.text import Text

from swarmtui.addressing import (
    AddressKind,
    Fit,
    address_text,
    growth,
)
from swarmtui.render.networks import SOURCE_WORDS, used_text
from swarmtui.render.sheet import SheetText
from swarmtui.render.text import counted

if TYPE_CHECKING:
    from swarmtui.addressing import (
        Growth,
        Ledger,
        Span,
        StartFirst,
    )
    from swarmtui.model import Snapshot

_FITS = {
    Fit.ALWAYS: ("fits", "good"),
    Fit.IN_TURN: ("fits if old tasks stop in time", "warning"),
    Fit.NEVER: ("does not fit", "error"),
}
MOST_RUNS = 200
"""Free runs that are listed."""


def room_text(snapshot: Snapshot, ledger: Ledger) -> Text:
    """Return how full a network is and who says so, what still fits, and what is free."""
    sheet = SheetText("Addresses")
    _totals(sheet, ledger)
    found = growth(snapshot, ledger.network)
    if found is None:
        sheet.line("This node tells of its own endpoints, and of others what it heard by gossip.")
        sheet.line("What is free only a manager knows.")
        return sheet.text
    sheet.section("Still fits")
    _growth(sheet, found)
    sheet.section("Free runs")
    _runs(sheet, [run for subnet in ledger.subnets for run in subnet.free_runs])
    return sheet.text


def _totals(sheet: SheetText, ledger: Ledger) -> None:
    use = ledger.use
    tone = "error" if use.wanted is not None else ""
    sheet.value("Used", used_text(use), note=SOURCE_WORDS[use.source], tone=tone)
    if use.reported is not None and use.computed is not None and use.reported != use.computed:
        sheet.value("Computed", f"{use.computed}", note="from tasks and services")
    if use.free is not None:
        sheet.value("Free", f"{use.free:,}")
    if ledger.waiting:
        sheet.value("Waiting", counted(ledger.waiting, "task"), note="in state new", tone="error")
    if ledger.unseen:
        words = counted(len(ledger.unseen), "load-balancer")
        left = sum(run.size for subnet in ledger.subnets for run in subnet.free_runs)
        note = "somewhere in the free runs below" if use.used is not None else ""
        if left < len(ledger.unseen) and use.used is not None:
            note = f"{counted(left, 'address', 'addresses')} left for them"
        sheet.value("Not shown", words, note=note)
    strays = sum(each.kind is AddressKind.STRAY for each in ledger.holders)
    if strays:
        sheet.value("Leftovers", counted(strays, "endpoint"), note="no sandbox", tone="error")
    if ledger.elsewhere:
        words = counted(len(ledger.elsewhere), "address", "addresses")
        sheet.value("Elsewhere", words, note="in no subnet of this network", tone="error")


def _growth(sheet: SheetText, found: Growth) -> None:
    spread = found.newcomers and found.crowded_tasks > found.more_tasks
    note = f"{found.crowded_tasks:,} on nodes that are on it already" if spread else ""
    sheet.value("More tasks", f"{found.more_tasks:,}", note=note)
    tasks = f"{found.service_tasks:,} task{'' if found.service_tasks == 1 else 's'}"
    sheet.value("A new service", f"{tasks} and its virtual address" if found.free else "none")
    if found.start_first is not None:
        _update(sheet, found.start_first)
    cost = "1 for its load-balancer"
    if found.global_services:
        cost += f", 1 for each of {', '.join(found.global_services)}"
    sheet.value("More nodes", f"{found.nodes:,}", note=f"each takes {cost}")
    if found.newcomers:
        nodes = counted(found.newcomers, "node")
        sheet.line(f"The first task on each of {nodes} more takes 2.", tone="dim")


def _update(sheet: SheetText, update: StartFirst) -> None:
    """Say whether the largest service can start new tasks before old ones stop."""
    words, tone = _FITS[update.fit]
    needs = str(update.tasks)
    if update.at_once != update.tasks:
        needs = f"{update.at_once} to {update.tasks}"
    name, tasks = update.service.name, counted(update.tasks, "task")
    sheet.value(
        "Start-first", words, note=f"updating {name} ({tasks}) takes {needs} more", tone=tone
    )


def _runs(sheet: SheetText, runs: list[Span]) -> None:
    sheet.table((_run(each), f"{each.size:,}") for each in runs[:MOST_RUNS])
    if len(runs) > MOST_RUNS:
        sheet.line(f"and {len(runs) - MOST_RUNS:,} more", tone="dim")


def _run(span: Span) -> str:
    if span.size == 1:
        return address_text(span.first)
    return f"{address_text(span.first)} – {address_text(span.last)}"
