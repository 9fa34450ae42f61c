from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from swarmtui.addressing import Ledger, Span, ledger
from swarmtui.model import Cluster, Network, ReportedUse, Snapshot, Subnet, UpdatePolicy
from swarmtui.render import (
    AddressMap,
    address_legend,
    address_line,
    address_map,
    address_rows,
    part_around,
    room_text,
)
from tests.builders import (
    APP,
    INGRESS,
    NODES,
    NOW,
    WEB,
    busy_snapshot,
    engine,
    failing_snapshot,
    inspection,
    network,
    node,
    service,
    task,
)


def empty(subnet: str, ip_range: str = "") -> Ledger:
    """Return the ledger of a network that nobody is on."""
    one = replace(network(), subnets=(Subnet(subnet, "", ip_range),))
    return ledger(Snapshot(NOW, engine(), Cluster("c"), NODES, (one,)), one)


def room(snapshot: Snapshot, of: Network = APP) -> str:
    return room_text(snapshot, ledger(snapshot, of)).plain


@given(st.integers(0, 32), st.integers(0, 2**32 - 1))
def test_cells_cover_a_subnet_without_gap_or_overlap(prefix: int, value: int) -> None:
    base = value & ~((1 << (32 - prefix)) - 1)
    address = ".".join(str(base >> shift & 255) for shift in (24, 16, 8, 0))
    found = empty(f"{address}/{prefix}")
    shown = address_map(found)
    spans = shown.spans
    assert len(spans) == len(shown.cells) == len(shown.labels)
    assert len(spans) <= 256
    assert (spans[0].first, spans[-1].last) == found.subnets[0].span
    assert all(one.last + 1 == other.first for one, other in pairwise(spans))
    assert len({span.size for span in spans}) == 1
    index = shown.index_of(value)
    assert index is not None
    assert spans[index].holds(value)
    part = part_around(spans[index])
    assert (part is None) is (spans[index].size == 1)
    if part is not None:
        closer = address_map(found, part)
        assert part.holds(value)
        assert part.size >= 256
        assert closer.spans[0].size == max(part.size // 256, 1)


def test_a_window_leaves_out_the_other_subnets() -> None:
    both = replace(
        APP, subnets=(Subnet("10.60.0.0/16", "10.60.0.1"), Subnet("10.61.0.0/24", "10.61.0.1"))
    )
    found = ledger(replace(busy_snapshot(), networks=(both,)), both)
    assert list(address_map(found).headings) == [0, 256]
    assert address_map(found).index_of(0x0A3D0001) == 257
    first = 0x0A3C0300
    part = address_map(found, Span(first, first + 255))
    assert part.labels[0] == ".3.0"
    assert part.index_of(0x0A3D0001) is None
    assert AddressMap().index_of(first) is None


@pytest.mark.parametrize(
    ("taken", "glyph"),
    [(0, "·"), (1, "░"), (85, "░"), (86, "▒"), (171, "▓"), (255, "▓"), (256, "█")],
)
def test_how_full_a_block_is(taken: int, glyph: str) -> None:
    wide = replace(APP, subnets=(Subnet("10.60.0.0/16", "10.60.0.1"),))
    tasks = tuple(
        task(WEB, number, NODES[0], {"app": f"10.60.9.{number}"}) for number in range(taken)
    )
    busy = busy_snapshot()
    found = ledger(replace(busy, networks=(wide,), tasks=tasks, services=(WEB,)), wide)
    assert address_map(found).cells[9].glyph == glyph


def test_a_block_out_of_the_range_is_not_free() -> None:
    found = empty("10.60.0.0/16", "10.60.128.0/17")
    shown = address_map(found)
    assert [shown.cells[index].glyph for index in (0, 1, 127, 128, 129)] == list("---░·")
    line = address_line(found, shown.spans[1])
    assert line.plain == "10.60.1.0 – 10.60.1.255  256 out of the IP range"
    words = [each.plain for each in address_legend(found)]
    assert words[0] == "· none taken"
    assert words[-1] == "32,767 out of the IP range"


def test_the_legend_has_what_is_on_the_map_and_no_more() -> None:
    words = [each.plain for each in address_legend(ledger(busy_snapshot(), APP))]
    assert words == [
        "V 1 VIP",
        "T 5 tasks",
        "C 1 container",
        "L 1 node LB",
        "n network",
        "b broadcast",
        "G gateway",
        "· 53 free",
        "2 node LBs: address not shown by this engine",
    ]


def test_every_kind_of_address_has_a_glyph_of_its_own() -> None:
    glyphs = {each.plain[0] for each in address_legend(ledger(failing_snapshot(), APP))[:-1]}
    assert glyphs == set("VTCLnbG·D")


def test_rows_tell_a_down_node_where_the_address_is_not_shown_too() -> None:
    rows = address_rows(failing_snapshot(), ledger(failing_snapshot(), INGRESS))
    states = {str(row.cells[4]) for row in rows if str(row.cells[0]) == "not shown"}
    assert states == {
        "address not shown by this engine",
        "node down, address not shown by this engine",
    }
    assert len({row.key for row in rows}) == len(rows)


def test_an_address_elsewhere_says_so() -> None:
    busy = busy_snapshot()
    astray = replace(busy, tasks=(*busy.tasks, task(WEB, 9, NODES[0], {"app": "10.99.0.9"})))
    rows = address_rows(astray, ledger(astray, APP))
    assert "in no subnet of this network" in {str(row.cells[4]) for row in rows}
    assert "1 address  in no subnet of this network" in room(astray)


def test_room_where_further_nodes_cost_more() -> None:
    busy = busy_snapshot()
    agent = service("agent", [APP], {"app": "10.20.0.90"}, mode="global")
    found = room(
        replace(busy, nodes=(*NODES, node(4)), services=(*busy.services, agent), inspections={})
    )
    assert "More tasks       49  50 on nodes that are on it already" in found
    assert "25  each takes 1 for its load-balancer, 1 for each of agent" in found
    assert "The first task on each of 1 node more takes 2." in found


@pytest.mark.parametrize(
    ("free", "words"),
    [(3, "fits  updating"), (2, "fits if old tasks stop in time"), (0, "does not fit")],
)
def test_room_for_a_start_first_update(free: int, words: str) -> None:
    busy = busy_snapshot()
    view = inspection(APP, NODES, reported=(ReportedUse("10.20.0.64/26", 64 - free, free),))
    web = replace(WEB, update_policy=UpdatePolicy(parallelism=1, order="start-first"))
    changed = replace(
        busy, services=(web, *busy.services[1:]), inspections={**busy.inspections, APP.id: view}
    )
    assert words in room(changed)
    assert ("A new service    none" in room(changed)) is (free == 0)


def test_free_runs_are_listed_up_to_a_limit() -> None:
    wide = replace(APP, subnets=(Subnet("10.60.0.0/16", "10.60.0.1"),))
    tasks = tuple(
        task(WEB, number, NODES[0], {"app": f"10.60.{number // 100}.{number % 100 * 2 + 3}"})
        for number in range(400)
    )
    found = room(replace(busy_snapshot(), networks=(wide,), tasks=tasks, services=(WEB,)), wide)
    assert "and 201 more" in found
