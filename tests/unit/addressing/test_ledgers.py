"""Who holds each address, against an enumeration of every single one."""

from __future__ import annotations

import ipaddress
from collections import Counter
from dataclasses import dataclass, field
from itertools import groupby

from hypothesis import given
from hypothesis import strategies as st

from swarmtui.addressing import AddressKind, Ledger, Span, address_text, ledger, usage
from swarmtui.model import (
    Cluster,
    GossipService,
    GossipTask,
    LocalEndpoint,
    Network,
    NetworkId,
    NodeId,
    ServiceId,
    Snapshot,
    Subnet,
    Task,
    TaskId,
)
from swarmtui.model.task import LIVE_STATES, Attachment
from tests.builders import (
    APP,
    INGRESS,
    NODES,
    NOW,
    busy_snapshot,
    engine,
    failing_snapshot,
    inspection,
    network,
    service,
    task,
    unallocated,
    worker_snapshot,
)
from tests.replacing import replace

_STATES = (*sorted(LIVE_STATES), "complete", "shutdown", "failed", "rejected", "orphaned")


@dataclass
class Drawn:
    """A network, and what is at each of its addresses, one by one."""

    snapshot: Snapshot
    network: Network
    kinds: dict[int, str] = field(default_factory=dict)
    free: set[int] = field(default_factory=set)
    unseen: int = 0


def _subnet(draw: st.DrawFn, base: str) -> tuple[Subnet, ipaddress.IPv4Network, set[int]]:
    """Draw a subnet, and return it with the addresses that are handed out."""
    whole = ipaddress.ip_network(f"{base}/{draw(st.integers(24, 30))}")
    assert isinstance(whole, ipaddress.IPv4Network)
    parts = list(whole.subnets(new_prefix=draw(st.integers(whole.prefixlen, 30))))
    part = draw(st.sampled_from([None, *parts]))
    given_out = {int(each) for each in part or whole}
    hosts = [str(each) for each in whole.hosts()]
    gateway = draw(st.sampled_from([hosts[0], hosts[-1], *hosts[1:3]]))
    return Subnet(str(whole), gateway, str(part) if part else ""), whole, given_out


@st.composite
def swarms(draw: st.DrawFn) -> Drawn:
    bases = draw(st.sampled_from([("10.9.0.0",), ("10.9.0.0", "10.9.7.0")]))
    drawn = [_subnet(draw, base) for base in bases]
    kinds: dict[int, str] = {}
    open_to: list[int] = []
    for subnet, whole, given_out in drawn:
        for each in whole:
            kinds[int(each)] = "free" if int(each) in given_out else "outside"
        kinds[int(whole.network_address)] = "network"
        kinds[int(whole.broadcast_address)] = "broadcast"
        kinds[int(ipaddress.ip_address(subnet.gateway))] = "gateway"
        open_to += [value for value in sorted(given_out) if kinds[value] == "free"]
    ingress = draw(st.booleans())
    one = replace(network(ingress=ingress), subnets=tuple(subnet for subnet, _, _ in drawn))
    left = draw(st.permutations(open_to))
    services = []
    for number in range(draw(st.integers(0, min(3, len(left))))):
        value = left.pop()
        services.append(service(f"s{number}", [one], {"app": address_text(value)}))
        kinds[value] = "vip"
    tasks: list[Task] = []
    busy: set[NodeId] = set()
    for number in range(draw(st.integers(0, min(9, len(left))))):
        state = draw(st.sampled_from(_STATES))
        on = draw(st.sampled_from([*NODES, None]))
        value = left.pop()
        waits = draw(st.booleans())
        holds = Attachment(one.id, () if waits else (address_text(value),))
        lone = draw(st.booleans()) or not services
        tasks.append(
            Task(
                TaskId(f"t{number}"),
                1,
                state,
                service_id=ServiceId("") if lone else services[0].id,
                node_id=on.id if on else NodeId(""),
                attachments=(holds,),
            )
        )
        if state in LIVE_STATES:
            busy |= {on.id} if on else set()
            kinds[value] = kinds[value] if waits else "container" if lone else "task"
    balancers = {each.id for each in NODES} if ingress else busy
    found = inspection(one, NODES)
    shown = NODES[0].id in balancers and left and draw(st.booleans())
    if shown:
        value = left.pop()
        kinds[value] = "node-lb"
        found = replace(found, endpoints=(LocalEndpoint("lb-app", "", address_text(value), "m"),))
    snapshot = Snapshot(
        NOW,
        engine(),
        Cluster("c"),
        NODES,
        (one,),
        tuple(services),
        tuple(tasks),
        {one.id: found},
    )
    free = {value for value, kind in kinds.items() if kind == "free"}
    return Drawn(snapshot, one, kinds, free, len(balancers) - bool(shown))


