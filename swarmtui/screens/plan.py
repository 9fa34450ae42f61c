"""The form of the planner: pools and addresses of a swarm that is to be made."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, ClassVar, cast

from textual.binding import Binding, BindingType
from textual.widget import Widget

from swarmtui.addressing import lasting_claims
from swarmtui.model import Engine, Snapshot, Standing
from swarmtui.operations import InitDraft, proposed_pool
from swarmtui.render import INIT_FACTS, command_line, init_facts, init_text
from swarmtui.screens.form import FormScreen
from swarmtui.screens.host import Host
from swarmtui.screens.reading import ReadingScreen
from swarmtui.widgets import Field

if TYPE_CHECKING:
    from swarmtui.addressing import Claim
    from swarmtui.operations import Fault

_FIELDS = {
    "pools": "Pools",
    "mask": "Mask",
    "nodes": "Nodes",
    "services": "Services",
    "tasks": "Tasks",
    "advertise": "Advertise",
    "data-path": "Data path",
    "port": "Data port",
}
_UNREAD = Engine("", "", "", Standing.NO_SWARM)


class PlanScreen(FormScreen):
    """Address pools for people about to make a swarm; leads to the command that makes it."""

    NEXT = "Command"
    FACTS = INIT_FACTS
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+n", "review", "Command"),
        Binding("ctrl+f", "propose", "Free pool"),
    ]

    def __init__(self, host: Host) -> None:
        # Before the engine has answered there is nothing to compare with but the LAN ranges.
        super().__init__(host.snapshot or Snapshot(host.now(), _UNREAD))
        self._draft = InitDraft()
        self._proposed = ""

    def compose_fields(self) -> Iterator[Widget]:
        """Yield the fields."""
        for name, label in _FIELDS.items():
            yield Field(label, id=name)

    def fill(self) -> None:
        """Propose a free pool, and the nodes that there are."""
        snapshot = self.host.snapshot
        engine = snapshot.engine if snapshot is not None else _UNREAD
        self.put(
            pools=proposed_pool(self._taken),
            mask="24",
            nodes=str(len(snapshot.nodes) or 3 if snapshot is not None else 3),
            services="10",
            advertise=engine.node_address,
            port="4789",
        )
        self.query_one("#pools", Field).take_keys()

    def title_text(self) -> str:
        """Return the form's title."""
        return "Plan the address pools of a new swarm"

    def take(self) -> tuple[Fault, ...]:
        """Read the fields, and return everything that is to be said about them."""
        self._draft = InitDraft(
            **{name.replace("-", "_"): self.text(name) for name in _FIELDS},
        )
        taken = self._taken
        self._proposed = proposed_pool(self._draft.claims(taken))
        return self._draft.faults(taken)

    def remarks(self) -> Mapping[str, str]:
        """Return what stands beside fields."""
        return {
            "pools": f"free: {self._proposed} (Ctrl-f)" if self._proposed else "",
            "mask": "24 if left empty",
            "nodes": "of the new swarm",
            "services": "on one network",
            "tasks": "on one network, if you know",
            "advertise": "address or interface",
            "data-path": "the same if left empty",
            "port": "UDP, 4789 if left empty",
        }

    def facts(self) -> Iterable[str]:
        """Return how far the pools reach, and the command."""
        return init_facts(self._draft, self.host.snapshot, self.lan_ranges)

    def action_propose(self) -> None:
        """Take the pool that is free."""
        if self._proposed:
            self.put(pools=self._proposed)

    def go_on(self) -> None:
        """Show the command, explained."""
        self.app.push_screen(InitScreen(self._draft))

    @property
    def _taken(self) -> tuple[Claim, ...]:
        """What the pools should keep clear of."""
        return tuple(lasting_claims(self.host.snapshot, self.lan_ranges))


class InitScreen(ReadingScreen):
    """The command that makes the swarm, with a sentence for each flag; swarmtui never runs it."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("c", "copy", "Copy the command")]

    def __init__(self, draft: InitDraft) -> None:
        super().__init__("Plan")
        self._draft = draft

    def show_state(self) -> None:
        """Compare with the newest snapshot."""
        host = cast(Host, self.app)
        lan_ranges = host.settings.lan_ranges
        faults = self._draft.faults(lasting_claims(host.snapshot, lan_ranges))
        self.show_text(init_text(self._draft, faults, host.snapshot, lan_ranges))

    def action_copy(self) -> None:
        """Copy the command to the clipboard of the person's terminal."""
        self.app.copy_to_clipboard(command_line(self._draft))
        self.notify("Copied the command.", markup=False)
