"""An ingress network as a person words it: what is typed into a form, or said with flags."""

from __future__ import annotations

import shlex
from collections.abc import Collection
from dataclasses import dataclass

from swarmtui.model import Network, Snapshot
from swarmtui.operations.checks import Fault, ingress_faults, proposed_subnet
from swarmtui.operations.definition import (
    Definition,
    Range,
    definition_of,
    first_range,
    options_with,
)
from swarmtui.operations.plan import BuildIngress

DEFAULT_NAME = "ingress"
LABELS_FAULT = Fault("labels", "Write them as key=value, with quotes around what holds spaces.")


@dataclass(frozen=True, slots=True)
class IngressDraft:
    """A wanted ingress, each part as the text that was typed.

    Attributes:
        subnet: In CIDR notation; empty to let the swarm choose one from its pools.
        gateway: Empty for the first address of the subnet.
        mtu: Between nodes, in bytes; empty or `0` for the engine's default.
        labels: `key=value` words, quoted as for a shell where they hold spaces.
        at_once: Change all services together instead of one after another.
        base: The present ingress, whose other options are kept.
        repair: Why there has to be another one, as in `BuildIngress`.
    """

    name: str
    subnet: str
    gateway: str
    mtu: str
    labels: str
    encrypted: bool
    at_once: bool
    base: Definition
    repair: str = ""

    @property
    def definition(self) -> Definition:
        """Return the network that is meant; what cannot be understood is left out of it."""
        return Definition(
            name=self.name.strip(),
            ranges=self._ranges(),
            options=options_with(self.base.options, self.mtu, encrypted=self.encrypted),
            labels=labels_of(self.labels) or {},
            ingress=True,
            ipv6=self.base.ipv6,
        )

    def intent(self, lan_ranges: tuple[str, ...]) -> BuildIngress:
        """Return the change that is meant."""
        return BuildIngress(self.definition, self.at_once, self.repair, lan_ranges)

    def faults(self, snapshot: Snapshot, *, lan_ranges: Collection[str]) -> tuple[Fault, ...]:
        """Return everything that is to be said about it."""
        found = ingress_faults(snapshot, self.definition, lan_ranges=lan_ranges)
        return found if labels_of(self.labels) is not None else (*found, LABELS_FAULT)

    def _ranges(self) -> tuple[Range, ...]:
        subnet, gateway = self.subnet.strip(), self.gateway.strip()
        if (subnet, gateway) == first_range(self.base):
            return self.base.ranges
        return (Range(subnet, gateway),) if subnet or gateway else ()


def draft_of(snapshot: Snapshot, *, lan_ranges: Collection[str] = ()) -> IngressDraft:
    """Return the ingress that there is as a draft; where none works, one with a free subnet."""
    present = next((network for network in snapshot.networks if network.ingress), None)
    base = _base(present)
    subnet, gateway = first_range(base)
    working = present is not None and present.is_allocated
    if not working:
        subnet = proposed_subnet(snapshot, lan_ranges=lan_ranges) or ""
    return IngressDraft(
        name=base.name,
        subnet=subnet,
        gateway=gateway,
        mtu=base.mtu,
        labels=shlex.join(f"{key}={value}" for key, value in base.labels.items()),
        encrypted=base.is_encrypted,
        # Where nothing is published, nobody is spared by changing services one by one.
        at_once=not working,
        base=base,
        repair="" if working else "missing" if present is None else "unallocated",
    )


def _base(present: Network | None) -> Definition:
    return definition_of(present) if present is not None else Definition(DEFAULT_NAME, ingress=True)


def labels_of(text: str) -> dict[str, str] | None:
    """Return labels as they are meant, None where they cannot be understood."""
    try:
        words = shlex.split(text)
    except ValueError:
        return None
    pairs = [word.partition("=") for word in words]
    if not all(key for key, _, _ in pairs):
        return None
    return {key: value for key, _, value in pairs}
