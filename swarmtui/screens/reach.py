"""The form for how a service is reached: its endpoint mode, and the ports that it publishes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType
from textual.widget import Widget

from swarmtui.render import MODE_WORDS, REACH_FACTS, reach_facts
from swarmtui.screens.form import FormScreen
from swarmtui.widgets import Field, OneOf

if TYPE_CHECKING:
    from swarmtui.model import Snapshot
    from swarmtui.operations import Fault, ReachDraft, Rearrange


class ReachScreen(FormScreen):
    """Endpoint mode and ports of a service, to be changed.

    Args:
        snapshot: The swarm.
        draft: The service as it is reached now.
    """

    FACTS = REACH_FACTS
    BINDINGS: ClassVar[list[BindingType]] = [
        # Ctrl-h would be what many terminals send for backspace. An input cuts with Ctrl-x.
        Binding("ctrl+o", "ports_in_host_mode", "To host mode", priority=True),
        Binding("ctrl+x", "close_ports", "Close them", priority=True),
    ]

    def __init__(self, snapshot: Snapshot, draft: ReachDraft) -> None:
        super().__init__(snapshot)
        self._draft = draft

    def compose_fields(self) -> Iterator[Widget]:
        """Yield the modes, and the ports."""
        yield OneOf(list(MODE_WORDS), id="mode")
        yield Field("Ports", id="ports")

    def fill(self) -> None:
        """Fill the form with the service as it is reached now."""
        modes = self.query_one("#mode", OneOf)
        modes.explain(MODE_WORDS)
        modes.value = self._draft.mode
        self.put(ports=self._draft.ports)
        self.set_focus(modes)

    def title_text(self) -> str:
        """Return the form's title."""
        return f"How {self._draft.service} is reached"

    def take(self) -> tuple[Fault, ...]:
        """Read the fields, and return everything that is to be said about them."""
        mode = self.query_one("#mode", OneOf).value
        self._draft = replace(self._draft, mode=mode, ports=self.text("ports"))
        self.refresh_bindings()
        return self._draft.faults(self.snapshot)

    def remarks(self) -> Mapping[str, str]:
        """Return how ports are written, or what can be done with those that dnsrr cannot have."""
        if self._is_torn:
            return {"ports": "Ctrl-o or Ctrl-x"}
        return {"ports": "[host:]8080:80/tcp"}

    def facts(self) -> Iterable[str]:
        """Return what there is now, what becomes of it, and which ports are taken."""
        return reach_facts(self.snapshot, self._draft)

    def intent(self) -> Rearrange:
        """Return the change that is meant."""
        return self._draft.intent(self.snapshot)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Ports have to change only where dnsrr cannot have them."""
        if action in ("ports_in_host_mode", "close_ports"):
            return self._is_torn
        return super().check_action(action, parameters)

    def action_ports_in_host_mode(self) -> None:
        """Publish on the nodes that run a task instead of through the ingress."""
        self.put(ports=self._draft.in_host_mode.ports)

    def action_close_ports(self) -> None:
        """Publish nothing through the ingress any more."""
        self.put(ports=self._draft.closed.ports)

    @property
    def _is_torn(self) -> bool:
        return self._draft.mode == "dnsrr" and self._draft.has_ingress_ports
