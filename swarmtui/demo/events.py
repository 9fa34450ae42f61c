"""What the engine tells on its event stream."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

EVENTS_KEPT = 256
"""An engine remembers this many for `since`."""

Kind = Literal["network", "service", "node", "config", "container"]


@dataclass(frozen=True, slots=True)
class Event:
    """One event.

    Attributes:
        number: Counts all events.
        elapsed: Nanoseconds of simulated time.
        node_id: The node that tells a local event; empty for events of the swarm.
    """

    number: int
    elapsed: int
    kind: Kind
    action: str
    actor_id: str
    attributes: Mapping[str, str]
    node_id: str = ""


@dataclass(slots=True, eq=False)
class EventLog:
    """The latest events, oldest first."""

    total: int = 0
    kept: list[Event] = field(default_factory=list)

    def after(self, number: int) -> list[Event]:
        """Return the kept events later than a number."""
        return [event for event in self.kept if event.number > number]

    def tell(
        self,
        elapsed: int,
        kind: Kind,
        action: str,
        actor_id: str,
        attributes: Mapping[str, str],
        *,
        node_id: str = "",
    ) -> None:
        """Add an event."""
        self.total += 1
        event = Event(self.total, elapsed, kind, action, actor_id, attributes, node_id)
        self.kept.append(event)
        del self.kept[:-EVENTS_KEPT]
