"""The reviews of removals: of one network, with ways past what keeps it, and of all unused ones."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

import msgspec
from rich.text import Text
from textual.binding import Binding, BindingType

from swarmtui.operations import (
    Plan,
    Refusal,
    containers_on,
    plan_operation,
    removal_of,
    services_on,
    swarm_network,
    unused_networks,
)
from swarmtui.render import unused_text
from swarmtui.screens.review import ReviewScreen

if TYPE_CHECKING:
    from swarmtui.model import Snapshot
    from swarmtui.screens.host import Host


class RemovalScreen(ReviewScreen):
    """Refuses while anybody uses the network, and offers to detach services and to wait.

    Args:
        host: The program.
        name: The network.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("t", "detach", "Detach first"),
        Binding("w", "wait", "Wait for me"),
    ]

    def __init__(self, host: Host, name: str) -> None:
        super().__init__("Review", self._planned, host.begin)
        self._network = name
        self._detaches = self._waits = False

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer what would help."""
        if action == "detach":
            return self._can_detach
        if action == "wait":
            return self._can_wait
        return super().check_action(action, parameters)

    def action_detach(self) -> None:
        """Plan to take services off it first."""
        self._detaches = True
        self.show_state()

    def action_wait(self) -> None:
        """Plan to wait for a person to disconnect containers."""
        self._waits = True
        self.show_state()

    @property
    def _can_detach(self) -> bool:
        snapshot = self.host.snapshot
        if snapshot is None or self._detaches:
            return False
        return bool(services_on(snapshot, (self._network,)))

    @property
    def _can_wait(self) -> bool:
        snapshot = self.host.snapshot
        if snapshot is None or self._waits:
            return False
        return bool(containers_on(snapshot, self._network))

    def _planned(self, snapshot: Snapshot) -> Plan | Refusal:
        intent = removal_of(snapshot, (self._network,), detach=self._detaches, by_hand=self._waits)
        planned = plan_operation(snapshot, intent)
        network = swarm_network(snapshot, self._network)
        if isinstance(planned, Plan) or (network is not None and network.ingress):
            return planned
        ways = []
        if self._can_detach:
            ways.append("t plans to detach the services first.")
        if self._can_wait:
            ways.append("w has the plan wait for you to disconnect the containers.")
        return msgspec.structs.replace(planned, hint=" ".join((planned.hint, *ways)).strip())


class PruneScreen(ReviewScreen):
    """Lists the networks that nobody uses, and removes them all once that is confirmed.

    Args:
        host: The program.
    """

    def __init__(self, host: Host) -> None:
        super().__init__("Review", _pruned, host.begin)

    def preface(self, snapshot: Snapshot, plan: Plan) -> tuple[Text, str]:
        """Put sizes and ages of the networks before the plan."""
        text, word = super().preface(snapshot, plan)
        return text.append_text(unused_text(snapshot, unused_networks(snapshot))), word


def _pruned(snapshot: Snapshot) -> Plan | Refusal:
    names = unused_networks(snapshot)
    if not names:
        return Refusal("There is nothing to prune", ("Every overlay is used.",), needless=True)
    return plan_operation(snapshot, removal_of(snapshot, names))
