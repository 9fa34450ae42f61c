"""What all screens with tables share: header, notice, prompts, footer, and the commands."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from rich.text import Text
from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.widgets import Static

from swarmtui import screens
from swarmtui.commands import BY_NAME, CATALOGUE
from swarmtui.render import notice_text, printable, title_line
from swarmtui.screens.pane import Pane
from swarmtui.screens.place import Place
from swarmtui.screens.resources import place_called, place_names
from swarmtui.screens.service_acts import ServiceActs
from swarmtui.widgets import KeyLine, LiveTable, Prompt, toned_content

if TYPE_CHECKING:
    from swarmtui.model import Document

QUIT_WORDS = ("q", "quit", "exit")
BRIDGE_WORDS = ("gwbridge", "docker_gwbridge", "bridge")
ADDRESS_WORDS = ("addresses", "address", "addr")
PLAN_WORD = "plan"
PATH_WORD = "path"
_PAGE_WORDS = (ADDRESS_WORDS[0], BRIDGE_WORDS[0], PLAN_WORD, PATH_WORD)
NARROW, NORMAL = 0, 110


class ShellScreen(ServiceActs):
    """A screen of panes under a header, with prompts and a footer."""

    BINDINGS: ClassVar[list[BindingType]] = [
        *(command.binding() for command in CATALOGUE if command.KEY),
        Binding("q", "app.quit", "Quit"),
    ]
    HORIZONTAL_BREAKPOINTS = [(NARROW, "-narrow"), (NORMAL, "-normal")]  # noqa: RUF012

    def __init__(self, place: Place) -> None:
        super().__init__(place)
        self._shown: dict[str, str] = {}
        self._available: tuple[Pane | bool | None, ...] = ()

    def compose(self) -> ComposeResult:
        """Put the panes between header and footer."""
        yield Static(id="title", markup=False)
        yield Static(id="notice", markup=False)
        yield from self.compose_panes()
        yield Static(id="crumbs", markup=False)
        yield Prompt("/", id="filter")
        yield Prompt(":", self._suggestions, id="goto")
        yield Prompt("save to ", id="save")
        yield KeyLine()

    def compose_panes(self) -> Iterator[Pane]:
        """Yield the panes of the screen."""
        raise NotImplementedError

    def on_mount(self) -> None:
        """Put everything as it was left, and show what there is."""
        self._panes, self._prompts = self.find_panes(), list(self.query(Prompt))
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
        if not self.panes:
            return  # somebody ends the program before the screen is whole
        host = self.host
        title = title_line(
            host.snapshot,
            host.lost,
            host.told,
            read_only=host.settings.read_only,
            source=host.source,
            origin=host.origin,
            age=host.age,
            width=max(self.app.size.width - 2, 1),
        )
        self._put("title", title)
        notice = notice_text(
            host.snapshot,
            host.lost,
            source=host.source,
            operation=host.pending,
            need=host.need,
        )
        self._put("notice", notice)
        crumbs = printable(" › ".join(self.place.trail))
        self._put("crumbs", Text(crumbs, style="dim"))
        with self.app.batch_update():
            self.show_panes()
        self.offer_commands()

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
        if self.panes and command.is_available(self):
            return True
        return False if command.HIDES else None

    def action_run(self, name: str) -> None:
        """Run a command of the catalogue."""
        BY_NAME[name].run(self)

    @on(LiveTable.RowChosen)
    def open_row(self, event: LiveTable.RowChosen) -> None:
        """Go where the row leads, or describe it."""
        pane, snapshot = event.table, self.host.snapshot
        if not isinstance(pane, Pane) or event.key is None:
            return
        origin = self.place if pane.subject == self.place.subject else self._place_of(pane)
        opened = pane.resource.opened
        target = opened(snapshot, origin, event.key) if opened and snapshot else None
        if target is None:
            self.describe()
        else:
            self.host.visit(target)

    @on(LiveTable.RowHighlighted)
    @on(events.DescendantFocus)
    def offer_commands(self) -> None:
        """Let the footer follow what can be done; only a change has it laid out anew."""
        pane = self.pane if self.panes else None
        available = (pane, *(self.check_action("run", (name,)) for name in BY_NAME))
        if available != self._available:
            self._available = available
            self.refresh_bindings()

    @on(Prompt.Changed, "#filter")
    def filter_while_typing(self, event: Prompt.Changed) -> None:
        """Narrow the table down with each letter."""
        # A closed prompt has had its last word already.
        if event.prompt.is_open:
            self.pane.filter_by(event.text)

    @on(Prompt.Submitted)
    def answered(self, event: Prompt.Submitted) -> None:
        """Act on what was typed."""
        if event.prompt.id == "filter":
            self.pane.filter_by(event.text)
        elif event.prompt.id == "goto":
            self._go_to(event.text)
        elif event.prompt.id == "save":
            self._save_to(event.text.strip(), self.pane)

    @on(Prompt.GivenUp)
    def given_up(self, event: Prompt.GivenUp) -> None:
        """Show all rows again when a filter is given up."""
        if event.prompt.id == "filter":
            self.pane.filter_by("")

    def _place_of(self, pane: Pane) -> Place:
        return Place(pane.kind, pane.subject, self.place.trail)

    def ask(self, prompt: str, text: str) -> None:
        """Open a prompt."""
        front = self.pane
        for pane in self.panes:
            pane.set_class(pane is front, "-front")
        for each in self.query(Prompt):
            each.close()
        self.query_one(f"#{prompt}", Prompt).open(text)

    def _suggestions(self, typed: str) -> Iterable[str]:
        yield from (*place_names(), *_PAGE_WORDS, *QUIT_WORDS)
        if typed.startswith(f"{PATH_WORD} "):
            yield from screens.path_suggestions(self.host.snapshot, typed)

    def _show_path(self, words: list[str]) -> None:
        if self.host.snapshot is not None:
            self.app.push_screen(screens.path_screen(self.host.snapshot, words))

    def _go_to(self, text: str) -> None:
        word = text.strip().lower()
        name, *words = text.split() or [""]
        if word in QUIT_WORDS:
            self.app.exit()
        elif word in ("help", "?"):
            self.show_help()
        elif word in BRIDGE_WORDS:
            self.show_bridge()
        elif word in ADDRESS_WORDS:
            self.show_addresses()
        elif word == PLAN_WORD:
            self.app.push_screen(screens.PlanScreen(self.host))
        elif name.lower() == PATH_WORD:
            self._show_path(words)
        elif (place := place_called(word)) is not None:
            self.host.visit(place)
        elif word:
            names = ", ".join((*place_names(), *_PAGE_WORDS))
            self.notify(f"There is no {text.strip()!r}. Try {names}.", markup=False)

    def _save_to(self, name: str, pane: Pane) -> None:
        if name:
            path = Path(name).expanduser()
            screens.save(self, lambda: screens.write_table(path, pane.columns, pane.visible_rows()))

    def _is_new(self, name: str, text: str) -> bool:
        """Take note of what a part of the screen shows; False where it shows it already."""
        before = self._shown.get(name)
        self._shown[name] = text
        return before != text

    def _put(self, name: str, text: Text) -> None:
        if not self._is_new(name, text.plain):
            return
        widget = self.query_one(f"#{name}", Static)
        widget.display = bool(text.plain)
        widget.update(toned_content(text))
