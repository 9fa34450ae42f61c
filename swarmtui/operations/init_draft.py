"""A swarm that is to be made, as a person words it, and the command that makes it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from netaddr import AddrFormatError, IPAddress, IPNetwork

from swarmtui.addressing import (
    LONGEST_MASK,
    PRIVATE_RANGES,
    Claim,
    ClaimKind,
    PoolPlan,
    address_range,
    address_value,
    free_block,
    overlapping,
)
from swarmtui.model.snapshot import (
    DEFAULT_DATA_PATH_PORT,
    DEFAULT_POOL_PREFIX,
    DEFAULT_POOLS,
)
from swarmtui.operations.checks import NEVER_SUBNETS, Fault

LEAST_PORT, LARGEST_PORT = 1024, 49151
"""Of the data path, as `docker swarm init` takes it."""
GOSSIP_PORT = 7946
_SHARED_RANGE = "100.64.0.0/10"
_PROPOSED_PREFIX = 16
# Networks of sites and clouds begin at the low end of 10.0.0.0/8.
_PROPOSED_AREAS = ("10.128.0.0/9", *PRIVATE_RANGES)
_ADVISED_PREFIX = 24
_INTERFACE = re.compile(r"(?=.*[A-Za-z])[A-Za-z0-9_.-]{1,15}")
_MOST = 100_000
_NAMED = 3


@dataclass(frozen=True, slots=True)
class InitDraft:
    """A wanted swarm, each part as it was typed.

    Attributes:
        pools: Ranges in CIDR notation, parted by spaces or commas; empty for the engine's default.
        mask: The prefix length of a network's block; empty for 24.
        nodes: How many nodes the swarm will have.
        services: How many services with a virtual address a network will have at most.
        tasks: How many tasks a network will have at most; empty where nobody knows.
        advertise: The address or interface for control traffic, with a port or without.
        data_path: The address or interface for container traffic; empty for that of `advertise`.
        port: The UDP port of container traffic; empty or `0` for 4789.
    """

    pools: str = ""
    mask: str = ""
    nodes: str = ""
    services: str = ""
    tasks: str = ""
    advertise: str = ""
    data_path: str = ""
    port: str = ""

    @property
    def ranges(self) -> tuple[str, ...]:
        """Return the pools that were typed."""
        return tuple(self.pools.replace(",", " ").split())

    @property
    def plan(self) -> PoolPlan | None:
        """Return the pools that are meant; None while something about them would be refused."""
        if any(each.fatal for each in (*self._pool_faults(), *self._mask_faults())):
            return None
        if not self.ranges:
            return PoolPlan()
        return PoolPlan(
            tuple(str(IPNetwork(each).cidr) for each in self.ranges),
            _number(self.mask, DEFAULT_POOL_PREFIX),
        )

    @property
    def room(self) -> int:
        """Return for how many tasks a network has addresses; 0 while nobody can say."""
        plan = self.plan
        return plan.tasks(self.node_count, self.service_count) if plan is not None else 0

    @property
    def node_count(self) -> int:
        """Return how many nodes the swarm will have; 0 where nobody knows."""
        return max(_number(self.nodes, 0), 0)

    @property
    def service_count(self) -> int:
        """Return how many services a network will have; 0 where nobody knows."""
        return max(_number(self.services, 0), 0)

    @property
    def has_usual_port(self) -> bool:
        """Tell whether traffic of containers goes to the port that engines take by themselves."""
        return _number(self.port, 0) in (0, DEFAULT_DATA_PATH_PORT)

    @property
    def command(self) -> tuple[str, ...]:
        """Return the words of the command."""
        words = ["docker", "swarm", "init"]
        for each in self.ranges:
            words += ["--default-addr-pool", each]
        if self.ranges:
            words += ["--default-addr-pool-mask-length", self.mask.strip() or "24"]
        for flag, value in (
            ("--advertise-addr", self.advertise),
            ("--data-path-addr", self.data_path),
            ("--data-path-port", self.port),
        ):
            if value.strip():
                words += [flag, value.strip()]
        return tuple(words)

    def claims(self, taken: Iterable[Claim]) -> tuple[Claim, ...]:
        """Return what is taken, with the addresses of the node itself that were typed."""
        found = list(taken)
        for what, text in (("advertise", self.advertise), ("data path", self.data_path)):
            host, known = _host(text), {each.cidr for each in found}
            if address_value(host) and not host.startswith("127.") and f"{host}/32" not in known:
                found.append(Claim(f"the {what} address", f"{host}/32", ClaimKind.NODE))
        return tuple(found)

    def faults(self, taken: Iterable[Claim]) -> tuple[Fault, ...]:
        """Return everything that is to be said about it.

        Args:
            taken: Ranges that the pools should keep clear of.
        """
        return (
            *self._pool_faults(),
            *self._collisions(self.claims(taken)),
            *self._mask_faults(),
            *self._room_faults(),
            *self._address_faults(),
            *self._port_faults(),
        )

    def _pool_faults(self) -> Iterator[Fault]:
        for each in self.ranges:
            yield from _range_faults(each)

    def _collisions(self, taken: Iterable[Claim]) -> Iterator[Fault]:
        plan = self.plan
        if plan is None:
            return
        for wider, narrower in plan.shared():
            words = f"{narrower} lies in {wider}: the blocks that they share count once."
            yield Fault("pools", words, fatal=False)
        nodes: dict[str, list[Claim]] = {}
        for pool, claim in plan.collisions(taken):
            if claim.kind is ClaimKind.NODE:
                nodes.setdefault(pool, []).append(claim)
            else:
                yield Fault("pools", f"{pool} overlaps {_collision_words(claim)}", fatal=False)
        for pool, claims in nodes.items():
            named = [f"{each.what} ({each.cidr.removesuffix('/32')})" for each in claims[:_NAMED]]
            more = f" and {len(claims) - _NAMED} more" if len(claims) > _NAMED else ""
            words = f"{pool} holds {', '.join(named)}{more}: containers on a network that gets "
            whom = "those nodes" if len(claims) > 1 else "that node"
            yield Fault("pools", f"{words}such a block cannot reach {whom}.", fatal=False)

    def _mask_faults(self) -> Iterator[Fault]:
        text = self.mask.strip()
        if text and not self.ranges:
            words = "Without a pool the mask length has no effect: networks get /24 of 10.0.0.0/8."
            yield Fault("mask", words, fatal=False)
            return
        length = _number(text, DEFAULT_POOL_PREFIX)
        if not 1 <= length <= LONGEST_MASK:
            yield Fault("mask", f"A number from 1 to {LONGEST_MASK}; docker takes no other.")
            return
        for each in self.ranges:
            if address_range(each) and IPNetwork(each).prefixlen > length:
                yield Fault("mask", f"A /{length} block is larger than the pool {each}.")
        if length < _ADVISED_PREFIX:
            words = "Larger than a /24: with more than about 250 endpoints virtual addresses get "
            yield Fault("mask", f"{words}slow (moby#30820). Better are more networks.", fatal=False)

    def _room_faults(self) -> Iterator[Fault]:
        counts = {"nodes": self.nodes, "services": self.services, "tasks": self.tasks}
        for name, text in counts.items():
            if not 0 <= _number(text, 0) <= _MOST:
                yield Fault(name, f"A number from 0 to {_MOST:,}.")
        plan = self.plan
        if plan is None:
            return
        if not plan.networks:
            words = "The only block goes to the ingress: no network is left without a subnet."
            yield Fault("pools", words, fatal=False)
        if not self.room:
            yield Fault("mask", "Nodes and services alone take all addresses of a block.")
        elif _number(self.tasks, 0) > self.room:
            words = f"A block has room for {self.room:,} tasks beside these nodes and services."
            yield Fault("tasks", words, fatal=False)

    def _address_faults(self) -> Iterator[Fault]:
        for name, text, has_port in (
            ("advertise", self.advertise.strip(), True),
            ("data-path", self.data_path.strip(), False),
        ):
            host = _host(text) if has_port else text
            if not text:
                continue
            if host in ("0.0.0.0", "::"):
                yield Fault(name, "It has to be one address of this node, not all of them.")
            elif not _is_address(host) and not _INTERFACE.fullmatch(host):
                port = ", with a port or without" if has_port else ", without a port"
                yield Fault(name, f"An address or the name of an interface{port}.")
            elif host.startswith("127.") or host in ("::1", "lo"):
                words = "No other node can reach it: fit for a swarm of one node only."
                yield Fault(name, words, fatal=self.node_count > 1)

    def _port_faults(self) -> Iterator[Fault]:
        port = _number(self.port, 0)
        if port and not LEAST_PORT <= port <= LARGEST_PORT:
            words = f"A number from {LEAST_PORT} to {LARGEST_PORT}; docker takes no other."
            yield Fault("port", words)
        elif port == GOSSIP_PORT:
            yield Fault("port", "Nodes tell one another of networks on UDP 7946 already.")


def _number(text: str, default: int) -> int:
    """Return a number that was typed, the default for nothing, -1 for what is none."""
    text = text.strip()
    if not text:
        return default
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else -1


def proposed_pool(taken: Iterable[Claim]) -> str:
    """Return a private range that nothing uses as far as is known, empty where there is none."""
    return free_block(_PROPOSED_PREFIX, _PROPOSED_AREAS, taken) or ""


def _host(text: str) -> str:
    """Return an address without its port."""
    text = text.strip()
    if text.startswith("["):
        return text[1:].partition("]")[0]
    return text.partition(":")[0] if text.count(":") == 1 else text


def _is_address(text: str) -> bool:
    if ":" not in text:
        return address_value(text) is not None
    try:
        IPAddress(text)
    except (AddrFormatError, ValueError):
        return False
    return True


def _is_range(text: str) -> bool:
    address, _, length = text.partition("/")
    return address_value(address) is not None and 0 <= _number(length, -1) <= 32


def _range_faults(text: str) -> Iterator[Fault]:
    if ":" in text:
        yield Fault("pools", f"{text}: the swarm gives out IPv4 addresses only.")
    elif not _is_range(text):
        yield Fault("pools", f"{text} is no range; one looks like {DEFAULT_POOLS[0]}.")
    elif never := _never(text):
        yield Fault("pools", f"{text} meets {never}, which no container can have.")
    else:
        found = IPNetwork(text)
        if str(found.cidr) != text:
            yield Fault("pools", f"{text} has host bits: docker takes {found.cidr}.", fatal=False)
        areas = (*PRIVATE_RANGES, _SHARED_RANGE)
        if not any(found in IPNetwork(area) for area in areas):
            words = f"{text} is not private: containers cannot reach whoever owns it."
            yield Fault("pools", words, fatal=False)


def _never(text: str) -> str:
    met = overlapping(text, [Claim(what, cidr) for cidr, what in NEVER_SUBNETS.items()])
    return f"{met[0].what} address space" if met else ""


def _collision_words(claim: Claim) -> str:
    words = f"{claim.what} ({claim.cidr})"
    if claim.kind is ClaimKind.LAN:
        return f"{words}: containers on a network that gets such a block cannot reach hosts there."
    return (
        f"{words}: tasks there can fail with `Pool overlaps with other one on this address space` "
        "(moby#50011)."
    )
