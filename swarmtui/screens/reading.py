"""A page about one object: a sheet, its JSON, its users, or help."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, ClassVar, cast

from rich.text import Text
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.screen import ModalScreen

from swarmtui.render import failure_notice, printable
from swarmtui.screens.host import Host
from swarmtui.widgets import KeyLine, Sheet

if TYPE_CHECKING:
    from swarmtui.model import Document, Snapshot

HIGHLIGHT_LIMIT = 200_000
"""Characters; colouring longer documents would hold up the keys."""


class ReadingScreen(ModalScreen[None]):
    """Shows a text about an object, which follows the snapshots; Esc closes it."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q", "dismiss", "Close", key_display="Esc"),
        Binding("c", "copy", "Copy all"),
    ]

    def __init__(self, title: str) -> None:
        super().__init__()
        self._title = title
        self._plain = ""

    def compose(self) -> ComposeResult:
        """Hold one sheet."""
        yield Sheet()
        yield KeyLine()

    def on_mount(self) -> None:
        """Show what there is at once."""
        sheet = self.query_one(Sheet)
        sheet.border_title = Text(printable(self._title))
        self.set_focus(sheet)
        self.show_state()

    def show_state(self) -> None:
        """Follow a new snapshot."""

    def show_document(self, document: Document) -> None:
        """Take a document that was read."""

    def action_copy(self) -> None:
        """Copy the text to the clipboard of the person's terminal."""
        self.app.copy_to_clipboard(self._plain)
        self.notify("Copied the page.", markup=False)

    def show_text(self, text: Text) -> None:
        """Show a text, unless it is there already."""
        if text.plain != self._plain:
            self._plain = text.plain
            self.query_one(Sheet).show(text)

    def show_content(self, content: Content) -> None:
        """Show text that is styled already."""
        self._plain = content.plain
        self.query_one(Sheet).show(content)


class SheetScreen(ReadingScreen):
    """A sheet that is made from each snapshot."""

    def __init__(self, title: str, make: Callable[[Snapshot], Text | None]) -> None:
        super().__init__(title)
        self._make = make

    def show_state(self) -> None:
        """Make the sheet anew; what is gone stays readable and says so."""
        snapshot = cast(Host, self.app).snapshot
        text = self._make(snapshot) if snapshot is not None else None
        if text is not None:
            self.show_text(text)
        elif self._plain and not self._plain.startswith("Gone:"):
            self.show_text(Text(f"Gone: the swarm no longer has it.\n\n{self._plain}"))


class DocumentScreen(ReadingScreen):
    """The JSON of one object as the engine gives it."""

    def __init__(self, title: str, kind: str, identity: str) -> None:
        super().__init__(title)
        self._wanted = (kind, identity)

    def on_mount(self) -> None:
        """Say that the document is on its way."""
        self.show_text(Text("Reading ..."))

    def show_document(self, document: Document) -> None:
        """Show the document, or why there is none."""
        if (document.kind, document.identity) != self._wanted:
            return
        if document.error is not None:
            notice = failure_notice(document.error)
            self.show_text(Text("\n\n".join(filter(None, (notice.title, notice.explanation)))))
            return
        text = "\n".join(printable(line) for line in document.text.split("\n"))
        if len(text) > HIGHLIGHT_LIMIT:
            self.show_content(Content(text))
        else:
            # The lexers take long to load, and most never look at JSON.
            from textual.highlight import highlight  # noqa: PLC0415

            self.show_content(highlight(text, language="json"))


class HelpScreen(ReadingScreen):
    """The keys of the screen below."""

    def __init__(self, text: Text) -> None:
        super().__init__("Help")
        self._text = text

    def show_state(self) -> None:
        """Show the keys."""
        self.show_text(self._text)
