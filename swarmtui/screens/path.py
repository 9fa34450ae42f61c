"""The way from A to B: a page that follows it live, and the form that asks for both ends."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, ClassVar, cast

from textual.binding import Binding, BindingType

from swarmtui.findings import Path, Unclear, find_end, path_between, path_ends, path_names
from swarmtui.operations import Fault
from swarmtui.render import candidates, path_text, unclear_text
from swarmtui.screens.form import FormScreen
from swarmtui.screens.host import Host
from swarmtui.screens.reading import ReadingScreen
from swarmtui.widgets import Field

if TYPE_CHECKING:
    from swarmtui.model import Snapshot


class PathScreen(ReadingScreen):
    """Each step of a path, walked anew with each snapshot."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("r", "turn", "The other way")]

    def __init__(self, a: str, b: str) -> None:
        super().__init__(f"Path from {a} to {b}")
        self._ends = a, b

    def show_state(self) -> None:
        """Walk it anew."""
        host = cast(Host, self.app)
        if host.snapshot is None:
            return
        found = path_between(host.snapshot, *self._ends)
        self.show_text(path_text(found) if isinstance(found, Path) else unclear_text(found))

    def action_turn(self) -> None:
        """Walk from B to A, which is another path; there is none to the outside."""
        snapshot, (a, b) = cast(Host, self.app).snapshot, self._ends
        if snapshot is None:
            return
        if isinstance(found := path_ends(snapshot, b, a), Unclear):
            self.notify(unclear_text(found).plain, markup=False)
        else:
            self.app.switch_screen(PathScreen(b, a))


class PathForm(FormScreen):
    """Asks from where to where.

    Args:
        snapshot: The swarm.
        words: What was typed of both already.
    """

    NEXT = "Look"
    FIELDS: ClassVar[Mapping[str, str]] = {"a": "From", "b": "To"}
    BINDINGS: ClassVar[list[BindingType]] = [Binding("ctrl+n", "review", "Look")]

    def __init__(self, snapshot: Snapshot, words: Sequence[str]) -> None:
        super().__init__(snapshot)
        self._words = (*words, "", "")[:2]

    def fill(self) -> None:
        """Put in what was typed, and begin with what is missing."""
        a, b = self._words
        self.put(a=a, b=b)
        clear = a and not isinstance(find_end(self.snapshot, a), Unclear)
        self.query_one("#b" if clear else "#a", Field).take_keys()

    def title_text(self) -> str:
        """Return the form's title."""
        return "Why can't A reach B"

    def take(self) -> tuple[Fault, ...]:
        """Tell what is not clear about the names."""
        a, b = self.text("a"), self.text("b")
        found = [(name, find_end(self.snapshot, text)) for name, text in (("a", a), ("b", b))]
        faults = [Fault(name, str(end)) for name, end in found if isinstance(end, Unclear)]
        if not faults and isinstance(ends := path_ends(self.snapshot, a, b), Unclear):
            faults.append(Fault("b", str(ends)))
        return tuple(faults)

    def remarks(self) -> Mapping[str, str]:
        """Return what could be typed."""
        names = path_names(self.snapshot)
        return {
            "a": candidates(("outside:PORT", *names), self.text("a")),
            "b": candidates(names, self.text("b")),
        }

    def go_on(self) -> None:
        """Show the path; the form stays below for another one."""
        self.app.push_screen(PathScreen(self.text("a").strip(), self.text("b").strip()))


def path_screen(snapshot: Snapshot, words: Sequence[str]) -> PathScreen | PathForm:
    """Return the path between two names, or the form where they are not two clear ones."""
    if len(words) == 2 and not isinstance(path_ends(snapshot, *words), Unclear):
        return PathScreen(*words)
    return PathForm(snapshot, words)


def path_suggestions(snapshot: Snapshot | None, typed: str) -> Iterator[str]:
    """Yield how a line after `:` that begins with `path` may go on."""
    head, _, _ = typed.rpartition(" ")
    if snapshot is not None and 1 <= len(head.split()) <= 2:
        yield from (f"{head} {name}" for name in path_names(snapshot))