@given(swarms())
def test_every_single_address(drawn: Drawn) -> None:
    found = ledger(drawn.snapshot, drawn.network)
    for subnet in found.subnets:
        for value in range(subnet.span.first, subnet.span.last + 1):
            assert subnet.kind(value) == drawn.kinds[value], address_text(value)
    assert len(found.unseen) == drawn.unseen


@given(swarms())
def test_the_totals_are_those_of_usage_and_of_a_plain_count(drawn: Drawn) -> None:
    found = ledger(drawn.snapshot, drawn.network)
    held = sum(kind not in ("free", "outside") for kind in drawn.kinds.values())
    assert found.use == usage(drawn.snapshot)[drawn.network.id]
    assert found.use.computed == held + drawn.unseen == len(found.holders)
    if drawn.unseen <= len(drawn.free):
        # Those that are not shown count for the first subnet, which may be too full for them.
        room = [sum(subnet.span.holds(each) for each in drawn.free) for subnet in found.subnets]
        room[0] = max(room[0] - drawn.unseen, 0)
        assert [each.free for each in found.use.subnets] == room


@given(swarms())
def test_spans_and_blocks_say_the_same_as_single_addresses(drawn: Drawn) -> None:
    for subnet in ledger(drawn.snapshot, drawn.network).subnets:
        every = range(subnet.span.first, subnet.span.last + 1)
        runs = [
            Span((members := list(run))[0], members[-1])
            for kind, run in groupby(every, lambda value: drawn.kinds[value])
            if kind == "free"
        ]
        assert list(subnet.free_runs) == runs
        stretched = {
            value: each.kind
            for each in subnet.stretches
            for value in range(each.span.first, each.span.last + 1)
        }
        assert stretched.keys() | subnet.held.keys() == set(every)
        assert all(drawn.kinds[value] == kind for value, kind in stretched.items())
        for size in (1, 2, 4, subnet.span.size):
            for first in range(subnet.span.first, subnet.span.last + 1, size):
                span = Span(first, first + size - 1)
                assert subnet.count(span) == Counter(
                    drawn.kinds[value] for value in range(first, first + size)
                )
                assert {each.value for each in subnet.within(span)} == {
                    value for value in subnet.held if span.holds(value)
                }


def _kinds(found: Ledger, *last_bytes: int) -> list[str]:
    (subnet,) = found.subnets
    return [subnet.kind((subnet.span.first & ~0xFF) + each) for each in last_bytes]


def test_who_holds_what_on_a_busy_network() -> None:
    found = ledger(busy_snapshot(), APP)
    assert _kinds(found, 64, 65, 127, 66, 67, 72, 76, 73) == [
        "network",
        "gateway",
        "broadcast",
        "vip",
        "task",
        "node-lb",
        "container",
        "free",
    ]
    assert [each.endpoint.node for each in found.unseen if each.endpoint] == ["node2", "node3"]
    assert len(found.holders) == found.use.computed == 13


def test_a_down_node_keeps_what_it_held() -> None:
    found = ledger(failing_snapshot(), APP)
    down = [each for each in found.holders if each.endpoint and each.endpoint.node_is_down]
    assert {each.endpoint.name for each in down if each.endpoint} == {"web.3", "rr.2", "lb-app"}
    assert len(ledger(failing_snapshot(), INGRESS).unseen) == 3


def test_a_rolling_update_holds_both() -> None:
    busy = busy_snapshot()
    new = task(busy.services[0], 1, NODES[0], {"app": "10.20.0.80"}, state="preparing")
    found = ledger(replace(busy, tasks=(*busy.tasks, replace(new, id=TaskId("new")))), APP)
    assert _kinds(found, 67, 80) == ["task", "task"]
    assert found.use.computed == 14


def test_whoever_waits_holds_nothing() -> None:
    tiny = next(each for each in failing_snapshot().networks if each.name == "tiny")
    found = ledger(failing_snapshot(), tiny)
    assert found.waiting == 4
    assert (found.use.wanted, len(found.holders)) == (10, 10)
    assert [len(each.free_runs) for each in found.subnets] == [0]
    assert len(found.unseen) == 2


