"""An application that starts operations and follows their journals."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from swarmtui import screens
from swarmtui.errors import SwarmtuiError
from swarmtui.operations import State
from swarmtui.render import printable
from swarmtui.screens import Follows, ShellScreen
from swarmtui.terminal import FittedApp

if TYPE_CHECKING:
    from swarmtui.model import Snapshot
    from swarmtui.operations import Desk, Operation, Plan

WATCH_SECONDS = 0.4
"""Between two looks at the journals."""


class OperatingApp(FittedApp):
    """Shows how operations go on, also those of somebody else on this machine.

    Args:
        desk: Starts operations and finds those of before; None for no operations at all.
        ascii_only: Show no other sign.
    """

    def __init__(self, desk: Desk | None, *, ascii_only: bool = False) -> None:
        super().__init__(ascii_only=ascii_only)
        self.snapshot: Snapshot | None = None
        self.operations: tuple[Operation, ...] = ()
        self._desk = desk
        self._desk_trouble = ""
        self._offered = False

    def follow_operations(self) -> None:
        """Look at the journals from now on."""
        if self._desk is not None:
            self.set_interval(WATCH_SECONDS, self.watch_operations)

    @property
    def pending(self) -> Operation | None:
        """The operation of this swarm that is not over, None where there is none."""
        return next((each for each in reversed(self.operations) if not each.is_over), None)

    def now(self) -> datetime:
        """Return the time."""
        return self._desk.now() if self._desk is not None else datetime.now(UTC)

    def watch_operations(self) -> None:
        """Follow the journals; where nothing was written nothing is shown anew."""
        if self.read_journals():
            self.show_state()

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

    def show_state(self) -> None:
        """Show all screens what there is."""
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
        self.read_journals()
        while len(self.screen_stack) > 1 and not isinstance(self.screen, ShellScreen):
            self.pop_screen()
        if self.pending is not None:
            self.push_screen(screens.OperationScreen(self.pending.id))
        self.show_state()

    def read_journals(self) -> bool:
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
            if isinstance(self.screen, screens.OperationScreen):
                continue  # it shows there
            if old is not None and old.state is State.RUNNING and each.state is not State.RUNNING:
                failed = each.state is State.STOPPED
                self.notify(
                    printable(f"{each.title}: {each.state}."),
                    severity="error" if failed else "information",
                    markup=False,
                )
        return True

    def offer_what_stopped(self) -> None:
        """Show once, at the start, an operation that stopped part-way."""
        if self._offered or self._desk is None:
            return
        self._offered = True
        pending = self.pending
        if pending is not None and pending.state is State.STOPPED:
            self.push_screen(screens.OperationScreen(pending.id))
