"""The explorer: holds the newest snapshot and shows places."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from textual.app import SystemCommand
from textual.binding import Binding, BindingType
from textual.screen import Screen

from swarmtui import addressing, findings, operations, render, screens, widgets
from swarmtui.acknowledgements import Acknowledgements
from swarmtui.commands import CATALOGUE
from swarmtui.errors import SwarmtuiError
from swarmtui.findings import Told
from swarmtui.messages import PortTried, SnapshotTaken, message_of
from swarmtui.model import Snapshot
from swarmtui.operating import OperatingApp
from swarmtui.pauses import Keeper, loaded
from swarmtui.render import printable, stale_words, trials_summary
from swarmtui.screens import (
    RESOURCES,
    ExplorerScreen,
    History,
    ReadingScreen,
    ShellScreen,
    is_large,
    place_called,
    place_names,
    screen_of,
)
from swarmtui.theme import DARK, LIGHT, TERMINAL, THEMES
from swarmtui.trials import Trials

if TYPE_CHECKING:
    from swarmtui.feed import Feed
    from swarmtui.findings import Finding
    from swarmtui.messages import DocumentRead, EngineLost
    from swarmtui.model import DocumentKind, Lost, NetworkId, Reading
    from swarmtui.operations import Desk
    from swarmtui.screens import Place
    from swarmtui.settings import Settings
    from swarmtui.trials import Tester

AGE_SECONDS = 1.0
"""Between two looks at how old the answer is."""

MANY_TASKS = 20_000
"""With more, what is read is shown with the findings of before until all rules are applied."""


class SwarmtuiApp(OperatingApp):
    """The terminal explorer.

    Args:
        feed: Publishes readings; None where a test posts messages itself.
        settings: The settings of this run.
        source: The engine's address.
        origin: Who named it; empty where nobody did, so that the header need not tell it.
        desk: Starts operations and finds those of before; None for no operations at all.
        acknowledgements: Which findings a person has seen; None to keep them for this run only.
        tester: Tries whether ports of nodes answer; None where they cannot be tried.
        clock: A clock in seconds that tells how old an answer is.
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
        origin: str = "",
        desk: Desk | None = None,
        acknowledgements: Acknowledgements | None = None,
        tester: Tester | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        super().__init__(desk, ascii_only=settings.ascii)
        self.lost: Lost | None = None
        self.history = History()
        self.settings = settings
        self.source = source
        self.origin = origin
        self.age = ""
        self.told = Told()
        self.trials = Trials(tester, lambda trial: self.post_message(PortTried(trial)))
        self._feed = feed
        self._clock = clock
        self._answered = 0.0
        self._looked_at: NetworkId | None = None
        self._examiner: findings.Examiner | None = None
        self._findings: tuple[Finding, ...] = ()
        self._acknowledgements = acknowledgements or Acknowledgements()
        self._keeper = Keeper()
        self._moved = False
        # Before it runs, so that styles are not read twice.
        for theme in (DARK, LIGHT):
            self.register_theme(theme)
        usual = TERMINAL if self.has_few_colors else DARK.name
        self.theme = THEMES.get(settings.theme, usual)

    def on_mount(self) -> None:
        """Show the explorer, and start reading once it is on screen."""
        self.push_screen(ExplorerScreen())
        self.follow_operations()
        if self._feed is not None:
            self.call_after_refresh(self._start)

    def on_unmount(self) -> None:
        """Stop reading."""
        if self._feed is not None:
            self._feed.stop()
        self._keeper.release()

    def on_snapshot_taken(self, message: SnapshotTaken) -> None:
        """Show a new snapshot."""
        loaded()
        is_first = self.snapshot is None
        back = self.lost is not None and not is_first
        # A look at one network makes the rest no younger.
        if self.snapshot is None or self.snapshot.taken_at != message.snapshot.taken_at:
            self._answered = self._clock()
            self.age = ""
        self.snapshot = message.snapshot
        self.lost = None
        if back:
            self.notify("The engine answers again.", markup=False)
        self.read_journals()
        self._findings = message.findings
        self._tell()
        self._moved |= self.history.enter(message.snapshot.realm)
        # Pages stay: one of them may be the runbook by which the node leaves its swarm.
        if self._moved and isinstance(self.screen, ShellScreen):
            self._moved = False
            self.switch_screen(screen_of(self.history.here))
        self.show_state()
        self.offer_what_stopped()
        if is_large(message.snapshot):
            self._keeper.keep(self.screen_stack)
        if is_first:
            self.call_after_refresh(threading.Thread(target=_load_ahead, daemon=True).start)

    def on_engine_lost(self, message: EngineLost) -> None:
        """Say that what is shown is from before."""
        loaded()
        self.lost = message.lost
        self.show_state()

    def on_document_read(self, message: DocumentRead) -> None:
        """Hand a document to the page that waits for it."""
        if isinstance(self.screen, ReadingScreen):
            self.screen.show_document(message.document)

    def on_port_tried(self, message: PortTried) -> None:
        """Show what came of trying a port, and sum up with the last of a round."""
        ended = self.trials.take(message.trial)
        self.show_state()
        if ended:
            self.notify(trials_summary(ended), markup=False)

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
        self.show_state()

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

    def watch_age(self) -> None:
        """Say how old the answer is, once it is older than it should be."""
        if self.snapshot is None:
            return
        age = stale_words(self._clock() - self._answered, self.settings.interval_seconds)
        if age != self.age:
            self.age = age
            self.show_state()

    def _start(self) -> None:
        if self._feed is not None:
            self._feed.start(self.publish)
            self.set_interval(AGE_SECONDS, self.watch_age)

    def publish(self, reading: Reading) -> None:
        """Post a reading, with what is wrong in it; called from the feed's thread."""
        found: tuple[Finding, ...] = ()
        if isinstance(reading, Snapshot):
            if len(reading.tasks) > MANY_TASKS:
                self.post_message(SnapshotTaken(reading, self._findings))
            found = self._examine(reading)
        self.post_message(message_of(reading, found))

    def _examine(self, snapshot: Snapshot) -> tuple[Finding, ...]:
        # Made here, so that the rules are not loaded before something is on screen.
        if self._examiner is None:
            self._examiner = findings.Examiner(self.settings.lan_ranges, share=0.1)
        return self._examiner.examine(snapshot)

    def _tell(self) -> None:
        """Part what is wrong by what was acknowledged."""
        realm = self.snapshot.realm if self.snapshot is not None else ""
        try:
            acknowledged = self._acknowledgements.of(realm)
        except SwarmtuiError as error:
            self.notify(printable(str(error)), severity="error", markup=False)
            acknowledged = {}
        self.told = findings.told(self._findings, acknowledged)

    def _leave_for(self, move: Callable[[], None]) -> None:
        before = self.history.here
        here = self.screen_stack[-1]
        if isinstance(here, ShellScreen):
            here.remember()
        move()
        place = self.history.here
        if place != before:
            self.switch_screen(screen_of(place))


def _load_ahead() -> None:
    """Load what the first screen could do without, before a key asks for it."""
    for room in (addressing, findings, operations, render, widgets, screens):
        for name in room.__all__:
            getattr(room, name)
