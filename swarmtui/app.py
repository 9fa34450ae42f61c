"""The explorer: holds the newest snapshot and shows places."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path
from typing import ClassVar, Protocol

from textual.app import App, SystemCommand
from textual.binding import Binding, BindingType
from textual.screen import Screen

from swarmtui.commands import CATALOGUE
from swarmtui.messages import DocumentRead, EngineLost, SnapshotTaken, message_of
from swarmtui.model import DocumentKind, Lost, NetworkId, Reading, Snapshot
from swarmtui.screens import (
    EXPLORER,
    RESOURCES,
    ExplorerScreen,
    History,
    Place,
    ReadingScreen,
    ShellScreen,
    TableScreen,
    place_called,
    place_names,
)
from swarmtui.settings import Settings
from swarmtui.theme import DARK, LIGHT, THEMES


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


class SwarmtuiApp(App[None]):
    """The terminal explorer.

    Args:
        feed: Publishes readings; None where a test posts messages itself.
        settings: The settings of this run.
        source: The engine's address, shown until it answers.
    """

    TITLE = "swarmtui"
    CSS_PATH = Path("styles/swarmtui.tcss")
    ENABLE_COMMAND_PALETTE = True
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+c,ctrl+q", "quit", "Quit", show=False, priority=True),
    ]

    def __init__(self, feed: Feed | None, settings: Settings, *, source: str = "") -> None:
        super().__init__()
        self.snapshot: Snapshot | None = None
        self.lost: Lost | None = None
        self.history = History()
        self.settings = settings
        self.source = source
        self._feed = feed
        self._looked_at: NetworkId | None = None

    def on_mount(self) -> None:
        """Show the explorer, and start reading once it is on screen."""
        for theme in (DARK, LIGHT):
            self.register_theme(theme)
        self.theme = THEMES.get(self.settings.theme, DARK.name)
        self.push_screen(ExplorerScreen())
        if self._feed is not None:
            self.call_after_refresh(self._start)

    def on_unmount(self) -> None:
        """Stop reading."""
        if self._feed is not None:
            self._feed.stop()

    def on_snapshot_taken(self, message: SnapshotTaken) -> None:
        """Show a new snapshot."""
        back = self.lost is not None and self.snapshot is not None
        self.snapshot = message.snapshot
        self.lost = None
        if back:
            self.notify("The engine answers again.", markup=False)
        self._show_state()

    def on_engine_lost(self, message: EngineLost) -> None:
        """Say that what is shown is from before."""
        self.lost = message.lost
        self._show_state()

    def on_document_read(self, message: DocumentRead) -> None:
        """Hand a document to the page that waits for it."""
        if isinstance(self.screen, ReadingScreen):
            self.screen.show_document(message.document)

    def look_at(self, network_id: NetworkId | None) -> None:
        """Have a network inspected in every reading."""
        if self._feed is not None and network_id != self._looked_at:
            self._looked_at = network_id
            self._feed.look_at(network_id)

    def read_now(self) -> None:
        """Read the engine without waiting."""
        if self._feed is not None:
            self._feed.refresh()

    def read_document(self, kind: DocumentKind, identity: str) -> None:
        """Have the JSON of an object read."""
        if self._feed is not None:
            self._feed.read_document(kind, identity)

    def visit(self, place: Place) -> None:
        """Show a place."""
        self._leave_for(lambda: self.history.visit(place))

    def travel(self, where: str) -> None:
        """Go back, forward or to the last place."""
        moves = {
            "back": self.history.back,
            "forward": self.history.forward,
            "last": self.history.to_last,
        }
        self._leave_for(moves[where])

    def next_theme(self) -> None:
        """Change to the next of our themes."""
        names = list(THEMES.values())
        position = names.index(self.theme) if self.theme in names else -1
        self.theme = names[(position + 1) % len(names)]

    def get_system_commands(self, screen: Screen[object]) -> Iterable[SystemCommand]:
        """Offer every command and every place in the palette."""
        if isinstance(screen, ShellScreen):
            for command in CATALOGUE:
                if command.PALETTE and screen.check_action("run", (command.name(),)):
                    run = partial(screen.action_run, command.name())
                    yield SystemCommand(command.TITLE, command.help(), run)
        for name in place_names():
            place = place_called(name)
            if place is not None:
                title = f"Go to {RESOURCES[name].title.lower()}"
                yield SystemCommand(title, f"The same as :{name}", partial(self.visit, place))
        yield SystemCommand("Quit", "Leave swarmtui", self.exit)

    def _start(self) -> None:
        if self._feed is not None:
            self._feed.start(self._publish)

    def _publish(self, reading: Reading) -> None:
        """Post a reading; called from the feed's thread."""
        self.post_message(message_of(reading))

    def _leave_for(self, move: Callable[[], None]) -> None:
        before = self.history.here
        here = self.screen_stack[-1]
        if isinstance(here, ShellScreen):
            here.remember()
        move()
        place = self.history.here
        if place != before:
            shown = ExplorerScreen(place) if place == EXPLORER else TableScreen(place)
            self.switch_screen(shown)

    def _show_state(self) -> None:
        # The one below a page too: its header stays in sight.
        for screen in self.screen_stack:
            if isinstance(screen, (ShellScreen, ReadingScreen)) and screen.is_mounted:
                screen.show_state()
