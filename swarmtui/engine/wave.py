"""The requests of one reading: those that are known beforehand are sent together."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import chain
from types import TracebackType
from typing import Protocol

from swarmtui.errors import EngineTimedOut, SwarmtuiError

Ask = tuple[str, Mapping[str, str]]
"""A path of the Engine API, without version prefix, and a query."""

Outcome = bytes | SwarmtuiError

FetchAll = Callable[[Sequence[Ask]], Iterator[Outcome]]
"""Sends GETs together; yields the bodies in order, an error in the place of one that failed."""


_Key = tuple[str | tuple[str, str], ...]


class Fetch(Protocol):
    """Sends a GET and returns the body; raises an EngineError for anything but success."""

    def __call__(self, path: str, params: Mapping[str, str]) -> bytes:
        """Fetch one path of the Engine API, given without its version prefix."""


class Wave:
    """Fetches what was asked for before out of the answers to a few waves of requests.

    What nobody asked for before is fetched alone, and what nobody fetches is dropped.

    Args:
        fetch: Sends one request.
        fetch_all: Sends several together; without it each is sent when it is fetched.
    """

    def __init__(self, fetch: Fetch, fetch_all: FetchAll | None = None) -> None:
        self._fetch = fetch
        self._fetch_all = fetch_all
        self._asked: set[_Key] = set()
        self._coming: Iterator[tuple[Outcome, _Key]] = iter(())
        self._arrived: dict[_Key, Outcome] = {}
        self._is_given_up = False

    def __enter__(self) -> None:
        """Begin a reading."""

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """End a reading; after a failure without waiting for what is still to come."""
        # To the end, so that the connection can be used again; but who is late may be so each time.
        while error is None and not self._is_given_up and self._take():
            pass
        self._is_given_up = False
        self._coming = iter(())
        self._asked.clear()
        self._arrived.clear()

    def distrust(self) -> None:
        """Use the connection no more after this reading: an answer was not that to its request.

        An answer too many would be taken for that to the next request, and so on.
        """
        self._is_given_up = True

    def ask(self, asks: Iterable[Ask]) -> None:
        """Ask for what was not asked for yet; it is sent when its first answer is fetched."""
        if self._fetch_all is None:
            return
        new = {_key(*each): each for each in asks if _key(*each) not in self._asked}
        if new:
            self._asked.update(new)
            # The answers come first: their end has to be seen.
            coming = zip(self._fetch_all(tuple(new.values())), new, strict=True)
            self._coming = chain(self._coming, coming)

    def __call__(self, path: str, params: Mapping[str, str]) -> bytes:
        """Return the answer to a request; each is handed out once.

        Raises:
            SwarmtuiError: What `fetch` raises.
        """
        key = _key(path, params)
        while key in self._asked and key not in self._arrived and self._take():
            pass
        if key not in self._arrived:
            return self._fetch(path, params)
        found = self._arrived.pop(key)
        if isinstance(found, SwarmtuiError):
            raise found
        return found

    def _take(self) -> bool:
        """Take the next answer; False where all have arrived."""
        for outcome, key in self._coming:
            self._arrived[key] = outcome
            self._is_given_up |= isinstance(outcome, EngineTimedOut)
            return True
        return False


def _key(path: str, params: Mapping[str, str]) -> _Key:
    return path, *params.items()
