"""An input that takes keys in the order in which they are typed."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from typing import Any, ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.widgets import Input

from swarmtui.render.text import printable

_EDITS = {
    key: binding.action
    for binding in Input.BINDINGS
    if isinstance(binding, Binding)
    for key in binding.key.split(",")
}
_LEAVING = ("tab", "shift+tab", "up", "down", "enter", "escape")
_PATIENCE_SECONDS = 1.0


class Entry(Input):
    """An input whose keys act one after another, and at once.

    Textual lets letters act when they arrive at the input, and other keys a few messages later:
    over a slow line, where keys arrive together, a backspace would delete what was typed after it,
    and what was typed after Tab would stay in the field before.

    Args:
        acts: What keys do that leave the input, of tab, shift+tab, up, down, enter and escape.
        named: As for an input.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        # Looked at before a key goes to any widget, so that the next key goes to the right one.
        Binding(key, f"act('{key}')", show=False, priority=True)
        for key in _LEAVING
    ]

    def __init__(self, acts: Mapping[str, Callable[[], None]] | None = None, **named: Any) -> None:
        super().__init__(select_on_focus=False, compact=True, **named)
        # A cursor that blinks writes to the terminal for ever.
        self.set_reactive(Input.cursor_blink, False)  # noqa: FBT003
        moves = {"tab": self._next, "shift+tab": self._previous}
        self._acts: Mapping[str, Callable[[], None]] = {**moves, **(acts or {})}

    async def on_key(self, event: events.Key) -> None:
        """Edit now, before the next key is looked at."""
        edit = _EDITS.get(event.key)
        if edit is not None:
            event.stop()
            event.prevent_default()
            await self.app.run_action(edit, self)

    def on_paste(self, event: events.Paste) -> None:
        """Take the first line of what is pasted that has a text, without what a terminal obeys."""
        lines = (printable(line).strip() for line in event.text.splitlines())
        event.text = next(filter(None, lines), "")

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Leave keys alone that do nothing special here."""
        return action != "act" or parameters[0] in self._acts

    async def action_act(self, key: str) -> None:
        """Do what a key does, once all that was typed before it is there."""
        typed = asyncio.Event()
        if self.call_later(typed.set):
            async with asyncio.timeout(_PATIENCE_SECONDS):
                await typed.wait()
        self._acts[key]()

    def _next(self) -> None:
        self.screen.focus_next()

    def _previous(self) -> None:
        self.screen.focus_previous()
