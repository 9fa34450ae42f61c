"""Text for terminals and files that take ASCII only: each sign becomes one of the same width."""

from __future__ import annotations

import codecs
import sys
import unicodedata
from collections.abc import Mapping
from functools import cache
from io import TextIOWrapper
from typing import TextIO

_ENCODING_ERRORS = "swarmtui-ascii"

_SIGNS = {
    **dict(zip("·–…•›→←↑↓", ".-~*>><^v", strict=True)),
    **dict(zip("▌▶▲▼✓✗●◐○◆■▪█▓▒░", ">>^v+x*=o*@o#%=:", strict=True)),
    "\N{NO-BREAK SPACE}": " ",
    "⏎": "J",
    "🔎": "/ ",
}
"""Within each of our tables, maps and lists what differs still differs."""


def to_ascii(text: str) -> str:
    """Return text with every sign replaced that ASCII lacks, and as wide as before."""
    return text if text.isascii() else "".join(map(_sign, text))


def speaks_utf8(environ: Mapping[str, str]) -> bool:
    """Tell whether the locale is one of UTF-8, or nobody has named one.

    Python puts `LC_CTYPE=C.UTF-8` into its own environment in place of the C locale (PEP 538).
    """
    kind = environ.get("LC_CTYPE", "")
    if sys.flags.utf8_mode and kind == "C.UTF-8":
        kind = ""
    name = environ.get("LC_ALL") or kind or environ.get("LANG") or "UTF-8"
    return "utf8" in name.lower().replace("-", "")


def prints_utf8(stream: TextIO) -> bool:
    """Tell whether what is printed there goes out in UTF-8."""
    return codecs.lookup(stream.encoding or "utf-8").name == "utf-8"


def print_ascii(*, exact: bool) -> None:
    """Have what is printed from here on put into ASCII, or for programs into UTF-8 as it is."""
    codecs.register_error(_ENCODING_ERRORS, _replaced)
    for stream, is_exact in ((sys.stdout, exact), (sys.stderr, False)):
        if isinstance(stream, TextIOWrapper):
            encoding, errors = ("utf-8", "strict") if is_exact else ("ascii", _ENCODING_ERRORS)
            stream.reconfigure(encoding=encoding, errors=errors)


def _replaced(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeEncodeError):
        raise error
    return to_ascii(error.object[error.start : error.end]), error.end


@cache
def _sign(sign: str) -> str:
    if sign.isascii():
        return sign
    if sign in _SIGNS:
        return _SIGNS[sign]
    if "─" <= sign <= "╿":
        name = unicodedata.name(sign)
        return "+" if " AND " in name else "|" if "VERTICAL" in name else "-"
    if "▀" <= sign <= "▟":
        return " "  # an edge between two colours, which are there without it
    if unicodedata.category(sign) in ("Mn", "Me", "Cf"):
        return ""
    return "??" if unicodedata.east_asian_width(sign) in ("W", "F") else "?"
