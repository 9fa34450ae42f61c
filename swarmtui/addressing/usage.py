"""How many addresses of each network are taken, and who says so."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from swarmtui.addressing.ranges import RESERVED_PER_SUBNET, capacity, contains, hand_out
from swarmtui.model import Inspection, Network, NetworkId, Snapshot, Subnet


class Source(StrEnum):
    """Where a count comes from."""

    REPORTED = "reported"
    """By the swarm leader (API 1.52 and newer)."""
    COMPUTED = "computed"
    """From tasks and services (engine-facts C.2)."""
    UNKNOWN = "unknown"
    """This node cannot know: it is no manager, or the network has no addresses to count."""


@dataclass(frozen=True, slots=True)
class SubnetUse:
    """The addresses of one subnet.

    Attributes:
        computed: What tasks and services ask for; above `capacity` the network is oversubscribed.
        reported: The leader's count of held addresses; None where the engine gives none.
        reported_free: The leader's count of addresses that it can still hand out.
        capacity: All addresses of the subnet, the reserved ones included.
    """

    subnet: Subnet
    capacity: int
    computed: int | None = None
    reported: int | None = None
    reported_free: int | None = None

    @property
    def source(self) -> Source:
        """Tell where `used` comes from."""
        if self.reported is not None:
            return Source.REPORTED
        return Source.COMPUTED if self.computed is not None else Source.UNKNOWN

    @property
    def used(self) -> int | None:
        """Return the taken addresses, None when unknown."""
        return self.computed if self.reported is None else self.reported

    @property
    def free(self) -> int | None:
        """Return the addresses that can still be handed out, None when unknown."""
        if self.reported_free is not None:
            return self.reported_free
        return None if self.used is None else max(self.hand_out - self.used, 0)

    @property
    def hand_out(self) -> int:
        """Return how many addresses are handed out at most, the reserved ones included."""
        return hand_out(self.subnet.cidr, self.subnet.ip_range)

    @property
    def wanted(self) -> int | None:
        """Return how many addresses are wanted when that is more than the subnet holds."""
        if self.computed is not None and self.computed > self.capacity:
            return self.computed
        return None


@dataclass(frozen=True, slots=True)
class NetworkUse:
    """The addresses of all subnets of one network."""

    network_id: NetworkId
    subnets: tuple[SubnetUse, ...]

    @property
    def capacity(self) -> int:
        """Return how many addresses all subnets hold."""
        return sum(each.capacity for each in self.subnets)

    @property
    def used(self) -> int | None:
        """Return the taken addresses, None when unknown."""
        counts = [each.used for each in self.subnets]
        known = [count for count in counts if count is not None]
        return sum(known) if known and len(known) == len(counts) else None

    @property
    def free(self) -> int | None:
        """Return the addresses that can still be handed out, None when unknown."""
        counts = [each.free for each in self.subnets]
        known = [count for count in counts if count is not None]
        return sum(known) if known and len(known) == len(counts) else None

    @property
    def wanted(self) -> int | None:
        """Return how many addresses are wanted when that is more than there are."""
        if not any(each.wanted for each in self.subnets):
            return None
        return sum(each.wanted or each.used or 0 for each in self.subnets)

    @property
    def endpoints(self) -> int | None:
        """Return how many holders of addresses tasks and services tell of, None when unknown."""
        counts = [each.computed for each in self.subnets]
        known = [count - RESERVED_PER_SUBNET for count in counts if count is not None]
        return sum(known) if known and len(known) == len(counts) else None

    @property
    def source(self) -> Source:
        """Tell where `used` comes from; computed as soon as one subnet's count is."""
        sources = {each.source for each in self.subnets}
        for source in (Source.UNKNOWN, Source.COMPUTED):
            if source in sources or not sources:
                return source
        return Source.REPORTED


def usage(snapshot: Snapshot) -> Mapping[NetworkId, NetworkUse]:
    """Count the addresses of every allocated swarm network, by network id."""
    virtual_ips: dict[NetworkId, list[str]] = {}
    for service in snapshot.services:
        for vip in service.virtual_ips:
            if vip.address:
                virtual_ips.setdefault(vip.network_id, []).append(vip.address)
    return {
        network.id: _network_use(snapshot, network, virtual_ips.get(network.id, []))
        for network in snapshot.networks
        if network.is_swarm and network.is_allocated
    }


def load_balancer_count(snapshot: Snapshot, network: Network) -> int:
    """Return how many nodes hold a load-balancer address on a network (engine-facts C.1, C.2).

    On the ingress every node does, Down ones too; elsewhere each node with a live task.
    """
    if network.ingress:
        return len(snapshot.nodes)
    holders = snapshot.live_tasks_by_network.get(network.id, ())
    return len({task.node_id for task, _ in holders if task.node_id})


def _network_use(snapshot: Snapshot, network: Network, virtual_ips: list[str]) -> NetworkUse:
    counts: list[int | None] = [None] * len(network.subnets)
    if snapshot.sees_cluster and network.subnets:
        held = list(virtual_ips)
        for _, addresses in snapshot.live_tasks_by_network.get(network.id, ()):
            held.extend(addresses)
        counts = _by_subnet(network.subnets, held, load_balancer_count(snapshot, network))
    inspection = snapshot.inspections.get(network.id)
    return NetworkUse(
        network.id,
        tuple(
            _subnet_use(subnet, count, inspection)
            for subnet, count in zip(network.subnets, counts, strict=True)
        ),
    )


def _by_subnet(
    subnets: tuple[Subnet, ...], held: list[str], load_balancers: int
) -> list[int | None]:
    """Spread held addresses over the subnets; load-balancers, often unknown, go to the first."""
    if len(subnets) == 1:
        return [RESERVED_PER_SUBNET + len(held) + load_balancers]
    counts = [RESERVED_PER_SUBNET for _ in subnets]
    counts[0] += load_balancers
    for address in held:
        for index, subnet in enumerate(subnets):
            if contains(subnet.cidr, address):
                counts[index] += 1
                break
    return list(counts)


def _subnet_use(subnet: Subnet, computed: int | None, inspection: Inspection | None) -> SubnetUse:
    reported = next(
        (each for each in (inspection.reported if inspection else ()) if each.cidr == subnet.cidr),
        None,
    )
    return SubnetUse(
        subnet,
        capacity(subnet.cidr),
        computed,
        reported.in_use if reported else None,
        reported.available if reported else None,
    )
