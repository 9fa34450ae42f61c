"""The table of what is wrong, and the ways from there."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, ClassVar

from rich.text import Text
from textual import on
from textual.binding import Binding, BindingType

from swarmtui.render import finding_rows, finding_sheet, severity_counts
from swarmtui.screens.lookup import subject_place
from swarmtui.screens.pane import Pane
from swarmtui.screens.place import View
from swarmtui.screens.reading import ReadingScreen
from swarmtui.screens.repairs import repair_screen
from swarmtui.screens.table import TableScreen
from swarmtui.widgets import LiveTable

if TYPE_CHECKING:
    from swarmtui.findings import Finding, Repair


class FindingsPane(Pane):
    """Findings, on which k is no key of the cursor."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("k", "screen.run('Acknowledge')", "Acknowledge"),
    ]


class FindingSheet(ReadingScreen):
    """Everything about one finding, as it is now."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "jump", "Go there"),
        Binding("x", "repair", "Repair"),
        Binding("k", "acknowledge", "Acknowledge"),
    ]

    def __init__(self, screen: FindingsScreen, key: str) -> None:
        super().__init__("Finding")
        self._below = screen
        self._key = key

    def show_state(self) -> None:
        """Follow the finding; what is over stays readable and says so."""
        text = finding_sheet(self._below.host.told, self._key)
        if text is not None:
            self.show_text(text)
        elif self._plain and not self._plain.startswith("Over:"):
            self.show_text(Text(f"Over: this is no longer found.\n\n{self._plain}"))
        self.refresh_bindings()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer what can be done about it."""
        finding = self._below.host.told.find(self._key)
        if action == "repair":
            return finding is not None and finding.trouble.repair is not None
        if action in ("jump", "acknowledge"):
            return finding is not None
        return super().check_action(action, parameters)

    def action_jump(self) -> None:
        """Show the subject in its table."""
        self.dismiss()
        self._below.jump(self._key)

    def action_repair(self) -> None:
        """Review the operation that cures it."""
        self.dismiss()
        self._below.repair()

    def action_acknowledge(self) -> None:
        """Hide it until its evidence changes, or bring it back."""
        self._below.acknowledge()


class FindingsScreen(TableScreen):
    """Findings, the worst first; they come from rules, not from the engine."""

    def compose_panes(self) -> Iterator[Pane]:
        """Yield the one pane."""
        yield FindingsPane("findings")

    def show_panes(self) -> None:
        """Show the rows."""
        told = self.host.told
        counts = severity_counts(told, short=False).plain or "none"
        hidden = f", {len(told.acknowledged)} acknowledged" if told.acknowledged else ""
        known = self.host.snapshot is not None
        self.panes[0].show_rows(
            finding_rows(told), "Findings", known=known, summary=f"{counts}{hidden}"
        )

    @property
    def finding(self) -> Finding | None:
        """The finding under the cursor."""
        panes = self.panes
        key = panes[0].selected_key if panes else None
        return self.host.told.find(key) if key is not None else None

    @property
    def meant_repair(self) -> Repair | None:
        """What would cure the finding under the cursor."""
        finding = self.finding
        return finding.trouble.repair if finding is not None else None

    @property
    def needs_repair(self) -> bool:
        """Is there an operation that cures the finding under the cursor?"""
        return self.meant_repair is not None

    @property
    def can_acknowledge(self) -> bool:
        """Is there a finding under the cursor?"""
        return self.finding is not None

    def describe(self) -> None:
        """Open the sheet about the finding."""
        if self.finding is not None:
            self.app.push_screen(FindingSheet(self, self.finding.key))

    @on(LiveTable.RowChosen)
    def jump_there(self, event: LiveTable.RowChosen) -> None:
        """Show the finding's subject in its table."""
        event.stop()
        event.prevent_default()
        if event.key is not None:
            self.jump(event.key)

    def jump(self, key: str) -> None:
        """Show the subject of a finding in its table; what has no row is described."""
        finding = self.host.told.find(key)
        found = subject_place(finding.subject) if finding is not None else None
        if found is None:
            self.describe()
            return
        place, pane, row = found
        self.host.history.leave(place, pane, View(row))
        self.host.visit(place)

    def acknowledge(self) -> None:
        """Hide the finding until its evidence changes, or bring it back."""
        if self.finding is not None:
            self.host.acknowledge(self.finding)

    def repair(self) -> None:
        """Review the operation that cures the finding."""
        screen = repair_screen(self.host, self.meant_repair) if self.meant_repair else None
        if screen is not None:
            self.app.push_screen(screen)
        elif self.meant_repair is not None:
            self.notify("What it was about is gone.", severity="warning", markup=False)
