"""The events of `/events` that a call asks for, as JSON."""

from __future__ import annotations

from collections.abc import Mapping

from swarmtui.demo.calls import Call
from swarmtui.demo.events import Event
from swarmtui.demo.filters import Filters, Test, parse_filters
from swarmtui.demo.records import Json
from swarmtui.demo.refusals import Refusal
from swarmtui.demo.release import api_number
from swarmtui.demo.timestamps import NANOSECONDS
from swarmtui.demo.view import NodeView

_TESTS: Mapping[str, Test[Event]] = {
    "type": lambda event, value: event.kind == value,
    "scope": lambda event, value: _scope(event) == value,
    "event": lambda event, value: event.action == value,
    "node": lambda event, value: event.kind == "node" and _names(event, value),
    "network": lambda event, value: event.kind == "network" and _names(event, value),
    "service": lambda event, value: event.kind == "service" and _names(event, value),
    "config": lambda event, value: event.kind == "config" and _names(event, value),
    "container": lambda event, value: event.kind == "container" and _names(event, value),
}


class EventFilter:
    """What one caller of `/events` wants to hear.

    Args:
        view: The node that is asked.
        call: The call.

    Raises:
        Refusal: The call is malformed.
    """

    def __init__(self, view: NodeView, call: Call) -> None:
        self._view = view
        self._api = call.api
        self._filters: Filters = parse_filters(call.query.get("filters", ""), _TESTS)
        self._since = _moment(view, call.query.get("since", ""))
        until = _moment(view, call.query.get("until", ""))
        self.until = until
        """Simulated time at which the stream ends, in nanoseconds; None for never."""
        kept = view.world.events.kept
        first_new = view.world.events.total
        early = [each.number for each in kept if self._since is not None]
        self.start = early[0] - 1 if early else first_new
        """Number of the last event before the stream."""

    def shape(self, event: Event) -> Json | None:
        """Return an event as the caller gets it, None when it does not want it."""
        view = self._view
        if event.node_id not in ("", view.node.id):
            return None
        if not event.node_id and not (view.in_swarm and view.node.is_manager):
            return None
        if self._since is not None and event.elapsed < self._since:
            return None
        if self.until is not None and event.elapsed > self.until:
            return None
        for name, values in self._filters.items():
            if not any(_TESTS[name](event, value) for value in values):
                return None
        return self._json(event)

    def _json(self, event: Event) -> Json:
        moment = self._view.world.start + event.elapsed
        older = event.kind == "container" and api_number(self._api) < (1, 52)
        shape: Json = {}
        if older:
            shape |= {
                "status": event.action,
                "id": event.actor_id,
                "from": event.attributes.get("image", ""),
            }
        return shape | {
            "Type": event.kind,
            "Action": event.action,
            "Actor": {"ID": event.actor_id, "Attributes": dict(event.attributes)},
            "scope": _scope(event),
            "time": moment // NANOSECONDS,
            "timeNano": moment,
        }


def _scope(event: Event) -> str:
    return "local" if event.node_id else "swarm"


def _names(event: Event, value: str) -> bool:
    return value in (event.actor_id, event.attributes.get("name"))


def _moment(view: NodeView, text: str) -> int | None:
    """Return a Unix time of the query as simulated time."""
    if not text:
        return None
    seconds, _, decimals = text.partition(".")
    if not seconds.isdecimal():
        raise Refusal(400, f"invalid time: {text}")
    nanoseconds = int((decimals + "0" * 9)[:9]) if decimals else 0
    return int(seconds) * NANOSECONDS + nanoseconds - view.world.start
