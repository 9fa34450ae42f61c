"""A runbook: what a person does by hand, to read and to save."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar, cast

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType

from swarmtui import __version__
from swarmtui.operations import Refusal, Runbook, runbook_file
from swarmtui.render import refusal_text, runbook_text
from swarmtui.screens.host import Host
from swarmtui.screens.reading import ReadingScreen
from swarmtui.screens.saving import save, write_text
from swarmtui.widgets import Prompt

if TYPE_CHECKING:
    from swarmtui.model import Snapshot


class RunbookScreen(ReadingScreen):
    """Shows a runbook, made anew with each snapshot; nothing of it is ever done by swarmtui.

    Args:
        make: Makes it from a snapshot.
    """

    BINDINGS: ClassVar[list[BindingType]] = [Binding("s", "save", "Save as text")]

    def __init__(self, make: Callable[[Snapshot], Runbook | Refusal]) -> None:
        super().__init__("Runbook")
        self._make = make
        self._runbook: Runbook | None = None

    def compose(self) -> ComposeResult:
        """Put the prompt for the file's name under the text."""
        *above, footer = super().compose()
        yield from above
        yield Prompt("save to ", id="file")
        yield footer

    def show_state(self) -> None:
        """Make it anew."""
        snapshot = cast(Host, self.app).snapshot
        if snapshot is None:
            return
        made = self._make(snapshot)
        self._runbook = made if isinstance(made, Runbook) else None
        self.show_text(refusal_text(made) if isinstance(made, Refusal) else runbook_text(made))
        self.refresh_bindings()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Only a runbook can be saved."""
        return action != "save" or self._runbook is not None

    def action_save(self) -> None:
        """Ask where to save it."""
        self.query_one(Prompt).open("swarmtui-runbook.txt")

    @on(Prompt.Submitted)
    def save(self, event: Prompt.Submitted) -> None:
        """Save it."""
        name, runbook = event.text.strip(), self._runbook
        if not name or runbook is None:
            return
        when = cast(Host, self.app).now().astimezone(UTC).isoformat(timespec="seconds")
        text = runbook_file(runbook, tool=f"swarmtui {__version__}", when=when)
        save(self, lambda: write_text(Path(name).expanduser(), text))