def test_a_leftover_stands_behind_the_heir_of_its_address() -> None:
    strays = (
        LocalEndpoint("ep-1", "aaa", "10.20.0.67", "m"),
        LocalEndpoint("ep-2", "old", "10.20.0.99", "m"),
    )
    stale = inspection(APP, NODES, endpoints=strays)
    found = ledger(replace(busy_snapshot(), inspections={APP.id: stale}), APP)
    assert _kinds(found, 67, 99) == ["task", "stray"]
    assert [str(each.kind) for each in found.subnets[0].held[0x0A140043]] == ["task", "stray"]
    assert found.use.computed == len(found.holders) - 2


def test_the_balancers_that_gossip_tells_of() -> None:
    entries = tuple(
        GossipTask("ingress-endpoint", f"10.20.0.{number + 1}", f"192.168.77.{number}")
        for number in (1, 2, 3)
    )
    gossip = GossipService("", "<nil>", (), entries)
    view = inspection(INGRESS, NODES, services=(gossip,))
    found = ledger(replace(busy_snapshot(), inspections={INGRESS.id: view}), INGRESS)
    assert _kinds(found, 2, 3, 4) == ["node-lb"] * 3
    assert found.unseen == ()


def test_an_address_in_none_of_the_subnets() -> None:
    busy = busy_snapshot()
    astray = task(busy.services[0], 9, NODES[0], {"app": "10.99.0.9"})
    found = ledger(replace(busy, tasks=(*busy.tasks, astray)), APP)
    assert [each.endpoint.address for each in found.elsewhere if each.endpoint] == ["10.99.0.9"]
    assert found.use.computed == len(found.holders)


def test_a_large_subnet_costs_no_more_than_its_holders() -> None:
    wide = replace(APP, subnets=(Subnet("10.0.0.0/8", "10.0.0.1"),))
    (subnet,) = ledger(replace(busy_snapshot(), networks=(wide,)), wide).subnets
    assert len(subnet.held) == 11
    assert subnet.count(subnet.span)[AddressKind.FREE] == 2**24 - 11
    assert sum(each.size for each in subnet.free_runs) == 2**24 - 11


def test_a_gateway_that_nobody_names_is_the_first_that_is_handed_out() -> None:
    for ip_range, gateway in (("", 65), ("10.20.0.96/28", 96), ("10.20.0.64/27", 65)):
        plain = network(gateway="", ip_range=ip_range)
        found = ledger(Snapshot(NOW, engine(), Cluster("c"), NODES, (plain,)), plain)
        assert _kinds(found, gateway) == ["gateway"]


def test_a_gateway_in_the_range_leaves_one_address_less() -> None:
    ranged = network(gateway="10.20.0.96", ip_range="10.20.0.96/28")
    found = ledger(Snapshot(NOW, engine(), Cluster("c"), NODES, (ranged,)), ranged)
    assert (found.use.free, found.use.capacity) == (15, 64)


def test_a_worker_does_not_call_free_what_it_cannot_see() -> None:
    found = ledger(worker_snapshot(), APP)
    assert _kinds(found, 64, 65, 127, 69, 73, 80) == [
        "network",
        "gateway",
        "broadcast",
        "container",
        "node-lb",
        "unknown",
    ]
    assert (found.use.used, found.subnets[0].free_runs) == (None, ())


def test_without_addresses_there_is_nothing_to_account_for() -> None:
    overlap = unallocated()
    found = ledger(Snapshot(NOW, engine(), Cluster("c"), NODES, (overlap,)), overlap)
    assert (found.subnets, found.holders) == ((), ())


def test_subnets_that_are_none_do_no_harm() -> None:
    for cidr in ("", "fd00::/64", "10.0.0.0/33", "10.0.0.4/32", "10.0.0.4/31"):
        odd = replace(network(), id=NetworkId("odd"), subnets=(Subnet(cidr, "x", "y"),))
        snapshot = Snapshot(NOW, engine(), Cluster("c"), NODES, (odd,))
        found = ledger(snapshot, odd)
        assert found.use == usage(snapshot)["odd"]  # type: ignore[index]
        assert all(sum(each.count(each.span).values()) == each.span.size for each in found.subnets)
