"""The newest rows of a table in the newest order: few at once, many in the background."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from textual.widget import Widget

from swarmtui.render.table import Row
from swarmtui.widgets.background import Background
from swarmtui.widgets.rows import Order, ShownRows

Make = Callable[[], Sequence[Row]]

AT_ONCE = 1000
"""Rows that are filtered and sorted while a key is handled; more are in the background."""


class LiveRows:
    """Holds what a table shows.

    Args:
        owner: The table.
        taken: Hears that there are rows, and which ones were shown before; they may be the same.
    """

    def __init__(self, owner: Widget, taken: Callable[[Sequence[Row]], None]) -> None:
        self.now = ShownRows()
        self._taken = taken
        self._order = Order()
        self._make: Make | None = None
        self._background = Background(owner, self._take_made)

    @property
    def order(self) -> Order:
        """The order that is wanted; in the background it may not be reached yet."""
        return self._order

    @property
    def is_waiting(self) -> bool:
        """Are rows being made that are not shown yet?"""
        return self._make is not None

    def show(self, rows: Sequence[Row]) -> None:
        """Take rows at once."""
        self._forget()
        self._take(self.now.with_rows(rows, self._order))

    def show_later(self, make: Make) -> None:
        """Take rows once they are made in the background."""
        self._make = make
        self._work()

    def arrange(self, order: Order) -> None:
        """Put the rows in another order."""
        self._order = order
        if self.is_waiting or len(self.now.rows) > AT_ONCE:
            self._work()
        else:
            self._take(self.now.with_order(order))

    def clear(self) -> None:
        """Have no rows, without a word, and none that are being made."""
        self._forget()
        self.now = self.now.with_rows((), self._order)

    def _work(self) -> None:
        make, order = self._make, self._order

        def work() -> tuple[Make | None, ShownRows]:
            before = self.now
            found = before.with_order(order) if make is None else before.with_rows(make(), order)
            _ = found.positions
            return make, found

        self._background.do(work)

    def _take_made(self, made: tuple[Make | None, ShownRows]) -> None:
        make, found = made
        if make is self._make:
            self._make = None
        self._take(found)

    def _take(self, found: ShownRows) -> None:
        before, self.now = self.now.shown, found
        self._taken(before)

    def _forget(self) -> None:
        self._make = None
        self._background.forget()
