from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st
from textual.app import App, ComposeResult
from textual.strip import Strip

from swarmtui.render import Cell
from swarmtui.widgets import CellMap
from swarmtui.widgets.cell_lines import MOST_PER_LINE, line_length

FREE, TAKEN = Cell("·", "dim"), Cell("▪", "good")


def cells(count: int, *taken: int) -> list[Cell]:
    return [TAKEN if index in taken else FREE for index in range(count)]


class MapApp(App[None]):
    def __init__(self, label_width: int = 0) -> None:
        super().__init__()
        self.heard: list[int] = []
        self._label_width = label_width

    def compose(self) -> ComposeResult:
        yield CellMap(label_width=self._label_width)

    def on_cell_map_moved(self, event: CellMap.Moved) -> None:
        assert event.control is self.map
        self.heard.append(event.index)

    @property
    def map(self) -> CellMap:
        return self.query_one(CellMap)


def watch_lines(shown: CellMap) -> list[int]:
    lines: list[int] = []
    paint: Callable[[int], Strip] = shown.render_line

    def watched(y: int) -> Strip:
        lines.append(y)
        return paint(y)

    shown.render_line = watched  # type: ignore[method-assign]
    return lines


@given(st.integers(0, 70_000), st.integers(-20, 300))
def test_lines_begin_at_round_indexes_and_fit(count: int, width: int) -> None:
    length, step = line_length(count, width)
    assert length.bit_count() == 1
    assert step in (1, 2)
    assert length == 1 or length * step <= width
    assert length <= MOST_PER_LINE
    assert length < 2 * max(count, 1)


@pytest.mark.parametrize(
    ("count", "width", "expected"),
    [(256, 60, (32, 1)), (256, 140, (64, 2)), (64, 60, (16, 2)), (8, 60, (8, 2)), (0, 60, (1, 2))],
)
def test_cells_stand_apart_where_there_is_room(
    count: int, width: int, expected: tuple[int, int]
) -> None:
    assert line_length(count, width) == expected


async def test_lines_have_labels_and_glyphs() -> None:
    app = MapApp(label_width=5)
    async with app.run_test(size=(50, 12)) as pilot:
        app.map.show(cells(20, 0, 17), "at {}".format)
        await pilot.pause()
        assert app.map.render_line(0).text.rstrip() == "▌ at 0  ▪ · · · · · · · · · · · · · · ·"
        assert app.map.render_line(1).text.rstrip() == "  at 16 · ▪ · ·"
        assert app.map.size.height == 2
        assert {app.map.render_line(y).cell_length for y in range(4)} == {48}


async def test_parts_stand_under_their_headings() -> None:
    app = MapApp(label_width=2)
    async with app.run_test(size=(40, 10)) as pilot:
        app.map.styles.max_height = 3
        app.map.show(cells(24), str, {0: "one", 20: "two"})
        app.map.focus()
        await pilot.pause()
        assert [app.map.render_line(y).text.rstrip() for y in range(3)] == [
            "  one",
            "▌ 0  " + " ".join("·" * 16),
            "  16 · · · ·",
        ]
        await pilot.press("right", "down", "down")
        assert app.heard == [1, 17, 21]
        assert app.map.render_line(2).text.rstrip() == "▌ 20 · · · ·"
        await pilot.press("home")
        assert app.map.render_line(0).text.rstrip() == "  one"
        lines = watch_lines(app.map)
        app.map.show(cells(24), str, {0: "uno", 20: "two"})
        await pilot.pause()
        assert set(lines) == {0, 1, 2}
        app.map.show(cells(24))
        assert app.map.virtual_size.height == 2


async def test_the_cursor_moves_by_keys_and_tells() -> None:
    app = MapApp()
    async with app.run_test(size=(40, 10)) as pilot:
        app.map.show(cells(40))
        await pilot.pause()
        assert app.map.length == 16
        app.map.focus()
        await pilot.press(
            "left", "up", "right", "down", "j", "j", "h", "l", "k", "home", "end", "G"
        )
        assert app.heard == [1, 17, 33, 32, 33, 17, 0, 39]
        await pilot.press("g", "pagedown", "pageup")
        assert app.heard[-3:] == [0, 32, 0]
        assert app.map.cursor == 0


async def test_below_the_last_full_line_is_the_last_cell() -> None:
    app = MapApp()
    async with app.run_test(size=(40, 10)) as pilot:
        app.map.show(cells(20))
        app.map.focus()
        await pilot.press(*["right"] * 9, "down")
        assert app.map.cursor == 19


async def test_the_cursor_stays_on_its_index() -> None:
    app = MapApp()
    async with app.run_test(size=(40, 10)) as pilot:
        app.map.show(cells(40))
        app.map.move_to(30)
        app.map.show(cells(40, 3))
        assert app.map.cursor == 30
        app.map.show(cells(4))
        assert app.map.cursor == 3
        app.map.show([])
        await pilot.pause()
        assert app.map.cursor == 0
        assert app.heard == [30, 3, 0]


async def test_only_lines_that_differ_are_painted() -> None:
    app = MapApp()
    async with app.run_test(size=(40, 10)) as pilot:
        app.map.show(cells(100))
        await pilot.pause()
        lines = watch_lines(app.map)
        app.map.show(cells(100))
        await pilot.pause()
        assert lines == []
        app.map.show(cells(100, 40))
        await pilot.pause()
        assert lines == [40 // app.map.length]
        lines.clear()
        app.map.move_to(1)
        await pilot.pause()
        assert lines == [0]


async def test_a_tall_map_scrolls_after_the_cursor() -> None:
    app = MapApp()
    async with app.run_test(size=(40, 10)) as pilot:
        app.map.styles.max_height = 5
        app.map.show(cells(4096))
        await pilot.pause()
        lines = watch_lines(app.map)
        app.map.focus()
        await pilot.press("end")
        await pilot.pause()
        assert app.map.scroll_offset.y == 4096 // 32 - 5
        assert set(lines) == set(range(5))
        await pilot.press("pageup")
        assert app.map.cursor == 4095 - 5 * 32


async def test_the_cell_of_the_cursor_is_seen_without_colour() -> None:
    app = MapApp()
    async with app.run_test(size=(40, 10)) as pilot:
        app.map.show(cells(8, 2))
        app.map.move_to(2)
        await pilot.pause()
        reversed_text = [
            segment.text
            for segment in app.map.render_line(0)
            if segment.style is not None and segment.style.reverse
        ]
        assert reversed_text == ["▪"]


async def test_a_click_moves_the_cursor_to_a_cell() -> None:
    app = MapApp(label_width=3)
    async with app.run_test(size=(44, 10)) as pilot:
        app.map.show(cells(40), str)
        await pilot.pause()
        assert app.map.length == 16
        await pilot.click(CellMap, offset=(6 + 2 * 5, 1))
        await pilot.click(CellMap, offset=(1, 0))
        await pilot.click(CellMap, offset=(6 + 2 * 15, 2))
        assert app.heard == [21]
