"""Work that is too long for the thread that paints and listens to keys."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Generic, TypeVar

from textual.widget import Widget

MadeT = TypeVar("MadeT")

# One for everybody: more would only take the interpreter from each other, and from the keys.
_THREAD = ThreadPoolExecutor(1, thread_name_prefix="background")


class Background(Generic[MadeT]):
    """Does the newest work of a widget in a thread, and hands what it made to the widget.

    What is asked for while work is being done replaces what was asked for before and has not been
    begun; so a burst costs two works, and there is always something new to see.

    Args:
        owner: The widget; with it ends the work.
        take: Is given what was made, in the thread that paints.
    """

    def __init__(self, owner: Widget, take: Callable[[MadeT], None]) -> None:
        self._owner = owner
        self._take = take
        self._next: Callable[[], MadeT] | None = None
        self._is_busy = False
        self._wanted = object()

    def do(self, work: Callable[[], MadeT]) -> None:
        """Have work done, which must not touch widgets."""
        self._next = work
        if not self._is_busy:
            self._is_busy = True
            self._owner.run_worker(self._work())

    def forget(self) -> None:
        """Take nothing of what was asked for so far."""
        self._next = None
        self._wanted = object()

    async def _work(self) -> None:
        try:
            while (work := self._next) is not None:
                self._next, wanted = None, self._wanted
                made = await asyncio.get_running_loop().run_in_executor(_THREAD, work)
                if wanted is self._wanted:
                    self._take(made)
        finally:
            self._is_busy = False
