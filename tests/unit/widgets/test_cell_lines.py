from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from swarmtui.widgets.cell_lines import CellLines, parts_of


def lines_of(*sizes: int, length: int, headed: bool = True) -> CellLines:
    starts = [sum(sizes[:index]) for index in range(len(sizes))]
    headings = {start: f"at {start}" for start in starts} if headed else {}
    return CellLines(parts_of(sum(sizes), headings), length)


@given(
    st.lists(st.integers(1, 300), min_size=1, max_size=4),
    st.sampled_from([1, 2, 8, 32, 64]),
    st.booleans(),
)
def test_every_cell_is_on_one_line(sizes: list[int], length: int, headed: bool) -> None:
    lines = lines_of(*sizes, length=length, headed=headed)
    found = [index for line in range(len(lines)) for index in lines.cells_on(line)]
    assert found == list(range(sum(sizes)))
    assert all(index in lines.cells_on(lines.line_of(index)) for index in found)
    headings = [lines.heading_on(line) for line in range(len(lines))]
    assert [each for each in headings if each] == (
        [f"at {sum(sizes[:index])}" for index in range(len(sizes))] if headed else []
    )
    assert all(bool(lines.cells_on(n)) is not bool(each) for n, each in enumerate(headings))
    assert lines.cells_on(len(lines)) == lines.cells_on(-1) == range(0)


def test_a_subnet_of_a_byte_takes_eight_lines_and_its_heading() -> None:
    assert len(lines_of(256, length=32)) == 1 + 8


def test_up_and_down_keep_the_column_and_cross_parts() -> None:
    lines = lines_of(40, 8, length=32)
    assert [len(lines.cells_on(line)) for line in range(len(lines))] == [0, 32, 8, 0, 8]
    assert lines.beside(3, 1) == 35
    assert lines.beside(20, 1) == 39
    assert lines.beside(35, 1) == 43
    assert lines.beside(43, -1) == 35
    assert lines.beside(43, 1) == 43
    assert lines.beside(43, -9) == 3
    assert CellLines(parts_of(0, {})).beside(5, 1) == 5
