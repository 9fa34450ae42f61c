from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from functools import partial

import pytest
from textual.app import App, ComposeResult
from textual.strip import Strip

from swarmtui.render import Column, Row
from swarmtui.widgets import LiveTable

COLUMNS = (
    Column("name", "NAME", 12, "N", flex=1),
    Column("size", "SIZE", 6, "S", justify="right"),
    Column("note", "NOTE", 40, wide=True),
)


def rows(count: int, *, changed: int = -1) -> list[Row]:
    return [
        Row(
            f"k{number}",
            (f"row {number}", str(number if number != changed else "new"), "note"),
            (f"row {number}", number, "note"),
        )
        for number in range(count)
    ]


class TableApp(App[None]):
    def __init__(self) -> None:
        super().__init__()
        self.heard: list[str] = []

    def compose(self) -> ComposeResult:
        yield LiveTable(COLUMNS, empty_text="Nothing here.")

    def on_live_table_row_highlighted(self, event: LiveTable.RowHighlighted) -> None:
        self.heard.append(f"on {event.key}")

    def on_live_table_row_chosen(self, event: LiveTable.RowChosen) -> None:
        self.heard.append(f"chose {event.key}")

    @property
    def table(self) -> LiveTable:
        return self.query_one(LiveTable)


def watch_lines(table: LiveTable) -> list[int]:
    lines: list[int] = []
    paint: Callable[[int], Strip] = table.render_line

    def watched(y: int) -> Strip:
        lines.append(y)
        return paint(y)

    table.render_line = watched  # type: ignore[method-assign]
    return lines


async def test_fifty_thousand_rows_paint_only_what_is_seen() -> None:
    app = TableApp()
    async with app.run_test(size=(40, 12)) as pilot:
        lines = watch_lines(app.table)
        app.table.show(rows(50_000))
        await pilot.pause()
        assert 0 < len(lines) <= 4 * 12
        lines.clear()
        app.table.show(rows(50_000))
        await pilot.pause()
        assert lines == []
        app.table.show(rows(50_000, changed=3))
        await pilot.pause()
        assert lines == [4]
        lines.clear()
        app.table.show(rows(50_000, changed=49_000))
        await pilot.pause()
        assert 4 not in lines or lines == [4]
        await pilot.press("end")
        assert app.table.selected_key == "k49999"
        assert app.table.shown_count == app.table.row_count == 50_000


async def test_moving_paints_two_lines() -> None:
    app = TableApp()
    async with app.run_test(size=(40, 12)) as pilot:
        app.table.show(rows(5))
        await pilot.pause()
        lines = watch_lines(app.table)
        await pilot.press("down")
        await pilot.pause()
        assert sorted(set(lines)) == [1, 2]


async def test_the_selection_is_an_object_and_keeps_its_line() -> None:
    app = TableApp()
    async with app.run_test(size=(40, 8)) as pilot:
        app.table.show(rows(30))
        await pilot.press(*["down"] * 12)
        line = 12 - app.table.scroll_offset.y
        app.table.show(
            [Row(f"new{n}", ("a", "b", "c"), ("a", 0, "c")) for n in range(5)] + rows(30)
        )
        await pilot.pause()
        assert app.table.selected_key == "k12"
        assert 17 - app.table.scroll_offset.y == line
        app.table.show([row for row in rows(30) if row.key != "k12"])
        await pilot.pause()
        assert app.table.selected_key == "k13"
        app.table.show([])
        await pilot.pause()
        assert app.heard[-1] == "on None"


async def test_messages_tell_of_objects_not_of_positions() -> None:
    app = TableApp()
    async with app.run_test(size=(40, 8)) as pilot:
        app.table.show(rows(3))
        await pilot.press("down")
        app.table.show(list(reversed(rows(3))))
        await pilot.press("enter")
        assert app.heard == ["on k0", "on k1", "chose k1"]


async def test_keys_move_far_and_stop_at_the_ends() -> None:
    app = TableApp()
    async with app.run_test(size=(40, 11)) as pilot:
        app.table.show(rows(100))
        places = []
        for key in ("pagedown", "G", "down", "pageup", "g", "k", "j"):
            await pilot.press(key)
            places.append(app.table.selected_key)
        assert places == ["k10", "k99", "k99", "k89", "k0", "k0", "k1"]


