"""Whether a network can be as it is wanted, before anything is asked of the engine."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace

from netaddr import AddrFormatError, IPNetwork

from swarmtui.addressing import (
    Claim,
    address_range,
    address_value,
    capacity,
    claims,
    contains,
    hand_out,
    overlapping,
    pool_usage,
    unclaimed_subnet,
)
from swarmtui.findings import encryption_defects
from swarmtui.model import NetworkId, Snapshot
from swarmtui.model.network import ENCRYPTION_OVERHEAD, VXLAN_OVERHEAD
from swarmtui.operations.definition import VXLAN_OPTION, Definition, Range
from swarmtui.operations.sizing import needed_addresses

_DNS_NAME = re.compile(r"[a-zA-Z0-9](?:[-_]*[A-Za-z0-9])*")
_LONGEST_NAME = 63
_RESERVED_NAMES = ("bridge", "host", "none", "default", "container", "docker_gwbridge")
_RESERVED_LABEL = "com.docker.swarm.internal"
LEAST_INNER_MTU = 576
"""What every IPv4 host has to take (RFC 791)."""
LARGEST_MTU = 65535
_JUMBO = 9216
_LARGEST_ADVISED = 256
_LEAST_SUBNET = 4
_FIRST_VXLAN, _LAST_VXLAN = 4096, (1 << 24) - 1
_TOO_LARGE = (
    "It is larger than a /24: with more than about 250 endpoints virtual addresses get slow "
    "(moby#30820). Better are several networks, or endpoint mode dnsrr with a balancer of your own."
)
NEVER_SUBNETS = {
    "0.0.0.0/8": "this host",
    "127.0.0.0/8": "loopback",
    "169.254.0.0/16": "link-local",
    "224.0.0.0/3": "multicast or reserved",
}
"""What no network can have, and what it is."""


@dataclass(frozen=True, slots=True)
class Fault:
    """Something about a wanted network.

    Attributes:
        field: What it is about: `name`, `subnet`, `gateway`, `range`, `mtu`, `vxlan`, `encrypted`,
            `labels`...
        fatal: The engine would refuse it, or take it and never allocate it, or it would not work.
    """

    field: str
    words: str
    fatal: bool = True


def ingress_faults(
    snapshot: Snapshot, wanted: Definition, *, lan_ranges: Collection[str] = ()
) -> tuple[Fault, ...]:
    """Return everything that is to be said about a wanted ingress network."""
    replaced = {network.id for network in snapshot.networks if network.ingress}
    return _faults(snapshot, wanted, replaced, needed_addresses(snapshot), lan_ranges)


def network_faults(
    snapshot: Snapshot,
    wanted: Definition,
    *,
    replaced: Collection[str] = (),
    needed: int = 0,
    lan_ranges: Collection[str] = (),
) -> tuple[Fault, ...]:
    """Return everything that is to be said about a wanted overlay.

    Args:
        snapshot: The swarm.
        wanted: The network.
        replaced: Networks of the swarm that will be gone by then, by name.
        needed: How many addresses it has to hold.
        lan_ranges: Ranges in CIDR notation that it has to keep clear of.
    """
    gone = {each.id for each in snapshot.networks if each.is_swarm and each.name in replaced}
    found = list(_faults(snapshot, wanted, gone, needed, lan_ranges))
    subnets = [each.subnet for each in wanted.ranges if address_range(each.subnet)]
    for position, subnet in enumerate(subnets):
        others = overlapping(subnet, [Claim(each, each) for each in subnets[position + 1 :]])
        found += [Fault("subnet", f"{subnet} and {each.cidr} overlap.") for each in others]
    missing = sum(not each.subnet for each in wanted.ranges)
    if missing and subnets:
        words = f"{len(wanted.ranges)} gateways or IP ranges, and {len(subnets)} with a subnet."
        found.append(Fault("subnet", words))
    if not subnets and not any(each.subnet for each in wanted.ranges):
        found += _pool_faults(snapshot, gone, needed)
    found += _vxlan_faults(snapshot, wanted, gone)
    if _RESERVED_LABEL in wanted.labels:
        found.append(Fault("labels", f"The engine keeps {_RESERVED_LABEL} for itself."))
    if any(capacity(subnet) > _LARGEST_ADVISED for subnet in subnets):
        found.append(Fault("subnet", _TOO_LARGE, fatal=False))
    return tuple(found)


def _faults(
    snapshot: Snapshot,
    wanted: Definition,
    replaced: Collection[NetworkId],
    needed: int,
    lan_ranges: Collection[str],
) -> tuple[Fault, ...]:
    found = list(_name_faults(snapshot, wanted, replaced))
    sound = []
    for each in wanted.ranges:
        subnet = list(subnet_faults(each.subnet)) if each.subnet else []
        found += subnet
        if not subnet:
            found += overlap_faults(snapshot, each.subnet, replaced, lan_ranges)
            found += gateway_faults(each.subnet, each.gateway)
            found += _range_faults(each)
            sound.append(each)
    if len(sound) == len(wanted.ranges):
        found += _room_faults(sound, needed)
    overhead = VXLAN_OVERHEAD + (ENCRYPTION_OVERHEAD if wanted.is_encrypted else 0)
    found += mtu_faults(wanted.mtu, overhead)
    if wanted.is_encrypted:
        found += [Fault("encrypted", words, fatal=False) for words in encryption_defects(snapshot)]
    return tuple(found)


def proposed_subnet(
    snapshot: Snapshot, *, lan_ranges: Collection[str] = (), prefix: int | None = None
) -> str | None:
    """Return a free subnet for the ingress, of the pool's block size or larger where needed."""
    return free_subnet(snapshot, needed_addresses(snapshot), lan_ranges=lan_ranges, prefix=prefix)


