"""A gateway bridge as a person words it: what is typed into a form, or said with flags."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from swarmtui.model import Snapshot
from swarmtui.model.network import GATEWAY_BRIDGE
from swarmtui.operations.bridge_checks import (
    ICC_OPTION,
    MASQUERADE_OPTION,
    NAME_OPTION,
    bridge_faults,
    is_on,
    proposed_bridge_subnet,
)
from swarmtui.operations.checks import Fault
from swarmtui.operations.definition import (
    MTU_OPTION,
    Definition,
    Range,
    definition_of,
    first_range,
    options_with,
)
from swarmtui.operations.plan import BuildBridge

_AS_MADE_BY_THE_ENGINE = {ICC_OPTION: "false", MASQUERADE_OPTION: "true"}


@dataclass(frozen=True, slots=True)
class BridgeDraft:
    """A wanted gateway bridge, each part as it was typed.

    Attributes:
        subnet: In CIDR notation.
        gateway: Empty for the first address of the subnet.
        mtu: In bytes; empty or `0` for the engine's default.
        icc: Containers reach one another over the bridge.
        masquerade: What leaves the node has the node's address.
    """

    subnet: str
    gateway: str
    mtu: str
    icc: bool
    masquerade: bool

    @property
    def definition(self) -> Definition:
        """Return the network that is meant (engine-facts A.1)."""
        options = {
            NAME_OPTION: GATEWAY_BRIDGE,
            ICC_OPTION: str(self.icc).lower(),
            MASQUERADE_OPTION: str(self.masquerade).lower(),
        }
        options = options_with(options, self.mtu, encrypted=False)
        subnet, gateway = self.subnet.strip(), self.gateway.strip()
        ranges = (Range(subnet, gateway),) if subnet or gateway else ()
        return Definition(GATEWAY_BRIDGE, ranges, options, driver="bridge")

    def intent(self, lan_ranges: tuple[str, ...]) -> BuildBridge:
        """Return the change that is meant."""
        return BuildBridge(self.definition, lan_ranges)

    def faults(self, snapshot: Snapshot, *, lan_ranges: Collection[str]) -> tuple[Fault, ...]:
        """Return everything that is to be said about it."""
        return bridge_faults(snapshot, self.definition, lan_ranges=lan_ranges)


def bridge_draft_of(snapshot: Snapshot, *, lan_ranges: Collection[str] = ()) -> BridgeDraft:
    """Return the gateway bridge that there is as a draft; where is none, one with a free subnet."""
    bridge = snapshot.gateway_bridge
    options = bridge.options if bridge is not None else _AS_MADE_BY_THE_ENGINE
    subnet, gateway = first_range(definition_of(bridge)) if bridge is not None else ("", "")
    return BridgeDraft(
        subnet=subnet or proposed_bridge_subnet(snapshot, lan_ranges=lan_ranges),
        gateway=gateway,
        mtu=options.get(MTU_OPTION, ""),
        icc=is_on(options, ICC_OPTION),
        masquerade=is_on(options, MASQUERADE_OPTION),
    )
