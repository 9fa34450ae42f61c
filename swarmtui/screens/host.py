"""What a screen may ask of the program that shows it."""

from __future__ import annotations

from typing import Protocol

from swarmtui.model import DocumentKind, Lost, NetworkId, Snapshot
from swarmtui.screens.place import History, Place
from swarmtui.settings import Settings


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
    def source(self) -> str:
        """The engine's address, for before it answers."""

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

    def next_theme(self) -> None:
        """Change the colours."""