async def test_titles_are_clicked_and_marked() -> None:
    app = TableApp()
    async with app.run_test(size=(40, 8)) as pilot:
        app.table.show(rows(12))
        await pilot.click(LiveTable, offset=(3, 0))
        assert app.table.sorting == ("name", False)
        assert "NAME▲" in app.table.render_line(0).text
        await pilot.click(LiveTable, offset=(3, 0))
        assert app.table.sorting == ("name", True)
        assert app.table.visible_rows()[0].key == "k9"


async def test_the_wheel_scrolls_and_leaves_the_cursor() -> None:
    app = TableApp()
    async with app.run_test(size=(40, 8)) as pilot:
        app.table.show(rows(100))
        await pilot.pause()
        app.table.scroll_to(y=20, animate=False, immediate=True)
        await pilot.pause()
        assert "row 20" in app.table.render_line(1).text
        assert app.table.selected_key == "k0"
        await pilot.click(LiveTable, offset=(4, 3))
        assert app.table.selected_key == "k22"


@pytest.mark.parametrize("width", [60, 20, 12, 5, 3])
async def test_every_line_is_as_wide_as_the_table(width: int) -> None:
    app = TableApp()
    nasty = ("\x1b[31m[/red]", "日本語日本語日本語", "e\u0301\u200d\u202e\n\t")
    async with app.run_test(size=(width, 6)) as pilot:
        app.table.show([Row(text, (text, text, text), (text, text, text)) for text in nasty])
        await pilot.pause()
        for y in range(6):
            strip = app.table.render_line(y)
            assert strip.cell_length == app.table.scrollable_content_region.width
            assert "\x1b" not in strip.text
            assert "\n" not in strip.text


async def test_an_empty_table_says_why() -> None:
    app = TableApp()
    async with app.run_test(size=(40, 6)):
        assert "Nothing here." in app.table.render_line(1).text


async def test_many_rows_are_made_filtered_and_sorted_in_the_background() -> None:
    app = TableApp()
    threads: list[str] = []

    def make(count: int) -> list[Row]:
        threads.append(threading.current_thread().name)
        return rows(count)

    async with app.run_test(size=(40, 12)) as pilot:
        app.table.show_later(lambda: make(3000))
        assert app.table.row_count == 0
        await app.workers.wait_for_complete()
        assert not app.table.live.is_waiting
        assert app.table.row_count == 3000
        app.table.set_filter(lambda row: row.key.endswith("7"))
        app.table.sort("size", reverse=True)
        assert app.table.shown_count == 3000
        await app.workers.wait_for_complete()
        assert app.table.shown_count == 300
        assert app.table.visible_rows()[0].key == "k2997"
        await pilot.press("home")
        assert app.table.selected_key == "k2997"
    assert threads == ["background_0"]


async def test_of_a_burst_only_the_newest_rows_are_made() -> None:
    app = TableApp()
    begun, go = threading.Event(), threading.Event()
    made: list[int] = []

    def make(count: int) -> list[Row]:
        begun.set()
        go.wait(60)
        made.append(count)
        return rows(count)

    async with app.run_test(size=(40, 12)):
        app.table.show_later(lambda: make(1))
        await asyncio.to_thread(begun.wait, 60)
        for count in (2, 3, 4):
            app.table.show_later(partial(make, count))
        app.table.set_filter(lambda row: row.key != "k0")
        go.set()
        await app.workers.wait_for_complete()
        assert made == [1, 4]
        assert [row.key for row in app.table.visible_rows()] == ["k1", "k2", "k3"]


async def test_rows_of_something_else_are_not_taken_after_starting_over() -> None:
    app = TableApp()
    begun, go = threading.Event(), threading.Event()

    def make() -> list[Row]:
        begun.set()
        go.wait(60)
        return rows(5)

    async with app.run_test(size=(40, 12)):
        app.table.show_later(make)
        await asyncio.to_thread(begun.wait, 60)
        app.table.start_over()
        go.set()
        await app.workers.wait_for_complete()
        assert app.table.row_count == 0
        app.table.show(rows(2))
        assert app.table.row_count == 2


async def test_other_words_for_nothing_are_not_painted_over_rows() -> None:
    app = TableApp()
    async with app.run_test(size=(40, 12)) as pilot:
        app.table.show(rows(3))
        await pilot.pause()
        lines = watch_lines(app.table)
        app.table.empty_text = "Other words."
        await pilot.pause()
        assert lines == []
        app.table.show([])
        await pilot.pause()
        assert "Other words." in app.table.render_line(1).text
