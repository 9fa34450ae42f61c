"""The form for splitting a crowded network: who moves to a new one, and who would lose whom."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.widget import Widget

from swarmtui.operations import (
    SplitDraft,
    companions,
    free_subnet,
    same_stack,
    services_on,
)
from swarmtui.render import SPLIT_FACTS, printable, split_facts, task_count
from swarmtui.screens.form import SubnetForm
from swarmtui.widgets import Choice, Stepper

if TYPE_CHECKING:
    from swarmtui.model import Snapshot
    from swarmtui.operations import (
        Fault,
        Rearrange,
    )

STAYS, MOVES, BOTH = "stays", "moves", "both"


class SplitScreen(SubnetForm):
    """Services of a network, each of which stays, moves to a new one, or is on both.

    Args:
        snapshot: The swarm.
        name: The crowded network.
    """

    FIELDS: ClassVar[Mapping[str, str]] = {"name": "New name", "subnet": "Subnet"}
    FACTS = SPLIT_FACTS
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+b", "reunite", "Losers on both"),
        Binding("ctrl+g", "gather", "Stack too"),
    ]

    def __init__(self, snapshot: Snapshot, name: str) -> None:
        super().__init__(snapshot)
        self._draft = SplitDraft(name, f"{name}2")
        self._lost: Mapping[str, str] = {}

    def compose_fields(self) -> Iterator[Widget]:
        """Yield the new network, and the services of the crowded one."""
        yield from super().compose_fields()
        yield Vertical(*map(_line, self._members()), id="services")

    def compose_choices(self) -> Iterator[Widget]:
        """Yield the pace."""
        yield Choice("All services at once instead of one after another", id="at-once")

    def fill(self) -> None:
        """Propose a name; let the services have the keys, where there are any."""
        self.put(name=self._draft.new_name)
        for line in self._lines[:1]:
            self.set_focus(line)

    def title_text(self) -> str:
        """Return the form's title."""
        return f"Split the network {self._draft.name}"

    @on(Stepper.Changed)
    def check_lines(self) -> None:
        """Check again with each choice."""
        self.check()

    def take(self) -> tuple[Fault, ...]:
        """Read the fields, and return everything that is to be said about them."""
        self._follow_members()
        chosen = {line.key: line.value for line in self._lines}
        self._draft = replace(
            self._draft,
            new_name=self.text("name"),
            subnet=self.text("subnet"),
            movers=_those(chosen, MOVES),
            both=_those(chosen, BOTH),
            at_once=self.chosen("at-once"),
        )
        draft, snapshot = self._draft, self.snapshot
        found = companions(snapshot, draft.name, draft.movers)
        self._lost = {name: lost for name, lost in found.items() if name not in draft.both}
        self._remark_lines()
        needed = draft.needed(snapshot)
        self.proposed = free_subnet(snapshot, needed, lan_ranges=self.lan_ranges) or ""
        return draft.faults(snapshot, lan_ranges=self.lan_ranges)

    def remarks(self) -> Mapping[str, str]:
        """Return what stands beside fields."""
        return {"subnet": f"{self.proposed} if left empty" if self.proposed else ""}

    def facts(self) -> Iterable[str]:
        """Return what it frees, needs and costs, and who would lose whom."""
        return split_facts(self.snapshot, self._draft, self._lost, self.lan_ranges)

    def intent(self) -> Rearrange:
        """Return the change that is meant."""
        return self._draft.intent(self.snapshot, self.lan_ranges)

    def action_reunite(self) -> None:
        """Put everybody on both who would lose contact."""
        self._choose(self._lost, BOTH)

    def action_gather(self) -> None:
        """Move everybody of the stacks of which some move."""
        self._choose(same_stack(self.snapshot, self._draft.name, self._draft.movers), MOVES)

    def _choose(self, names: Collection[str], word: str) -> None:
        for line in self._lines:
            if line.key in names:
                line.value = word

    @property
    def _lines(self) -> list[Stepper]:
        return list(self.query(Stepper))

    def _members(self) -> list[str]:
        return [each.name for each in services_on(self.snapshot, (self._draft.name,))]

    def _follow_members(self) -> None:
        """Show the services that are on the network by now."""
        members, lines = self._members(), self._lines
        shown = [line.key for line in lines]
        for line in lines:
            if line.key not in members:
                line.remove()
        self.query_one("#services", Vertical).mount_all(
            [_line(name) for name in members if name not in shown]
        )

    def _remark_lines(self) -> None:
        services = {each.name: each for each in services_on(self.snapshot, (self._draft.name,))}
        for line in self._lines:
            service = services.get(line.key)
            lost = self._lost.get(line.key, "")
            line.remark(
                task_count(self.snapshot, service) if service is not None else "is gone",
                printable(f"would not reach {lost}") if lost else "",
            )


def _line(name: str) -> Stepper:
    return Stepper(name, printable(name), (STAYS, MOVES, BOTH))


def _those(chosen: Mapping[str, str], word: str) -> frozenset[str]:
    return frozenset(name for name, value in chosen.items() if value == word)
