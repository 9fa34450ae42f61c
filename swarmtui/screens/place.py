"""Places: what a screen shows, as a value that history can hold."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Place:
    """A table, and whose.

    Attributes:
        kind: The kind of rows: `explorer`, `networks`, `services`, `endpoints`...
        subject: Whose rows, as `kind:id`; empty for all of the swarm.
        trail: Titles of the places on the way here, this one last.
    """

    kind: str
    subject: str = ""
    trail: tuple[str, ...] = field(default=(), compare=False)

    def below(self, kind: str, subject: str, title: str) -> Place:
        """Return a place that is reached from this one."""
        return Place(kind, subject, (*self.trail, title))


@dataclass(frozen=True, slots=True)
class View:
    """How a person has left a table.

    Attributes:
        selected: The key of the row under the cursor.
        filter: What is typed after `/`.
        sorting: The column sorted by, and whether downwards.
    """

    selected: str | None = None
    filter: str = ""
    sorting: tuple[str, bool] | None = None
    wide: bool = False


EXPLORER = Place("explorer", "", ("networks",))


@dataclass(slots=True)
class History:
    """The places that were visited in a swarm, and how each was left."""

    realm: str = ""
    places: list[Place] = field(default_factory=lambda: [EXPLORER])
    position: int = 0
    last: int = 0
    views: dict[tuple[Place, str], View] = field(default_factory=dict)

    @property
    def here(self) -> Place:
        """The place on screen."""
        return self.places[self.position]

    @property
    def can_go_back(self) -> bool:
        """Was there a place before?"""
        return self.position > 0

    @property
    def can_go_forward(self) -> bool:
        """Is there a place that was left by going back?"""
        return self.position + 1 < len(self.places)

    def enter(self, realm: str) -> bool:
        """Forget everything where the engine is of another swarm than before; tell whether it is.

        Args:
            realm: The swarm's, or that of an engine in none; empty where it is not known.
        """
        moved = self.realm not in ("", realm) and realm != ""
        self.realm = realm or self.realm
        if moved:
            self.places[:] = [EXPLORER]
            self.position = self.last = 0
            self.views.clear()
        return moved

    def visit(self, place: Place) -> None:
        """Go to a place; what lay ahead is forgotten."""
        if place == self.here:
            return
        self.places[self.position + 1 :] = [place]
        self._move_to(self.position + 1)

    def back(self) -> None:
        """Go back a place."""
        if self.can_go_back:
            self._move_to(self.position - 1)

    def forward(self) -> None:
        """Go forward a place."""
        if self.can_go_forward:
            self._move_to(self.position + 1)

    def to_last(self) -> None:
        """Go to the place that was on screen before this one."""
        if self.last < len(self.places):
            self._move_to(self.last)

    def view(self, place: Place, pane: str) -> View:
        """Return how a pane of a place was left."""
        return self.views.get((place, pane), View())

    def leave(self, place: Place, pane: str, view: View) -> None:
        """Remember how a pane of a place is left."""
        self.views[place, pane] = view

    def _move_to(self, position: int) -> None:
        if position != self.position:
            self.last = self.position
            self.position = position
