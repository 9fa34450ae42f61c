"""A live table of one kind of row."""

from __future__ import annotations

from collections.abc import Sequence

from rich.text import Text

from swarmtui.findings import Told
from swarmtui.model import Snapshot
from swarmtui.render import Row, marked, printable
from swarmtui.screens.marks import MARKED
from swarmtui.screens.place import View
from swarmtui.screens.resources import resource_of
from swarmtui.widgets import LiveTable, parse_filter


class Pane(LiveTable):
    """Shows the rows of a resource, all of the swarm's or those of one subject."""

    def __init__(self, kind: str, *, subject: str = "") -> None:
        self.resource = resource_of(kind, subject)
        super().__init__(self.resource.columns, empty_text=self.resource.empty, id=kind)
        self.kind = kind
        self.subject = subject
        self.filter_text = ""
        self._heading = ""
        self._summary = ""
        self._title = ""
        self._wanted: str | None = None

    def turn_to(self, subject: str) -> None:
        """Show somebody else's rows from now on, from the first one."""
        if subject != self.subject:
            self.subject = subject
            self.start_over()

    def show_snapshot(
        self, snapshot: Snapshot | None, heading: str, told: Told, *, summary: str = ""
    ) -> None:
        """Show the rows of a snapshot under a heading.

        Args:
            snapshot: Where the rows come from; None shows none.
            heading: Whose rows they are.
            told: The findings, which mark the rows that they are about.
            summary: What to say instead of their number.
        """
        rows = self.resource.rows(snapshot, self.subject) if snapshot is not None else []
        if self.kind in MARKED:
            rows = marked(rows, *MARKED[self.kind], told)
        # Where a list could not be read, no rows do not mean that there are none.
        known = snapshot is not None and all(each.subject for each in snapshot.problems)
        self.show_rows(rows, heading, known=known, summary=summary)

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
        self._summary = summary
        self._heading = heading
        self.empty_text = self._words_for_nothing(known=known)
        self.show(rows)
        if self._wanted is not None and rows:
            self.select(self._wanted)
            self._wanted = None
        self._retitle()

    def filter_by(self, text: str) -> None:
        """Show only the rows that a person asks for."""
        self.filter_text = text
        self.set_filter(parse_filter(text, self.columns))
        self.empty_text = self._words_for_nothing(known=True)
        self._retitle()

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

    def _words_for_nothing(self, *, known: bool) -> str:
        if not known:
            return ""
        if self.filter_text and self.row_count:
            return f"No row has {self.filter_text}. Esc clears the filter."
        return self.resource.empty

    def _retitle(self) -> None:
        count = self._summary or str(self.row_count)
        if self.filter_text:
            count = f"{self.shown_count} of {self.row_count}  /{self.filter_text}"
        title = printable(f"{self._heading} {count}" if self._heading else count)
        if title != self._title:
            self._title = title
            self.border_title = Text(title)
