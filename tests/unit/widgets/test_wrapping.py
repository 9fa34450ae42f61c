from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.text import Text

from swarmtui.widgets.wrapping import flowing, hanging


@pytest.mark.parametrize(
    ("line", "goes_on"),
    [
        ("short", []),
        ("  a label of it  word word word word word", [" " * 17 + "word"]),
        ("     until no task holds an address on it", ["     it"]),
        ("   3 Remove the network app by its full id", ["     full id"]),
        ("  ! a risk that needs more than one line", ["    line"]),
        ("x" * 40, []),
    ],
)
def test_a_line_goes_on_under_its_beginning(line: str, goes_on: list[str]) -> None:
    first, *others = hanging(Text(line), 38).plain.split("\n")
    assert others == goes_on
    assert line.startswith(first)


@given(
    st.lists(st.text("ab 網$1!·\n", max_size=60), max_size=4).map("\n".join),
    st.integers(25, 60),
)
def test_nothing_but_spaces_is_lost_and_lines_fit(text: str, width: int) -> None:
    wrapped = hanging(Text(text), width).plain
    assert wrapped.split() == text.split()
    longest = max((cell_len(word) for word in text.split()), default=0)
    for line in wrapped.split("\n"):
        assert cell_len(line.rstrip()) <= max(width, longest + 25)


def test_styles_stay_on_their_words() -> None:
    text = Text("  $ docker network create", style="")
    text.append(" --driver overlay my-ingress", style="good")
    wrapped = hanging(text, 30)
    styled = " ".join(
        wrapped.plain[span.start : span.end] for span in wrapped.spans if span.style == "good"
    )
    assert styled.split() == ["--driver", "overlay", "my-ingress"]


@given(st.lists(st.text("ab 網", min_size=1, max_size=30), max_size=8), st.integers(1, 60))
def test_items_flow_whole_and_fit_where_one_can(items: list[str], width: int) -> None:
    flown = flowing(map(Text, items), width).plain
    assert "  ".join(flown.split("\n")).split("  ") == "  ".join(items).split("  ")
    longest = max(map(cell_len, items), default=0)
    assert all(cell_len(line) <= max(width, longest) for line in flown.split("\n"))
