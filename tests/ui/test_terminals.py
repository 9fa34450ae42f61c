"""How the explorer treats its terminal: it asks for what is there, and leaves it clean."""

from __future__ import annotations

import re
import signal

import pytest

from tests.terminal import Terminal

_MODE = re.compile(rb"\x1b\[\?([\d;]+)([hl])")
_KITTY_KEYS = re.compile(rb"\x1b\[([<>])\d*u")
_CLEAN = {7, 25}
"""Lines wrap, and the cursor shows; no other mode is on in a terminal that nobody uses."""

GENEROUS_SECONDS = 60.0


def modes_left(transcript: bytes | bytearray) -> set[int]:
    """Return the private modes that are on in the end; -1 stands for kitty's keys."""
    left = set(_CLEAN)
    for numbers, turn in _MODE.findall(transcript):
        for number in map(int, numbers.split(b";")):
            (left.add if turn == b"h" else left.discard)(number)
    turns = _KITTY_KEYS.findall(transcript)
    return left | ({-1} if turns.count(b">") > turns.count(b"<") else set())


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGINT])
def test_a_signal_ends_it_and_leaves_the_terminal_clean(number: signal.Signals) -> None:
    if signal.getsignal(number) is signal.SIG_IGN:
        # So it is for tests that run in the background, and a program inherits what is ignored.
        signal.signal(number, signal.SIG_DFL)
    with Terminal("--demo") as terminal:
        before = terminal.settings()
        terminal.wait_for("● live", GENEROUS_SECONDS)
        # A terminal that tells its size by itself has further modes to be turned off.
        terminal.press("\x1b[?2048;2$y")
        terminal.press("i")
        terminal.wait_for("Replace the ingress", GENEROUS_SECONDS)
        assert {25, 1049, 2004, 1006, -1} - modes_left(terminal.transcript) == {25}
        assert terminal.settings() != before

        assert terminal.signal(number, GENEROUS_SECONDS) == 128 + number

        assert modes_left(terminal.transcript) == _CLEAN
        assert terminal.settings() == before


def test_it_ends_when_its_terminal_vanishes() -> None:
    with Terminal("--demo") as terminal:
        terminal.wait_for("● live", GENEROUS_SECONDS)
        terminal.hang_up()
        assert terminal.wait_for_end(GENEROUS_SECONDS) == 128 + signal.SIGHUP


def test_it_ends_on_a_terminal_that_takes_nothing() -> None:
    with Terminal("--demo", columns=200, lines=60) as terminal:
        terminal.wait_until_full(GENEROUS_SECONDS)
        assert terminal.signal_unheard(signal.SIGTERM, GENEROUS_SECONDS) == 128 + signal.SIGTERM


def test_a_shell_stops_it_and_has_it_go_on() -> None:
    script = '"$@"; echo "stopped with $?"; stty -a; read -r; fg; echo "ended with $?"'
    shell = ("setsid", "--ctty", "--wait", "bash", "--norc", "-ic", script, "job")
    with Terminal("--demo", within=shell) as terminal:
        terminal.wait_for("● live", GENEROUS_SECONDS)
        terminal.press("\x1a")
        terminal.wait_for(f"stopped with {128 + signal.SIGTSTP}", GENEROUS_SECONDS)
        terminal.wait_for(" icanon ", GENEROUS_SECONDS)
        assert modes_left(terminal.transcript) == _CLEAN

        terminal.clear()
        terminal.press("\n")
        terminal.wait_for(lambda text: "● live" in text and "? Help" in text, GENEROUS_SECONDS)

        terminal.press("q")
        terminal.wait_for("ended with 0", GENEROUS_SECONDS)


def test_it_goes_on_where_no_shell_could_continue_it() -> None:
    with Terminal("--demo") as terminal:
        terminal.wait_for("● live", GENEROUS_SECONDS)
        terminal.clear()
        terminal.press("\x1a")
        terminal.wait_for(lambda text: "● live" in text and "? Help" in text, GENEROUS_SECONDS)
        terminal.press("?")
        terminal.wait_for("Keys on networks", GENEROUS_SECONDS)


def test_a_console_gets_ascii_and_nothing_that_it_does_not_know() -> None:
    environ = {"TERM": "linux", "COLORTERM": "", "LC_ALL": "C"}
    with Terminal("--demo", environ=environ) as terminal:
        terminal.wait_for("* live", GENEROUS_SECONDS)
        terminal.press("q")
        assert terminal.wait_for_end(GENEROUS_SECONDS) == 0
        assert terminal.transcript.isascii()
        for unknown in (b"$p", b"\x1b[>", b"\x1b[<", b"\x1b]", b"38;5;", b"38;2;"):
            assert unknown not in terminal.transcript
