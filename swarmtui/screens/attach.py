"""The forms that put a service on a network, and take it off."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from textual.widget import Widget

from swarmtui.operations import DetachDraft
from swarmtui.render import (
    ATTACH_FACTS,
    DETACH_FACTS,
    attach_facts,
    candidates,
    detach_facts,
)
from swarmtui.screens.form import FormScreen
from swarmtui.widgets import Field

if TYPE_CHECKING:
    from swarmtui.model import Snapshot
    from swarmtui.operations import AttachDraft, Fault, Rearrange


class AttachScreen(FormScreen):
    """A service comes onto a network; one of the two is given, and the other is asked for.

    Args:
        snapshot: The swarm.
        draft: Names the service or the network.
    """

    FACTS = ATTACH_FACTS

    def __init__(self, snapshot: Snapshot, draft: AttachDraft) -> None:
        super().__init__(snapshot)
        self._draft = draft
        self._asked = "network" if draft.service else "service"

    def compose_fields(self) -> Iterator[Widget]:
        """Yield the fields."""
        yield Field(self._asked.capitalize(), id=self._asked)
        yield Field("Aliases", id="aliases")

    def fill(self) -> None:
        """Begin with what is asked for."""
        self.query_one(f"#{self._asked}", Field).take_keys()

    def title_text(self) -> str:
        """Return the form's title."""
        if self._asked == "network":
            return f"Attach {self._draft.service} to a network"
        return f"Attach a service to {self._draft.network}"

    def take(self) -> tuple[Fault, ...]:
        """Read the fields, and return everything that is to be said about them."""
        typed, aliases = self.text(self._asked).strip(), self.text("aliases")
        if self._asked == "network":
            self._draft = replace(self._draft, network=typed, aliases=aliases)
        else:
            self._draft = replace(self._draft, service=typed, aliases=aliases)
        return self._draft.faults(self.snapshot)

    def remarks(self) -> Mapping[str, str]:
        """Return what could be typed."""
        draft = self._draft
        networks = self._asked == "network"
        names = draft.networks(self.snapshot) if networks else draft.services(self.snapshot)
        return {
            self._asked: candidates(names, draft.network if networks else draft.service),
            "aliases": "other names of it there: db cache",
        }

    def facts(self) -> Iterable[str]:
        """Return where the service is now, how much room the network has, and who is replaced."""
        return attach_facts(self.snapshot, self._draft)

    def intent(self) -> Rearrange:
        """Return the change that is meant."""
        return self._draft.intent(self.snapshot)


class DetachScreen(FormScreen):
    """A service leaves one of its networks.

    Args:
        snapshot: The swarm.
        service: The service's name.
    """

    FACTS = DETACH_FACTS

    def __init__(self, snapshot: Snapshot, service: str) -> None:
        super().__init__(snapshot)
        self._draft = DetachDraft(service)

    def compose_fields(self) -> Iterator[Widget]:
        """Yield the field."""
        yield Field("Network", id="network")

    def fill(self) -> None:
        """Begin with the network, if there is only one."""
        names = self._draft.networks(self.snapshot)
        if len(names) == 1:
            self.put(network=names[0])
        self.query_one("#network", Field).take_keys()

    def title_text(self) -> str:
        """Return the form's title."""
        return f"Detach {self._draft.service} from a network"

    def take(self) -> tuple[Fault, ...]:
        """Read the field, and return everything that is to be said about it."""
        self._draft = replace(self._draft, network=self.text("network").strip())
        return self._draft.faults(self.snapshot)

    def remarks(self) -> Mapping[str, str]:
        """Return what could be typed."""
        draft = self._draft
        return {"network": candidates(draft.networks(self.snapshot), draft.network)}

    def facts(self) -> Iterable[str]:
        """Return where the service is now, and who is replaced."""
        return detach_facts(self.snapshot, self._draft)

    def intent(self) -> Rearrange:
        """Return the change that is meant."""
        return self._draft.intent(self.snapshot)
