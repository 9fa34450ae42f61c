"""The form of the migration wizard: what a network is to become, and by which way."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar

from textual.widget import Widget

from swarmtui.operations import Way, free_subnet
from swarmtui.render import (
    MIGRATION_FACTS,
    gateway_remark,
    migration_facts,
    mtu_remark,
    way_words,
)
from swarmtui.screens.form import SubnetForm
from swarmtui.widgets import Choice, Field, OneOf

if TYPE_CHECKING:
    from swarmtui.model import Snapshot
    from swarmtui.operations import Fault, MigrationDraft, Rearrange


class MigrateScreen(SubnetForm):
    """Encryption, MTU and subnet of a network, to be changed.

    Args:
        snapshot: The swarm.
        draft: The network as it is to be, as far as a person has said.
    """

    FIELDS: ClassVar[Mapping[str, str]] = {
        "subnet": "Subnet",
        "gateway": "Gateway",
        "mtu": "MTU",
        "new-name": "New name",
    }
    FACTS = MIGRATION_FACTS

    def __init__(self, snapshot: Snapshot, draft: MigrationDraft) -> None:
        super().__init__(snapshot)
        self._draft = draft
        self._wanted = draft.base

    def compose_fields(self) -> Iterator[Widget]:
        """Yield the ways, and the fields."""
        yield OneOf([way.value for way in Way], id="way")
        yield from super().compose_fields()

    def compose_choices(self) -> Iterator[Widget]:
        """Yield encryption, pace, and patience."""
        yield Choice("Encrypt data between nodes", id="encrypted")
        yield Choice("All services at once instead of one after another", id="at-once")
        yield Choice("Wait for me to move containers outside services", id="by-hand")

    def fill(self) -> None:
        """Fill the form with the network as it is."""
        draft = self._draft
        self.put(subnet=draft.subnet, gateway=draft.gateway, mtu=draft.mtu)
        self.query_one("#new-name", Field).put(draft.new_name)
        self.query_one("#encrypted", Choice).value = draft.encrypted
        self.set_focus(self.query_one("#way", OneOf))

    def title_text(self) -> str:
        """Return what it comes to by now."""
        return f"{self._draft.title} {self._draft.base.name}"

    def take(self) -> tuple[Fault, ...]:
        """Read the fields, and return everything that is to be said about them."""
        way = Way(self.query_one("#way", OneOf).value)
        self.query_one("#new-name", Field).display = way is Way.SIDE_BY_SIDE
        self._draft = replace(
            self._draft,
            subnet=self.text("subnet"),
            gateway=self.text("gateway"),
            mtu=self.text("mtu"),
            new_name=self.text("new-name"),
            encrypted=self.chosen("encrypted"),
            at_once=self.chosen("at-once"),
            by_hand=self.chosen("by-hand"),
            way=way,
        )
        draft, snapshot = self._draft, self.snapshot
        needed = draft.needed(snapshot)
        self.proposed = free_subnet(snapshot, needed, lan_ranges=self.lan_ranges) or ""
        self._wanted = draft.definition(snapshot, self.lan_ranges)
        words = way_words(snapshot, draft, self.lan_ranges)
        self.query_one("#way", OneOf).explain({way.value: each for way, each in words.items()})
        faults = draft.faults(snapshot, lan_ranges=self.lan_ranges)
        renamed = "new-name" if way is Way.SIDE_BY_SIDE else "name"
        return tuple(replace(f, field=renamed) if f.field == "name" else f for f in faults)

    def remarks(self) -> Mapping[str, str]:
        """Return what stands beside fields."""
        is_given = self._subnet == self._draft.subnet.strip()
        free = f"free: {self.proposed} (Ctrl-f)" if self.proposed else ""
        return {
            "subnet": free if is_given else f"becomes {self._subnet} (Ctrl-f)",
            "gateway": gateway_remark(self._subnet),
            "mtu": mtu_remark(self._wanted),
        }

    def facts(self) -> Iterable[str]:
        """Return what there is now, who moves, and how much room is needed."""
        return migration_facts(self.snapshot, self._draft, self._subnet)

    def intent(self) -> Rearrange:
        """Return the change that is meant."""
        return self._draft.intent(self.snapshot, self.lan_ranges)

    @property
    def _subnet(self) -> str:
        """What the network is to have; not what is typed where both stand beside each other."""
        return self._wanted.ranges[0].subnet if self._wanted.ranges else ""
