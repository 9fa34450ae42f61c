"""An application that makes no more frames than its terminal takes."""

from __future__ import annotations

from contextlib import ExitStack
from typing import ClassVar

from textual.app import App
from textual.binding import Binding, BindingType

from swarmtui.terminal.canvas import Canvas


class PacedApp(App[None]):
    """Shows the newest state only: while the terminal is busy with a frame no other is made.

    Its driver says when the line to the terminal is busy, and when it is free.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+z", "suspend_process", "Suspend", show=False, priority=True),
        Binding("ctrl+l", "repaint", "Repaint", show=False, priority=True),
    ]

    def __init__(self) -> None:
        super().__init__()
        self.canvas = Canvas()
        self._line_is_busy = False
        self._held: ExitStack | None = None
        self._frame_lost = False

    def line_is_busy(self) -> None:
        """Gather what changes from the next frame on, without showing it."""
        self._line_is_busy = True

    def line_is_free(self) -> None:
        """Show what was gathered as one frame."""
        self._line_is_busy = False
        if self._held is None or not self.is_running:
            return
        self._held.close()
        self._held = None
        if self._frame_lost:
            self.screen.refresh()
        else:
            self.screen.check_idle()

    def post_display_hook(self) -> None:
        """Keep frames back after this one, or note that one was dropped, as of a new layout."""
        if self._held is not None:
            self._frame_lost = True
        elif self._line_is_busy:
            self._held = ExitStack()
            self._held.enter_context(self.batch_update())
            self._frame_lost = False

    def action_repaint(self) -> None:
        """Show everything, on a terminal that somebody else has used."""
        self.canvas.forget()
        self.refresh(layout=True)
