from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from swarmtui.render import Cell, CellGroup
from swarmtui.widgets.cell_lines import beside, label_width, line_with, lines_of


def groups_of(*sizes: int) -> list[CellGroup]:
    return [
        CellGroup(f"g{number}", tuple(Cell(f"{number}-{n}", f".{n}", "T") for n in range(size)))
        for number, size in enumerate(sizes)
    ]


@given(st.lists(st.integers(0, 300), max_size=4), st.integers(-5, 200))
def test_every_cell_is_on_one_line_that_fits(sizes: list[int], width: int) -> None:
    groups = groups_of(*sizes)
    lines = lines_of(groups, width)
    cells = [(line.group, index) for line in lines for index in range(line.start, line.end)]
    assert cells == [(group, index) for group, size in enumerate(sizes) for index in range(size)]
    assert [line.group for line in lines if not line.end] == list(range(len(sizes)))
    columns = max((line.end - line.start for line in lines), default=0)
    assert columns <= 1 or label_width(groups) + 2 * columns + 1 <= width
    for position, (group, index) in enumerate(cells):
        line = lines[line_with(lines, position)]
        assert (line.group, line.start + position - line.first) == (group, index)


def test_a_subnet_of_a_byte_takes_eight_lines_on_a_small_terminal() -> None:
    assert len(lines_of(groups_of(256), 77)) == 1 + 8


def test_up_and_down_keep_the_column_and_cross_groups() -> None:
    lines = lines_of(groups_of(40, 8), 70)
    assert [line.end - line.start for line in lines] == [0, 32, 8, 0, 8]
    assert beside(lines, 3, 1) == 35
    assert beside(lines, 20, 1) == 39
    assert beside(lines, 35, 1) == 43
    assert beside(lines, 43, -1) == 35
    assert beside(lines, 43, 1) == 43
    assert beside(lines, 43, -9) == 3
    assert beside((), 5, 1) == 5
