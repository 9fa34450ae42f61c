"""Forms that lead to a review: fields, choices, what follows from them, checked while typing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, ClassVar, cast

from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.screen import ModalScreen
from textual.widget import Widget
from textual.widgets import Button, Static

from swarmtui.operations import plan_operation
from swarmtui.render import faults_text, printable
from swarmtui.screens.host import Host
from swarmtui.screens.review import ReviewScreen
from swarmtui.widgets import Choice, Entry, Field, KeyLine, toned_content

if TYPE_CHECKING:
    from swarmtui.model import Snapshot
    from swarmtui.operations import Fault, Intent


class FormScreen(ModalScreen[None]):
    """A form that cannot be left towards a review while something in it would not work.

    Attributes:
        FIELDS: Labels of the fields, by their ids.
        FACTS: Labels of the lines that tell what follows from what is typed.
        NEXT: What the form leads to.
    """

    FIELDS: ClassVar[Mapping[str, str]] = {}
    FACTS: ClassVar[tuple[str, ...]] = ()
    NEXT: ClassVar[str] = "Review"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "dismiss", "Close", key_display="Esc"),
        # At once, so that a key typed right after it is for the field that has the focus then.
        Binding("tab,down", "move('next')", "Next field", show=False, priority=True),
        Binding("shift+tab,up", "move('previous')", "Field before", show=False, priority=True),
        Binding("ctrl+n", "review", "Review"),
    ]

    def __init__(self, snapshot: Snapshot) -> None:
        super().__init__()
        self.snapshot = snapshot
        self.faults: tuple[Fault, ...] = ()

    @property
    def host(self) -> Host:
        """The program."""
        return cast(Host, self.app)

    @property
    def lan_ranges(self) -> tuple[str, ...]:
        """Ranges that new networks keep clear of."""
        return self.host.settings.lan_ranges

    def compose(self) -> ComposeResult:
        """Put fields, choices, what follows from them, and the ways on and out."""
        with VerticalScroll(id="form", can_focus=False):
            yield from self.compose_fields()
            with Vertical(id="choices"):
                yield from self.compose_choices()
                yield Static(id="other-faults", markup=False)
            with Vertical(id="facts"):
                for label in self.FACTS:
                    with Horizontal(classes="fact"):
                        yield Static(label, classes="label", markup=False)
                        yield Static(id=_fact(label), markup=False)
            with Horizontal(id="ways"):
                yield Button(self.NEXT, id="review", variant="primary", compact=True)
                yield Button("Cancel", id="cancel", compact=True)
        yield KeyLine()

    def compose_fields(self) -> Iterator[Widget]:
        """Yield the fields."""
        for name, label in self.FIELDS.items():
            yield Field(label, id=name)

    def compose_choices(self) -> Iterator[Widget]:
        """Yield what can be chosen, below the fields."""
        yield from ()

    def fill(self) -> None:
        """Put what there is now into the fields, and let one have the keys."""
        raise NotImplementedError

    def take(self) -> tuple[Fault, ...]:
        """Read the fields, and return everything that is to be said about them."""
        raise NotImplementedError

    def remarks(self) -> Mapping[str, str]:
        """Return what stands beside fields, by their ids."""
        return {}

    def facts(self) -> Iterable[str]:
        """Return what follows, in the order of `FACTS`."""
        return ()

    def intent(self) -> Intent:
        """Return the change that is meant."""
        raise NotImplementedError

    def title_text(self) -> str:
        """Return the form's title."""
        raise NotImplementedError

    def on_mount(self) -> None:
        """Fill the form."""
        self.fill()
        self.show_state()
        # Not by message, which may come after the next key: what is chosen may bring another field.
        for each in self.query("OneOf, Choice"):
            self.watch(each, "value", self.check, init=False)

    def show_state(self) -> None:
        """Check what is typed against the newest snapshot, and say what follows from it."""
        self.snapshot = self.host.snapshot or self.snapshot
        self.faults = self.take()
        self.query_one("#form", VerticalScroll).border_title = Text(printable(self.title_text()))
        remarks = self.remarks()
        named = set()
        for field in self.query(Field):
            name = field.id or ""
            named.add(name)
            field.remark(remarks.get(name, ""))
            field.show_faults(faults_text(each for each in self.faults if each.field == name))
        others = faults_text(each for each in self.faults if each.field not in named)
        beneath = self.query_one("#other-faults", Static)
        beneath.display = bool(others.plain)
        beneath.update(toned_content(others))
        for label, words in zip(self.FACTS, self.facts(), strict=True):
            self.query_one(f"#{_fact(label)}", Static).update(words)
        self.query_one("#review", Button).disabled = self.is_faulty

    @on(Field.Changed)
    def check(self) -> None:
        """Check again with each letter."""
        if self.is_mounted:
            self.show_state()

    @on(Field.Submitted)
    @on(Button.Pressed, "#review")
    def submitted(self) -> None:
        """Go on to the review."""
        self.action_review()

    @on(Button.Pressed, "#cancel")
    def cancelled(self) -> None:
        """Close the form."""
        self.dismiss()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Entries move the focus themselves, when they come to the key that does."""
        return not (action == "move" and isinstance(self.focused, Entry))

    def action_move(self, where: str) -> None:
        """Move the focus to the `next` or the `previous` field."""
        self.focus_next() if where == "next" else self.focus_previous()

    def focus_next(self, selector: str | type[Widget] = "*") -> Widget | None:
        """Move the focus to what comes next in the form."""
        return self._move(1)

    def focus_previous(self, selector: str | type[Widget] = "*") -> Widget | None:
        """Move the focus to what comes before in the form."""
        return self._move(-1)

    def _move(self, step: int) -> Widget | None:
        # Textual goes by the last layout, in which a field that has just appeared has no place yet.
        stops = [each for each in self.query() if each.focusable and _is_displayed(each)]
        place = stops.index(self.focused) + step if self.focused in stops else 0
        self.set_focus(stops[place % len(stops)])
        return self.focused

    def action_review(self) -> None:
        """Review the plan, or go to the first field that would not work."""
        self.show_state()
        if self.is_faulty:
            faulty = next(each.field for each in self.faults if each.fatal)
            for field in self.query(Field):
                if field.id == faulty:
                    field.take_keys()
            self.app.bell()
            return
        self.go_on()

    def go_on(self) -> None:
        """Review the change that is meant, in which nothing is wrong."""
        intent = self.intent()
        self.app.push_screen(
            ReviewScreen(
                "Review", lambda snapshot: plan_operation(snapshot, intent), self.host.begin
            )
        )

    @property
    def is_faulty(self) -> bool:
        """Is there anything in it that would not work?"""
        return any(each.fatal for each in self.faults)

    def text(self, name: str) -> str:
        """Return what is typed into a field."""
        return self.query_one(f"#{name}", Field).text

    def chosen(self, name: str) -> bool:
        """Tell whether something is chosen."""
        return self.query_one(f"#{name}", Choice).value

    def put(self, **texts: str) -> None:
        """Put texts into fields."""
        for name, text in texts.items():
            self.query_one(f"#{name}", Field).put(text)


class SubnetForm(FormScreen):
    """A form with a subnet among its fields, for which a key takes one that is free."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+f", "propose", "Free subnet"),
    ]

    def __init__(self, snapshot: Snapshot) -> None:
        super().__init__(snapshot)
        self.proposed = ""
        """A subnet that is free, empty where none is."""

    def action_propose(self) -> None:
        """Take the subnet that is free, and what follows from it."""
        if self.proposed:
            emptied = {name: "" for name in ("gateway", "range") if name in self.FIELDS}
            self.put(subnet=self.proposed, **emptied)


def _is_displayed(widget: Widget) -> bool:
    return all(each.display for each in widget.ancestors_with_self if isinstance(each, Widget))


def _fact(label: str) -> str:
    return f"fact-{label.lower().replace(' ', '-')}"
