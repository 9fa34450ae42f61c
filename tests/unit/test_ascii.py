from __future__ import annotations

import io
import sys

import pytest
from rich.cells import cell_len

from swarmtui.ascii import print_ascii, prints_utf8, speaks_utf8, to_ascii


@pytest.mark.parametrize(
    "sign", [*"·–…•›→←↑↓▌▶▲▼✓✗●◐○◆■▪█▓▒░⏎🔎─│╭╮╰╯├┼═║┃▏▇é日\u0301\u200b", "\xa0"]
)
def test_every_sign_becomes_ascii_of_the_same_width(sign: str) -> None:
    assert to_ascii(sign).isascii()
    assert cell_len(to_ascii(sign)) == cell_len(sign)


@pytest.mark.parametrize(
    "signs",
    ["·▪■◆", "·░▒▓█", "!▲·✓", "✓✗▶·!", "●◐○…", "▲▼", "▌ ", "✗!", "– ", "VTCLnbG!·-?D", "• "],
    ids=["pools", "shares", "findings", "steps", "states", "sort", *["more"] * 5],
)
def test_what_stands_in_one_place_stays_distinct(signs: str) -> None:
    assert len(set(to_ascii(signs))) == len(signs)


@pytest.mark.parametrize(
    ("environ", "wanted"),
    [
        ({}, True),
        ({"LANG": "C"}, False),
        ({"LANG": "POSIX", "LC_ALL": ""}, False),
        ({"LANG": "de_DE"}, False),
        ({"LANG": "de_DE.ISO-8859-1"}, False),
        ({"LANG": "de_DE.UTF-8"}, True),
        ({"LANG": "C", "LC_CTYPE": "en_US.utf8"}, True),
        ({"LANG": "en_US.UTF-8", "LC_ALL": "C"}, False),
    ],
)
def test_the_locale_tells_what_a_terminal_takes(environ: dict[str, str], wanted: bool) -> None:
    assert speaks_utf8(environ) is wanted


def printed(monkeypatch: pytest.MonkeyPatch, text: str, *, exact: bool) -> bytes:
    file = io.BytesIO()
    with monkeypatch.context() as context:
        context.setattr(sys, "stdout", io.TextIOWrapper(file, encoding="latin-1"))
        assert not prints_utf8(sys.stdout)
        print_ascii(exact=exact)
        sys.stdout.write(text)
        sys.stdout.flush()
        return file.getvalue()


def test_people_get_ascii_and_programs_get_what_is_there(monkeypatch: pytest.MonkeyPatch) -> None:
    assert printed(monkeypatch, "✗ naïve…", exact=False) == b"x na?ve~"
    assert printed(monkeypatch, "✗ naïve…", exact=True) == "✗ naïve…".encode()
