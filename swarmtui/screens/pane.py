"""A live table of one kind of row."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING

from rich.text import Text

from swarmtui.model import is_alike
from swarmtui.render import marked, printable
from swarmtui.screens.marks import MARKED
from swarmtui.screens.place import View
from swarmtui.screens.resources import resource_of
from swarmtui.widgets import AT_ONCE, LiveTable, parse_filter

if TYPE_CHECKING:
    from swarmtui.findings import Told
    from swarmtui.model import Snapshot
    from swarmtui.render import Row
    from swarmtui.screens.resource import Resource


class Pane(LiveTable):
    """Shows the rows of a resource, all of the swarm's or those of one subject."""

    def __init__(self, kind: str, *, subject: str = "") -> None:
        self.resource = resource_of(kind, subject)
        super().__init__(self.resource.columns, empty_text=self.resource.empty, id=kind)
        self.kind = kind
        self.subject = subject
        self.filter_text = ""
        self._heading = ""
        self._summary: Callable[[Sequence[Row]], str] = _count
        self._title = ""
        self._is_known = True
        self._source: tuple[Snapshot, Told] | None = None
        self._wanted: str | None = None

    def turn_to(self, subject: str) -> None:
        """Show somebody else's rows from now on, from the first one."""
        if subject != self.subject:
            self.subject = subject
            self._source = None
            self.start_over()

    def show_snapshot(
        self,
        snapshot: Snapshot | None,
        heading: str,
        told: Told,
        *,
        summary: Callable[[Sequence[Row]], str] | None = None,
    ) -> None:
        """Show the rows of a snapshot under a heading; of a large one they are made meanwhile.

        Args:
            snapshot: Where the rows come from; None shows none.
            heading: Whose rows they are.
            told: The findings, which mark the rows that they are about.
            summary: Returns what to say of the rows instead of their number.
        """
        if snapshot is None:
            self._source = None
            self.show_rows([], heading, known=False)
            return
        self._heading, self._summary = heading, summary or _count
        # Where a list could not be read, no rows do not mean that there are none.
        known = all(each.subject for each in snapshot.problems)
        is_same = self._source is not None and _is_same(self._source, (snapshot, told))
        if is_same and known == self._is_known:
            self._retitle()
            return
        self._source = snapshot, told
        self._is_known = known
        make = partial(_made, self.kind, self.resource, self.subject, snapshot, told)
        if is_large(snapshot):
            self.show_later(make)
            self._explain()
        else:
            self.show(make())

    def show_rows(
        self, rows: Sequence[Row], heading: str, *, known: bool = True, summary: str = ""
    ) -> None:
        """Show rows under a heading.

        Args:
            rows: All of them.
            heading: Whose rows they are.
            known: Whether there being none means anything.
            summary: What to say instead of their number.
        """
        self._heading = heading
        self._summary = (lambda _: summary) if summary else _count
        self._is_known = known
        if len(rows) > AT_ONCE:
            self.show_later(lambda: rows)
        else:
            self.show(rows)

    def rows_shown(self) -> None:
        """Find the row again that was left, and say what there is."""
        if self._wanted is not None and self.row_count:
            self.select(self._wanted)
            self._wanted = None
        self._explain()

    def filter_by(self, text: str) -> None:
        """Show only the rows that a person asks for."""
        self.filter_text = text
        self.set_filter(parse_filter(text, self.columns))
        self._explain()

    @property
    def view(self) -> View:
        """How the table stands."""
        return View(self.selected_key or self._wanted, self.filter_text, self.sorting, self.wide)

    def restore(self, view: View) -> None:
        """Put the table as it stood; the row is found when rows arrive."""
        self._wanted = view.selected
        self.wide = view.wide
        if view.sorting is not None:
            self.sort(view.sorting[0], reverse=view.sorting[1])
        if view.filter:
            self.filter_by(view.filter)

    def _explain(self) -> None:
        self.empty_text = self._words_for_nothing()
        self._retitle()

    def _words_for_nothing(self) -> str:
        if self.live.is_waiting or not self._is_known:
            return ""
        if self.filter_text and self.row_count:
            return f"No row has {self.filter_text}. Esc clears the filter."
        return self.resource.empty

    def _retitle(self) -> None:
        count = "" if self.live.is_waiting and not self.row_count else self._summary(self.all_rows)
        if self.filter_text:
            count = f"{self.shown_count} of {self.row_count}  /{self.filter_text}"
        title = printable(f"{self._heading} {count}" if self._heading else count)
        if title != self._title:
            self._title = title
            self.border_title = Text(title)


def is_large(snapshot: Snapshot) -> bool:
    """Tell whether making rows of a snapshot takes so long that keys would have to wait."""
    lists = (snapshot.tasks, snapshot.services, snapshot.networks, snapshot.nodes)
    return sum(map(len, lists)) > AT_ONCE


def _made(
    kind: str, resource: Resource, subject: str, snapshot: Snapshot, told: Told
) -> Sequence[Row]:
    rows = resource.rows(snapshot, subject)
    return marked(rows, *MARKED[kind], told) if kind in MARKED else rows


def _count(rows: Sequence[Row]) -> str:
    return str(len(rows))


def _is_same(before: tuple[Snapshot, Told], now: tuple[Snapshot, Told]) -> bool:
    return is_alike(before[0], now[0]) and before[1].marks == now[1].marks
