"""What commands do on a screen of tables: each acts on the pane that has the keys."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, cast

from swarmtui import findings, operations, screens
from swarmtui.render import printable
from swarmtui.screens.host import Host
from swarmtui.screens.lookup import network_of
from swarmtui.screens.network_acts import NetworkActs
from swarmtui.screens.pane import Pane
from swarmtui.screens.resources import place_called

if TYPE_CHECKING:
    from swarmtui.model import Network
    from swarmtui.screens.place import Place
    from swarmtui.widgets import Prompt


class ActingScreen(NetworkActs):
    """A screen of panes that commands act on; see `Target` in the room of commands."""

    def __init__(self, place: Place) -> None:
        super().__init__()
        self.place = place
        self._panes: list[Pane] = []
        self._prompts: list[Prompt] = []

    @property
    def host(self) -> Host:
        """The program."""
        return cast(Host, self.app)

    @property
    def panes(self) -> list[Pane]:
        """The panes, in order; commands ask for them many times with each key."""
        return self._panes or self.find_panes()

    def find_panes(self) -> list[Pane]:
        """Return the panes, in order; once the screen is there they stay."""
        return list(self.query(Pane))

    @property
    def pane(self) -> Pane:
        """The pane that has the keys, or had them last."""
        if isinstance(self.focused, Pane):
            return self.focused
        return next((each for each in self.panes if each.has_class("-front")), self.panes[0])

    def ask(self, prompt: str, text: str) -> None:
        """Open a prompt."""
        raise NotImplementedError

    @property
    def has_table(self) -> bool:
        """Is there a table that keys can be meant for?"""
        return bool(self.panes)

    @property
    def is_typing(self) -> bool:
        """Is somebody typing into a prompt?"""
        return any(prompt.is_open for prompt in self._prompts)

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
            self.app.push_screen(screens.SheetScreen(title, lambda each: sheet(each, subject, key)))

    def show_users(self) -> None:
        """Open a sheet about who uses the row's object."""
        pane, key, users = self.pane, self.pane.selected_key, self.pane.resource.users
        if key is not None and users is not None:
            subject = pane.subject
            title = f"{pane.resource.title}: used by"
            self.app.push_screen(screens.SheetScreen(title, lambda each: users(each, subject, key)))

    def show_json(self) -> None:
        """Open the engine's JSON of the row's object."""
        pane, key, snapshot = self.pane, self.pane.selected_key, self.host.snapshot
        if key is None or snapshot is None or pane.resource.document is None:
            return
        wanted = pane.resource.document(snapshot, pane.subject, key)
        if wanted is not None:
            self.app.push_screen(screens.DocumentScreen(f"{wanted[0]} {wanted[1]}", *wanted))
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
        self.ask("filter", self.pane.filter_text)

    def widen(self) -> None:
        """Show all columns, or those that matter most."""
        self.pane.wide = not self.pane.wide

    def save(self) -> None:
        """Ask where to save the table."""
        self.ask("save", f"swarmtui-{self.pane.kind}.csv")

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
        self.ask("goto", "")

    def show_help(self) -> None:
        """Open the help of this screen."""
        resource = self.pane.resource
        read_only = self.host.settings.read_only
        text = screens.help_text(
            resource.title.lower(),
            resource.columns,
            read_only=read_only,
            source=self.host.source,
            origin=self.host.origin,
        )
        self.app.push_screen(screens.HelpScreen(text))

    def cycle_theme(self) -> None:
        """Change the colours."""
        self.host.next_theme()

    def focus_pane(self, number: int) -> None:
        """Give the keys to a pane by its number."""
        if number <= len(self.panes):
            self.set_focus(self.panes[number - 1])

    def leave(self) -> None:
        """Clear the filter, or go back."""
        if self.pane.filter_text:
            self.pane.filter_by("")
        else:
            self.host.travel("back")

    @property
    def sees_cluster(self) -> bool:
        """Is the whole swarm in sight?"""
        return self.host.snapshot is not None and self.host.snapshot.sees_cluster

    @property
    def needs_repair(self) -> bool:
        """Does the swarm show something that can be repaired?"""
        return bool(self.host.need)

    def replace_ingress(self) -> None:
        """Open the form for another ingress."""
        snapshot = self.host.snapshot
        if snapshot is not None:
            self.app.push_screen(screens.IngressScreen(snapshot))

    @property
    def network(self) -> Network | None:
        """The swarm's network that is meant: the row's, or the one whose rows these are."""
        snapshot, pane = self.host.snapshot, self.pane
        if snapshot is None:
            return None
        # In the blocks of a pool a row is of a network's subnet.
        is_listed = pane.kind in ("networks", "blocks")
        key = (pane.selected_key or "").partition(":")[0] if is_listed else ""
        found = network_of(snapshot, f"network:{key}" if key else pane.subject)
        return found if found is not None and found.is_swarm else None

    @property
    def has_overlay(self) -> bool:
        """Is a network of the swarm meant by the row, or by whose rows these are?"""
        return self.sees_cluster and self.network is not None

    @property
    def leads_to_addresses(self) -> bool:
        """Is a network of the swarm meant whose addresses are not on screen already?"""
        return self.network is not None and self.pane.kind != "addresses"

    def show_addresses(self) -> None:
        """Go to the addresses of the network."""
        network = self.network
        if network is None:
            self.notify("Put the cursor on a network of the swarm first.", markup=False)
            return
        title = f"addresses of {network.name}"
        self.host.visit(self.place.below("addresses", f"network:{network.id}", title))

    def toggle_encryption(self) -> None:
        """Open the form for a network with its encryption turned round."""
        self._migrate(turned=True)

    def migrate(self) -> None:
        """Open the form for another MTU, subnet or size of a network."""
        self._migrate(turned=False)

    def _migrate(self, *, turned: bool) -> None:
        snapshot, network = self.host.snapshot, self.network
        if snapshot is None or network is None:
            return
        if network.ingress:
            self.app.push_screen(screens.IngressScreen(snapshot))
            return
        draft = operations.migration_draft(snapshot, network.name)
        if draft is not None:
            draft = replace(draft, encrypted=draft.encrypted != turned)
            self.app.push_screen(screens.MigrateScreen(snapshot, draft))

    def repair(self) -> None:
        """Review the repair of what the line at the top names."""
        screen = screens.repair_screen(self.host, findings.Repair(findings.RepairKind.INGRESS))
        if screen is not None:
            self.app.push_screen(screen)

    @property
    def can_acknowledge(self) -> bool:
        """Is there a finding under the cursor?"""
        return False

    def acknowledge(self) -> None:
        """Only findings are acknowledged."""

    def show_findings(self) -> None:
        """Go to the table of findings."""
        place = place_called("findings")
        if place is not None:
            self.host.visit(place)

    def show_bridge(self) -> None:
        """Open the page about this node's gateway bridge."""
        self.app.push_screen(screens.BridgeScreen())

    @property
    def can_try_ports(self) -> bool:
        """Are there ports that can be tried from here?"""
        return False

    def try_ports(self) -> None:
        """Try whether the ports of the nodes answer."""

    def show_operations(self) -> None:
        """Go to the table of operations."""
        place = place_called("operations")
        if place is not None:
            self.host.visit(place)
