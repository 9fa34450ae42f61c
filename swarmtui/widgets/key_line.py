"""The keys that act here, on the last line of a screen."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from rich.text import Text
from textual import events
from textual.screen import Screen
from textual.widget import Widget

_Key = tuple[str, str, str, bool]
"""A key, how it is shown, what it does, and whether it does that now."""


class KeyLine(Widget):
    """Shows the keys of the screen's bindings, as many as fit whole; a click presses one.

    Textual's Footer mounts a widget for each key whenever one of them changes, which costs more
    than all else on a screen that is opened.
    """

    ALLOW_SELECT = False
    COMPONENT_CLASSES: ClassVar[set[str]] = {"key-line--key"}
    DEFAULT_CSS = """
    KeyLine {
        dock: bottom; height: 1; color: $footer-description-foreground; background: $panel;
        & > .key-line--key { color: $footer-key-foreground; text-style: bold; }
    }
    """

    def __init__(self) -> None:
        super().__init__()
        self._keys: tuple[_Key, ...] = ()

    def on_mount(self) -> None:
        """Follow the bindings of the screen."""
        self.screen.bindings_updated_signal.subscribe(self, self._changed)

    def render(self) -> Text:
        """Write the keys that fit."""
        return Text("", no_wrap=True, end="").join(item for _, item in self._fitting())

    def on_click(self, event: events.Click) -> None:
        """Press the key under the pointer."""
        end = 0
        for (key, _, _, enabled), item in self._fitting():
            end += item.cell_len
            if event.x < end:
                if enabled:
                    self.app.simulate_key(key)
                return

    def _fitting(self) -> Iterator[tuple[_Key, Text]]:
        room = self.size.width
        for each in self._keys:
            item = self._item(each)
            room -= item.cell_len
            if room < 0:
                return
            yield each, item

    def _changed(self, screen: Screen[object]) -> None:
        self.call_after_refresh(self._take)

    def _take(self) -> None:
        if not self.is_attached:
            return
        keys: dict[str, _Key] = {}
        for _, binding, enabled, _ in self.screen.active_bindings.values():
            if binding.show and binding.action not in keys:
                shown = self.app.get_key_display(binding)
                keys[binding.action] = (binding.key, shown, binding.description, enabled)
        if tuple(keys.values()) != self._keys:
            self._keys = tuple(keys.values())
            self.refresh()

    def _item(self, each: _Key) -> Text:
        _, shown, description, enabled = each
        style = self.get_component_rich_style("key-line--key")
        item = Text.assemble((f" {shown} ", style), f"{description} ")
        if not enabled:
            item.stylize("dim")
        return item
