"""What the gateway bridge of a node is, can be, and should not be (engine-facts A.1, F.19)."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from swarmtui.addressing import (
    PRIVATE_RANGES,
    Claim,
    capacity,
    claims,
    first_host,
    free_block,
    overlapping,
)
from swarmtui.model import Network, NetworkId, Snapshot
from swarmtui.model.network import GATEWAY_BRIDGE
from swarmtui.operations.checks import (
    Fault,
    gateway_faults,
    mtu_faults,
    overlap_faults,
    subnet_faults,
)
from swarmtui.operations.definition import Definition, definition_of, first_range

BRIDGE_PORTS = 1024
"""How many endpoints a Linux bridge takes (moby#44973)."""
NAME_OPTION = "com.docker.network.bridge.name"
ICC_OPTION = "com.docker.network.bridge.enable_icc"
MASQUERADE_OPTION = "com.docker.network.bridge.enable_ip_masquerade"
_PREFIX = 16
_SMALLEST_PREFIX = 24


def is_on(options: Mapping[str, str], option: str) -> bool:
    """Tell whether a yes-or-no option of a bridge is on, as it is where nobody turned it off."""
    return options.get(option, "true").lower() not in ("false", "0", "f")


def bridge_claimed(snapshot: Snapshot) -> frozenset[NetworkId]:
    """Return the networks that a new gateway bridge takes the place of."""
    return frozenset(each.id for each in snapshot.networks if each.is_gateway_bridge)


def bridge_faults(
    snapshot: Snapshot, wanted: Definition, *, lan_ranges: Collection[str] = ()
) -> tuple[Fault, ...]:
    """Return everything that is to be said about a wanted gateway bridge."""
    found: list[Fault] = []
    subnet, gateway = first_range(wanted)
    if not subnet:
        found.append(Fault("subnet", "It needs a subnet: the engine's choice may be in the way."))
    else:
        found += subnet_faults(subnet)
    if subnet and not found:
        found += overlap_faults(snapshot, subnet, bridge_claimed(snapshot), lan_ranges)
        found += gateway_faults(subnet, gateway)
        found += _pool_faults(snapshot, subnet)
        room = capacity(subnet) - 3
        if room < 1:
            found.append(Fault("subnet", "It has no room for an endpoint."))
        elif room < BRIDGE_PORTS:
            words = f"It has room for {room} endpoints; the bridge has {BRIDGE_PORTS} ports."
            found.append(Fault("subnet", words, fatal=False))
    found += mtu_faults(wanted.mtu, 0)
    if wanted.mtu and not any(each.field == "mtu" for each in found):
        words = "The interface of the bridge itself may keep its own (moby#41406)."
        found.append(Fault("mtu", words, fatal=False))
    return tuple(found)


def _pool_faults(snapshot: Snapshot, subnet: str) -> list[Fault]:
    pools = [Claim("", each) for each in snapshot.cluster.pools] if snapshot.cluster else []
    return [
        Fault("subnet", f"A later overlay may meet it: {each.cidr} is a pool.", fatal=False)
        for each in overlapping(subnet, pools)
    ]


def bridge_fits(network: Network, wanted: Definition) -> bool:
    """Tell whether a gateway bridge is what is wanted; engines may add options of their own."""
    present = definition_of(network)
    subnet, gateway = first_range(wanted)
    has_subnet, has_gateway = first_range(present)
    return (
        network.is_gateway_bridge
        and present.driver == wanted.driver
        and (subnet or has_subnet) == has_subnet
        and (gateway or first_host(subnet)) == (has_gateway or first_host(has_subnet))
        and present.mtu == wanted.mtu
        and all(
            is_on(present.options, each) == is_on(wanted.options, each)
            for each in (ICC_OPTION, MASQUERADE_OPTION)
        )
        and present.options.get(NAME_OPTION, GATEWAY_BRIDGE) == GATEWAY_BRIDGE
    )


def proposed_bridge_subnet(snapshot: Snapshot, *, lan_ranges: Collection[str] = ()) -> str:
    """Return a free subnet for the gateway bridge, of the usual size where there is room."""
    taken = list(claims(snapshot, besides=bridge_claimed(snapshot), lan_ranges=lan_ranges))
    # What the swarm hands out from its pools later must not meet it either.
    pools = snapshot.cluster.pools if snapshot.cluster else ()
    taken += [Claim("an address pool of the swarm", each) for each in pools]
    areas = ("172.16.0.0/12", *PRIVATE_RANGES)
    found = (free_block(prefix, areas, taken) for prefix in range(_PREFIX, _SMALLEST_PREFIX + 1))
    return next((each for each in found if each), "")