def free_subnet(
    snapshot: Snapshot,
    needed: int,
    *,
    lan_ranges: Collection[str] = (),
    prefix: int | None = None,
) -> str | None:
    """Return a free subnet for a network, of the pool's block size or larger where needed.

    Args:
        snapshot: The swarm.
        needed: How many addresses it has to hold.
        lan_ranges: Ranges in CIDR notation that it has to keep clear of.
        prefix: Its prefix length, where that is not to be found out.
    """
    taken = list(claims(snapshot, lan_ranges=lan_ranges))
    return unclaimed_subnet(snapshot, needed, taken, prefix)


def _name_faults(
    snapshot: Snapshot, wanted: Definition, replaced: Collection[NetworkId]
) -> Iterable[Fault]:
    name = wanted.name
    if not name:
        yield Fault("name", f"{'An ingress' if wanted.ingress else 'A network'} needs a name.")
    elif not _DNS_NAME.fullmatch(name):
        yield Fault("name", "Letters, digits, - and _, beginning and ending with none of the two.")
    elif len(name) > _LONGEST_NAME:
        yield Fault("name", f"It has {len(name)} letters; the swarm takes {_LONGEST_NAME}.")
    elif name in _RESERVED_NAMES:
        yield Fault("name", f"{name} is the engine's own network.")
    else:
        for network in snapshot.networks:
            if network.name == name and network.id not in replaced:
                yield Fault("name", f"There is a {network.scope} network {name} already.")


def subnet_faults(subnet: str) -> Iterable[Fault]:
    """Yield what is wrong with a subnet as it was typed, whatever else there is."""
    address, slash, length = subnet.partition("/")
    if not slash:
        yield Fault("subnet", "Write it with its prefix length, such as 10.11.0.0/16.")
        return
    if ":" in address:
        yield Fault("subnet", "Swarm gives out IPv4 addresses only.")
        return
    if address_value(address) is None or not (length.isascii() and length.isdigit()):
        yield Fault("subnet", f"{subnet} is no subnet; one looks like 10.11.0.0/16.")
        return
    try:
        network = IPNetwork(subnet)
    except (AddrFormatError, ValueError):
        yield Fault("subnet", f"{subnet} is no subnet; one looks like 10.11.0.0/16.")
        return
    if str(network.cidr) != subnet:
        yield Fault("subnet", f"It has host bits set: write {network.cidr}.")
    elif network.prefixlen < 8:
        yield Fault("subnet", "It is larger than a /8.")
    elif network.size < _LEAST_SUBNET:
        yield Fault("subnet", "It is smaller than a /30: no room for a gateway and an endpoint.")
    for never, what in NEVER_SUBNETS.items():
        if overlapping(subnet, [Claim(what, never)]):
            yield Fault("subnet", f"{never} is {what} address space.")


def overlap_faults(
    snapshot: Snapshot, subnet: str, replaced: Collection[NetworkId], lan_ranges: Collection[str]
) -> Iterable[Fault]:
    """Yield what is in the way of a subnet, besides networks that it takes the place of."""
    if not subnet:
        return
    for claim in overlapping(subnet, claims(snapshot, besides=replaced, lan_ranges=lan_ranges)):
        yield Fault("subnet", f"It overlaps {claim.what} ({claim.cidr.removesuffix('/32')}).")


