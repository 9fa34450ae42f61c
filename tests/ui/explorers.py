"""An explorer without an engine: tests post what an engine would have said."""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from html import unescape

from textual.pilot import Pilot
from textual.screen import Screen
from textual.widgets._toast import Toast

from swarmtui.acknowledgements import Acknowledgements
from swarmtui.app import SwarmtuiApp
from swarmtui.model import DocumentKind, NetworkId, Reading
from swarmtui.operations import Desk
from swarmtui.screens.pane import Pane
from swarmtui.settings import Settings
from swarmtui.trials import Tester


@dataclass
class FakeFeed:
    """Writes down what the explorer asks for."""

    looked_at: list[NetworkId | None] = field(default_factory=list)
    documents: list[tuple[DocumentKind, str]] = field(default_factory=list)
    refreshes: int = 0
    running: bool = False

    def start(self, publish: Callable[[Reading], None]) -> None:
        self.running = True

    def stop(self) -> None:
        self.running = False

    def look_at(self, network_id: NetworkId | None) -> None:
        self.looked_at.append(network_id)

    def refresh(self) -> None:
        self.refreshes += 1

    def read_document(self, kind: DocumentKind, identity: str) -> None:
        self.documents.append((kind, identity))


@dataclass
class Running:
    """An explorer on screen."""

    app: SwarmtuiApp
    pilot: Pilot[None]
    feed: FakeFeed

    async def hear(self, *readings: Reading) -> None:
        """Post readings and wait until they are on screen."""
        for reading in readings:
            self.app.publish(reading)
            await self.settle()

    async def press(self, *keys: str) -> None:
        """Press keys, one settled after another."""
        for key in keys:
            await self.pilot.press(key)
        await self.settle()

    async def settle(self) -> None:
        """Wait until nothing more happens, and every notification is on screen."""
        await self.pilot.pause()
        async with asyncio.timeout(60):
            while len(self.app.screen.query(Toast)) != len(self.app._notifications):
                await self.pilot.pause(0.02)

    async def until(self, look: Callable[[], bool]) -> None:
        """Wait for a condition."""
        async with asyncio.timeout(60):
            while not look():
                await self.pilot.pause(0.02)

    async def write(self, text: str) -> None:
        """Type a text."""
        await self.pilot.press(*text)
        await self.settle()

    async def look_at_journals(self) -> None:
        """Have the journals read, and wait until what they tell is on screen."""
        self.app.watch_operations()
        await self.settle()

    def shows(self, kind: type[Screen[None]]) -> bool:
        """Tell whether a kind of screen is on top."""
        return isinstance(self.app.screen, kind)

    def pane(self, kind: str) -> Pane:
        """Return a pane of the screen."""
        return self.app.screen.query_one(f"#{kind}", Pane)

    def cells(self, kind: str) -> list[tuple[str, ...]]:
        """Return the texts of a pane's rows."""
        rows = self.pane(kind).visible_rows()
        return [tuple(str(cell) for cell in row.cells) for row in rows]

    def names(self, kind: str) -> list[str]:
        """Return the first cells of a pane's rows, without the marks of findings."""
        return [re.sub("^[!▲·] ", "", cells[0]) for cells in self.cells(kind)]

    @property
    def screen_text(self) -> str:
        """Return all that is on screen, as text."""
        pieces = re.findall(r"<text[^>]*>([^<]*)</text>", self.app.export_screenshot())
        return unescape("".join(pieces)).replace("\xa0", " ")


def hear(pilot: Pilot[None], reading: Reading) -> None:
    """Publish a reading to the explorer of a pilot."""
    assert isinstance(pilot.app, SwarmtuiApp)
    pilot.app.publish(reading)


async def settle(pilot: Pilot[None]) -> None:
    """Wait until what is on screen stands still."""
    before = ""
    while (now := pilot.app.export_screenshot()) != before:
        before = now
        await pilot.pause(0.1)


@asynccontextmanager
async def explorer(
    *readings: Reading,
    size: tuple[int, int] = (160, 45),
    settings: Settings | None = None,
    desk: Desk | None = None,
    acknowledgements: Acknowledgements | None = None,
    tester: Tester | None = None,
    clock: Callable[[], float] = time.monotonic,
) -> AsyncIterator[Running]:
    """Run an explorer that has heard some readings."""
    feed = FakeFeed()
    app = SwarmtuiApp(
        feed,
        settings or Settings(),
        source="unix:///var/run/docker.sock",
        desk=desk,
        acknowledgements=acknowledgements,
        tester=tester,
        clock=clock,
    )
    async with app.run_test(size=size, notifications=True) as pilot:
        running = Running(app, pilot, feed)
        await pilot.pause()
        await running.hear(*readings)
        yield running
