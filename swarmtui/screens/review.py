"""The review of a plan: all of its steps, export as a script, and confirmation."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar, cast

from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType

from swarmtui import __version__
from swarmtui.operations import Refusal, script_of
from swarmtui.render import plan_text, refusal_text, taking_over_text
from swarmtui.screens.decision import DecisionScreen
from swarmtui.screens.host import Host
from swarmtui.screens.saving import save, write_script
from swarmtui.widgets import Prompt, Sheet

if TYPE_CHECKING:
    from swarmtui.model import Snapshot
    from swarmtui.operations import Plan


class ReviewScreen(DecisionScreen):
    """Shows a plan, made anew with each snapshot; nothing is done before it is confirmed.

    Args:
        title: Of the page.
        make: Plans from a snapshot.
        start: Given the confirmed plan, and the id of the lock to take over.
        act: What the button says.
        operation: The id of the operation that goes on with this plan; empty for a new one.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("s", "export", "Save as script"),
    ]

    def __init__(
        self,
        title: str,
        make: Callable[[Snapshot], Plan | Refusal],
        start: Callable[[Plan, str], None],
        *,
        act: str = "Start",
        operation: str = "",
    ) -> None:
        super().__init__(title, Text(), "", act, self._start)
        self._make = make
        self._begin = start
        self._operation = operation
        self._plan: Plan | None = None
        self._take_over = ""

    def compose(self) -> ComposeResult:
        """Put the prompt for the script's name before the question."""
        *above, footer = super().compose()
        yield from above
        yield Prompt("save to ", id="script")
        yield footer

    @property
    def host(self) -> Host:
        """The program."""
        return cast(Host, self.app)

    def show_state(self) -> None:
        """Plan anew; what was typed counts only for the writes that it was typed for."""
        snapshot = self.host.snapshot
        if snapshot is None:
            return
        planned = self._make(snapshot)
        if isinstance(planned, Refusal):
            self._plan = None
            self.show_text(refusal_text(planned))
            self.confirmation.withdraw()
            self.set_focus(self.query_one(Sheet))
        else:
            self._show_plan(snapshot, planned)
        self.refresh_bindings()

    def _show_plan(self, snapshot: Snapshot, plan: Plan) -> None:
        before, self._plan = self._plan, plan
        if before is not None and before.writes != plan.writes:
            self.confirmation.clear()
            self.notify("The swarm changed, and the plan with it: read it again.", markup=False)
        text, word = self.preface(snapshot, plan)
        text.append_text(plan_text(plan))
        self.show_text(text)
        if word:
            self.confirmation.ask(word, self._act)
        else:
            self.confirmation.withdraw()
            if not self.query_one(Prompt).is_open:
                self.set_focus(self.query_one(Sheet))

    def preface(self, snapshot: Snapshot, plan: Plan) -> tuple[Text, str]:
        """Return what stands in the way, and the word that starts it; empty where none does."""
        activity, pending = snapshot.activity, self.host.pending
        self._take_over = ""
        if self.host.settings.read_only:
            return Text().append("Read-only: s saves the plan as a script.\n\n", "accent"), ""
        if pending is not None and pending.id != self._operation:
            words = f"{pending.title} is not over: see to it under o first.\n\n"
            return Text().append(words, "error"), ""
        if activity is not None and activity.operation != self._operation:
            self._take_over = activity.lock_id
            return taking_over_text(activity), f"take over {plan.subject}"
        return Text(), plan.subject

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Only a plan can be saved."""
        if action == "export":
            return self._plan is not None
        return super().check_action(action, parameters)

    def action_export(self) -> None:
        """Ask where to save the script."""
        if self._plan is not None:
            words = self._plan.title.lower().split()
            self.query_one(Prompt).open(f"swarmtui-{'-'.join(words)}.sh")

    @on(Prompt.Submitted)
    def export(self, event: Prompt.Submitted) -> None:
        """Save the script."""
        if event.text.strip():
            self._export(Path(event.text.strip()).expanduser())

    def _export(self, path: Path) -> None:
        plan = self._plan
        if plan is None:
            return
        when = self.host.now().astimezone(UTC).isoformat(timespec="seconds")
        script = script_of(plan, tool=f"swarmtui {__version__}", when=when)
        save(self, lambda: write_script(path, script))

    def _start(self) -> None:
        if self._plan is not None:
            self._begin(self._plan, self._take_over)
