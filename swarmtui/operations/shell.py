"""Words and comments of shell scripts, safe with whatever an engine calls its things."""

from __future__ import annotations

import shlex
import textwrap
from collections.abc import Iterable

_WIDTH = 96


def comment(text: str, lead: str = "") -> list[str]:
    """Return text as the lines of a comment, wrapped behind a lead such as a number."""
    first, others = f"# {lead}", f"# {' ' * len(lead)}"
    words = textwrap.TextWrapper(_WIDTH, first, others, break_on_hyphens=False)
    return words.wrap(plain(text))


def plain(text: str) -> str:
    """Return text without line ends and whatever else could leave a comment or lie to a reader."""
    return "".join(each if each.isprintable() else "?" for each in text)


def join(words: Iterable[str]) -> str:
    """Return words as one command."""
    return " ".join(map(quoted, words))


def quoted(word: str) -> str:
    """Return a word for bash, in one line whatever is in it."""
    if word.isprintable():
        return shlex.quote(word)
    return "$'" + "".join(f"\\x{byte:02x}" for byte in word.encode()) + "'"
