"""The explorer: holds the newest snapshot and shows places."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import ClassVar

from textual.app import App, SystemCommand
from textual.binding import Binding, BindingType
from textual.screen import Screen

from swarmtui.acknowledgements import Acknowledgements
from swarmtui.commands import CATALOGUE
from swarmtui.errors import SwarmtuiError
from swarmtui.feed import Feed
from swarmtui.findings import Examiner, Finding, Told, told
from swarmtui.messages import DocumentRead, EngineLost, PortTried, SnapshotTaken, message_of
from swarmtui.model import DocumentKind, Lost, NetworkId, Reading, Snapshot
from swarmtui.operations import Desk, Operation, Plan, State
from swarmtui.pauses import Keeper
from swarmtui.render import printable, trials_summary
from swarmtui.screens import (
    RESOURCES,
    ExplorerScreen,
    Follows,
    History,
    OperationScreen,
    Place,
    ReadingScreen,
    ShellScreen,
    is_large,
    place_called,
    place_names,
    screen_of,
)
from swarmtui.settings import Settings
from swarmtui.theme import DARK, LIGHT, THEMES
from swarmtui.trials import Tester, Trials

WATCH_SECONDS = 0.4
"""Between two looks at the journals."""

MANY_TASKS = 20_000
"""With more, what is read is shown with the findings of before until all rules are applied."""


class SwarmtuiApp(App[None]):
    """The terminal explorer.

    Args:
        feed: Publishes readings; None where a test posts messages itself.
        settings: The settings of this run.
        source: The engine's address, shown until it answers.
        desk: Starts operations and finds those of before; None for no operations at all.
        acknowledgements: Which findings a person has seen; None to keep them for this run only.
        tester: Tries whether ports of nodes answer; None where they cannot be tried.
    """

    TITLE = "swarmtui"
    CSS_PATH = Path("styles/swarmtui.tcss")
    ENABLE_COMMAND_PALETTE = True
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+c,ctrl+q", "quit", "Quit", show=False, priority=True),
    ]

    def __init__(
        self,
        feed: Feed | None,
        settings: Settings,
        *,
        source: str = "",
        desk: Desk | None = None,
        acknowledgements: Acknowledgements | None = None,
        tester: Tester | None = None,
    ) -> None:
        super().__init__()
        self.snapshot: Snapshot | None = None
        self.lost: Lost | None = None
        self.history = History()
        self.settings = settings
        self.source = source
        self.operations: tuple[Operation, ...] = ()
        self.told = Told()
        self.trials = Trials(tester, lambda trial: self.post_message(PortTried(trial)))
        self._feed = feed
        self._desk = desk
        self._looked_at: NetworkId | None = None
        self._examiner = Examiner(settings.lan_ranges, share=0.1)
        self._findings: tuple[Finding, ...] = ()
        self._acknowledgements = acknowledgements or Acknowledgements()
        self._keeper = Keeper()
        self._offered = False
        self._desk_trouble = ""

    def on_mount(self) -> None:
        """Show the explorer, and start reading once it is on screen."""
        for theme in (DARK, LIGHT):
            self.register_theme(theme)
        self.theme = THEMES.get(self.settings.theme, DARK.name)
        self.push_screen(ExplorerScreen())
        if self._desk is not None:
            self.set_interval(WATCH_SECONDS, self.watch_operations)
        if self._feed is not None:
            self.call_after_refresh(self._start)

    def on_unmount(self) -> None:
        """Stop reading."""
        if self._feed is not None:
            self._feed.stop()
        self._keeper.release()

    def on_snapshot_taken(self, message: SnapshotTaken) -> None:
        """Show a new snapshot."""
        back = self.lost is not None and self.snapshot is not None
        self.snapshot = message.snapshot
        self.lost = None
        if back:
            self.notify("The engine answers again.", markup=False)
        self._read_journals()
        self._findings = message.findings
        self._tell()
        self._show_state()
        self._offer_what_stopped()
        if is_large(message.snapshot):
            self._keeper.keep(self.screen_stack)

    def on_engine_lost(self, message: EngineLost) -> None:
        """Say that what is shown is from before."""
        self.lost = message.lost
        self._show_state()

    def on_document_read(self, message: DocumentRead) -> None:
        """Hand a document to the page that waits for it."""
        if isinstance(self.screen, ReadingScreen):
            self.screen.show_document(message.document)

    def on_port_tried(self, message: PortTried) -> None:
        """Show what came of trying a port, and sum up with the last of a round."""
        ended = self.trials.take(message.trial)
        self._show_state()
        if ended:
            self.notify(trials_summary(ended), markup=False)

    @property
    def pending(self) -> Operation | None:
        """The operation of this swarm that is not over, None where there is none."""
        return next((each for each in reversed(self.operations) if not each.is_over), None)

    @property
    def need(self) -> str:
        """What of the ingress could be repaired; empty while somebody is at it."""
        if self.snapshot is None or self.snapshot.activity is not None or self.pending is not None:
            return ""
        return self.told.ingress_need

    def acknowledge(self, finding: Finding) -> None:
        """Hide a finding until its evidence changes, or bring it back."""
        realm = self.snapshot.realm if self.snapshot is not None else ""
        hidden = False
        try:
            hidden = self._acknowledgements.turn(realm, finding)
        except SwarmtuiError as error:
            self.notify(printable(str(error)), severity="error", markup=False)
        else:
            words = "Hidden until its evidence changes." if hidden else "It counts again."
            self.notify(words, timeout=3, markup=False)
        self._tell()
        self._show_state()

    def now(self) -> datetime:
        """Return the time."""
        return self._desk.now() if self._desk is not None else datetime.now(UTC)

    def watch_operations(self) -> None:
        """Follow the journals; where nothing was written nothing is shown anew."""
        if self._read_journals():
            self._show_state()

    def begin(self, plan: Plan, take_over: str) -> None:
        """Start a confirmed plan, and show how it goes on."""
        if self._desk is not None:
            desk = self._desk
            self._direct(lambda: desk.run(desk.begin(plan), take_over=take_over))

    def turn(self, operation: Operation, direction: str, take_over: str) -> None:
        """Run an operation that stopped, `forward` or `back`."""
        if self._desk is not None:
            desk = self._desk
            path = operation.path
            self._direct(lambda: desk.run(path, direction=direction, take_over=take_over))

    def stop_operation(self, operation: Operation) -> None:
        """Ask a running operation to stop at the next safe point."""
        if self._desk is None:
            return
        if self._desk.stop(operation):
            self.notify("Asked it to stop at the next safe point.", timeout=3, markup=False)
        else:
            self.notify("No process of this machine runs it.", severity="warning", markup=False)

    def dismiss_operation(self, operation: Operation) -> None:
        """Leave an operation that stopped as it is."""
        if self._desk is not None:
            desk = self._desk
            self._direct(lambda: desk.run(operation.path, direction="dismiss"))

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
            self._feed.start(self.publish)

    def publish(self, reading: Reading) -> None:
        """Post a reading, with what is wrong in it; called from the feed's thread."""
        findings: tuple[Finding, ...] = ()
        if isinstance(reading, Snapshot):
            if len(reading.tasks) > MANY_TASKS:
                self.post_message(SnapshotTaken(reading, self._findings))
            findings = self._examiner.examine(reading)
        self.post_message(message_of(reading, findings))

    def _tell(self) -> None:
        """Part what is wrong by what was acknowledged."""
        realm = self.snapshot.realm if self.snapshot is not None else ""
        try:
            acknowledged = self._acknowledgements.of(realm)
        except SwarmtuiError as error:
            self.notify(printable(str(error)), severity="error", markup=False)
            acknowledged = {}
        self.told = told(self._findings, acknowledged)

    def _leave_for(self, move: Callable[[], None]) -> None:
        before = self.history.here
        here = self.screen_stack[-1]
        if isinstance(here, ShellScreen):
            here.remember()
        move()
        place = self.history.here
        if place != before:
            self.switch_screen(screen_of(place))

    def _show_state(self) -> None:
        if not self.is_running:
            return  # it is closing, and its screens are half gone
        # The one below a page too: its header stays in sight.
        for screen in self.screen_stack:
            if isinstance(screen, Follows) and screen.is_mounted:
                screen.show_state()

    def _direct(self, act: Callable[[], object]) -> None:
        """Have the desk start something; then show it in the place of all pages above the table."""
        try:
            act()
        except SwarmtuiError as error:
            words = f"{error.title}. {error.explanation} {error.hint}"
            self.notify(printable(words.strip()), severity="error", markup=False)
            return
        self._read_journals()
        while len(self.screen_stack) > 1 and not isinstance(self.screen, ShellScreen):
            self.pop_screen()
        if self.pending is not None:
            self.push_screen(OperationScreen(self.pending.id))
        self._show_state()

    def _read_journals(self) -> bool:
        """Take what the journals tell by now; False where that is nothing new."""
        if self._desk is None:
            return False
        try:
            found = self._desk.operations(self.snapshot.realm if self.snapshot is not None else "")
        except SwarmtuiError as error:
            if str(error) != self._desk_trouble:
                self._desk_trouble = str(error)
                self.notify(printable(str(error)), severity="error", markup=False)
            return False
        before = {each.id: each for each in self.operations}
        if list(before.values()) == list(found):
            return False
        self.operations = found
        for each in found:
            old = before.get(each.id)
            if isinstance(self.screen, OperationScreen):
                continue  # it shows there
            if old is not None and old.state is State.RUNNING and each.state is not State.RUNNING:
                failed = each.state is State.STOPPED
                self.notify(
                    printable(f"{each.title}: {each.state}."),
                    severity="error" if failed else "information",
                    markup=False,
                )
        return True

    def _offer_what_stopped(self) -> None:
        """Show once, at the start, an operation that stopped part-way."""
        if self._offered or self._desk is None:
            return
        self._offered = True
        pending = self.pending
        if pending is not None and pending.state is State.STOPPED:
            self.push_screen(OperationScreen(pending.id))