def _room_faults(ranges: Collection[Range], needed: int) -> Iterable[Fault]:
    held = sum(hand_out(each.subnet, each.ip_range, each.gateway) for each in ranges if each.subnet)
    if held and needed > held:
        yield Fault(
            "subnet",
            f"It holds {held} addresses; nodes, services and tasks need {needed} "
            "while tasks are replaced.",
        )


def _pool_faults(snapshot: Snapshot, gone: Collection[NetworkId], needed: int) -> Iterable[Fault]:
    """Say whether the pools have a block for a network without a subnet of its own."""
    staying = tuple(each for each in snapshot.networks if each.id not in gone)
    pools = pool_usage(replace(snapshot, networks=staying))
    if not pools:
        return
    if not any(pool.free for pool in pools):
        yield Fault("subnet", "The swarm's address pools are used up: give a subnet.")
        return
    held = 1 << (32 - pools[0].block_prefix)
    if needed > held:
        yield Fault("subnet", f"{needed} addresses are needed, and a pool's block holds {held}.")


def _range_faults(each: Range) -> Iterable[Fault]:
    if not each.ip_range:
        return
    span = address_range(each.ip_range) if "/" in each.ip_range else None
    whole = address_range(each.subnet)
    if whole is None:
        yield Fault("range", "An IP range needs a subnet.")
    elif span is None:
        yield Fault("range", f"{each.ip_range} is no range; one looks like 10.11.0.128/25.")
    elif str(IPNetwork(each.ip_range).cidr) != each.ip_range:
        yield Fault("range", f"It has host bits set: write {IPNetwork(each.ip_range).cidr}.")
    elif not whole[0] <= span[0] <= span[1] <= whole[1]:
        yield Fault("range", f"{each.ip_range} is not in {each.subnet}.")
    elif span[1] - span[0] + 1 < _LEAST_SUBNET:
        yield Fault("range", "It is smaller than a /30: no room for a gateway and an endpoint.")


def _vxlan_faults(
    snapshot: Snapshot, wanted: Definition, gone: Collection[NetworkId]
) -> Iterable[Fault]:
    given = wanted.options.get(VXLAN_OPTION)
    if given is None:
        return
    words = given.split(",")
    if not all(word.isascii() and word.isdigit() and len(word) < 9 for word in words):
        yield Fault("vxlan", "Numbers, with commas between them: one for each subnet.")
        return
    numbers = [int(word) for word in words]
    if len(numbers) != max(len(wanted.ranges), 1):
        yield Fault("vxlan", "Give as many as there are subnets.")
    if len(set(numbers)) != len(numbers):
        yield Fault("vxlan", "Each can be used once only.")
    for number in numbers:
        if not 1 <= number <= _LAST_VXLAN:
            yield Fault("vxlan", f"{number} is not between 1 and {_LAST_VXLAN}.")
        elif number < _FIRST_VXLAN:
            told = f"Windows nodes take none below {_FIRST_VXLAN}, where VLANs have their ids."
            yield Fault("vxlan", told, fatal=False)
        for network in snapshot.networks:
            if number in network.vxlan_ids and network.id not in gone:
                yield Fault("vxlan", f"{network.name} has {number} already.")


def gateway_faults(subnet: str, gateway: str) -> Iterable[Fault]:
    """Yield what is wrong with a gateway in a subnet that is well written."""
    if not gateway:
        return
    if not subnet:
        yield Fault("gateway", "A gateway needs a subnet.")
        return
    value = address_value(gateway)
    if value is None:
        yield Fault("gateway", f"{gateway} is no IPv4 address.")
    elif not contains(subnet, gateway):
        yield Fault("gateway", f"It is not in {subnet}.")
    else:
        network = IPNetwork(subnet)
        if value == network.first:
            yield Fault("gateway", f"It is the network address of {subnet}.")
        elif value == network.last:
            yield Fault("gateway", f"It is the broadcast address of {subnet}.")


def mtu_faults(given: str, overhead: int) -> Iterable[Fault]:
    """Yield what is wrong with an MTU as it was typed, of which `overhead` bytes are not left."""
    if not given:
        return
    if not (given.isascii() and given.isdigit() and len(given) < 10):
        yield Fault("mtu", "A number of bytes, such as 1500.")
        return
    inner = int(given) - overhead
    if inner < LEAST_INNER_MTU:
        least = LEAST_INNER_MTU + overhead
        yield Fault("mtu", f"Containers would get {inner}; they need {LEAST_INNER_MTU}: {least}.")
    elif int(given) > LARGEST_MTU:
        yield Fault("mtu", f"No packet is larger than {LARGEST_MTU} bytes.")
    elif int(given) > _JUMBO:
        yield Fault("mtu", f"Few network cards carry more than {_JUMBO} bytes.", fatal=False)
