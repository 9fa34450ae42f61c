"""A command: one definition for its key, palette entry, footer, help and availability."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import ClassVar, Protocol

from textual.binding import Binding


class Target(Protocol):
    """A screen that commands act on; each method does what the command of that name says."""

    @property
    def has_table(self) -> bool:
        """Is there a table that keys can be meant for?"""

    @property
    def is_typing(self) -> bool:
        """Is somebody typing into a prompt?"""

    @property
    def has_row(self) -> bool:
        """Is there a row under the cursor?"""

    @property
    def has_document(self) -> bool:
        """Does the engine have a JSON document for the row?"""

    @property
    def has_users(self) -> bool:
        """Can anything use the row's object?"""

    @property
    def can_go_forward(self) -> bool:
        """Is there a place that was left by going back?"""

    @property
    def sees_cluster(self) -> bool:
        """Is the whole swarm in sight?"""

    @property
    def has_overlay(self) -> bool:
        """Is a network of the swarm meant by the row, or by whose rows these are?"""

    @property
    def leads_to_addresses(self) -> bool:
        """Is a network of the swarm meant whose addresses are not on screen already?"""

    @property
    def needs_repair(self) -> bool:
        """Does the swarm show something that can be repaired?"""

    @property
    def leads_to_services(self) -> bool:
        """Is a network meant whose services are not on screen already?"""

    @property
    def has_service(self) -> bool:
        """Is a service of the swarm meant by the row?"""

    @property
    def can_attach(self) -> bool:
        """Is a service meant, or a network whose services these are?"""

    @property
    def can_detach(self) -> bool:
        """Is a service meant that is on a network which it could leave?"""

    @property
    def can_acknowledge(self) -> bool:
        """Is there a finding under the cursor?"""

    @property
    def can_try_ports(self) -> bool:
        """Are there ports that can be tried from here?"""

    def describe(self) -> None: ...
    def show_json(self) -> None: ...
    def show_users(self) -> None: ...
    def copy(self) -> None: ...
    def filter(self) -> None: ...
    def widen(self) -> None: ...
    def save(self) -> None: ...
    def refresh_now(self) -> None: ...
    def go_back(self) -> None: ...
    def go_forward(self) -> None: ...
    def go_to_last(self) -> None: ...
    def ask_place(self) -> None: ...
    def show_help(self) -> None: ...
    def cycle_theme(self) -> None: ...
    def focus_pane(self, number: int) -> None: ...
    def leave(self) -> None: ...
    def replace_ingress(self) -> None: ...
    def toggle_encryption(self) -> None: ...
    def migrate(self) -> None: ...
    def create_network(self) -> None: ...
    def remove_network(self) -> None: ...
    def prune_networks(self) -> None: ...
    def split_network(self) -> None: ...
    def repair(self) -> None: ...
    def show_addresses(self) -> None: ...
    def show_bridge(self) -> None: ...
    def show_operations(self) -> None: ...
    def show_findings(self) -> None: ...
    def acknowledge(self) -> None: ...
    def show_services(self) -> None: ...
    def attach(self) -> None: ...
    def detach(self) -> None: ...
    def reach(self) -> None: ...
    def try_ports(self) -> None: ...


class Command(ABC):
    """What a key does; the docstring of each command is its help.

    Attributes:
        KEY: The keys, separated by commas; empty for what only the palette offers.
        SHOWN_KEY: The key as help shows it; empty to derive it.
        TITLE: Its name in the palette.
        GROUP: The heading under which help lists it.
        FOOTER: Its word in the footer; empty to leave it out.
        PALETTE: Whether the palette offers it.
        HIDES: Whether the footer leaves it out while it cannot be done.
        PRIORITY: Whether it runs before the next key is looked at; for what opens a prompt.
    """

    KEY: ClassVar[str]
    SHOWN_KEY: ClassVar[str] = ""
    TITLE: ClassVar[str]
    GROUP: ClassVar[str]
    FOOTER: ClassVar[str] = ""
    PALETTE: ClassVar[bool] = True
    HIDES: ClassVar[bool] = False
    PRIORITY: ClassVar[bool] = False

    @abstractmethod
    def run(self, target: Target) -> None:
        """Do it."""

    def is_available(self, target: Target) -> bool:
        """Tell whether it can be done now."""
        return True

    @classmethod
    def name(cls) -> str:
        """Return the stable name of the command."""
        return cls.__name__

    @classmethod
    def help(cls) -> str:
        """Return what it does, for people."""
        return " ".join((cls.__doc__ or "").split())

    @classmethod
    def binding(cls) -> Binding:
        """Return the key binding that runs the command."""
        return Binding(
            cls.KEY,
            f"run('{cls.name()}')",
            cls.FOOTER or cls.TITLE,
            show=bool(cls.FOOTER),
            priority=cls.PRIORITY,
            key_display=cls.SHOWN_KEY or None,
            tooltip=cls.help(),
            id=cls.name(),
        )
