from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from swarmtui.render import NETWORK_COLUMNS, Column, Row, printable
from swarmtui.widgets import parse_filter
from swarmtui.widgets.layout import column_at, column_widths, total_width
from swarmtui.widgets.rows import Order, ShownRows, changed_lines
from swarmtui.widgets.strips import fitted


def rows(*names: str) -> list[Row]:
    return [Row(name, (name, f"10.0.0.{n}"), (name, n)) for n, name in enumerate(names)]


COLUMNS = (Column("name", "NAME", 10), Column("address", "ADDRESS", 15))


@given(st.integers(1, 300))
def test_columns_never_take_more_than_there_is(width: int) -> None:
    widths = column_widths(NETWORK_COLUMNS, width, wide=False)
    assert 0 in widths
    assert total_width(widths) <= width


def test_a_wide_table_has_all_columns_at_full_width() -> None:
    widths = column_widths(NETWORK_COLUMNS, 20, wide=True)
    assert list(widths.values()) == [column.width for column in NETWORK_COLUMNS]


def test_the_least_important_column_goes_first() -> None:
    shown = [column_widths(NETWORK_COLUMNS, width, wide=False) for width in (60, 48, 46, 40, 9)]
    titles = [[NETWORK_COLUMNS[index].key for index in widths] for widths in shown]
    assert titles == [
        ["name", "subnet", "used", "mtu", "encrypted"],
        ["name", "subnet", "used", "mtu", "encrypted"],
        ["name", "subnet", "used", "mtu", "encrypted"],
        ["name", "subnet", "used", "encrypted"],
        ["name"],
    ]


def test_a_roomy_table_gains_columns_in_order() -> None:
    keys = [
        [NETWORK_COLUMNS[index].key for index in column_widths(NETWORK_COLUMNS, width, wide=False)]
        for width in (78, 79, 100)
    ]
    assert [each[5:] for each in keys] == [[], ["driver"], ["driver", "flags"]]


def test_a_click_finds_its_column() -> None:
    assert [column_at({0: 3, 2: 4}, x) for x in (-1, 0, 2, 3, 4, 7, 8)] == [
        None,
        0,
        0,
        None,
        2,
        2,
        None,
    ]


@given(st.text(max_size=30), st.integers(1, 12))
def test_text_takes_exactly_its_cells(text: str, width: int) -> None:
    assert cell_len(fitted(printable(text), width)) == width


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("", ["web", "db", "web-db"]),
        ("WEB", ["web", "web-db"]),
        ("web db", ["web-db"]),
        ("!db", ["web"]),
        ("address:0.1", ["db"]),
        ("ADDRESS:0.1", ["db"]),
        ("nothere:x", []),
        ('"web-d"', ["web-db"]),
        ("!name:web", ["db"]),
        ("!", []),
    ],
)
def test_filters(asked: str, found: list[str]) -> None:
    test = parse_filter(asked, COLUMNS)
    kept = [row.key for row in rows("web", "db", "web-db") if test is None or test(row)]
    assert kept == found


@given(st.text(max_size=30))
def test_no_filter_is_an_error(text: str) -> None:
    test = parse_filter(text, COLUMNS)
    if test is not None:
        test(rows("web")[0])


def test_equal_rows_stay_the_same_objects() -> None:
    first = ShownRows().with_rows(rows("a", "b"), Order())
    assert first.with_rows(rows("a", "b"), Order()) is first
    more = first.with_rows(rows("a", "b", "c"), Order())
    assert more.shown[0] is first.shown[0]
    assert more.with_order(Order(reverse=True)).shown[0] is first.shown[0]


def test_sorting_is_by_value_and_puts_nothing_last() -> None:
    values = [Row(str(v), (str(v),), (v,)) for v in (10, None, "b", 9, "a", 100)]
    shown = ShownRows().with_rows(values, Order(column=0))
    assert [row.key for row in shown.shown] == ["9", "10", "100", "a", "b", "None"]
    turned = shown.with_order(Order(column=0, reverse=True))
    assert [row.key for row in turned.shown] == ["b", "a", "100", "10", "9", "None"]


def test_the_nearest_survivor_is_below_or_else_above() -> None:
    before = tuple(rows("a", "b", "c", "d"))
    assert ShownRows().with_rows(rows("a", "d"), Order()).nearest(before, 1) == 1
    assert ShownRows().with_rows(rows("a"), Order()).nearest(before, 3) == 0
    assert ShownRows().nearest(before, 3) == 0


def test_only_other_rows_are_changed_lines() -> None:
    one, two, three = rows("a", "b", "c")
    assert changed_lines((one, two), (one, three, two), range(4)) == [1, 2]
