"""An input that takes keys in the order in which they are typed."""

from __future__ import annotations

from textual import events
from textual.binding import Binding
from textual.widgets import Input

_ACTIONS = {
    key: binding.action
    for binding in Input.BINDINGS
    if isinstance(binding, Binding)
    for key in binding.key.split(",")
}


class Entry(Input):
    """An input whose editing keys act at once.

    Textual lets letters act when they arrive and editing keys a few messages later, so that over a
    slow line, where keys arrive together, a backspace would delete what was typed after it.
    """

    async def on_key(self, event: events.Key) -> None:
        """Edit now, before the next key is looked at."""
        action = _ACTIONS.get(event.key)
        if action is not None:
            event.stop()
            event.prevent_default()
            await self.app.run_action(action, self)
