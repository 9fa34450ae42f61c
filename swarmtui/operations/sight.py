"""How a condition stands."""

from __future__ import annotations

import msgspec


class Sight(msgspec.Struct, frozen=True):
    """How a condition stands.

    Attributes:
        words: What is missing, or what is reached, for people.
        hopeless: It will not come to hold by waiting.
    """

    met: bool
    words: str
    hopeless: bool = False


def met(words: str) -> Sight:
    """Return that a condition holds."""
    return Sight(met=True, words=words)


def not_yet(words: str) -> Sight:
    """Return that a condition may come to hold."""
    return Sight(met=False, words=words)


def never(words: str) -> Sight:
    """Return that a condition does not come to hold by waiting."""
    return Sight(met=False, words=words, hopeless=True)
