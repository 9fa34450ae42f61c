from __future__ import annotations

import pyte
from hypothesis import given, settings
from hypothesis import strategies as st

from swarmtui.terminal.canvas import Canvas

LINES, COLUMNS = 4, 24

_style = st.sampled_from(["", "1", "31", "1;38;5;74;48;5;16", "7"])
_text = st.text(st.sampled_from("ab ·█"), min_size=1, max_size=8)
_wide = st.sampled_from(["日本", "e\u0301x"])
_run = st.tuples(_style, _text | _wide)
_stretch = st.tuples(
    st.integers(1, LINES), st.integers(1, COLUMNS - 16), st.lists(_run, min_size=1, max_size=2)
)
_frames = st.lists(st.lists(_stretch, min_size=1, max_size=6), min_size=1, max_size=6)
_Stretch = tuple[int, int, list[tuple[str, str]]]


def frame_of(stretches: list[_Stretch]) -> str:
    """Write a frame as Textual does: a place, styled text, and the cursor's place in the end."""
    pieces = []
    for line, column, runs in stretches:
        pieces.append(f"\x1b[{line};{column}H")
        pieces += [f"\x1b[{style}m{text}\x1b[0m" if style else text for style, text in runs]
        pieces.append("\n" if line < LINES else "")
    return "".join(pieces) + "\x1b[1;1H"


class Shown:
    """A terminal without line wrap, as the explorer has it."""

    def __init__(self) -> None:
        self.screen = pyte.Screen(COLUMNS, LINES)
        self.screen.reset_mode(7, private=True)
        self.stream = pyte.Stream(self.screen)

    def picture(self) -> tuple[list[list[pyte.screens.Char]], int, int]:
        rows = [[self.screen.buffer[y][x] for x in range(COLUMNS)] for y in range(LINES)]
        return rows, self.screen.cursor.x, self.screen.cursor.y


@settings(deadline=None)
@given(_frames)
def test_the_picture_is_the_one_that_whole_frames_make(frames: list[list[_Stretch]]) -> None:
    canvas, whole, thrifty = Canvas(), Shown(), Shown()
    for frame in map(frame_of, frames):
        whole.stream.feed(frame)
        thrifty.stream.feed(canvas.changes(frame))
        assert thrifty.picture() == whole.picture()


def test_a_frame_that_changes_nothing_is_empty() -> None:
    canvas = Canvas()
    frame = frame_of([(1, 1, [("31", "abc"), ("", "def")])])
    assert canvas.changes(frame)
    assert canvas.changes(frame) == ""


def test_only_what_differs_is_sent() -> None:
    canvas = Canvas()
    canvas.changes(frame_of([(1, 1, [("", "used 15/64")])]))
    changed = canvas.changes(frame_of([(1, 1, [("", "used 16/64")])]))
    assert changed == "\x1b[1;7H6\x1b[1;1H"


def test_a_terminal_that_may_show_anything_gets_all() -> None:
    canvas = Canvas()
    frame = frame_of([(1, 1, [("31", "abc")])])
    first = canvas.changes(frame)
    canvas.forget()
    assert canvas.changes(frame) == first


def test_what_is_not_understood_is_sent_as_it_is() -> None:
    canvas = Canvas()
    frame = frame_of([(1, 1, [("31", "abc")])])
    canvas.changes(frame)
    link = "\x1b[1;1H\x1b]8;;https://example.net\x1b\\abc\x1b]8;;\x1b\\"
    assert canvas.changes(link) == link
    assert "abc" in canvas.changes(frame)
