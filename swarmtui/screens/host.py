"""What a screen may ask of the program that shows it."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Protocol, runtime_checkable

if TYPE_CHECKING:
    from swarmtui.findings import Finding, Told
    from swarmtui.model import DocumentKind, Lost, NetworkId, Snapshot
    from swarmtui.operations import Operation, Plan
    from swarmtui.screens.place import History, Place
    from swarmtui.settings import Settings
    from swarmtui.trials import Trials


class Host(Protocol):
    """The app, as screens see it."""

    @property
    def snapshot(self) -> Snapshot | None:
        """The newest snapshot; None before the first."""

    @property
    def lost(self) -> Lost | None:
        """Why the engine cannot be read; None while it can."""

    @property
    def history(self) -> History:
        """Where the person has been."""

    @property
    def settings(self) -> Settings:
        """The settings of this run."""

    @property
    def operations(self) -> tuple[Operation, ...]:
        """The operations of this swarm that were started from this machine, the oldest first."""

    @property
    def pending(self) -> Operation | None:
        """The operation of this swarm that is not over, None where there is none."""

    @property
    def need(self) -> str:
        """What could be repaired, in words; empty where nothing is wrong for long enough."""

    @property
    def told(self) -> Told:
        """What is wrong and has lasted, with what was acknowledged."""

    @property
    def trials(self) -> Trials:
        """What tries ports from here, and what came of it."""

    @property
    def source(self) -> str:
        """The engine's address."""

    @property
    def origin(self) -> str:
        """Who named it, in words; empty where nobody did."""

    @property
    def age(self) -> str:
        """How old the snapshot is, in words; empty while it is as young as it should be."""

    def look_at(self, network_id: NetworkId | None) -> None:
        """Have a network inspected in every reading."""

    def read_now(self) -> None:
        """Read the engine without waiting."""

    def read_document(self, kind: DocumentKind, identity: str) -> None:
        """Have the JSON of an object read; the answer arrives as a document."""

    def visit(self, place: Place) -> None:
        """Show a place."""

    def travel(self, where: str) -> None:
        """Go `back`, `forward` or to the `last` place."""

    def now(self) -> datetime:
        """Return the time."""

    def begin(self, plan: Plan, take_over: str) -> None:
        """Start a confirmed plan, and show how it goes on."""

    def turn(self, operation: Operation, direction: str, take_over: str) -> None:
        """Run an operation that stopped, `forward` or `back`."""

    def stop_operation(self, operation: Operation) -> None:
        """Ask a running operation to stop at the next safe point."""

    def dismiss_operation(self, operation: Operation) -> None:
        """Leave an operation that stopped as it is."""

    def acknowledge(self, finding: Finding) -> None:
        """Hide a finding until its evidence changes, or bring it back."""

    def next_theme(self) -> None:
        """Change the colours."""


@runtime_checkable
class Follows(Protocol):
    """A screen that shows the newest state of everything."""

    def show_state(self) -> None:
        """Show it."""
