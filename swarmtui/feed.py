"""Where the explorer has its readings from."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from swarmtui.model import DocumentKind, NetworkId, Reading


class Feed(Protocol):
    """Where readings come from."""

    def start(self, publish: Callable[[Reading], None]) -> None:
        """Begin to publish readings, from a thread of its own."""

    def stop(self) -> None:
        """Stop."""

    def look_at(self, network_id: NetworkId | None) -> None:
        """Inspect this network in every reading."""

    def refresh(self) -> None:
        """Read now."""

    def read_document(self, kind: DocumentKind, identity: str) -> None:
        """Read one object's JSON."""
