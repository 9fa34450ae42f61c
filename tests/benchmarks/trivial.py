"""A trivial Textual app with as many widgets as the explorer: the floor of what Textual costs.

`python -m tests.benchmarks.trivial COUNT`: four frames of labels, and a mark that up and down move.
"""

from __future__ import annotations

import sys
from typing import ClassVar

from textual.app import App, ComposeResult
from textual.containers import Vertical
from textual.events import Key
from textual.widgets import Label, Static

MARK, TITLE = "▌", "Labels"


class TrivialApp(App[None]):
    """Frames of labels."""

    CSS = (
        "Screen { layout: grid; grid-size: 2 2; } Vertical { border: round white; } "
        "Label { height: 1; }"
    )
    BINDINGS: ClassVar = [("q", "quit", "Quit")]

    def __init__(self, count: int) -> None:
        super().__init__()
        self._count = count
        self._mark = 0

    def compose(self) -> ComposeResult:
        """Four frames, in the first of them what the mark moves in."""
        for frame in range(4):
            with Vertical() as vertical:
                vertical.border_title = TITLE
                if frame == 0:
                    yield Static(MARK, id="marked")
                for number in range(max((self._count - 5) // 4, 0)):
                    yield Label(f"label {number}")

    def on_key(self, event: Key) -> None:
        """Move the mark."""
        self._mark = max(self._mark + {"down": 1, "up": -1}.get(event.key, 0), 0)
        self.query_one("#marked", Static).update("\n" * self._mark + MARK)


if __name__ == "__main__":
    TrivialApp(int(sys.argv[1])).run()
