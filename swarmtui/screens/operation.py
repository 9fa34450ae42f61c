"""One operation as its journal tells it, live; and the ways on where it stopped."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, cast

from rich.text import Text
from textual.binding import Binding, BindingType

from swarmtui.operations import State, plan_resume, plan_rollback, plan_undo
from swarmtui.render import leftover_text, operation_text
from swarmtui.screens.decision import DecisionScreen
from swarmtui.screens.host import Host
from swarmtui.screens.reading import ReadingScreen
from swarmtui.screens.review import ReviewScreen

if TYPE_CHECKING:
    from swarmtui.operations import Operation

TICK_SECONDS = 1.0
_STOPPED_ACTS = ("resume", "roll_back", "give_up")


class OperationScreen(ReadingScreen):
    """Follows an operation; closing the page leaves it running."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("r", "resume", "Resume"),
        Binding("b", "roll_back", "Roll back"),
        Binding("ctrl+d", "give_up", "Dismiss"),
        Binding("ctrl+k", "stop", "Stop"),
        Binding("u", "undo", "Undo"),
    ]

    def __init__(self, identity: str) -> None:
        super().__init__("Operation")
        self._identity = identity

    @property
    def host(self) -> Host:
        """The program."""
        return cast(Host, self.app)

    @property
    def operation(self) -> Operation | None:
        """The operation, None where its journal is gone."""
        return next((each for each in self.host.operations if each.id == self._identity), None)

    def on_mount(self) -> None:
        """Let the seconds of the step that runs go on."""
        super().on_mount()
        self.set_interval(TICK_SECONDS, self._tick)

    def show_state(self) -> None:
        """Show how it stands now."""
        operation = self.operation
        if operation is not None:
            self.show_text(operation_text(operation, self.host.now(), self.host.snapshot))
            self.refresh_bindings()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer what can be done in the state that it is in."""
        if action not in (*_STOPPED_ACTS, "stop", "undo"):
            return True
        operation = self.operation
        if action == "undo":
            return operation is not None and operation.state is State.DONE
        if operation is None or self.host.settings.read_only:
            return False
        wanted = State.RUNNING if action == "stop" else State.STOPPED
        return operation.state is wanted

    def action_resume(self) -> None:
        """Review the rest of the way."""
        self._review("forward")

    def action_roll_back(self) -> None:
        """Review the way back."""
        self._review("back")

    def action_give_up(self) -> None:
        """Ask whether it is to be left as it is."""
        operation = self.operation
        if operation is not None:
            self.app.push_screen(
                DecisionScreen(
                    "Dismiss",
                    leftover_text(self.host.snapshot, operation),
                    "dismiss",
                    "Dismiss",
                    lambda: self.host.dismiss_operation(operation),
                )
            )

    def action_stop(self) -> None:
        """Ask whether it is to stop at the next safe point."""
        operation = self.operation
        if operation is not None:
            words = Text(
                f"{operation.title} stops at the next safe point: after the write that is under "
                "way, or out of a wait. What is closed by then stays closed until you resume it "
                "or roll it back; both go on from what the swarm says by then."
            )
            self.app.push_screen(
                DecisionScreen(
                    "Stop", words, "stop", "Stop", lambda: self.host.stop_operation(operation)
                )
            )

    def action_undo(self) -> None:
        """Review the reverse of what is done, as an operation of its own."""
        operation = self.operation
        if operation is not None:
            plan = operation.head.plan
            self.app.push_screen(
                ReviewScreen("Undo", lambda snapshot: plan_undo(snapshot, plan), self.host.begin)
            )

    def _review(self, direction: str) -> None:
        operation = self.operation
        if operation is None:
            return
        plan = plan_resume if direction == "forward" else plan_rollback
        self.app.push_screen(
            ReviewScreen(
                "Resume" if direction == "forward" else "Roll back",
                lambda snapshot: plan(snapshot, operation.plan),
                lambda _, take_over: self.host.turn(operation, direction, take_over),
                act="Resume" if direction == "forward" else "Roll back",
                operation=operation.id,
            )
        )

    def _tick(self) -> None:
        operation = self.operation
        if operation is not None and operation.state is State.RUNNING:
            self.show_state()
