"""What all screens with tables share: header, notice, prompts, footer, and the commands."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import ClassVar, cast

from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.screen import Screen
from textual.widgets import Footer, Static

from swarmtui.commands import BY_NAME, CATALOGUE
from swarmtui.errors import SwarmtuiError
from swarmtui.model import Document
from swarmtui.render import notice_text, printable, title_line
from swarmtui.screens.help import help_text
from swarmtui.screens.host import Host
from swarmtui.screens.pane import Pane
from swarmtui.screens.place import Place
from swarmtui.screens.reading import DocumentScreen, HelpScreen, SheetScreen
from swarmtui.screens.resources import place_called, place_names
from swarmtui.screens.saving import write_table
from swarmtui.widgets import LiveTable, Prompt, toned_content

QUIT_WORDS = ("q", "quit", "exit")
NARROW, NORMAL = 0, 110


class ShellScreen(Screen[None]):
    """A screen of panes; commands act on the pane that has the keys."""

    BINDINGS: ClassVar[list[BindingType]] = [
        *(command.binding() for command in CATALOGUE),
        Binding("q", "app.quit", "Quit"),
    ]
    HORIZONTAL_BREAKPOINTS = [(NARROW, "-narrow"), (NORMAL, "-normal")]  # noqa: RUF012

    def __init__(self, place: Place) -> None:
        super().__init__()
        self.place = place
        self._shown: dict[str, str] = {}

    @property
    def host(self) -> Host:
        """The program."""
        return cast(Host, self.app)

    def compose(self) -> ComposeResult:
        """Put the panes between header and footer."""
        yield Static(id="title", markup=False)
        yield Static(id="notice", markup=False)
        yield from self.compose_panes()
        yield Static(id="crumbs", markup=False)
        yield Prompt("/", id="filter")
        yield Prompt(":", [*place_names(), *QUIT_WORDS], id="goto")
        yield Prompt("save to ", id="save")
        yield Footer(show_command_palette=False)

    def compose_panes(self) -> Iterator[Pane]:
        """Yield the panes of the screen."""
        raise NotImplementedError

    @property
    def panes(self) -> list[Pane]:
        """The panes, in order."""
        return list(self.query(Pane))

    @property
    def pane(self) -> Pane:
        """The pane that has the keys, or had them last."""
        if isinstance(self.focused, Pane):
            return self.focused
        return next((each for each in self.panes if each.has_class("-front")), self.panes[0])

    def on_mount(self) -> None:
        """Put everything as it was left, and show what there is."""
        for pane in self.panes:
            pane.restore(self.host.history.view(self.place, pane.kind))
        self.focus_pane(1)
        self.show_state()

    def on_screen_resume(self) -> None:
        """Catch up with what was read while another screen was on top."""
        self.show_state()

    def remember(self) -> None:
        """Keep how each pane is left."""
        for pane in self.panes:
            self.host.history.leave(self.place, pane.kind, pane.view)

    def show_state(self) -> None:
        """Show the newest snapshot; lines that are the same are not painted again."""
        host = self.host
        title = title_line(
            host.snapshot,
            host.lost,
            read_only=host.settings.read_only,
            source=host.source,
            width=max(self.app.size.width - 2, 1),
        )
        self._put("title", title)
        self._put("notice", notice_text(host.snapshot, host.lost, source=host.source))
        crumbs = printable(" › ".join(self.place.trail))
        self._put("crumbs", Text(crumbs, style="dim"))
        with self.app.batch_update():
            self.show_panes()

    def show_panes(self) -> None:
        """Show the newest snapshot in the panes."""
        raise NotImplementedError

    def show_document(self, document: Document) -> None:
        """Documents are for the page that asked."""

    def on_resize(self) -> None:
        """Fit the header to the new width."""
        self.show_state()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Tell whether a command can be run now."""
        if action != "run":
            return True
        command = BY_NAME[str(parameters[0])]
        return True if self.panes and command.is_available(self) else None

    def action_run(self, name: str) -> None:
        """Run a command of the catalogue."""
        BY_NAME[name].run(self)

    @property
    def has_table(self) -> bool:
        """Is there a table that keys can be meant for?"""
        return bool(self.panes)

    @property
    def is_typing(self) -> bool:
        """Is somebody typing into a prompt?"""
        return any(prompt.is_open for prompt in self.query(Prompt))

    @property
    def has_row(self) -> bool:
        """Is there a row under the cursor?"""
        return self.pane.selected_key is not None

    @property
    def has_document(self) -> bool:
        """Does the engine have a JSON document for the row?"""
        return self.has_row and self.pane.resource.document is not None

    @property
    def has_users(self) -> bool:
        """Can anything use the row's object?"""
        return self.has_row and self.pane.resource.users is not None

    @property
    def can_go_forward(self) -> bool:
        """Is there a place that was left by going back?"""
        return self.host.history.can_go_forward

    def describe(self) -> None:
        """Open a sheet about the row."""
        pane, key = self.pane, self.pane.selected_key
        if key is not None:
            sheet, subject = pane.resource.sheet, pane.subject
            title = f"{pane.resource.title}: describe"
            self.app.push_screen(SheetScreen(title, lambda each: sheet(each, subject, key)))

    def show_users(self) -> None:
        """Open a sheet about who uses the row's object."""
        pane, key, users = self.pane, self.pane.selected_key, self.pane.resource.users
        if key is not None and users is not None:
            subject = pane.subject
            title = f"{pane.resource.title}: used by"
            self.app.push_screen(SheetScreen(title, lambda each: users(each, subject, key)))

    def show_json(self) -> None:
        """Open the engine's JSON of the row's object."""
        pane, key, snapshot = self.pane, self.pane.selected_key, self.host.snapshot
        if key is None or snapshot is None or pane.resource.document is None:
            return
        wanted = pane.resource.document(snapshot, pane.subject, key)
        if wanted is not None:
            self.app.push_screen(DocumentScreen(f"{wanted[0]} {wanted[1]}", *wanted))
            self.host.read_document(*wanted)

    def copy(self) -> None:
        """Copy what the row is known by."""
        pane, key, snapshot = self.pane, self.pane.selected_key, self.host.snapshot
        if key is None or snapshot is None:
            return
        what, text = pane.resource.copied(snapshot, pane.subject, key)
        self.app.copy_to_clipboard(text)
        self.notify(printable(f"Copied {what} {text}"), markup=False)

    def filter(self) -> None:
        """Ask for a filter."""
        self._ask("filter", self.pane.filter_text)

    def widen(self) -> None:
        """Show all columns, or those that matter most."""
        self.pane.wide = not self.pane.wide

    def save(self) -> None:
        """Ask where to save the table."""
        self._ask("save", f"swarmtui-{self.pane.kind}.csv")

    def refresh_now(self) -> None:
        """Read the engine now."""
        self.host.read_now()

    def go_back(self) -> None:
        """Go back in history."""
        self.host.travel("back")

    def go_forward(self) -> None:
        """Go forward in history."""
        self.host.travel("forward")

    def go_to_last(self) -> None:
        """Go to the place before this one."""
        self.host.travel("last")

    def ask_place(self) -> None:
        """Ask where to go."""
        self._ask("goto", "")

    def show_help(self) -> None:
        """Open the help of this screen."""
        resource = self.pane.resource
        read_only = self.host.settings.read_only
        text = help_text(resource.title.lower(), resource.columns, read_only=read_only)
        self.app.push_screen(HelpScreen(text))

    def cycle_theme(self) -> None:
        """Change the colours."""
        self.host.next_theme()

    def focus_pane(self, number: int) -> None:
        """Give the keys to a pane by its number."""
        if number <= len(self.panes):
            self.panes[number - 1].focus()

    def leave(self) -> None:
        """Clear the filter, or go back."""
        if self.pane.filter_text:
            self.pane.filter_by("")
        else:
            self.host.travel("back")

    @on(LiveTable.RowChosen)
    def open_row(self, event: LiveTable.RowChosen) -> None:
        """Go where the row leads, or describe it."""
        pane, snapshot = event.table, self.host.snapshot
        if not isinstance(pane, Pane) or snapshot is None or event.key is None:
            return
        origin = self.place if pane.subject == self.place.subject else self._place_of(pane)
        opened = pane.resource.opened
        target = opened(snapshot, origin, event.key) if opened is not None else None
        if target is None:
            self.describe()
        else:
            self.host.visit(target)

    @on(LiveTable.RowHighlighted)
    def rows_changed(self) -> None:
        """Let the footer follow what can be done."""
        self.refresh_bindings()

    @on(Prompt.Changed, "#filter")
    def filter_while_typing(self, event: Prompt.Changed) -> None:
        """Narrow the table down with each letter."""
        if not isinstance(event, (Prompt.Submitted, Prompt.GivenUp)):
            self.pane.filter_by(event.text)

    @on(Prompt.Submitted)
    def answered(self, event: Prompt.Submitted) -> None:
        """Act on what was typed."""
        pane = self.pane
        event.prompt.close()
        pane.focus()
        if event.prompt.id == "goto":
            self._go_to(event.text)
        elif event.prompt.id == "save":
            self._save_to(event.text.strip(), pane)

    @on(Prompt.GivenUp)
    def given_up(self, event: Prompt.GivenUp) -> None:
        """Close the prompt; a filter that is given up shows all rows again."""
        event.prompt.close()
        if event.prompt.id == "filter":
            self.pane.filter_by("")
        self.pane.focus()

    def _place_of(self, pane: Pane) -> Place:
        return Place(pane.kind, pane.subject, self.place.trail)

    def _ask(self, prompt: str, text: str) -> None:
        front = self.pane
        for pane in self.panes:
            pane.set_class(pane is front, "-front")
        for each in self.query(Prompt):
            each.close()
        self.query_one(f"#{prompt}", Prompt).open(text)

    def _go_to(self, text: str) -> None:
        word = text.strip().lower()
        if word in QUIT_WORDS:
            self.app.exit()
        elif word in ("help", "?"):
            self.show_help()
        elif (place := place_called(word)) is not None:
            self.host.visit(place)
        elif word:
            names = ", ".join(place_names())
            self.notify(f"There is no {text.strip()!r}. Try {names}.", markup=False)

    def _save_to(self, name: str, pane: Pane) -> None:
        if not name:
            return
        try:
            words = write_table(Path(name).expanduser(), pane.columns, pane.visible_rows())
        except SwarmtuiError as error:
            self.notify(f"{error.title}. {error.hint}", severity="error", markup=False)
        else:
            self.notify(words, markup=False)

    def _put(self, name: str, text: Text) -> None:
        if self._shown.get(name) == text.plain:
            return
        self._shown[name] = text.plain
        widget = self.query_one(f"#{name}", Static)
        widget.display = bool(text.plain)
        widget.update(toned_content(text))
