"""What the forms for creating and splitting networks say, and what a prune would remove."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import TYPE_CHECKING

from rich.text import Text

from swarmtui.addressing import address_range, capacity, hand_out, pool_usage, usage
from swarmtui.model import moment
from swarmtui.operations import (
    Plan,
    containers_on,
    plan_operation,
    swarm_network,
)
from swarmtui.render.text import NOTHING, counted, printable

if TYPE_CHECKING:
    from swarmtui.model import Network, Service, Snapshot
    from swarmtui.operations import (
        NetworkDraft,
        SplitDraft,
    )

_RESERVED = 3
"""Network, broadcast and gateway, which no endpoint gets."""
CREATION_FACTS = ("Holds", "From", "IPv4 only")
"""What `creation_facts` tells, in order."""
SPLIT_FACTS = ("Frees", "Needs", "Replaces", "Lose")
"""What `split_facts` tells, in order."""


def creation_facts(snapshot: Snapshot, draft: NetworkDraft) -> tuple[str, ...]:
    """Return how much a network holds, where its subnet comes from, and which addresses it has."""
    ranges = [each for each in draft.definition.ranges if address_range(each.subnet)]
    held = sum(hand_out(each.subnet, each.ip_range, each.gateway) for each in ranges)
    reserved = _RESERVED * max(len(ranges), 1)
    if not ranges and snapshot.cluster is not None:
        held = 1 << (32 - snapshot.cluster.pool_prefix)
    room = f"{held:,} addresses, {max(held - reserved, 0):,} of them for endpoints"
    facts = (
        f"{room}: tasks, virtual addresses, and one load-balancer on each node with tasks"
        if held
        else NOTHING,
        "; ".join(_origin(snapshot, each.subnet) for each in ranges) or pool_words(snapshot),
        "the swarm gives overlays no IPv6 addresses, whatever is asked for",
    )
    return tuple(map(printable, facts))


def pool_words(snapshot: Snapshot) -> str:
    """Return what is left of the swarm's pools."""
    pools = pool_usage(snapshot)
    if not pools:
        return "the swarm's address pools"
    return "the pools: " + ", ".join(
        f"{pool.free:,} of {pool.blocks:,} /{pool.block_prefix} blocks of {pool.cidr} are left"
        for pool in pools
    )


def _origin(snapshot: Snapshot, subnet: str) -> str:
    span = address_range(subnet)
    for pool in pool_usage(snapshot):
        area = address_range(pool.cidr)
        if span and area and area[0] <= span[1] and span[0] <= area[1]:
            blocks = max(capacity(subnet) >> (32 - pool.block_prefix), 1)
            return f"{subnet} takes {counted(blocks, 'block')} of the pool {pool.cidr}"
    return f"{subnet} is in none of the pools"


def split_facts(
    snapshot: Snapshot, draft: SplitDraft, lost: Mapping[str, str], lan_ranges: tuple[str, ...]
) -> tuple[str, ...]:
    """Return what a split frees, needs and costs, and who would lose whom.

    Args:
        snapshot: The swarm.
        draft: The split.
        lost: Services that stay, with those that they would not reach.
        lan_ranges: Ranges that the new network has to keep clear of.
    """
    network = swarm_network(snapshot, draft.name)
    use = usage(snapshot).get(network.id) if network is not None else None
    now = f"; {use.used:,} of {use.capacity:,} are used now" if use and use.capacity else ""
    ranges = draft.definition(snapshot, lan_ranges).ranges
    subnet = ranges[0].subnet if ranges else ""
    holds = f"; {subnet} holds {capacity(subnet):,}" if capacity(subnet) else ""
    planned = plan_operation(snapshot, draft.intent(snapshot, lan_ranges))
    effects = planned.interruptions if isinstance(planned, Plan) else ()
    count = sum(each.tasks * each.replacements for each in effects)
    names = ", ".join(each.service for each in effects)
    guests = len(containers_on(snapshot, draft.name)) if draft.movers else 0
    losers = [f"{stayer} would not reach {movers}" for stayer, movers in sorted(lost.items())]
    if guests:
        losers.append(f"{counted(guests, 'container')} outside services would reach none that move")
    facts = (
        f"{draft.freed(snapshot):,} addresses on {draft.name} at least{now}",
        f"{draft.needed(snapshot):,} addresses while tasks are replaced{holds}",
        f"{counted(count, 'task')}: {names}" if count else "nothing",
        "; ".join(losers) or "nobody loses contact",
    )
    return tuple(map(printable, facts))


def task_count(snapshot: Snapshot, service: Service) -> str:
    """Return how many live tasks a service has, and of which stack it is."""
    live = sum(task.service_id == service.id and task.is_live for task in snapshot.tasks)
    stack = f", stack {printable(service.stack)}" if service.stack else ""
    return f"{counted(live, 'task')}{stack}"


def unused_text(snapshot: Snapshot, names: Collection[str]) -> Text:
    """Return the networks that a prune would remove, with their sizes and ages."""
    text = Text("Nobody uses these\n", style="")
    text.stylize("bold")
    found = [network for name in names if (network := swarm_network(snapshot, name)) is not None]
    width = max((len(printable(each.name)) for each in found), default=0)
    for network in found:
        text.append(f"  {printable(network.name):<{width}}  ")
        subnets = ", ".join(each.cidr for each in network.subnets) or "never allocated"
        text.append(f"{printable(subnets):<18}  ")
        text.append(f"{_size(network):<15}  {_age(snapshot.taken_at, network.created)}")
        text.append(f"  stack {printable(network.stack)}\n" if network.stack else "\n")
    text.append("\n")
    return text


def _size(network: Network) -> str:
    held = sum(capacity(each.cidr) for each in network.subnets)
    return f"{held:,} addresses" if held else NOTHING


def _age(now: datetime, created: str) -> str:
    made = moment(created)
    if made is None:
        return NOTHING
    minutes = max(int((now - made).total_seconds()) // 60, 0)
    for size, noun in ((24 * 60, "day"), (60, "hour")):
        if minutes >= 2 * size:
            return f"{minutes // size} {noun}s old"
    return f"{counted(minutes, 'minute')} old"
